package exchange

import (
	"errors"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// TestADamagedRecordIsPassedOver: a record that nobody can read is told of and holds up nobody; whatever else fails is tried again.
func TestADamagedRecordIsPassedOver(t *testing.T) {
	var told []error
	m := &matcher{trouble: func(err error) { told = append(told, err) }}
	damaged := fault.New(fault.DataLoss, "STORED_VALUE_DAMAGED", "The hub cannot read a stored value.")
	if !m.passOver(7, damaged) || len(told) != 1 || !errors.Is(told[0], damaged) {
		t.Errorf("told %v", told)
	}
	for _, err := range []error{nil, errors.New("disk"), fault.New(fault.Unavailable, "INDEX_REBUILDING", "Later.")} {
		if m.passOver(7, err) || len(told) != 1 {
			t.Errorf("%v is passed over", err)
		}
	}
}
