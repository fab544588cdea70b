package segment

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"maps"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
)

// sealer seals with AES-256-GCM; the place is authenticated with the block.
type sealer struct {
	aead  cipher.AEAD
	nonce *atomic.Uint64
	opens *atomic.Int64
}

func newSealer(t testing.TB) sealer {
	t.Helper()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return sealer{aead, new(atomic.Uint64), new(atomic.Int64)}
}

func (s sealer) Seal(dst, plain []byte, place uint64) []byte {
	var nonce [12]byte
	binary.BigEndian.PutUint64(nonce[4:], s.nonce.Add(1))
	return s.aead.Seal(append(dst, nonce[:]...), nonce[:], plain, binary.BigEndian.AppendUint64(nil, place))
}

func (s sealer) Open(dst, sealed []byte, place uint64) ([]byte, error) {
	s.opens.Add(1)
	n := min(12, len(sealed))
	nonce := make([]byte, 12)
	copy(nonce, sealed[:n])
	return s.aead.Open(dst, nonce, sealed[n:], binary.BigEndian.AppendUint64(nil, place))
}

// model is what a file holds, the plain way.
type model struct {
	numbers  []uint32
	columns  [][]int64 // of each row
	wide     int
	postings map[uint64][]uint32
	parts    map[uint64][]uint64 // of each compound, terms that may be parts of it
}

func (m *model) terms() []uint64 { return slices.Sorted(maps.Keys(m.postings)) }

// write writes the model into a new file.
func (m *model) write(t fataler, path string, s Sealer) Info {
	t.Helper()
	w, err := Create(path, s, 7, m.wide)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range m.numbers {
		if err := w.Row(n, m.columns[i]...); err != nil {
			t.Fatal(err)
		}
	}
	for _, term := range m.terms() {
		if err := m.posting(w, term); err != nil {
			t.Fatal(err)
		}
	}
	info, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// fataler is a test of testing or of rapid.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func open(t fataler, path string, s Sealer, c *Cache) *Reader {
	t.Helper()
	r, err := Open(path, s, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// check holds a reader against the model.
func (m *model) check(t fataler, r *Reader) {
	t.Helper()
	m.checkRows(t, r)
	i, terms := 0, m.terms()
	empty := 0
	for term, p := range r.Terms() {
		if p.parts != nil && m.postings[term] == nil {
			checkCompound(t, &p, nil) // of terms that nothing was left of
			empty++
			continue
		}
		if i >= len(terms) || term != terms[i] {
			t.Fatalf("term %d is %#x", i, term)
		}
		i++
		checkPosting(t, &p, m.postings[term])
		q, ok := r.Posting(term)
		if !ok {
			t.Fatalf("term %#x is not found", term)
		}
		checkPosting(t, &q, m.postings[term])
		for _, other := range []uint64{term - 1, term + 1, ^term} {
			if p, ok := r.Posting(other); ok != (m.postings[other] != nil) && p.parts == nil {
				t.Fatalf("term %#x is found: %v", other, ok)
			}
		}
	}
	if info := r.Info(); i != len(terms) || info.Terms != i+empty || info.Rows != len(m.numbers) || info.Version != 7 {
		t.Fatalf("%d terms, want %d, info %+v", i, len(terms), info)
	}
	if err := r.Verify(); err != nil {
		t.Fatal(err)
	}
}

func (m *model) checkRows(t fataler, r *Reader) {
	t.Helper()
	for i, n := range m.numbers {
		if got := r.Number(uint32(i)); got != n {
			t.Fatalf("row %d has number %d, want %d", i, got, n)
		}
		for _, near := range []uint32{n - 1, n, n + 1} {
			k, found := slices.BinarySearch(m.numbers, near)
			if !found {
				k--
			}
			if row, ok := r.Row(near); ok != found || row != uint32(k) {
				t.Fatalf("number %d is row %d, %v; want %d, %v", near, row, ok, uint32(k), found)
			}
		}
		for c, want := range m.columns[i] {
			if got := r.Column(c, uint32(i)); got != want {
				t.Fatalf("column %d of row %d is %d, want %d", c, i, got, want)
			}
		}
	}
}

// checkPosting walks a posting by strides of all sizes, and marks all of it.
func checkPosting(t fataler, p *Posting, want []uint32) {
	t.Helper()
	if p.parts != nil {
		checkCompound(t, p, want)
		return
	}
	if p.Len() != len(want) {
		t.Fatalf("%d rows, want %d", p.Len(), len(want))
	}
	probes := 0
	for _, stride := range []uint32{1, 2, 63, 1000, 70_000} {
		c := p.Cursor()
		row := uint32(NoRow - 1)
		for {
			k, found := slices.BinarySearch(want, row)
			if !found {
				k--
			}
			got, ok := c.Seek(row, &probes)
			if ok != (k >= 0) || ok && got != want[k] {
				t.Fatalf("stride %d: at or below %d is %d, %v; want the %dth of %d", stride, row, got, ok, k, len(want))
			}
			if again, still := c.Seek(row, &probes); again != got || still != ok {
				t.Fatalf("the second time below %d is %d, %v", row, again, still)
			}
			if !ok || got < stride {
				break
			}
			row = got - stride
		}
	}
	checkMarks(t, p, want)
}

func checkMarks(t fataler, p *Posting, want []uint32) {
	t.Helper()
	probes, c := 0, p.Cursor()
	last := want[len(want)-1] >> pageBits
	for high := int(last) + 1; high >= 0; high-- {
		var w, exp [1024]uint64
		w[5], exp[5] = 1<<9, 1<<9 // what is there stays
		from, _ := slices.BinarySearch(want, uint32(high)<<pageBits)
		to, _ := slices.BinarySearch(want, uint32(high+1)<<pageBits)
		for _, row := range want[from:to] {
			exp[uint16(row)/64] |= 1 << (row % 64)
		}
		if marked := c.Mark(&w, uint32(high), &probes); marked != (to > from) || w != exp {
			t.Fatalf("page %d: marked %v, want rows %d to %d", high, marked, from, to)
		}
		if high%2 == 1 {
			c.Seek(uint32(high)<<pageBits|7, &probes)
		}
	}
}

// file is a path of a new file.
func file(t *testing.T) string { return filepath.Join(t.TempDir(), "a.seg") }
