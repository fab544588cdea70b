package exchange

import (
	"encoding/hex"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

const recalled = ententev1.RecordState_RECORD_STATE_RECALLED

// detail is how much of a record an answer shows.
type detail struct {
	full  bool // content, assessment, links, steps; else the summary
	plain bool // with full: also the accepted bytes
}

// The numbers of the fields that an item, a report and their revisions hold stored bytes in. A test compares them with the descriptors.
const (
	itemContent, itemBytes, itemAssessment, itemSummary = 2, 5, 6, 7
	revisionContent, revisionBytes                      = 5, 8
)

// item shows an item to its reader, and notes that it did.
func (r *reading) item(x *view.Record, d detail) (*ententev1.IntelligenceItem, error) {
	m, err := r.metadata(x, d)
	if err != nil {
		return nil, err
	}
	shown := &ententev1.IntelligenceItem{Metadata: m}
	return shown, r.splice(x, d, shown)
}

// report shows a seizure report to its reader, and notes that it did.
func (r *reading) report(x *view.Record, d detail) (*ententev1.SeizureReport, error) {
	m, err := r.metadata(x, d)
	if err != nil {
		return nil, err
	}
	shown := &ententev1.SeizureReport{Metadata: m}
	if d.full {
		if shown.RecoverySteps, err = steps(x); err != nil {
			return nil, err
		}
		shown.Standings = intel.Standings(shown.GetRecoverySteps())
	}
	return shown, r.splice(x, d, shown)
}

// splice puts the stored bytes of content, assessment or summary into a message as they are: they were encoded when they were accepted, and decoding
// them to encode them again would cost more than everything else here. Whoever receives the message finds ordinary fields.
func (r *reading) splice(x *view.Record, d detail, into proto.Message) error {
	r.note(x, d.full)
	if !d.full {
		summary, err := x.Summary()
		into.ProtoReflect().SetUnknown(appendField(nil, itemSummary, summary))
		return err
	}
	content, err := x.Content()
	if err != nil {
		return err
	}
	assessment, err := x.Assessment()
	raw := make([]byte, 0, len(content)+len(assessment)+2*fieldHead)
	raw = appendField(raw, itemContent, content)
	if d.plain {
		raw = appendField(raw, itemBytes, content)
	}
	if assessment != nil {
		raw = appendField(raw, itemAssessment, assessment)
	}
	into.ProtoReflect().SetUnknown(raw)
	return err
}

// fieldHead is room for the tag and the length of a field.
const fieldHead = 12

func appendField(to []byte, number protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), value)
}

// metadata is what stands beside a record's content. Of a row it is mostly what everybody is shown: each gets a message of its own, whose parts
// are shared and not changed any more.
func (r *reading) metadata(x *view.Record, d detail) (*ententev1.RecordMetadata, error) {
	if !d.full && !x.Own() && !x.ReviewDue() {
		under := view.Circumstances{Epoch: r.Epoch(), Owner: x.Owner().GetStatus()}
		return again(x.Shown(under, func() *ententev1.RecordMetadata { return r.common(x) })), nil
	}
	m := r.common(x)
	m.ReviewDue = x.ReviewDue()
	var err error
	if d.full {
		if m.Links, err = x.Links(); err != nil {
			return nil, err
		}
	}
	if x.Own() {
		m.OriginatorMetadata, err = r.originatorMetadata(x)
	}
	return m, err
}

// common is what of it is alike for all readers, at any time.
func (r *reading) common(x *view.Record) *ententev1.RecordMetadata {
	env, owner := x.Envelope(), x.Owner()
	return &ententev1.RecordMetadata{
		Name: x.Name(), Uid: intel.FormatUUID([16]byte(env.GetUid())), Etag: r.h.etags.record(env),
		Originator: intel.AgencyID(owner.GetId()).Name(), OriginatorStatus: owner.GetStatus(),
		State: env.GetState(), Revision: int32(env.GetRevision()),
		CreateTime:    timestamp(env.GetCreateMicros()),
		UpdateTime:    timestamp(max(env.GetContentMicros(), env.GetMarkingsMicros(), env.GetStepsMicros())),
		Markings:      x.Release().GetMarkings(),
		Handling:      intel.Handling(x.Release().GetMarkings()),
		ContentDigest: hex.EncodeToString(env.GetContentDigest()), ContentSalt: hex.EncodeToString(env.GetSalt()),
	}
}

// again is what is common as another message, with the same parts.
func again(m *ententev1.RecordMetadata) *ententev1.RecordMetadata {
	return &ententev1.RecordMetadata{
		Name: m.GetName(), Uid: m.GetUid(), Etag: m.GetEtag(), Originator: m.GetOriginator(), OriginatorStatus: m.GetOriginatorStatus(),
		State: m.GetState(), Revision: m.GetRevision(), CreateTime: m.GetCreateTime(), UpdateTime: m.GetUpdateTime(),
		Markings: m.GetMarkings(), Handling: m.GetHandling(), ContentDigest: m.GetContentDigest(), ContentSalt: m.GetContentSalt(),
	}
}

// originatorMetadata is what the originator's own agency sees beside that.
func (r *reading) originatorMetadata(x *view.Record) (*ententev1.OriginatorMetadata, error) {
	refs, err := x.References()
	if err != nil {
		return nil, err
	}
	env := x.Envelope()
	return &ententev1.OriginatorMetadata{
		OriginatorReference: refs.GetOriginatorReference(), CaseReference: refs.GetCaseReference(),
		Release: x.Release(), ReleaseVersion: int32(env.GetReleaseVersion()),
		ReleaseEtag: r.h.etags.release(env.GetUid(), env.GetReleaseVersion()),
		LinksEtag:   r.h.etags.links(env.GetUid(), env.GetLinksVersion()),
	}, nil
}

// steps opens all recovery steps of a report and says which were voided.
func steps(x *view.Record) ([]*ententev1.RecoveryStep, error) {
	marks := x.Envelope().GetSteps()
	list := make([]*ententev1.RecoveryStep, len(marks))
	for i, mark := range marks {
		step, err := x.Step(uint32(i + 1))
		if err != nil {
			return nil, err
		}
		step.Voided = mark.GetVoided()
		list[i] = step
	}
	return list, nil
}

func timestamp(micros int64) *timestamppb.Timestamp {
	return &timestamppb.Timestamp{Seconds: micros / 1_000_000, Nanos: int32(micros % 1_000_000 * 1000)}
}

// kindOf is the kind of record that a service speaks of, in the names of records.
const (
	kindItem   = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
	kindReport = internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT
)
