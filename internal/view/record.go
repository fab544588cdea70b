package view

import (
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// Record is a record that a reader may read. It is only ever made by the functions below, which decide first.
type Record struct {
	s   *Snapshot
	rec *stored
	r   policy.Reader
}

// Record loads a record for a reader, by uid. What does not exist and what the reader may not know of are the same NOT_FOUND; a reader who may read it,
// but not for this purpose, is told so.
func (s *Snapshot) Record(r policy.Reader, uid [16]byte) (*Record, error) {
	number, err := s.numberOf(uid[:])
	if err != nil {
		return nil, err
	}
	return s.RecordAt(r, number)
}

// RecordAt is Record by number, as the index and inbox rows have it. 0 is no record.
func (s *Snapshot) RecordAt(r policy.Reader, number uint64) (*Record, error) {
	rec, err := s.record(number)
	if err != nil {
		return nil, err
	}
	if rec == nil {
		return nil, errNoRecord()
	}
	switch policy.Read(r, facts(s.state.roster, rec, s.Micros()), s.state.roster) {
	case policy.Readable:
		return &Record{s: s, rec: rec, r: r}, nil
	case policy.WrongPurpose:
		return nil, fault.New(fault.Denied, "PURPOSE_NOT_PERMITTED",
			"The originator does not permit this record for the purpose you stated; state another purpose if it is the true one, or ask the originator.")
	default:
		return nil, errNoRecord()
	}
}

// ListedAt loads a record that may stand in a list for a reader; nil where it may not, or there is none.
func (s *Snapshot) ListedAt(r policy.Reader, number uint64) (*Record, error) {
	rec, err := s.record(number)
	if rec == nil || err != nil || !policy.Listed(r, facts(s.state.roster, rec, s.Micros()), s.state.roster) {
		return nil, err
	}
	return &Record{s: s, rec: rec, r: r}, nil
}

// Listed tells whether the record may stand in a list for this reader: also not past its review, unless it is the reader's own.
func (x *Record) Listed() bool {
	return policy.Listed(x.r, facts(x.s.state.roster, x.rec, x.s.Micros()), x.s.state.roster)
}

// Own tells whether the record is the reader's agency's own.
func (x *Record) Own() bool { return policy.Own(x.r, facts(x.s.state.roster, x.rec, x.s.Micros())) }

// Envelope is what the hub knows of the record. Read only.
func (x *Record) Envelope() *internalv1.Envelope { return x.rec.env }

// Name of the record.
func (x *Record) Name() string { return nameOf(x.s.state.roster, x.rec.env) }

// Owner is the owning agency's state. Read only.
func (x *Record) Owner() *internalv1.AgencyState {
	return x.s.state.roster.AgencyAt(x.rec.env.GetOwner())
}

// Release in force. Audience, existence and hit audience are the originator's alone.
func (x *Record) Release() *ententev1.Release { return x.rec.release }

// aside is a record as a row of a list, and the circumstances under which it is shown so.
type aside struct {
	under Circumstances
	row   []byte
}

// Circumstances are what, beside the record itself, decides how all its readers see it in a list.
type Circumstances struct {
	Epoch string
	Owner ententev1.AgencyStatus
}

// Shown is the record as a row, encoded, as all readers but the originator see it. It is worked out when it is first asked for, and remembered as long as the
// record is, and stays as it is: whatever changes a record makes another of it. What is given is shared: it must not be changed.
func (x *Record) Shown(under Circumstances, work func() ([]byte, error)) ([]byte, error) {
	if known := x.rec.aside.Load(); known != nil && known.under == under {
		return known.row, nil
	}
	row, err := work()
	if err == nil {
		x.rec.aside.Store(&aside{under, row})
	}
	return row, err
}

// ReviewDue tells whether the review time has passed.
func (x *Record) ReviewDue() bool { return facts(x.s.state.roster, x.rec, x.s.Micros()).ReviewDue }

// Content is the accepted bytes of the current revision.
func (x *Record) Content() ([]byte, error) {
	return x.s.partBytes(x.rec, PartContent, x.rec.env.GetRevision(), x.rec.env.GetRevision())
}

// Summary is the encoded summary of the current revision.
func (x *Record) Summary() ([]byte, error) {
	return x.s.partBytes(x.rec, PartSummary, 0, x.rec.env.GetRevision())
}

// Assessment is the encoded assessment of the current revision; nil when there was nothing to assess.
func (x *Record) Assessment() ([]byte, error) {
	if !x.rec.env.GetHasAssessment() {
		return nil, nil
	}
	return x.s.partBytes(x.rec, PartAssessment, 0, x.rec.env.GetRevision())
}

// References are the originator's own; for the originator's agency alone.
func (x *Record) References() (*internalv1.OwnReferences, error) { return x.s.references(x.rec) }

// Links are the edges towards what the reader may read.
func (x *Record) Links() ([]*ententev1.Link, error) {
	all, err := x.s.links(x.rec)
	if err != nil {
		return nil, err
	}
	var shown []*ententev1.Link
	for _, l := range all {
		readable, err := x.s.Readable(x.r, l.GetTarget())
		if err != nil {
			return nil, err
		}
		if readable {
			shown = append(shown, l)
		}
	}
	return shown, nil
}

// AllLinks are all edges, for the originator's change of them: those that it may no longer read stay.
func (x *Record) AllLinks() ([]*ententev1.Link, error) { return x.s.links(x.rec) }

// Readable tells whether a named record exists for a reader.
func (s *Snapshot) Readable(r policy.Reader, name string) (bool, error) {
	ref, ok := intel.ParseRecordName(name)
	if !ok {
		return false, nil
	}
	_, err := s.Record(r, ref.UID)
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Denied:
		return false, nil
	default:
		return err == nil, err
	}
}

