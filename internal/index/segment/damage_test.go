package segment

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// unsealed seals nothing, so that altered bytes come as far as the parsers.
type unsealed struct{}

func (unsealed) Seal(dst, plain []byte, _ uint64) []byte { return append(dst, plain...) }

func (unsealed) Open(dst, sealed []byte, _ uint64) ([]byte, error) {
	return append(dst, sealed...), nil
}

// mixed is a model with every form of list, directories among them.
func mixed() *model {
	m := plain(9000, 40)
	for step := range uint32(8) {
		rows := []uint32{}
		for row := step; row < 9000; row += step + 1 + row%5*step {
			rows = append(rows, row)
		}
		m.postings[uint64(step)<<61] = rows
	}
	m.numbers[8999] = 12_000
	m.parts = map[uint64][]uint64{0: {mix(2), 3 << 61}, mix(1): {mix(3), mix(5), mix(7)}}
	return m
}

// alter changes a file's bytes: a flip, a cut, an extension, a piece that is
// somewhere else.
func alter(data []byte, how uint8, at uint32, with []byte) []byte {
	i := int(at) % len(data)
	out := append([]byte(nil), data...)
	switch how % 5 {
	case 0:
		copy(out[i:], with)
	case 1:
		out = out[:i]
	case 2:
		out = append(out, with...)
	case 3:
		out = append(out[:i:i], append(append([]byte(nil), with...), out[i:]...)...)
	case 4:
		copy(out[i:], data[len(data)/2:])
	}
	return out
}

func seeds(f *testing.F, size int) {
	f.Helper()
	f.Add(uint8(1), uint32(0), []byte(nil))
	f.Add(uint8(2), uint32(0), []byte("more"))
	for at := 0; at < size; at += max(1, size/40) {
		f.Add(uint8(0), uint32(at), []byte{0xff, 1, 0x80})
		f.Add(uint8(1), uint32(at), []byte(nil))
		f.Add(uint8(3), uint32(at), []byte{0})
		f.Add(uint8(4), uint32(at), []byte(nil))
	}
	for at := size - 200; at < size; at += 3 {
		f.Add(uint8(0), uint32(at), []byte{0xff, 0xff, 0xff, 0xff})
	}
}

// FuzzAltered alters a sealed file: what is read is right or damage, and
// Verify always finds it.
func FuzzAltered(f *testing.F) {
	s, m := newSealer(f), mixed()
	data := written(f, m, s)
	seeds(f, len(data))
	f.Fuzz(func(t *testing.T, how uint8, at uint32, with []byte) {
		altered := alter(data, how, at, with)
		if string(altered) == string(data) {
			return
		}
		path := file(t)
		store(t, path, altered)
		r, err := Open(path, s, NewCache(1<<20))
		if err != nil {
			isDamage(t, err)
			return
		}
		defer r.Close()
		isDamage(t, r.Verify())
		for term, want := range m.postings {
			if damaged(t, func() {
				p, ok := r.Posting(term)
				if !ok {
					t.Fatalf("term %#x is not found", term)
				}
				checkPosting(t, &p, want)
			}) {
				continue
			}
		}
		damaged(t, func() { m.checkRows(t, r) })
	})
}

// FuzzForged alters what the seal says is right: whatever the parsers meet,
// they say damage or go on, and take no more memory than the file is worth.
func FuzzForged(f *testing.F) {
	m := mixed()
	data := written(f, m, unsealed{})
	seeds(f, len(data))
	f.Fuzz(func(t *testing.T, how uint8, at uint32, with []byte) {
		path := file(t)
		store(t, path, alter(data, how, at, with))
		r, err := Open(path, unsealed{}, NewCache(1<<20))
		if err != nil {
			isDamage(t, err)
			return
		}
		defer r.Close()
		if err := r.Verify(); err != nil {
			isDamage(t, err)
		}
		damaged(t, r.verifyColumns)
		damaged(t, r.verifyTerms)
		for term := range m.postings {
			damaged(t, func() { readAll(r, term) })
		}
		damaged(t, func() {
			for row := range uint32(r.Info().Rows) {
				r.Number(row)
				r.Row(row)
				for c := range r.Info().Columns {
					r.Column(c, row)
				}
			}
		})
	})
}

// readAll walks and marks a posting, whatever it is.
func readAll(r *Reader, term uint64) {
	p, ok := r.Posting(term)
	if !ok {
		return
	}
	readPosting(&p)
	for _, part := range p.Parts() {
		readPosting(&part)
	}
}

func readPosting(p *Posting) {
	probes, c, row, ok := 0, p.Cursor(), uint32(NoRow-1), true
	for ok {
		if row, ok = c.Seek(row, &probes); row == 0 {
			break
		}
		row--
	}
	var w [1024]uint64
	for high := range uint32(3) {
		c = p.Cursor()
		c.Mark(&w, high, &probes)
	}
}

// damaged runs f and tells whether it panicked with a damage. Any other panic
// goes on.
func damaged(t *testing.T, f func()) bool {
	t.Helper()
	var err error
	func() {
		defer caught(&err)
		f()
	}()
	if err != nil {
		isDamage(t, err)
	}
	return err != nil
}

func isDamage(t *testing.T, err error) {
	t.Helper()
	var d *Damage
	if !errors.Is(err, ErrDamaged) || !errors.As(err, &d) || d.What == "" || d.Error() == "" {
		t.Fatalf("got %v, want a damage", err)
	}
}

// written is a file's bytes.
func written(f *testing.F, m *model, s Sealer) []byte {
	f.Helper()
	path := filepath.Join(f.TempDir(), "a.seg")
	m.write(f, path, s)
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	return data
}

func store(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestEveryByteCounts flips each byte in turn.
func TestEveryByteCounts(t *testing.T) {
	s, path := newSealer(t), file(t)
	plain(50, 20).write(t, path, s)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] ^= 1 << (i % 8)
		store(t, path, data)
		r, err := Open(path, s, nil)
		if err == nil {
			err = r.Verify()
			_ = r.Close() // only read
		}
		isDamage(t, err)
		data[i] ^= 1 << (i % 8)
	}
}

// TestForeignBlocks opens a file with the blocks of another that says the same.
func TestForeignBlocks(t *testing.T) {
	s, path, other := newSealer(t), file(t), file(t)
	plain(50, 20).write(t, path, s)
	plain(50, 20).write(t, other, s)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	copy(data[headBytes:], foreign[headBytes:200])
	store(t, path, data)
	r, err := Open(path, s, nil)
	if err == nil {
		err = r.Verify()
		_ = r.Close() // only read
	}
	isDamage(t, err)
}

// TestCutWhileOpen shortens a file under its reader.
func TestCutWhileOpen(t *testing.T) {
	s, path := newSealer(t), file(t)
	m := mixed()
	m.write(t, path, s)
	r := open(t, path, s, nil)
	defer r.Close()
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	if !damaged(t, func() { r.Posting(m.terms()[0]) }) {
		t.Error("a posting was read from a file that is gone")
	}
	isDamage(t, r.Verify())
	if _, err := Merge(t.Context(), path+"2", s, Input{Reader: r}); err == nil {
		t.Error("merged")
	} else {
		isDamage(t, err)
	}
	nothingBut(t, path)
}

func TestOpenOfNothing(t *testing.T) {
	if _, err := Open(file(t), unsealed{}, nil); !errors.Is(err, os.ErrNotExist) || errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
