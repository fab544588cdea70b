package exchange

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestIdentifiersStandInTheseFields: the numbers are those of the descriptors.
func TestIdentifiersStandInTheseFields(t *testing.T) {
	for _, c := range []struct {
		of     proto.Message
		field  string
		number protowire.Number
	}{
		{new(ententev1.IntelligenceContent), "subjects", itemSubjects}, {new(ententev1.SeizureContent), "subjects", reportSubjects},
		{new(ententev1.SeizureContent), "assets", reportAssets}, {new(ententev1.Subject), "identifiers", subjectIdentifiers},
		{new(ententev1.Asset), "identifiers", assetIdentifiers}, {new(ententev1.Identifier), "type", identifierType},
		{new(ententev1.Assessment), "entries", assessedEntries}, {new(ententev1.AssessmentEntry), "normalized_value", assessedValue},
	} {
		of := c.of.ProtoReflect().Descriptor()
		if d := of.Fields().ByTextName(c.field); d == nil || d.Number() != c.number {
			t.Errorf("%s of %s is %v, not %d", c.field, of.Name(), d, c.number)
		}
	}
}

// TestUnsoundFieldsAreTold: what is no encoded message is not taken for one without the field.
func TestUnsoundFieldsAreTold(t *testing.T) {
	sound, err := proto.Marshal(&ententev1.Subject{SubjectId: "one", Identifiers: []*ententev1.Identifier{{Type: 7, RawValue: "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	visited := 0
	visit := func(id []byte) bool {
		visited++
		return typeOf(id) == 7
	}
	if !eachMessage(sound, subjectIdentifiers, visit) || visited != 1 {
		t.Errorf("visited %d", visited)
	}
	for _, cut := range [][]byte{sound[:len(sound)-1], append(sound[:len(sound):len(sound)], 0xff)} {
		if eachMessage(cut, subjectIdentifiers, visit) {
			t.Errorf("%x is sound", cut)
		}
	}
}
