package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// open opens a file, or standard input for "-".
func (a *app) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		if f, ok := a.in.(*os.File); ok && isTerminal(f) {
			a.say("Reading standard input, to its end (Ctrl-D); --help says how to give a file.")
		}
		return io.NopCloser(a.in), nil
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, usage(err.Error())
	}
	return f, nil
}

// isTerminal: somebody sits in front of it.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// maxDocument bounds a file that is read as one document, in bytes: it is far more than the hub takes.
const maxDocument = 8 << 20

// readFile reads a document in YAML or JSON. Dates stay text as they are written.
func (a *app) readFile(path string) (any, error) {
	f, err := a.open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	if err == nil && len(text) > maxDocument {
		err = errors.New("it is larger than 8 MiB")
	}
	var v any
	if err = errors.Join(err, f.Close()); err == nil {
		v, err = document(text)
	}
	if err != nil {
		return nil, usage(fmt.Sprintf("%s: %v", path, err))
	}
	return v, nil
}

// readObject reads a document that has fields.
func (a *app) readObject(path string) (map[string]any, error) {
	v, err := a.readFile(path)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, usage(path + ": it must hold fields with values")
	}
	return object, nil
}

// readPart reads a document that is one part of a draft, and tells it from a whole draft: what else stands in one would
// not be changed.
func (a *app) readPart(path, field, word string) (any, error) {
	part, err := a.readFile(path)
	if draft, ok := part.(map[string]any); ok && err == nil && draft[field] != nil {
		return nil, usage(path + ": this is a whole draft; give the " + word + " alone, what stands under `" + field + "`")
	}
	return part, err
}

// document reads JSON by the rules of JSON (not all of it is YAML: escaped surrogates are not), and
// else YAML: one document, every key once.
func document(text []byte) (any, error) {
	if json.Valid(text) {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var v any
		return v, decoder.Decode(&v)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var node, second yaml.Node
	if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
		return nil, errors.New("it is empty")
	} else if err != nil {
		return nil, err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("it holds more than one document")
	}
	return value(&node)
}

// value is what a node of YAML is in JSON.
func value(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return value(n.Content[0])
	case yaml.AliasNode:
		return nil, fmt.Errorf("line %d: aliases are not taken", n.Line)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, each := range n.Content {
			v, err := value(each)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if _, twice := m[key.Value]; twice {
				return nil, fmt.Errorf("line %d: the same key a second time", key.Line)
			}
			v, err := value(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[key.Value] = v
		}
		return m, nil
	default:
		return scalar(n)
	}
}

func scalar(n *yaml.Node) (any, error) {
	if n.Tag == "!!timestamp" || n.Tag == "!!str" {
		return n.Value, nil
	}
	var v any
	err := n.Decode(&v)
	return v, err
}
