package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestPrintedSchemasCompileToWhatIsLinked compiles the printed text with an
// independent compiler and compares the result with the descriptor it was
// printed from: nothing, option or extension, may get lost on the way.
func TestPrintedSchemasCompileToWhatIsLinked(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{dir}}),
	}
	files, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, linked := range files {
		t.Run(linked.Path(), func(t *testing.T) {
			compiled, err := compiler.Compile(context.Background(), linked.Path())
			if err != nil {
				t.Fatal(err)
			}
			got, want := plain(t, compiled[0]), plain(t, linked)
			if !proto.Equal(got, want) {
				t.Errorf("the printed schema differs from the linked one\ngot:\n%s\nwant:\n%s",
					prototext.Format(got), prototext.Format(want))
			}
		})
	}
}

// plain returns fd as a descriptor message whose options are decoded with the
// linked extension types, whatever compiler made it.
func plain(t *testing.T, fd protoreflect.FileDescriptor) *descriptorpb.FileDescriptorProto {
	t.Helper()
	wire, err := proto.MarshalOptions{Deterministic: true}.Marshal(protodesc.ToFileDescriptorProto(fd))
	if err != nil {
		t.Fatal(err)
	}
	out := &descriptorpb.FileDescriptorProto{}
	if err := proto.Unmarshal(wire, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemasAreCompleteAndInOrder(t *testing.T) {
	files, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, fd := range files {
		if wellKnown(fd.Path()) {
			t.Errorf("%s comes with buf and must not be printed", fd.Path())
		}
		for i := range fd.Imports().Len() {
			need := fd.Imports().Get(i).Path()
			if !wellKnown(need) && !slices.Contains(paths, need) {
				t.Errorf("%s stands before its import %s", fd.Path(), need)
			}
		}
		paths = append(paths, fd.Path())
	}
	for _, path := range wanted() {
		if !slices.Contains(paths, path) {
			t.Errorf("%s is missing", path)
		}
	}
	slices.Sort(paths)
	if len(slices.Compact(slices.Clone(paths))) != len(paths) {
		t.Errorf("a schema is printed twice: %q", paths)
	}
}

func TestRenderIsRepeatable(t *testing.T) {
	files, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	first, err := render(files)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := render(files)
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range first {
			if again[path] != text {
				t.Fatalf("%s is printed differently the second time", path)
			}
		}
	}
}

func TestSyncRemovesStraysAndKeepsWhatIsCurrent(t *testing.T) {
	dir := t.TempDir()
	stray := filepath.Join(dir, "old", "gone.proto")
	kept := filepath.Join(dir, "a", "kept.proto")
	stale := filepath.Join(dir, "a", "stale.proto")
	other := filepath.Join(dir, "README")
	for _, path := range []string{stray, kept, stale, other} {
		if err := put(path, "first"); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(kept, long, long); err != nil {
		t.Fatal(err)
	}

	texts := map[string]string{"a/kept.proto": "first", "a/stale.proto": "second", "b/new.proto": "third"}
	if err := sync(dir, texts); err != nil {
		t.Fatal(err)
	}

	if _, err := os.Stat(stray); !os.IsNotExist(err) {
		t.Errorf("the unwanted schema is still there: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("a file that is no schema was touched: %v", err)
	}
	info, err := os.Stat(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(long) {
		t.Error("a current schema was written again")
	}
	for path, want := range texts {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v; want %q", path, got, err, want)
		}
	}
	if parts, _ := filepath.Glob(filepath.Join(dir, "*", "*.part")); len(parts) > 0 {
		t.Errorf("unfinished files remain: %q", parts)
	}
}

func TestRunReportsAFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(filepath.Join(file, "below")); err == nil {
		t.Error("a folder below a plain file was accepted")
	}
}
