package keyring

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// spoilt makes a ring, lets spoil loose on its closed folder, and returns what Open says then.
func spoilt(t *testing.T, spoil func(dir string)) error {
	t.Helper()
	r := newRing(t, 1)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(r.dir)
	again, err := Open(r.dir)
	if err == nil {
		again.Close()
	}
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatStandsWhereARingShouldBe(t *testing.T) {
	other := newRing(t, 2)
	for _, c := range []struct {
		name  string
		spoil func(dir string)
		want  error
	}{
		{"nothing done", func(string) {}, nil},
		{"folder gone", func(dir string) { must(t, os.RemoveAll(dir)) }, ErrAbsent},
		{"folder half made", func(dir string) { must(t, os.Rename(dir, dir+".new")) }, ErrHalfMade},
		{"a file instead", func(dir string) { must(t, os.RemoveAll(dir)); must(t, os.WriteFile(dir, nil, 0o600)) }, ErrForeign},
		{"folder empty", func(dir string) {
			must(t, os.Remove(filepath.Join(dir, "secrets")))
			must(t, os.Remove(filepath.Join(dir, "wrapping")))
		}, ErrBroken},
		{"wrapping gone", func(dir string) { must(t, os.Remove(filepath.Join(dir, "wrapping"))) }, ErrBroken},
		{"secrets gone", func(dir string) { must(t, os.Remove(filepath.Join(dir, "secrets"))) }, ErrBroken},
		{"secrets empty", func(dir string) { must(t, os.Truncate(filepath.Join(dir, "secrets"), 0)) }, ErrBroken},
		{"wrapping zeroed", func(dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "wrapping"), make([]byte, 9300), 0o600))
		}, ErrForeign},
		{"secrets swapped with wrapping", func(dir string) {
			a, b, c := filepath.Join(dir, "secrets"), filepath.Join(dir, "wrapping"), filepath.Join(dir, "c")
			must(t, errors.Join(os.Rename(a, c), os.Rename(b, a), os.Rename(c, b)))
		}, ErrForeign},
		{"secrets of another ring", func(dir string) {
			data, err := os.ReadFile(filepath.Join(other.dir, "secrets"))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, "secrets"), data, 0o600))
		}, ErrForeign},
		{"a newer format", func(dir string) { reseal(t, dir, "secrets", func(b []byte) []byte { b[8] = 2; return b }) }, ErrForeign},
		{"somebody else's file", func(dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "wrapping"), bytes.Repeat([]byte("PK\x03\x04"), 3000), 0o600))
		}, ErrForeign},
		{"a huge file", func(dir string) { must(t, os.Truncate(filepath.Join(dir, "wrapping"), 1<<40)) }, ErrForeign},
		{"a link", func(dir string) {
			path := filepath.Join(dir, "secrets")
			must(t, os.Rename(path, dir+"-moved"))
			must(t, os.Symlink(dir+"-moved", path))
		}, ErrForeign},
		{"a folder for a file", func(dir string) {
			must(t, os.Remove(filepath.Join(dir, "secrets")))
			must(t, os.Mkdir(filepath.Join(dir, "secrets"), 0o700))
		}, ErrForeign},
		{"folder open to the group", func(dir string) { must(t, os.Chmod(dir, 0o710)) }, ErrExposed},
		{"secrets readable by others", func(dir string) { must(t, os.Chmod(filepath.Join(dir, "secrets"), 0o604)) }, ErrExposed},
		{"wrapping writable by the group", func(dir string) { must(t, os.Chmod(filepath.Join(dir, "wrapping"), 0o620)) }, ErrExposed},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := spoilt(t, c.spoil); !errors.Is(err, c.want) {
				t.Errorf("open: %v, want %v", err, c.want)
			}
		})
	}
}

// reseal changes a key file and makes its checksum right again.
func reseal(t *testing.T, dir, name string, edit func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	must(t, err)
	body := edit(data[:len(data)-sha256.Size])
	sum := sha256.Sum256(body)
	must(t, os.WriteFile(path, slices.Concat(body, sum[:]), 0o600))
}

func TestEveryFlippedBitOfAKeyFileIsNoticed(t *testing.T) {
	st := newRing(t, 1).now()
	files := map[string][]byte{wrappingFile: st.encode(wrappingFile), secretsFile: st.encode(secretsFile)}
	for name, data := range files {
		for i := range data {
			bad := map[string][]byte{wrappingFile: files[wrappingFile], secretsFile: files[secretsFile]}
			bad[name] = slices.Clone(data)
			bad[name][i] ^= 1 << (i % 8)
			if _, _, err := decodeFile(name, bad[name]); !errors.Is(err, ErrBroken) && !errors.Is(err, ErrForeign) {
				t.Fatalf("%s: byte %d: %v", name, i, err)
			}
		}
		for n := range data {
			if _, _, err := decodeFile(name, data[:n]); !errors.Is(err, ErrBroken) {
				t.Fatalf("%s: cut to %d: %v", name, n, err)
			}
		}
	}
}

