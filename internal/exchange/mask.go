package exchange

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// mask says which fields of a row are wanted. nil wants all.
type mask struct {
	whole bool
	under map[protoreflect.Name]*mask
}

// newMask reads a mask of a row. Paths are those of the row's message, in proto or JSON spelling.
func newMask(wire *fieldmaskpb.FieldMask, like proto.Message) (*mask, error) {
	if len(wire.GetPaths()) == 0 {
		return nil, nil
	}
	m := new(mask)
	for i, path := range wire.GetPaths() {
		if !m.add(like.ProtoReflect().Descriptor(), strings.Split(path, ".")) {
			return nil, fault.Violated(fault.Violation{
				Field: indexed("readMask.paths", i), Reason: "READ_MASK_INVALID", Description: "names no field of a row; write paths as in metadata.name, summary or plain.title",
			})
		}
	}
	return m, nil
}

// add adds one path; a field within a list or a map cannot be named.
func (m *mask) add(d protoreflect.MessageDescriptor, path []string) bool {
	f := d.Fields().ByName(protoreflect.Name(path[0]))
	if f == nil {
		f = d.Fields().ByJSONName(path[0])
	}
	if f == nil {
		return false
	}
	if m.under == nil {
		m.under = map[protoreflect.Name]*mask{}
	}
	next := m.under[f.Name()]
	if next == nil {
		next = new(mask)
		m.under[f.Name()] = next
	}
	if len(path) == 1 {
		next.whole = true
		return true
	}
	return f.Message() != nil && !f.IsList() && !f.IsMap() && next.add(f.Message(), path[1:])
}

// wants tells whether anything of a field is wanted.
func (m *mask) wants(field protoreflect.Name) bool { return m == nil || m.under[field] != nil }

// content tells whether anything of the content is wanted.
func (m *mask) content() bool { return m.wants("plain") || m.wants("plain_bytes") }

// full tells whether anything is wanted that only FULL shows.
func (m *mask) full() bool {
	if m == nil || m.content() || m.wants("assessment") || m.wants("recovery_steps") || m.wants("standings") {
		return true
	}
	metadata := m.under["metadata"]
	return metadata != nil && metadata.under["links"] != nil
}

// masked is a row with what is wanted of it and nothing else.
func masked[M proto.Message](m *mask, row M) (M, error) {
	if m == nil {
		return row, nil
	}
	// Stored parts were spliced in undecoded: they have to be fields to be picked.
	raw, err := proto.Marshal(row)
	if err != nil {
		return row, err
	}
	fresh := row.ProtoReflect().New()
	if err := proto.Unmarshal(raw, fresh.Interface()); err != nil {
		return row, err
	}
	m.prune(fresh)
	if picked, ok := fresh.Interface().(M); ok {
		row = picked
	}
	return row, nil
}

func (m *mask) prune(row protoreflect.Message) {
	if m.whole {
		return
	}
	row.SetUnknown(nil)
	row.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch under := m.under[f.Name()]; {
		case under == nil:
			row.Clear(f)
		case !under.whole:
			under.prune(v.Message())
		}
		return true
	})
}
