package exchange

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// The numbers under which stored bytes are spliced into answers are those of the descriptors.
func TestSplicedFieldsAreThoseOfTheWire(t *testing.T) {
	records := map[protoreflect.Name]protoreflect.FieldNumber{
		"metadata": itemMetadata, "plain": itemContent, "plain_bytes": itemBytes, "assessment": itemAssessment, "summary": itemSummary,
	}
	revisions := map[protoreflect.Name]protoreflect.FieldNumber{"plain": revisionContent, "plain_bytes": revisionBytes}
	for _, row := range []struct {
		message proto.Message
		fields  map[protoreflect.Name]protoreflect.FieldNumber
	}{
		{&ententev1.IntelligenceItem{}, records}, {&ententev1.SeizureReport{}, records},
		{&ententev1.IntelligenceItemRevision{}, revisions}, {&ententev1.SeizureReportRevision{}, revisions},
	} {
		d := row.message.ProtoReflect().Descriptor()
		for name, number := range row.fields {
			if f := d.Fields().ByName(name); f == nil || f.Number() != number {
				t.Errorf("%s.%s is not field %d", d.Name(), name, number)
			}
		}
	}
}
