package index

import (
	"context"
	"maps"
	"math/bits"
	"slices"

	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// Version says how terms are made, of a content and of its texts: a segment of
// another version is of no use.
const Version = AnalyserVersion<<16 | TextVersion

// Sealing replaces neighbouring layers by one segment file: the tail once it
// was frozen, or segments that are merged. It is planned and adopted by whoever
// may change the Layers, and written meanwhile, by one goroutine, while the
// layers go on being searched and their records go on changing.
type Sealing struct {
	inputs []*sealed
	words  *vocabulary // nil, or what is known of the words of a frozen tail
	dead   []set       // of each input, when the sealing was planned
}

// Freeze seals the tail in memory and begins another. It is nil, and nothing
// happens, where the tail is empty. Only one frozen tail may wait for its file.
func (x *Layers) Freeze() *Sealing {
	t := x.tail
	if t.Len() == 0 {
		return nil
	}
	base := t.rows.base
	if t.rows.count > 0 {
		base = t.rows.newest() + 1
	}
	x.tail = newIndex(base)
	x.tail.patience = t.patience
	x.tail.gathered, t.gathered = t.gathered, gathered{}
	x.tail.pass(x.micros)
	s := &sealed{layer: t, keeper: t}
	x.sealed = append(x.sealed, s)
	sealing := newSealing(s)
	sealing.words = x.words
	return sealing
}

func newSealing(inputs ...*sealed) *Sealing {
	s := &Sealing{inputs: slices.Clone(inputs), dead: make([]set, len(inputs))}
	for i, in := range inputs {
		s.dead[i] = *newSet(in.dead.list())
	}
	return s
}

// Replaces lists the segments that the sealing takes the place of, the oldest
// first; none where it is of a frozen tail.
func (s *Sealing) Replaces() []*segment.Reader {
	var readers []*segment.Reader
	for _, in := range s.inputs {
		if d, ok := in.layer.(*disk); ok {
			readers = append(readers, d.reader)
		}
	}
	return readers
}

// Write writes the segment. The layers may be searched and may change meanwhile.
func (s *Sealing) Write(ctx context.Context, path string, sealer segment.Sealer) (segment.Info, error) {
	if t, ok := s.inputs[0].layer.(*Index); ok {
		return writeIndex(t, path, sealer, s.words)
	}
	inputs := make([]segment.Input, len(s.inputs))
	for i, r := range s.Replaces() {
		inputs[i] = segment.Input{Reader: r, Dead: func(row uint32) bool {
			return row == 0 && i > 0 || s.dead[i].has(row) // one row 0 for the new file
		}}
	}
	return segment.Merge(ctx, path, sealer, inputs...)
}

// Adopt puts the segment that was written, and has been opened, in the place of
// what it replaces, whose readers the caller may then close.
func (x *Layers) Adopt(s *Sealing, written *Segment) {
	l := &sealed{layer: written.disk, keeper: written.disk}
	for i, in := range s.inputs {
		for _, id := range in.dead.list() {
			if s.dead[i].has(id) {
				continue
			}
			if now, ok := l.id(uint32(in.number(id))); ok {
				l.dead.add(now)
			}
		}
	}
	l.pass(x.micros)
	at := slices.Index(x.sealed, s.inputs[0])
	x.sealed = slices.Replace(x.sealed, at, at+len(s.inputs), l)
}

// Add puts a segment behind those that there are, newer than they are: what it
// holds, it has taken over. It is how the layers begin from files; nothing else
// may have come before.
func (x *Layers) Add(s *Segment) {
	d := s.disk
	for id := uint32(1); id <= d.last; id++ {
		n := d.reader.Number(id)
		if Number(n) >= Number(x.tail.rows.base) {
			break // newer than all that there are
		}
		if older, at := x.holder(n); older != nil {
			older.dead.add(at)
		}
	}
	d.pass(x.micros)
	x.sealed = append(x.sealed, &sealed{layer: d, keeper: d})
	x.tail.rows.base = max(x.tail.rows.base, uint32(d.newest(MaxNumber))+1)
}

// Merge plans the next merge of segments; nil where none is worth while.
func (x *Layers) Merge() *Sealing {
	files := x.sealed
	if n := len(files); n > 0 && !files[n-1].onDisk() {
		files = files[:n-1]
	}
	sizes := make([]int, len(files))
	for i, s := range files {
		if s.dead.size > s.live()/2 {
			return newSealing(s)
		}
		sizes[i] = s.live() - s.dead.size
	}
	if from, to := together(sizes); from < to {
		return newSealing(files[from:to]...)
	}
	return nil
}

// mergeWidth is how many segments become one at least. The more, the less is
// written, and the more segments a rare term is looked up in.
const mergeWidth = 4

// together is which neighbouring segments become one, by their sizes, the oldest
// first: the newest that are enough; none where from is to. So there are never more
// than mergeWidth-1 to a power of two of their sizes, whatever these are.
func together(sizes []int) (from, to int) {
	for to = len(sizes); to >= mergeWidth; to-- {
		if from = oldestWith(sizes[:to]); to-from >= mergeWidth {
			return from, to
		}
	}
	return 0, 0
}

// oldestWith is the oldest segment that goes with the newest. An older one does if it
// is no larger than all that are newer, to the power of two: so it grows by half at
// least whenever it is written again.
func oldestWith(sizes []int) int {
	at := len(sizes) - 1
	newer := sizes[at]
	for at > 0 && bits.Len(uint(sizes[at-1])) <= bits.Len(uint(newer)) {
		at--
		newer += sizes[at]
	}
	return at
}

func (s *sealed) onDisk() bool {
	_, ok := s.layer.(*disk)
	return ok
}

// writeIndex writes a frozen tail. Who dies in it meanwhile is not looked at:
// Adopt knows.
func writeIndex(x *Index, path string, sealer segment.Sealer, words *vocabulary) (segment.Info, error) {
	w, err := segment.Create(path, sealer, Version, columnCount)
	if err != nil {
		return segment.Info{}, err
	}
	defer w.Abort()
	ids, err := writeRows(w, x)
	if err == nil {
		err = writePostings(w, x, ids, newKin(words, x, ids))
	}
	if err != nil {
		return segment.Info{}, err
	}
	return w.Close()
}

// places are the ids that the numbers of a frozen tail get in its file.
type places struct {
	base  uint32
	older map[uint32]uint32
	dense []uint32
	last  uint32 // the highest id
}

func (p *places) of(n uint32) uint32 {
	if n < p.base {
		return p.older[n]
	}
	return p.dense[n-p.base]
}

func writeRows(w *segment.Writer, x *Index) (*places, error) {
	p := &places{base: x.rows.base, older: map[uint32]uint32{}, dense: make([]uint32, x.rows.count)}
	id := uint32(0)
	if err := w.Row(0, make([]int64, columnCount)...); err != nil {
		return nil, err
	}
	row := func(n uint32, c *Columns) (uint32, error) {
		id++
		return id, w.Row(n, int64(c.Kind), int64(c.Owner), c.CreateMicros, c.ReviewSeconds, c.ObservedStart, c.ObservedEnd, c.Spots[0], c.Spots[1])
	}
	var err error
	for _, n := range slices.Sorted(maps.Keys(x.rows.older)) {
		if p.older[n], err = row(n, x.rows.older[n]); err != nil {
			return nil, err
		}
	}
	for i := range x.rows.count {
		c := x.rows.at(i)
		if c.Kind == 0 {
			continue
		}
		if p.dense[i], err = row(x.rows.base+uint32(i), c); err != nil {
			return nil, err
		}
	}
	p.last = id
	return p, nil
}

func writePostings(w *segment.Writer, x *Index, ids *places, beginnings *kin) error {
	var slots []slot
	var rows []uint32
	var one [1]uint32
	for i := range x.terms.shards {
		s := &x.terms.shards[i] // in the order of the terms' upper bits
		slots = s.inOrder(slots[:0])
		for k := range slots {
			for _, n := range s.numbers(slots[k].ref, &one) {
				rows = append(rows, ids.of(n))
			}
			term := onFile(slots[k].term())
			if k+1 < len(slots) && onFile(slots[k+1].term()) == term {
				continue // the rows of both are one list
			}
			rows = ascending(rows)
			parts, own := beginnings.of(term, rows)
			var err error
			if len(parts) > 0 {
				err = w.Compound(term, parts, own, len(rows))
			} else {
				err = w.Posting(term, rows)
			}
			if err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return nil
}

// ascending puts rows in order, each once: they are already, unless two terms
// share what is kept of them.
func ascending(rows []uint32) []uint32 {
	for i := 1; i < len(rows); i++ {
		if rows[i-1] >= rows[i] {
			slices.Sort(rows)
			return slices.Compact(rows)
		}
	}
	return rows
}
