package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Read reads and checks the file. The error says which line to change, or which
// key.
func Read(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fmt.Errorf("config: %w; name the file with --config, or make a hub with entented init", err)
	}
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	c, err := Parse(text)
	if err != nil {
		return Config{}, fmt.Errorf("config: %s: %w", path, err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	c.from(filepath.Dir(absolute))
	return c, nil
}

// Parse reads and checks the text of a file. Paths stay as they stand there.
func Parse(text []byte) (Config, error) {
	c := Default()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		if errors.Is(err, io.EOF) {
			return Config{}, errors.New("the file is empty; entented init writes one")
		}
		return Config{}, plain(err)
	}
	if err := decoder.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return Config{}, errors.New("the file holds more than one document; leave one")
	}
	return c, c.Check()
}

// plain says what the YAML library found in words that need no knowledge of this
// program.
func plain(err error) error {
	text := err.Error()
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) {
		text = strings.Join(wrong.Errors, "; ")
	}
	unknown := regexp.MustCompile(`field (\S+) not found in type \S+`)
	text = unknown.ReplaceAllString(text, "there is no key $1")
	into := regexp.MustCompile("cannot unmarshal \\S+ (`[^`]*` )?into (\\S+)")
	text = into.ReplaceAllStringFunc(text, func(found string) string {
		return "this value is no " + kindOf(into.FindStringSubmatch(found)[2])
	})
	return errors.New(strings.TrimPrefix(text, "yaml: "))
}

// kindOf names a Go type to an operator.
func kindOf(typ string) string {
	switch {
	case typ == "time.Duration":
		return "duration; write it as 30s, 5m or 72h"
	case strings.HasPrefix(typ, "int"), strings.HasPrefix(typ, "uint"), strings.HasPrefix(typ, "float"):
		return "number"
	case typ == "string":
		return "text"
	default:
		return "group of keys"
	}
}
