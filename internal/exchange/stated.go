package exchange

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/view"
)

// The numbers of the fields on the way to the identifiers of a content. A test compares them with the descriptors.
const (
	itemSubjects, reportSubjects, reportAssets protowire.Number = 15, 9, 8
	subjectIdentifiers, assetIdentifiers       protowire.Number = 2, 5
	identifierType                             protowire.Number = 1
)

// stated is an identifier as it stands in a record's content. It stays encoded: of the identifiers of a record most are not looked at.
type stated struct {
	encoded []byte
	of      ententev1.IdentifierType
	field   string // of the content: subjects or assets
	holder  int    // place in that field
	place   int    // among the holder's identifiers
}

// path is where it stands, as in subjects[0].identifiers[1].
func (s stated) path() string {
	return fmt.Sprintf("%s[%d].identifiers[%d]", s.field, s.holder, s.place)
}

func (s stated) identifier() (*ententev1.Identifier, error) {
	id := new(ententev1.Identifier)
	if proto.Unmarshal(s.encoded, id) != nil {
		return nil, errDamagedPart()
	}
	return id, nil
}

// statedIn are the identifiers of a record's content: those of the subjects, then those of the assets. Nothing else of the content is decoded.
func statedIn(c view.Comparable) (list []stated, err error) {
	content, err := c.Content()
	if err != nil {
		return nil, err
	}
	list, sound := statedWithin(c.Kind(), content)
	if !sound {
		return nil, errDamagedPart()
	}
	return list, nil
}

// statedWithin is statedIn of a content at hand.
func statedWithin(kind internalv1.RecordKind, content []byte) (list []stated, sound bool) {
	sound = true
	list = make([]stated, 0, 8) // as many as most have
	within := func(name string, holders, identifiers protowire.Number) {
		holder := 0
		sound = sound && eachMessage(content, holders, func(encoded []byte) bool {
			place := 0
			ok := eachMessage(encoded, identifiers, func(id []byte) bool {
				list = append(list, stated{encoded: id, of: typeOf(id), field: name, holder: holder, place: place})
				place++
				return true
			})
			holder++
			return ok
		})
	}
	if kind == kindReport {
		within("subjects", reportSubjects, subjectIdentifiers)
		within("assets", reportAssets, assetIdentifiers)
	} else {
		within("subjects", itemSubjects, subjectIdentifiers)
	}
	return list, sound
}

// asRead are identifiers in the order in which a reading has them: those of the assets first.
func asRead(list []stated) []stated {
	n := slices.IndexFunc(list, func(s stated) bool { return s.field == "assets" })
	if n <= 0 {
		return list
	}
	return slices.Concat(list[n:], list[:n])
}

// eachMessage visits the messages in a field of an encoded message, until visit returns false; false then, and where the encoding is not sound.
func eachMessage(encoded []byte, field protowire.Number, visit func([]byte) bool) bool {
	return eachField(encoded, func(number protowire.Number, kind protowire.Type, value []byte) bool {
		if number != field || kind != protowire.BytesType {
			return true
		}
		message, _ := protowire.ConsumeBytes(value)
		return visit(message)
	})
}

// eachField visits the fields of an encoded message, each with its encoded value.
func eachField(encoded []byte, visit func(number protowire.Number, kind protowire.Type, value []byte) bool) bool {
	for len(encoded) > 0 {
		number, kind, n := protowire.ConsumeTag(encoded)
		if n < 0 {
			return false
		}
		encoded = encoded[n:]
		if n = protowire.ConsumeFieldValue(number, kind, encoded); n < 0 || !visit(number, kind, encoded[:n]) {
			return false
		}
		encoded = encoded[n:]
	}
	return true
}

// typeOf is the type of an encoded identifier.
func typeOf(encoded []byte) (of ententev1.IdentifierType) {
	eachField(encoded, func(number protowire.Number, kind protowire.Type, value []byte) bool {
		if number == identifierType && kind == protowire.VarintType {
			v, _ := protowire.ConsumeVarint(value)
			of = ententev1.IdentifierType(v)
		}
		return true
	})
	return of
}