// Step opens one recovery step, from 1.
func (x *Record) Step(number uint32) (*ententev1.RecoveryStep, error) {
	step := new(ententev1.RecoveryStep)
	return step, x.s.part(x.rec, PartStep, number, number, step)
}

// StepBytes is the encoded recovery step, from 1.
func (x *Record) StepBytes(number uint32) ([]byte, error) {
	return x.s.partBytes(x.rec, PartStep, number, number)
}

// Seal seals a part of the record under its key, for a command that changes it.
func (x *Record) Seal(part Part, version uint32, m proto.Message, random reader) ([]byte, error) {
	plain, err := marshal(m)
	if err != nil {
		return nil, err
	}
	return x.SealBytes(part, version, plain, random)
}

// SealBytes is Seal of bytes.
func (x *Record) SealBytes(part Part, version uint32, plain []byte, random reader) ([]byte, error) {
	return x.rec.key.Seal(nil, SealPlace(x.rec.env.GetUid(), part, version), plain, random)
}

type reader interface{ Read(p []byte) (int, error) }

// Revision is one content that the record had, while the reader was entitled to it.
type Revision struct {
	Number  uint32
	Meta    *internalv1.RevisionMeta
	Content []byte
}

// Revisions visits the revisions before a number (0: from the current one), newest first, that the reader is entitled to: the current one, and those
// that were current while it was entitled. The originator sees all.
func (x *Record) Revisions(before uint32, visit func(Revision) (bool, error)) error {
	versions, err := x.versions()
	if err != nil {
		return err
	}
	if before == 0 {
		before = x.rec.env.GetRevision() + 1
	}
	until := uint64(0) // ordinal of the revision after; 0 while none
	for n := x.rec.env.GetRevision(); n >= 1; n-- {
		meta, err := x.s.revisionMeta(x.rec.env, n)
		if err != nil {
			return err
		}
		current := n == x.rec.env.GetRevision()
		entitled := current || x.Own() || policy.Then(x.r, versions, meta.GetOrdinal(), until, x.s.state.roster)
		until = meta.GetOrdinal()
		if n >= before || !entitled {
			continue
		}
		content, err := x.s.partBytes(x.rec, PartContent, n, n)
		if err != nil {
			return err
		}
		if more, err := visit(Revision{Number: n, Meta: meta, Content: content}); err != nil || !more {
			return err
		}
	}
	return nil
}

// versions are the releases that the record had, each with the ordinals between which it was in force.
func (x *Record) versions() ([]policy.Version, error) {
	var list []policy.Version
	for n := uint32(1); n <= x.rec.env.GetReleaseVersion(); n++ {
		meta, err := x.s.releaseMeta(x.rec.env, n)
		if err != nil {
			return nil, err
		}
		release, err := x.s.releaseAt(x.rec, n)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			list[len(list)-1].ToOrdinal = meta.GetOrdinal()
		}
		list = append(list, policy.Version{
			FromOrdinal: meta.GetOrdinal(), Record: factsOf(x.s.state.roster, x.rec.env, release, meta.GetStamps(), x.s.Micros()),
		})
	}
	return list, nil
}

func nameOf(r *Roster, env *internalv1.Envelope) string {
	collection := "/intelligenceItems/"
	if env.GetKind() == internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT {
		collection = "/seizureReports/"
	}
	return intel.AgencyID(r.AgencyAt(env.GetOwner()).GetId()).Name() + collection + uuidText(env.GetUid())
}
