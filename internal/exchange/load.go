package exchange

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// load loads a record of a kind by its name. A name that leads to a record of another owner or kind than it says leads nowhere.
func load(s *view.Snapshot, reader policy.Reader, kind internalv1.RecordKind, name string) (*view.Record, error) {
	ref, ok := intel.ParseRecordName(name)
	if !ok || ref.Kind != kind {
		return nil, errAbsent()
	}
	x, err := s.Record(reader, ref.UID)
	if err != nil {
		return nil, err
	}
	if x.Name() != name {
		return nil, errAbsent()
	}
	return x, nil
}
