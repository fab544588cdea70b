package view

import (
	"encoding/binary"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// What the matcher looks at where the identifiers of two agencies' records meet. It shows nothing to anybody: what it finds goes into a Matched command, and
// apply decides on each row.

// Due is a record whose identifiers are to be compared with those of others.
type Due struct {
	// Place in the line, ascending.
	Place uint64
	// Number of the record.
	Number uint64
	// Revision that is to be compared.
	Revision uint32
}

// Dues visits the records that are to be compared, after a place, until visit returns false.
func (s *Snapshot) Dues(after uint64, visit func(Due) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucketComparisons)).Cursor()
	for k, frame := c.Seek(key8(after + 1)); len(k) == 8; k, frame = c.Next() {
		state := new(internalv1.Comparison)
		if err := openSealed(s.ring, bucketComparisons, k, frame, state); err != nil {
			return err
		}
		more, err := visit(Due{Place: binary.BigEndian.Uint64(k), Number: state.GetNumber(), Revision: state.GetRevision()})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// Compared is a record at a revision, to be compared; false where it has been corrected since, or recalled.
func (s *Snapshot) Compared(number uint64, revision uint32) (Comparable, bool, error) {
	rec, err := s.record(number)
	if err != nil || rec == nil || rec.env.GetRevision() != revision {
		return Comparable{}, false, err
	}
	return Comparable{s: s, rec: rec}, !facts(s.state.roster, rec, s.Micros()).Recalled, nil
}

// Owner is the agency whose record it is.
func (c Comparable) Owner() intel.AgencyID {
	return intel.AgencyID(c.s.state.roster.AgencyAt(c.rec.env.GetOwner()).GetId())
}

// Revision of the content.
func (c Comparable) Revision() uint32 { return c.rec.env.GetRevision() }

// ContentDigest is the salted digest of the content.
func (c Comparable) ContentDigest() []byte { return c.rec.env.GetContentDigest() }

// Sharer is a record that has one of some terms.
type Sharer struct {
	Number uint64
	// Owner is the ordinal of its agency.
	Owner uint32
	// Hidden says that an agency's desk certainly may neither read it nor get a hit from it.
	Hidden bool
}

// Sharers are the records with one of the terms, newest first and so many at most, whoever may know of them, and which of them are hidden from a desk. Only
// inside [View.Query].
func (s *Snapshot) Sharers(desk policy.Reader, terms index.AnyOf, limit int) (list []Sharer) {
	known := s.state.roster.checks.of(desk, s.state.roster, s.v.hasher).holds[0]
	s.v.tail.Sharers(terms, known, limit, func(x index.Sharer) bool {
		list = append(list, Sharer{uint64(x.Number), x.Owner, x.Lacks})
		return true
	})
	return list
}

// Excludes tells for certain that nobody is told that another record shares an identifier with this one, as far as that can be told without opening it: it is
// of the same agency, or hidden from this one's, while its own may not read this one.
func (c Comparable) Excludes(x Sharer) bool {
	if x.Owner == c.rec.env.GetOwner() {
		return true
	}
	roster := c.s.state.roster
	desk := policy.DeskOf(intel.AgencyID(roster.AgencyAt(x.Owner).GetId()), roster)
	return x.Hidden && !policy.Listed(desk, facts(roster, c.rec, c.s.Micros()), roster)
}

// Counterparts are the other agencies in standing that hold a record with one of the terms, whoever may know of it. Only inside [View.Query].
func (s *Snapshot) Counterparts(of intel.AgencyID, terms index.AnyOf) (list []intel.AgencyID) {
	others := make(index.AnyOf, 0, len(s.state.roster.Current(AllPartners)))
	var ids []intel.AgencyID
	for _, a := range s.state.roster.Current(AllPartners) {
		if a != of {
			others, ids = append(others, s.v.hasher.Originator(a)), append(ids, a)
		}
	}
	if !s.any(terms, others) {
		return nil
	}
	for i, a := range ids {
		if s.any(terms, others[i:i+1]) {
			list = append(list, a)
		}
	}
	return list
}

func (s *Snapshot) any(all ...index.AnyOf) (found bool) {
	s.v.tail.Search(index.Query{All: all}, 1, func(index.Number) bool {
		found = true
		return false
	})
	return found
}

// Pair is two records of two agencies whose identifiers may meet.
type Pair struct {
	// Other is the second record.
	Other Comparable
	// ToOwn and ToOther say whose agency would be told.
	ToOwn, ToOther bool
}

// Pair decides who would be told that two records share an identifier.
func (s *Snapshot) Pair(own Comparable, other uint64) (p Pair, err error) {
	rec, err := s.record(other)
	if err != nil || rec == nil {
		return p, err
	}
	a, b := facts(s.state.roster, own.rec, s.Micros()), facts(s.state.roster, rec, s.Micros())
	return Pair{
		Other: Comparable{s: s, rec: rec}, ToOwn: policy.Meet(a, b, s.state.roster), ToOther: policy.Meet(b, a, s.state.roster),
	}, nil
}

// Met is what an inbox row says of two records that share identifiers.
type Met struct {
	// Own is the record of the reader's agency.
	Own Comparable
	// Name is that of the own record, LinksVersion that of its links.
	Name         string
	UID          []byte
	LinksVersion uint32
	// Shared are the keyed hashes of the normal forms of its identifiers that the row tells of.
	Shared []uint64
	// Other is the agency of the other record. Read only.
	Other *internalv1.AgencyState
	// OtherName is the other record's, where the reader may know of it.
	OtherName string
}

// Met decides what a row may still tell a reader of the inbox; nil is nothing: its own house keeps its record from it, or today's rules would not tell its agency.
func (s *Snapshot) Met(r policy.Reader, row Row) (*Met, error) {
	own, err := s.record(row.Ref)
	if err != nil {
		return nil, err
	}
	other, err := s.record(row.Other)
	if err != nil {
		return nil, err
	}
	roster := s.state.roster
	a, b := facts(roster, own, s.Micros()), facts(roster, other, s.Micros())
	if policy.Read(r, a, roster) == policy.Absent || !policy.Meet(a, b, roster) {
		return nil, nil
	}
	m := &Met{
		Own: Comparable{s: s, rec: own}, Name: nameOf(roster, own.env), UID: own.env.GetUid(), LinksVersion: own.env.GetLinksVersion(),
		Other: roster.AgencyAt(other.env.GetOwner()),
	}
	if policy.Read(r, b, roster) != policy.Absent {
		m.OtherName = nameOf(roster, other.env)
	}
	all, err := s.meetings(max(row.Ref, row.Other))
	if err != nil {
		return nil, err
	}
	told, err := s.told(all, row.Ref, row.Other)
	if err == nil && len(told) == 0 {
		err = damage(errShort)
	}
	if err != nil {
		return nil, err
	}
	for _, t := range told {
		if t.GetOrdinal() == row.Ordinal {
			m.Shared = t.GetShared()
		}
	}
	return m, nil
}

// checkDeferred wants a record that waits for a budget to be in its agency's line.
func (s store) checkDeferred(env *internalv1.Envelope) error {
	if env.GetDeferred() == 0 {
		return nil
	}
	state := new(internalv1.Comparison)
	if err := s.sealed(bucketDeferred, logKey(env.GetOwner(), env.GetDeferred()), state); err != nil {
		return err
	}
	if state.GetNumber() != env.GetNumber() {
		return damage(errShort)
	}
	return nil
}
