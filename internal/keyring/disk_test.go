package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var errDisk = errors.New("the disk failed")

// breaking is the real disk until its n-th step (from 1), which fails: undone, or done all the same but reported as failed.
// From then on, if dead, nothing works any more, as after a crash.
type breaking struct {
	host
	n, step int
	done    bool
	dead    bool
}

func (b *breaking) next(do func() error) error {
	b.step++
	switch {
	case b.step == b.n && b.done:
		return errors.Join(errDisk, do())
	case b.step == b.n || b.dead && b.step > b.n:
		return errDisk
	default:
		return do()
	}
}

func (b *breaking) reached() bool { return b.step >= b.n }

func (b *breaking) mkdir(path string) error {
	return b.next(func() error { return b.host.mkdir(path) })
}

func (b *breaking) rename(from, to string) error {
	return b.next(func() error { return b.host.rename(from, to) })
}

func (b *breaking) remove(path string) error {
	return b.next(func() error { return b.host.remove(path) })
}

func (b *breaking) sync(path string) error {
	return b.next(func() error { return b.host.sync(path) })
}

func (b *breaking) create(path string) (file, error) {
	return b.opened(func() (file, error) { return b.host.create(path) })
}

func (b *breaking) edit(path string) (file, error) {
	if _, err := os.Lstat(path); err != nil {
		return nil, err // asking for what is not there is no step
	}
	return b.opened(func() (file, error) { return b.host.edit(path) })
}

func (b *breaking) opened(open func() (file, error)) (file, error) {
	var f file
	err := b.next(func() (err error) { f, err = open(); return err })
	if err != nil {
		if f != nil {
			f.Close()
		}
		return nil, err
	}
	return &breakingFile{f, b}, nil
}

type breakingFile struct {
	file
	disk *breaking
}

// Write that fails undone has written half.
func (f *breakingFile) Write(p []byte) (int, error) {
	n := 0
	err := f.disk.next(func() (err error) { n, err = f.file.Write(p); return err })
	if err != nil && n == 0 && !f.disk.dead {
		n, _ = f.file.Write(p[:len(p)/2])
	}
	return n, err
}

func (f *breakingFile) Sync() error { return f.disk.next(f.file.Sync) }

func (f *breakingFile) Stat() (fs.FileInfo, error) {
	var info fs.FileInfo
	err := f.disk.next(func() (err error) { info, err = f.file.Stat(); return err })
	return info, err
}

func (f *breakingFile) Close() error {
	err := f.disk.next(f.file.Close)
	f.file.Close()
	return err
}

// everyStep runs try with a disk that breaks at step 1, 2, 3 … in every manner, until a run is not reached by the break.
func everyStep(t *testing.T, try func(t *testing.T, d *breaking)) {
	t.Helper()
	for _, manner := range []breaking{{}, {done: true}, {dead: true}, {done: true, dead: true}} {
		for n := 1; ; n++ {
			d := manner
			d.n = n
			t.Run(fmt.Sprintf("step %d, done %v, dead %v", n, d.done, d.dead), func(t *testing.T) { try(t, &d) })
			if !d.reached() {
				if n < 8 {
					t.Errorf("only %d steps were broken", n-1)
				}
				break
			}
		}
	}
}

// Whatever step of a creation fails, there is a whole ring or none, and none is mistaken for one.
func TestCreationIsAllOrNothing(t *testing.T) {
	everyStep(t, func(t *testing.T, d *breaking) {
		dir := filepath.Join(t.TempDir(), "keys")
		r, err := create(d, dir, dice(1), day())
		if (err == nil) != (r != nil) || err == nil && d.reached() && d.step == d.n {
			t.Fatalf("ring %v, error %v", r != nil, err)
		}
		if r != nil {
			must(t, r.Close())
		} else if !errors.Is(err, errDisk) {
			t.Errorf("the cause is lost: %v", err)
		}
		again, err := Open(dir)
		switch {
		case err == nil:
			checkWhole(t, again)
			must(t, again.Close())
		case errors.Is(err, ErrHalfMade):
			if _, err := Create(dir, dice(2), day()); !errors.Is(err, ErrHalfMade) {
				t.Errorf("creating beside what is half made: %v", err)
			}
			must(t, os.RemoveAll(dir+unfinished))
			fallthrough
		case errors.Is(err, ErrAbsent):
			if r != nil {
				t.Fatalf("a ring that was created is gone: %v", err)
			}
			r, err := Create(dir, dice(2), day())
			must(t, err)
			must(t, r.Close())
		default:
			t.Errorf("neither whole nor absent: %v", err)
		}
	})
}

