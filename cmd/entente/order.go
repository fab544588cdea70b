package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// member is one field of an answer.
type member struct {
	name  string
	value any
}

// object is an answer with its fields in the order in which the API declares them: a record's name comes first, and JSON
// reads as it does from grpcurl.
type object []member

// inOrder puts what came from a message into its order. Without a message, and for what it does not declare, the order is
// that of the names.
func inOrder(d protoreflect.MessageDescriptor, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return objectOf(d, v)
	case []any:
		list := make([]any, len(v))
		for i, each := range v {
			list[i] = inOrder(d, each)
		}
		return list
	default:
		return v
	}
}

func objectOf(d protoreflect.MessageDescriptor, m map[string]any) object {
	names := slices.Sorted(maps.Keys(m))
	if d == nil {
		return members(nil, names, m)
	}
	var declared []string
	for _, name := range jsonNames(d) {
		if at, found := slices.BinarySearch(names, name); found {
			declared, names = append(declared, name), slices.Delete(names, at, at+1)
		}
	}
	return members(d, append(declared, names...), m)
}

func members(d protoreflect.MessageDescriptor, names []string, m map[string]any) object {
	o := make(object, len(names))
	for i, name := range names {
		o[i] = member{name, inOrder(within(d, name), m[name])}
	}
	return o
}

// within is the message in a field, nil where there is none.
func within(d protoreflect.MessageDescriptor, name string) protoreflect.MessageDescriptor {
	if d == nil {
		return nil
	}
	if f := d.Fields().ByJSONName(name); f != nil && !f.IsMap() {
		return f.Message()
	}
	return nil
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, each := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encoder.Encode(each.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encoder.Encode(each.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalYAML writes the fields in their order.
func (o object) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, each := range o {
		var key, value yaml.Node
		if err := key.Encode(each.name); err != nil {
			return nil, err
		}
		if err := value.Encode(number(each.value)); err != nil {
			return nil, err
		}
		n.Content = append(n.Content, &key, &value)
	}
	return n, nil
}

// number makes numbers of JSON what YAML takes for them.
func number(v any) any {
	if list, ok := v.([]any); ok {
		out := make([]any, len(list))
		for i, each := range list {
			out[i] = number(each)
		}
		return out
	}
	text, ok := v.(json.Number)
	if !ok {
		return v
	}
	if n, err := text.Int64(); err == nil {
		return n
	}
	f, _ := text.Float64()
	return f
}
