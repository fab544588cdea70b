package demo

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// What the demo tells a newcomer to try works: every request, read back from its
// JSON, is answered.
func TestHintsWork(t *testing.T) {
	d, out := started(t)
	if err := d.Hints(); err != nil {
		t.Fatal(err)
	}
	for _, c := range d.calls() {
		text, err := compact(c.request)
		if err != nil {
			t.Fatal(err)
		}
		if c.file == "" && !strings.Contains(out.String(), quote(text)) {
			t.Errorf("the line of %q does not hold its request", c.say)
		}
		request, answer := messagesOf(t, c.method)
		if err := protojson.Unmarshal([]byte(text), request); err != nil {
			t.Fatalf("%s: %v", c.say, err)
		}
		if err := d.stage.by(c.agency).conn.Invoke(t.Context(), "/entente.v1."+c.method, request, answer); err != nil {
			t.Errorf("%s: %v", c.say, err)
		}
	}
	if _, err := os.Stat(d.draftFile()); err != nil {
		t.Error(err)
	}
}

// messagesOf are an empty request and answer of a method.
func messagesOf(t *testing.T, method string) (request, answer protoreflect.ProtoMessage) {
	t.Helper()
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("entente.v1." + strings.ReplaceAll(method, "/", ".")))
	if err != nil {
		t.Fatal(err)
	}
	m, ok := found.(protoreflect.MethodDescriptor)
	if !ok {
		t.Fatalf("%s is no method", method)
	}
	fresh := func(d protoreflect.MessageDescriptor) protoreflect.ProtoMessage {
		typ, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
		if err != nil {
			t.Fatal(err)
		}
		return typ.New().Interface()
	}
	return fresh(m.Input()), fresh(m.Output())
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"/tmp/a.crt": "/tmp/a.crt", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, `{"a":1}`: `'{"a":1}'`, "$HOME": "'$HOME'",
	} {
		if got := quote(text); got != want {
			t.Errorf("%q is %s, not %s", text, got, want)
		}
	}
}
