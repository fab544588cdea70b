package keyring

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// unfinished is the suffix of what is being written and not in force yet.
const unfinished = ".new"

// disk is what a ring does to its folder, so that tests can fail any single step of it. host is the real one.
type disk interface {
	mkdir(path string) error
	// create makes a file that must not exist; edit opens one that must.
	create(path string) (file, error)
	edit(path string) (file, error)
	rename(from, to string) error
	remove(path string) error
	// sync makes the entries of a folder durable.
	sync(path string) error
}

type file interface {
	io.WriteCloser
	Sync() error
	Stat() (fs.FileInfo, error)
}

type host struct{}

func (host) mkdir(path string) error { return os.Mkdir(path, 0o700) }

func (host) create(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (host) edit(path string) (file, error) { return os.OpenFile(path, os.O_WRONLY, 0) }

func (host) rename(from, to string) error { return os.Rename(from, to) }

func (host) remove(path string) error { return os.Remove(path) }

func (host) sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// content is a file to be made.
type content struct {
	name string
	data []byte
}

// makeFolder makes dir with the given files, all at once: until the last rename there is no dir. An error after that rename
// leaves the whole folder.
func makeFolder(d disk, dir string, files []content) error {
	fresh := dir + unfinished
	if err := d.mkdir(fresh); err != nil {
		return fmt.Errorf("keyring: create: %w", err)
	}
	if err := fill(d, fresh, files); err != nil {
		undo(d, fresh, files)
		return fmt.Errorf("keyring: create: %w", err)
	}
	if err := d.rename(fresh, dir); err != nil {
		undo(d, fresh, files)
		return fmt.Errorf("keyring: create: %w", err)
	}
	if err := d.sync(filepath.Dir(dir)); err != nil {
		return fmt.Errorf("keyring: create: the folder is there, but may not outlast a power cut: %w", err)
	}
	return nil
}

func fill(d disk, dir string, files []content) error {
	for _, f := range files {
		if err := writeNew(d, filepath.Join(dir, f.name), f.data); err != nil {
			return err
		}
	}
	return d.sync(dir)
}

// undo removes what makeFolder had made. What cannot be removed is reported by the next Create.
func undo(d disk, dir string, files []content) {
	for _, f := range files {
		discard(d, filepath.Join(dir, f.name))
	}
	_ = d.remove(dir)
}

// writeNew writes a file that is durable, but for its name, when writeNew returns. On error there is no file.
func writeNew(d disk, path string, data []byte) error {
	f, err := d.create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		discard(d, path)
	}
	return err
}

// replaceFile puts data in the place of a file: afterwards the old content is in force or the new, whole, whatever happens
// in between. nil and ErrNotScrubbed mean that the new one is, durably; after any other error it may be either.
//
// The old copy is overwritten when nothing can bring it back, because it holds keys that may be destroyed later. That reaches
// the blocks of a file system that overwrites in place; it does not reach what a disk, a snapshot or a copy keeps.
func replaceFile(d disk, dir, name string, data []byte) error {
	path := filepath.Join(dir, name)
	old, err := d.edit(path)
	if err != nil {
		return fmt.Errorf("keyring: replace %s: %w", name, err)
	}
	defer old.Close()
	discard(d, path+unfinished)
	if err := writeNew(d, path+unfinished, data); err != nil {
		return fmt.Errorf("keyring: replace %s: %w", name, err)
	}
	if err := d.rename(path+unfinished, path); err != nil {
		discard(d, path+unfinished)
		return fmt.Errorf("keyring: replace %s: %w", name, err)
	}
	if err := d.sync(dir); err != nil {
		return fmt.Errorf("keyring: replace %s: it may be in force after the next start: %w", name, err)
	}
	if err := scrub(old); err != nil {
		return fmt.Errorf("keyring: replace %s: %w (%w)", name, ErrNotScrubbed, err)
	}
	return nil
}

// scrub overwrites an open file with zeros.
func scrub(f file) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := f.Write(make([]byte, info.Size())); err != nil {
		return err
	}
	return f.Sync()
}

// discard scrubs and removes what is not in force, as far as that goes. A file that is not there is fine.
func discard(d disk, path string) {
	if f, err := d.edit(path); err == nil {
		_ = scrub(f)
		_ = f.Close()
		_ = d.remove(path)
	}
}

// readFile reads a key file that is a plain file, of a sane size, and the owner's alone.
func readFile(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	info, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", broken(name+" cannot be found"), err)
	}
	if !info.Mode().IsRegular() || info.Size() > largestFile {
		return nil, foreign(name + " is no plain file of a sane size")
	}
	if exposed(info) {
		return nil, fmt.Errorf("keyring: %s: %w", name, ErrExposed)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("keyring: read %s: %w", name, err)
	}
	return data, nil
}
