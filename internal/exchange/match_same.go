package exchange

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/view"
)

// The numbers of the fields of a CheckedRecord that hold stored bytes. A test compares them with the descriptors.
const checkedItem, checkedReport protowire.Number = 6, 7

func compareStrings(a, b string) int { return cmp.Compare(a, b) }

// same compares the identifier itself with those of a record: terms are hashes, and no answer rests on a hash alone. What the hub made of a record's
// identifiers when it took them counts, so that later tables of numbers and domains change no answer; only a further form of one is worked out anew.
func (a *probe) same(c view.Comparable) (bool, error) {
	assessment, err := c.Assessment()
	if err != nil {
		return false, err
	}
	if known, err := a.assessed(assessment); known || err != nil {
		return known, err
	}
	all, err := statedIn(c)
	if err != nil {
		return false, err
	}
	for _, s := range all {
		if !identifier.Related(a.kind, s.of) {
			continue
		}
		id, err := s.identifier()
		if err != nil {
			return false, err
		}
		finding, err := identifier.Understand(id)
		if err != nil {
			continue // it was sound by older tables
		}
		for _, key := range index.IdentifierKeys(id.GetType(), finding) {
			if slices.Contains(a.keys, key) {
				return true, nil
			}
		}
	}
	return false, nil
}

// The numbers of the fields on the way to what a record's identifiers are compared by. A test compares them with the descriptors.
const assessedEntries, assessedValue protowire.Number = 1, 2

// assessed tells whether an encoded assessment has a value that is asked for. It is not decoded: a common value is compared with fifty of them.
func (a *probe) assessed(assessment []byte) (known bool, err error) {
	sound := eachMessage(assessment, assessedEntries, func(entry []byte) bool {
		return eachMessage(entry, assessedValue, func(value []byte) bool {
			known = known || len(value) > 0 && slices.ContainsFunc(a.keys, func(k index.IdentifierKey) bool { return k.Value == string(value) })
			return true
		})
	})
	if !sound {
		return false, errDamagedPart()
	}
	return known, nil
}

func errDamagedPart() error {
	return fault.New(fault.DataLoss, "STORED_VALUE_DAMAGED", "The hub cannot read a stored value; tell the operator, who restores it from a snapshot.")
}
