package segment

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// dying seals some blocks, and then the process is gone.
type dying struct {
	sealer
	left *int
}

func (d dying) Seal(dst, plain []byte, place uint64) []byte {
	if *d.left--; *d.left < 0 {
		panic("gone")
	}
	return d.sealer.Seal(dst, plain, place)
}

// TestCrash ends the writer in front of every block. The file that stood under
// the name stays, and the next writer does not mind what is left.
func TestCrash(t *testing.T) {
	s, path := newSealer(t), file(t)
	old, next := plain(100, 5), mixed()
	old.write(t, path, s)
	for n, whole := 0, false; !whole; n++ {
		left := n
		func() {
			defer func() { _ = recover() }() // as a crash, but for the process
			next.write(t, path, dying{s, &left})
			whole = true
		}()
		r := open(t, path, s, nil)
		if whole {
			next.check(t, r)
		} else {
			old.check(t, r)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	nothingBut(t, path)
}

func TestCrashOfTheFirst(t *testing.T) {
	left, path := 1, file(t)
	func() {
		defer func() { _ = recover() }() // as a crash, but for the process
		mixed().write(t, path, dying{newSealer(t), &left})
	}()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}

func TestAbort(t *testing.T) {
	path := file(t)
	w, err := Create(path, newSealer(t), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(1); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	w.Abort()
	if _, err := w.Close(); err == nil {
		t.Error("closed all the same")
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestFailingDisk closes the file under the writer.
func TestFailingDisk(t *testing.T) {
	path := file(t)
	w, err := Create(path, newSealer(t), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.file.Close(); err != nil {
		t.Fatal(err)
	}
	var row uint32
	for err == nil && row < 1<<20 {
		row++
		err = w.Row(row, int64(mix(uint64(row))))
	}
	if err == nil {
		t.Error("no row failed")
	}
	if _, again := w.Close(); again == nil || !errors.Is(again, err) {
		t.Errorf("closed with %v", again)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestOrder gives the writer what does not ascend, is not there or is empty.
func TestOrder(t *testing.T) {
	for name, wrong := range map[string]func(w *Writer) error{
		"number again":  func(w *Writer) error { return w.Row(9, 0) },
		"number below":  func(w *Writer) error { return w.Row(3, 0) },
		"columns":       func(w *Writer) error { return w.Row(10) },
		"row late":      func(w *Writer) error { return errors.Join(w.Posting(5, []uint32{0}), w.Row(10, 0)) },
		"term again":    func(w *Writer) error { return errors.Join(w.Posting(5, []uint32{0}), w.Posting(5, []uint32{1})) },
		"empty posting": func(w *Writer) error { return w.Posting(5, nil) },
		"rows down":     func(w *Writer) error { return w.Posting(5, []uint32{1, 0}) },
		"row again":     func(w *Writer) error { return w.Posting(5, []uint32{1, 1}) },
		"row not there": func(w *Writer) error { return w.Posting(5, []uint32{2}) },
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			w, err := Create(path, newSealer(t), 1, 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Row(7, 0), w.Row(9, 0)); err != nil {
				t.Fatal(err)
			}
			if err := wrong(w); err == nil {
				t.Error("accepted")
			}
			if _, err := w.Close(); err == nil {
				t.Error("closed")
			}
		})
	}
}
