package exchange

import (
	"encoding/hex"
	"slices"

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

// The numbers of the fields that an item, a report and their revisions hold encoded parts in. A test compares them with the descriptors.
const (
	itemMetadata, itemContent, itemBytes, itemAssessment, itemSummary = 1, 2, 5, 6, 7
	revisionContent, revisionBytes                                    = 5, 8
)

// item shows an item to its reader, and notes that it did.
func (r *reading) item(x *view.Record, d detail) (*ententev1.IntelligenceItem, error) {
	shown := new(ententev1.IntelligenceItem)
	if uniform(x, d) {
		return shown, r.row(x, shown)
	}
	var err error
	if shown.Metadata, err = r.metadata(x, d); err != nil {
		return nil, err
	}
	return shown, r.splice(x, d, shown)
}

// report shows a seizure report to its reader, and notes that it did.
func (r *reading) report(x *view.Record, d detail) (*ententev1.SeizureReport, error) {
	shown := new(ententev1.SeizureReport)
	if uniform(x, d) {
		return shown, r.row(x, shown)
	}
	var err error
	if shown.Metadata, err = r.metadata(x, d); err != nil {
		return nil, err
	}
	if d.full {
		if shown.RecoverySteps, err = steps(x); err != nil {
			return nil, err
		}
		shown.Standings = intel.Standings(shown.GetRecoverySteps())
	}
	return shown, r.splice(x, d, shown)
}

// uniform tells whether all readers are shown the same of a record: its row, unless it is the reader's own, or due for review.
func uniform(x *view.Record, d detail) bool { return !d.full && !x.Own() && !x.ReviewDue() }

// row puts what all readers are shown of a record in a list into a message, and notes that it did. The bytes are shared by all lists that the record stands in.
func (r *reading) row(x *view.Record, into proto.Message) error {
	r.note(x, false)
	under := view.Circumstances{Epoch: r.Epoch(), Owner: x.Owner().GetStatus()}
	row, err := x.Shown(under, func() ([]byte, error) {
		metadata, err := proto.Marshal(r.common(x))
		if err != nil {
			return nil, err
		}
		summary, err := x.Summary()
		row := make([]byte, 0, len(metadata)+len(summary)+2*fieldHead)
		return slices.Clip(appendField(appendField(row, itemMetadata, metadata), itemSummary, summary)), err
	})
	into.ProtoReflect().SetUnknown(row)
	return err
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

// metadata is what stands beside a record's content.
func (r *reading) metadata(x *view.Record, d detail) (*ententev1.RecordMetadata, error) {
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