func checkWhole(t *testing.T, r *Ring) {
	t.Helper()
	if len(r.Secrets()) != len(Standard()) {
		t.Errorf("%d secrets", len(r.Secrets()))
	}
	for i := range 256 {
		if _, wrapped, err := r.NewRecordKey(dice(1), KeyID(256+i)); err != nil {
			t.Errorf("slot %d: %v", i, err)
		} else if _, err := r.Unwrap(KeyID(256+i), wrapped); err != nil {
			t.Errorf("slot %d: %v", i, err)
		}
	}
	if entries, err := os.ReadDir(r.dir); err != nil || len(entries) != 2 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// change is one of the ways to change a ring.
type change struct {
	name string
	do   func(*Ring) error
}

func changes() []change {
	return []change{
		{"rotate all", func(r *Ring) error { return r.RotateAll(dice(5), day()) }},
		{"retire", func(r *Ring) error { return r.Retire(Storage, 1) }},
		{"replace a slot", func(r *Ring) error { return r.ReplaceSlot(44, dice(5), func() error { return nil }) }},
	}
}

// twoVersions copies the folder of a ring whose STORAGE secret has two versions.
func twoVersions(t *testing.T, template *Ring) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	must(t, os.CopyFS(dir, os.DirFS(template.dir)))
	must(t, os.Chmod(dir, 0o700))
	for _, name := range []string{wrappingFile, secretsFile} {
		must(t, os.Chmod(filepath.Join(dir, name), 0o600))
	}
	return dir
}

// Whatever step of a change fails: what is in force in memory is durable, the disk has the ring of before or of after, and
// the change can be tried again.
func TestChangesAreAllOrNothing(t *testing.T) {
	template := newRing(t, 1)
	must(t, template.Rotate(Storage, dice(2), day()))
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			everyStep(t, func(t *testing.T, d *breaking) { tryChange(t, d, twoVersions(t, template), c) })
		})
	}
}

func tryChange(t *testing.T, d *breaking, dir string, c change) {
	r, err := Open(dir)
	must(t, err)
	defer r.Close()
	r.disk = d
	before := versions(r)
	err = c.do(r)
	inForce := versions(r)
	switch {
	case err == nil || errors.Is(err, ErrNotScrubbed):
	case !errors.Is(err, errDisk):
		t.Errorf("the cause is lost: %v", err)
	case c.name != "replace a slot" && !slices.Equal(before, inForce):
		t.Errorf("%v, and yet the change is in force", err)
	}
	must(t, r.Close())

	again, err2 := Open(dir)
	must(t, err2)
	defer again.Close()
	onDisk := versions(again)
	if slices.Equal(before, onDisk) && !slices.Equal(before, inForce) {
		t.Errorf("what was in force is not on disk; the change said %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%d entries after opening, %v", len(entries), err)
	}
	if slices.Equal(before, onDisk) || len(again.Pending()) > 0 {
		must(t, c.do(again))
	}
	if slices.Equal(before, versions(again)) || len(again.Pending()) > 0 {
		t.Error("the change cannot be tried again")
	}
}

// While a slot is replaced no step can fail so that a key is lost: neither the one wrapped before nor the one rewrapped.
func TestReplacingASlotLosesNothingWhateverFails(t *testing.T) {
	template := newRing(t, 1)
	_, wrapped := newKey(t, template, 300)
	everyStep(t, func(t *testing.T, d *breaking) {
		dir := twoVersions(t, template)
		r, err := Open(dir)
		must(t, err)
		defer r.Close()
		r.disk = d
		stored := wrapped // what the view holds durably
		move := func(r *Ring) func() error {
			return func() error {
				again, err := r.Rewrap(300, stored)
				if err == nil {
					stored = again
				}
				return err
			}
		}
		first := r.ReplaceSlot(44, dice(5), move(r))
		if _, err := r.Unwrap(300, stored); err != nil {
			t.Errorf("in this process, after %v: %v", first, err)
		}
		must(t, r.Close())
		again, err := Open(dir)
		must(t, err)
		defer again.Close()
		if _, err := again.Unwrap(300, stored); err != nil {
			t.Errorf("after a restart, after %v: %v", first, err)
		}
		must(t, again.ReplaceSlot(44, dice(6), move(again)))
		if _, err := again.Unwrap(300, stored); err != nil {
			t.Errorf("after the replacement: %v", err)
		}
		if _, err := again.Unwrap(300, wrapped); !errors.Is(err, ErrDestroyed) {
			t.Errorf("the old copy after the replacement: %v", err)
		}
	})
}
