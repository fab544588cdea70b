package segment

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A compound is a term that has the rows of other terms, its parts, such as a
// beginning those of the words that begin so. It is a record of no chunks: how many
// parts there are, how many bits of zero all of them end with, the parts without
// these, and a record of the rows that no part has, or 0.

// endCompound ends the posting of a compound.
func (w *Writer) endCompound(term uint64, parts []uint64, total int) error {
	if len(parts) == 0 || w.info.Rows == 0 {
		w.fail(errRange)
	}
	for i := 1; i < len(parts); i++ {
		if parts[i-1] >= parts[i] {
			w.fail(errOrder)
		}
	}
	if w.err != nil {
		return w.err
	}
	w.terms.record(term)
	total = min(max(total, 1), w.info.Rows)
	b := binary.AppendUvarint(w.terms.records, uint64(total)*forms+formDirectory)
	w.terms.records = appendParts(append(b, 0), parts)
	if w.draft.n > 0 {
		w.record()
	} else {
		w.terms.records = append(w.terms.records, 0)
	}
	return w.ended(term)
}

func appendParts(dst []byte, parts []uint64) []byte {
	all := uint64(0)
	for _, part := range parts {
		all |= part
	}
	shift := uint(bits.TrailingZeros64(all)) % 64
	p := packer{dst: append(binary.AppendUvarint(dst, uint64(len(parts))), byte(shift))}
	for _, part := range parts {
		p.put(part>>shift, 64-shift)
	}
	return p.end()
}

// parts reads what appendParts appended.
func (p *parser) parts() []uint64 {
	n := int(p.below(uint64(len(p.data)))) // of each a bit at least
	shift := uint(0)
	if b := p.take(1); b != nil {
		shift = uint(b[0])
	}
	if n == 0 || shift > 63 {
		p.bad = true
	}
	packed := p.take(bytesFor(n * int(64-shift)))
	if p.bad {
		return nil
	}
	parts := make([]uint64, n)
	for i := range parts {
		parts[i] = bitsAt(packed, i*int(64-shift), 64-shift) << shift
		p.bad = p.bad || i > 0 && parts[i] <= parts[i-1]
	}
	return parts
}

// compound reads the record of a compound behind the number of its chunks.
func (p *Posting) compound(from *parser, total int) {
	p.parts = from.parts()
	if head := from.uvarint(); head != 0 && !from.bad {
		rest := Posting{reader: p.reader}
		rest.read(from, head)
		from.bad = from.bad || rest.parts != nil
		p.one, p.directory, p.own = rest.one, rest.directory, rest.own
	} else {
		p.own = 0
	}
	p.n = total
	from.bad = from.bad || total == 0
}

// Parts is a compound as the postings that together have its rows, more than once
// if several of them have one; nil for what is no compound.
func (p *Posting) Parts() []Posting {
	if p.parts == nil {
		return nil
	}
	return p.plain(p.reader.lookUp)
}

// plain is the postings that a posting is made of: its own rows, and those of its
// parts, which have none themselves.
func (p *Posting) plain(find func(part uint64) (Posting, bool)) (all []Posting) {
	if p.own > 0 {
		own := *p
		own.parts, own.n = nil, p.own
		all = append(all, own)
	}
	for _, part := range p.parts {
		found, ok := find(part)
		if found.parts != nil {
			panic(p.reader.damage("compound", -1, nil))
		}
		if ok {
			all = append(all, found)
		}
	}
	return all
}

// lookups finds terms past the cache.
type lookups struct {
	reader        *Reader
	terms, chunks held
}

func newLookups(r *Reader) lookups {
	return lookups{reader: r, terms: held{slot: -1}, chunks: held{slot: -1}}
}

func (l *lookups) posting(term uint64) (Posting, bool) {
	r := l.reader
	if !r.May(term) {
		return Posting{}, false
	}
	i := r.termsOf(term)
	if i < 0 {
		return Posting{}, false
	}
	d := r.dictionary(i, &l.terms)
	d.rank()
	place, ok := d.find(term)
	if !ok {
		return Posting{}, false
	}
	return r.posting(&d, place, d.severalBefore(place), &l.chunks), true
}

// rows appends the rows of a term, in any order.
func (l *lookups) rows(dst []uint32, term uint64) []uint32 {
	p, ok := l.posting(term)
	if !ok {
		return dst
	}
	for _, plain := range p.plain(l.posting) {
		for v := newRowWalk(&plain, nil); v.next(); {
			dst = append(dst, v.rows...)
		}
	}
	return dst
}

// parts is the parts that a term has in the result, and about how many rows it has.
// A part stays if it is one in every input that has it at all: where it is none, it
// may have rows that are not the term's. The rows of the others go to the term.
func (m *merge) parts(here []*source) (parts []uint64, total int) {
	for _, s := range here {
		parts = append(parts, s.posting.parts...)
		total += max(len(s.merged), s.posting.n)
	}
	if len(parts) == 0 || m.writer.info.Rows == 0 {
		return nil, 0
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	dropped := make([]uint64, 0, len(parts))
	kept := parts[:0]
	for _, part := range parts {
		if slices.ContainsFunc(m.inputs, func(s *source) bool { return s.apart(part, here) }) {
			dropped = append(dropped, part)
		} else {
			kept = append(kept, part)
		}
	}
	for _, s := range here {
		s.takeIn(dropped)
	}
	return kept, total
}

// apart tells that an input has a part, but not as one of the term that is merged.
func (s *source) apart(part uint64, here []*source) bool {
	if slices.Contains(here, s) {
		if _, found := slices.BinarySearch(s.posting.parts, part); found {
			return false
		}
	}
	_, ok := s.lookups.posting(part)
	return ok
}

// takeIn makes rows of some parts the term's own.
func (s *source) takeIn(parts []uint64) {
	var rows []uint32
	for _, part := range parts {
		if _, found := slices.BinarySearch(s.posting.parts, part); found {
			rows = s.lookups.rows(rows, part)
		}
	}
	if len(rows) == 0 {
		return
	}
	for s.chunks.next() {
		rows = append(rows, s.chunks.rows...)
	}
	slices.Sort(rows)
	s.buffer, s.inChunks = slices.Compact(rows), false
	s.merged = s.moved.of(s.buffer)
}