// Bodies that no ring writes are refused even when their checksum is right.
func TestNonsenseWithARightChecksum(t *testing.T) {
	const head = 25
	for _, c := range []struct {
		name, file string
		edit       func([]byte) []byte
	}{
		{"generation 0", wrappingFile, func(b []byte) []byte { clear(b[head : head+4]); return b }},
		{"a key of zeros", wrappingFile, func(b []byte) []byte { clear(b[head+4 : head+36]); return b }},
		{"too few slots", wrappingFile, func(b []byte) []byte { return b[:head+36*200] }},
		{"cut inside a slot", wrappingFile, func(b []byte) []byte { return b[:head+36*200+3] }},
		{"no list", wrappingFile, func(b []byte) []byte { return b[:len(b)-2] }},
		{"a tail", wrappingFile, func(b []byte) []byte { return append(b, 1) }},
		{"replaced without its key", wrappingFile, func(b []byte) []byte { b[len(b)-1] = 1; return b }},
		{"replaced at generation 1", wrappingFile, func(b []byte) []byte {
			b[len(b)-1] = 1
			return append(b, bytes.Repeat([]byte{7}, 33)...)
		}},
		{"replaced twice", wrappingFile, func(b []byte) []byte {
			b[head+36*7+3], b[len(b)-1] = 2, 2
			return append(b, bytes.Repeat([]byte{7}, 66)...)
		}},
		{"no names", secretsFile, func(b []byte) []byte { return b[:head] }},
		{"a name too many", secretsFile, func(b []byte) []byte { b[head+1]++; return b }},
		{"a name too few", secretsFile, func(b []byte) []byte { b[head+1]--; return b }},
		{"a name in lower case", secretsFile, func(b []byte) []byte { b[head+3] = 'c'; return b }},
		{"names out of order", secretsFile, func(b []byte) []byte { b[head+3] = 'Z'; return b }},
		{"no versions", secretsFile, func(b []byte) []byte { b[head+7] = 0; return b }},
		{"version 0", secretsFile, func(b []byte) []byte { b[head+8] = 0; return b }},
		{"a secret of zeros", secretsFile, func(b []byte) []byte { clear(b[head+17 : head+49]); return b }},
		{"cut in a secret", secretsFile, func(b []byte) []byte { return b[:head+40] }},
		{"cut in a name", secretsFile, func(b []byte) []byte { return b[:head+5] }},
		{"cut before the versions", secretsFile, func(b []byte) []byte { return b[:head+7] }},
		{"cut in a version", secretsFile, func(b []byte) []byte { return b[:head+12] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := spoilt(t, func(dir string) { reseal(t, dir, c.file, c.edit) })
			if !errors.Is(err, ErrBroken) {
				t.Errorf("open: %v", err)
			}
		})
	}
}

func TestCreateOverwritesNothing(t *testing.T) {
	parent := t.TempDir()
	for _, c := range []struct {
		name string
		make func(dir string)
		want error
	}{
		{"a ring", func(dir string) {
			r, err := Create(dir, dice(1), day())
			must(t, err)
			must(t, r.Close())
		}, ErrExists},
		{"an empty folder", func(dir string) { must(t, os.Mkdir(dir, 0o700)) }, ErrExists},
		{"a file", func(dir string) { must(t, os.WriteFile(dir, []byte("x"), 0o600)) }, ErrExists},
		{"a dangling link", func(dir string) { must(t, os.Symlink("nowhere", dir)) }, ErrExists},
		{"a half-made ring", func(dir string) { must(t, os.Mkdir(dir+".new", 0o700)) }, ErrHalfMade},
	} {
		dir := filepath.Join(parent, c.name)
		c.make(dir)
		before := tree(t, parent)
		if _, err := Create(dir, dice(2), day()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if after := tree(t, parent); !slices.Equal(before, after) {
			t.Errorf("%s: create changed %v to %v", c.name, before, after)
		}
	}
	if _, err := Create(filepath.Join(parent, "no", "such", "place"), dice(1), day()); err == nil {
		t.Error("created below a folder that is not there")
	}
	if _, err := Create(filepath.Join(parent, "short"), strings.NewReader("too short"), day()); err == nil {
		t.Error("created from a random source that ends")
	}
}

// tree lists every path below dir with a hash of what it holds.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	must(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		line := fmt.Sprint(strings.TrimPrefix(path, dir), " ", info.Mode())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %x", sha256.Sum256(data))
		}
		out = append(out, line)
		return nil
	}))
	return out
}

