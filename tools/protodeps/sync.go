package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// sync makes the .proto files below dir exactly the given texts, keyed by
// slash-separated path. A file that already holds its text keeps its
// modification time. Anything that is not a .proto file is left alone.
func sync(dir string, texts map[string]string) error {
	if err := prune(dir, texts); err != nil {
		return err
	}
	for path, text := range texts {
		if err := put(filepath.Join(dir, filepath.FromSlash(path)), text); err != nil {
			return err
		}
	}
	return nil
}

// prune removes each .proto file below dir that has no text. A missing dir is
// an empty one.
func prune(dir string, texts map[string]string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".proto" {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if _, keep := texts[filepath.ToSlash(rel)]; keep {
			return nil
		}
		return os.Remove(path)
	})
}

// put writes text to path unless it is there already. The file appears under
// its name only when it is complete, because a compiler may be reading it.
func put(path, text string) error {
	if have, err := os.ReadFile(path); err == nil && string(have) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
}
