package main

import (
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
		return io.NopCloser(a.in), nil
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, usage(err.Error())
	}
	return f, nil
}

// readFile reads a document in YAML or JSON (which is YAML too). Dates stay text as they are written.
func (a *app) readFile(path string) (any, error) {
	f, err := a.open(path)
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	err = yaml.NewDecoder(io.LimitReader(f, 8<<20)).Decode(&node)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, usage(fmt.Sprintf("%s: %v", path, err))
	}
	return value(&node)
}

// value is what a node of YAML is in JSON.
func value(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return value(n.Content[0])
	case yaml.AliasNode:
		return nil, usage(fmt.Sprintf("line %d: aliases are not taken", n.Line))
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
			v, err := value(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
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
