package worlds

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// show notes which fields an answer carries.
func (f *Findings) show(rpc string, a answer) {
	if f.Shown[rpc] == nil {
		f.Shown[rpc] = map[string]bool{}
	}
	for _, m := range a.messages {
		carried(m.ProtoReflect(), "", f.Shown[rpc])
	}
}

func carried(m protoreflect.Message, at string, into map[string]bool) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		path := at + string(f.Name())
		into[path] = true
		switch {
		case f.Message() == nil || f.IsMap():
		case f.IsList():
			for i := range v.List().Len() {
				carried(v.List().Get(i).Message(), path+".", into)
			}
		default:
			carried(v.Message(), path+".", into)
		}
		return true
	})
}

// Unseen are the fields of an RPC's answer that no answer carried, down to messages of the kinds that are named, which other RPCs show whole.
func (f *Findings) Unseen(rpc string, whole ...string) (fields []string, err error) {
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(strings.ReplaceAll(rpc, "/", ".")))
	if err != nil {
		return nil, err
	}
	var walk func(m protoreflect.MessageDescriptor, at string)
	walk = func(m protoreflect.MessageDescriptor, at string) {
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			path := at + string(field.Name())
			if !f.Shown[rpc][path] {
				fields = append(fields, path)
				continue
			}
			if field.Message() != nil && !slices.Contains(whole, string(field.Message().Name())) {
				walk(field.Message(), path+".")
			}
		}
	}
	m, ok := d.(protoreflect.MethodDescriptor)
	if !ok {
		return nil, fmt.Errorf("worlds: %s is no RPC", rpc)
	}
	walk(m.Output(), "")
	return fields, nil
}