func TestOnlyTheOwnerMayReadTheKeys(t *testing.T) {
	r := newRing(t, 1)
	must(t, r.RotateAll(dice(2), day()))
	must(t, r.ReplaceSlot(1, dice(3), func() error { return nil }))
	for path, want := range map[string]os.FileMode{"": 0o700 | os.ModeDir, "wrapping": 0o600, "secrets": 0o600} {
		info, err := os.Stat(filepath.Join(r.dir, path))
		must(t, err)
		if info.Mode() != want {
			t.Errorf("%q has mode %v, want %v", path, info.Mode(), want)
		}
	}
	if entries, err := os.ReadDir(r.dir); err != nil || len(entries) != 2 {
		t.Errorf("%d entries in the folder, %v; want the two files", len(entries), err)
	}
}

func TestOneHolderAtATime(t *testing.T) {
	r := newRing(t, 1)
	if _, err := Open(r.dir); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	kept := secret(t, r, Token)
	again := reopen(t, r)
	if err := r.Rotate(Token, dice(1), day()); !errors.Is(err, ErrClosed) {
		t.Errorf("rotated after close: %v", err)
	}
	if s := secret(t, r, Token); s.Key() != kept.Key() {
		t.Error("reading after close gives another key")
	}
	if err := r.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	must(t, again.Rotate(Token, dice(1), day()))
	if again.ID() != r.ID() || newRing(t, 2).ID() == r.ID() {
		t.Error("ring ids do not tell rings apart")
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	r := newRing(t, 1)
	must(t, r.Close())
	for _, name := range []string{"wrapping.new", "secrets.new"} {
		must(t, os.WriteFile(filepath.Join(r.dir, name), []byte("half"), 0o600))
	}
	before := versions(r)
	again, err := Open(r.dir)
	must(t, err)
	defer again.Close()
	if entries, err := os.ReadDir(r.dir); err != nil || len(entries) != 2 {
		t.Errorf("%d entries in the folder, %v", len(entries), err)
	}
	if !slices.Equal(before, versions(again)) {
		t.Error("a leftover changed the ring")
	}
}

// A copy of a destroyed key must not survive in what the change replaced.
func TestReplacedFilesAreOverwritten(t *testing.T) {
	r := newRing(t, 1)
	old := secret(t, r, Card).Key()
	held := map[string]*os.File{}
	for _, name := range []string{wrappingFile, secretsFile} {
		f, err := os.Open(filepath.Join(r.dir, name))
		must(t, err)
		defer f.Close()
		held[name] = f
	}
	must(t, r.Rotate(Card, dice(2), day()))
	must(t, r.Retire(Card, 1))
	must(t, r.ReplaceSlot(1, dice(3), func() error { return nil }))
	for name, f := range held {
		data := make([]byte, largestFile)
		n, _ := f.ReadAt(data, 0)
		if n == 0 || !bytes.Equal(data[:n], make([]byte, n)) {
			t.Errorf("the first %s, of %d bytes, still holds something", name, n)
		}
	}
	for _, name := range []string{wrappingFile, secretsFile} {
		data, err := os.ReadFile(filepath.Join(r.dir, name))
		must(t, err)
		if bytes.Contains(data, old[:]) {
			t.Errorf("%s still holds the retired secret", name)
		}
	}
}

func TestNothingPrintsAKey(t *testing.T) {
	r := newRing(t, 1)
	s := secret(t, r, Token)
	raw := s.Key()
	record, wrapped := newKey(t, r, 300)
	recordRaw, err := r.unwrap(300, wrapped)
	must(t, err)
	type holder struct {
		Public  Secret
		private Secret
		Record  *RecordKey
	}
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("x", "secret", s, "holder", holder{s, s, record}, "record", record, "ring", r)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "holder", holder{s, s, record}, "record", record)
	encoded, err := json.Marshal(holder{s, s, record})
	must(t, err)
	out.Write(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+verb, s, &s, holder{s, s, record}, record, r)
	}
	for _, key := range [][KeySize]byte{raw, *recordRaw} {
		short := key[:5]
		for _, form := range []string{string(short), fmt.Sprintf("%x", short), fmt.Sprintf("%X", short),
			strings.Trim(fmt.Sprint(short), "[]"), strings.ReplaceAll(strings.Trim(fmt.Sprint(short), "[]"), " ", ",")} {
			if strings.Contains(out.String(), form) {
				t.Errorf("a key was printed as %q", form)
			}
		}
	}
	if !strings.Contains(out.String(), "secret TOKEN/1") || !strings.Contains(out.String(), "record key 300") {
		t.Error("secrets do not print their names")
	}
}
