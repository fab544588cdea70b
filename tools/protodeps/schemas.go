package main

import (
	"fmt"
	"strings"

	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// Each of these registers the descriptors of one wanted schema.
	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
	_ "google.golang.org/genproto/googleapis/type/date"
	_ "google.golang.org/genproto/googleapis/type/latlng"
	_ "google.golang.org/genproto/googleapis/type/money"
)

// wanted lists the schemas to print. It is a fixed list and not whatever
// proto/ happens to import, because google.rpc is imported by no file of ours:
// it travels in the details of a refusal, and a client that loads image.binpb
// needs it there to show a refusal in full.
func wanted() []string {
	return []string{
		"buf/validate/validate.proto",
		"google/api/field_behavior.proto",
		"google/api/resource.proto",
		"google/rpc/error_details.proto",
		"google/rpc/status.proto",
		"google/type/date.proto",
		"google/type/latlng.proto",
		"google/type/money.proto",
	}
}

// wellKnown tells whether a schema comes with buf itself and must not be
// printed: a second copy would be a duplicate definition.
func wellKnown(path string) bool {
	return strings.HasPrefix(path, "google/protobuf/")
}

// schemas returns the wanted files and everything that they import, each once,
// an import before its importer. A wanted file that no linked package carries
// is an error: it means that a blank import above is missing.
func schemas() ([]protoreflect.FileDescriptor, error) {
	var (
		found []protoreflect.FileDescriptor
		seen  = map[string]bool{}
	)
	for _, path := range wanted() {
		fd, err := protoregistry.GlobalFiles.FindFileByPath(path)
		if err != nil {
			return nil, fmt.Errorf("%s is in no linked package: %w", path, err)
		}
		found = collect(fd, seen, found)
	}
	return found, nil
}

// collect appends fd to found, behind its imports. It marks in seen what it has
// visited and leaves the well-known schemas out.
func collect(fd protoreflect.FileDescriptor, seen map[string]bool, found []protoreflect.FileDescriptor) []protoreflect.FileDescriptor {
	if seen[fd.Path()] || wellKnown(fd.Path()) {
		return found
	}
	seen[fd.Path()] = true
	for i := range fd.Imports().Len() {
		found = collect(fd.Imports().Get(i).FileDescriptor, seen, found)
	}
	return append(found, fd)
}

// render prints the files as proto source, keyed by their import path. The
// descriptors inside Go packages carry no comments, so neither does the text.
func render(files []protoreflect.FileDescriptor) (map[string]string, error) {
	var printer protoprint.Printer
	texts := make(map[string]string, len(files))
	for _, fd := range files {
		text, err := printer.PrintProtoToString(fd)
		if err != nil {
			return nil, fmt.Errorf("print %s: %w", fd.Path(), err)
		}
		texts[fd.Path()] = text
	}
	return texts, nil
}
