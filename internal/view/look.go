package view

import (
	"encoding/binary"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// What the matcher looks at. It takes no reader and shows nothing to anybody: what it finds goes into a Matched command, and apply decides on each row.

// Watermark is up to where records have been looked at, as stored. Read only.
func (s *Snapshot) Watermark() *internalv1.Watermark { return s.state.hub.GetMatched() }

// Newest is the number of the newest record; 0 when there is none.
func (s *Snapshot) Newest() uint64 { return s.state.hub.GetNextRecord() }

// Waiting is a record that was corrected, or whose release changed, and that waits to be looked at again.
type Waiting struct {
	// Ordinal of the change.
	Ordinal uint64
	// Number of the record.
	Number uint64
	// ReleasedAfter is the version of the release before, where nothing else changed; 0 for a correction.
	ReleasedAfter uint32
}

// Waits visits the records that wait since a command after an ordinal, in the order of their changes, until visit returns false.
func (s *Snapshot) Waits(after uint64, visit func(Waiting) bool) error {
	c := s.tx.Bucket([]byte(bucketAwaiting)).Cursor()
	for k, _ := c.Seek(key8(after + 1)); len(k) == 8; k, _ = c.Next() {
		w, err := s.awaiting(binary.BigEndian.Uint64(k))
		if err != nil {
			return err
		}
		if !visit(Waiting{Ordinal: w.ordinal, Number: w.number, ReleasedAfter: w.after}) {
			return nil
		}
	}
	return nil
}

// Looked is a record as the matcher sees it.
type Looked struct {
	// Revision and ReleaseVersion are those in force.
	Revision, ReleaseVersion uint32
	// History: it was loaded as a record of the past.
	History bool
	// Terms are all that the index knows it by, sorted.
	Terms []index.Term
}

// Look describes a record.
func (s *Snapshot) Look(number uint64) (Looked, error) {
	rec, err := s.record(number)
	if err != nil {
		return Looked{}, err
	}
	if rec == nil {
		return Looked{}, damage(errShort)
	}
	doc, err := describer{store: s.store, hasher: s.v.hasher, roster: s.state.roster, analyses: &s.v.analyses}.stand(rec)
	return Looked{
		Revision: rec.env.GetRevision(), ReleaseVersion: rec.env.GetReleaseVersion(), History: rec.env.GetHistory(), Terms: doc.terms,
	}, err
}

// Holders counts the records that have one of the terms, whoever may see them, up to a limit. Only inside [View.Query].
func (s *Snapshot) Holders(terms index.AnyOf, limit int) int {
	n, _, _ := s.v.tail.Count(index.Query{All: []index.AnyOf{terms}}, limit)
	return n
}
