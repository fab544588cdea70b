package segment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// TestMerge splits a model over some files, with rows in them that are dead,
// and holds what becomes of them against the model.
func TestMerge(t *testing.T) {
	dir, s, i := t.TempDir(), newSealer(t), 0
	rapid.Check(t, func(t *rapid.T) {
		i++
		m := draw(t, 70_000)
		stem := filepath.Join(dir, strconv.Itoa(i))
		files := rapid.IntRange(1, 4).Draw(t, "files")
		stretch := rapid.SampledFrom([]int{1, 3, 500, 30_000}).Draw(t, "stretch")
		var inputs []Input
		for k := range files {
			part, dead := m.part(func(row int) (here, dead bool) {
				owner := row / stretch % files
				return owner == k || (row+k)%11 == 0, owner != k || row%5 == 0
			})
			path := stem + "-" + strconv.Itoa(k)
			part.write(t, path, s)
			inputs = append(inputs, Input{Reader: open(t, path, s, nil), Dead: func(row uint32) bool { return dead[row] }})
		}
		want, _ := m.part(func(row int) (here, dead bool) { return row%5 != 0, false })
		info, err := Merge(context.Background(), stem, s, inputs...)
		if err != nil {
			t.Fatal(err)
		}
		r := open(t, stem, s, nil)
		if r.Info() != info {
			t.Fatalf("info %+v, want %+v", r.Info(), info)
		}
		want.check(t, r)
		for _, in := range append(inputs, Input{Reader: r}) {
			if err := in.Reader.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// part is some rows of a model, and which of them are dead.
func (m *model) part(of func(row int) (here, dead bool)) (part *model, dead []bool) {
	part = &model{wide: m.wide, postings: map[uint64][]uint32{}, parts: m.parts}
	places := make([]int, len(m.numbers))
	for row := range m.numbers {
		here, gone := of(row)
		places[row] = -1
		if here {
			places[row] = len(part.numbers)
			part.numbers = append(part.numbers, m.numbers[row])
			part.columns = append(part.columns, m.columns[row])
			dead = append(dead, gone)
		}
	}
	for term, rows := range m.postings {
		for _, row := range rows {
			if places[row] >= 0 {
				part.postings[term] = append(part.postings[term], uint32(places[row]))
			}
		}
	}
	return part, dead
}

// plain is a small model.
func plain(rows, terms int) *model {
	m := &model{wide: 1, postings: map[uint64][]uint32{}}
	for i := range rows {
		m.numbers = append(m.numbers, uint32(i+1))
		m.columns = append(m.columns, []int64{int64(i) * 1000})
	}
	for k := range terms {
		term := mix(uint64(k))
		for row := k % rows; row < rows; row += k + 1 {
			m.postings[term] = append(m.postings[term], uint32(row))
		}
	}
	return m
}

func TestMergeStopsWithItsContext(t *testing.T) {
	s, path := newSealer(t), file(t)
	plain(40_000, 50).write(t, path, s)
	r := open(t, path, s, nil)
	defer r.Close()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	asked := 0
	_, err := Merge(ctx, path+"2", s, Input{Reader: r, Dead: func(uint32) bool {
		if asked++; asked == 20_000 {
			cancel(cause)
		}
		return false
	}})
	if !errors.Is(err, cause) {
		t.Fatalf("got %v", err)
	}
	if asked == 40_000 {
		t.Error("all rows were read all the same")
	}
	nothingBut(t, path)
}

func TestMergeRefuses(t *testing.T) {
	s, path := newSealer(t), file(t)
	plain(100, 5).write(t, path, s)
	r := open(t, path, s, nil)
	defer r.Close()
	if _, err := Merge(context.Background(), path+"2", s); !errors.Is(err, errInputs) {
		t.Errorf("without inputs: %v", err)
	}
	if _, err := Merge(context.Background(), path+"2", s, Input{Reader: r}, Input{Reader: r}); !errors.Is(err, errTwice) {
		t.Errorf("the same number twice: %v", err)
	}
	nothingBut(t, path)
}

func TestMergeOfTheDead(t *testing.T) {
	s, path := newSealer(t), file(t)
	plain(100, 5).write(t, path, s)
	r := open(t, path, s, nil)
	defer r.Close()
	info, err := Merge(context.Background(), path+"2", s, Input{Reader: r, Dead: func(uint32) bool { return true }})
	if err != nil || info.Rows != 0 || info.Terms != 0 {
		t.Fatalf("%+v, %v", info, err)
	}
	empty := open(t, path+"2", s, nil)
	defer empty.Close()
	if _, ok := empty.Posting(3); ok {
		t.Error("a term is found")
	}
	if row, ok := empty.Row(3); ok || row != NoRow {
		t.Error("a row is found")
	}
	if err := empty.Verify(); err != nil {
		t.Error(err)
	}
}

// nothingBut checks that a folder holds a file and nothing else.
func nothingBut(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{filepath.Base(path)}) {
		t.Errorf("the folder holds %q", names)
	}
}
