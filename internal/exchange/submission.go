package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
	"github.com/seed-1d76a664/entente/internal/view"
)

// write begins the command of a write.
func (h *Hub) write(c conditions) *internalv1.Command {
	command := h.command(c.call, c.justification)
	command.RequestId, command.RequestDigest = c.requestID, c.digest
	return command
}

// sealer seals a part of one record under the record's key.
type sealer func(part view.Part, version uint32, plain []byte) ([]byte, error)

// sealing is the sealer of a new record.
func sealing(key *keyring.RecordKey, uid []byte, random io.Reader) sealer {
	return func(part view.Part, version uint32, plain []byte) ([]byte, error) {
		return key.Seal(nil, view.SealPlace(uid, part, version), plain, random)
	}
}

// resealing is the sealer of a record that there is.
func resealing(x *view.Record, random io.Reader) sealer {
	return func(part view.Part, version uint32, plain []byte) ([]byte, error) {
		return x.SealBytes(part, version, plain, random)
	}
}

func (s sealer) message(part view.Part, version uint32, m proto.Message) ([]byte, error) {
	plain, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil, err
	}
	return s(part, version, plain)
}

// submission draws an id and a key, seals the parts, and makes the command of a new record.
func (h *Hub) submission(p *prepared, release *ententev1.Release, marks []*internalv1.StepMark) (*internalv1.Command, error) {
	random := h.Source.Draw(p.call.Caller.Agency, p.requestID)
	uid, err := newUID(h.Source.Now(), random)
	if err != nil {
		return nil, fmt.Errorf("exchange: draw an id: %w", err)
	}
	id := keyring.FirstRecordKey + keyring.KeyID(uid[15]) // any slot; every part of the record repeats it
	key, wrapped, err := h.View.Ring().NewRecordKey(random, id)
	if err != nil {
		return nil, fmt.Errorf("exchange: draw a record key: %w", err)
	}
	s := sealing(key, uid[:], random)
	salt, err := newSalt(random)
	if err != nil {
		return nil, err
	}
	submit := &internalv1.SubmitRecord{
		Uid: uid[:], Kind: p.draft.kind, Key: &internalv1.RecordKey{KeyId: uint64(id), Slot: uint32(id.Slot()), Wrapped: wrapped},
		History: p.history, Compares: p.compares, ProtectedPersons: p.draft.Protected, Undetermined: p.draft.Undetermined,
		Ungraded: intel.Ungraded(p.draft.plain), ObservedStart: p.draft.ObservedStart, ObservedEnd: p.draft.ObservedEnd,
	}
	terms := p.draft.content.posted()
	if err := h.fill(submit, s, salt, p, release, terms); err != nil {
		return nil, err
	}
	if submit.Steps, err = h.sealSteps(s, p.draft.steps, marks); err != nil {
		return nil, err
	}
	h.View.ExpectRecord(submit, h.View.Hasher().Analyse(p.draft.content.plain, p.draft.content.keys), view.Opened{
		Key: key, Release: release, Links: p.draft.links, Terms: terms,
	})
	h.foresee(submit.GetContentDigest(), p.draft.content, submit.GetCompares())
	command := h.write(p.conditions)
	command.Kind = &internalv1.Command_SubmitRecord{SubmitRecord: submit}
	return command, nil
}

// fill seals what every record has.
func (h *Hub) fill(submit *internalv1.SubmitRecord, s sealer, salt ledger.Salt, p *prepared, release *ententev1.Release, terms *internalv1.Terms) (err error) {
	submit.Salt = salt[:]
	if submit.Parts, submit.ContentDigest, err = s.parts(p.draft.content, terms, 1, salt); err != nil {
		return err
	}
	if submit.SealedRelease, submit.ReleaseDigest, err = s.release(release, 1, salt); err != nil {
		return err
	}
	if len(p.draft.links) > 0 {
		if submit.SealedLinks, submit.LinksDigest, err = s.links(p.draft.links, 1, salt); err != nil {
			return err
		}
	}
	if p.draft.originatorReference == "" && p.draft.ownerCase == "" {
		return nil
	}
	if p.draft.originatorReference != "" {
		submit.ReferenceKey = h.referenceKey(p.draft.kind, p.call.Caller.Agency, p.draft.originatorReference)
	}
	submit.SealedReferences, err = s.message(view.PartReferences, 0, &internalv1.OwnReferences{
		OriginatorReference: p.draft.originatorReference, CaseReference: p.draft.ownerCase,
	})
	return err
}

// posted are the terms of a content as they are stored with it.
func (c content) posted() *internalv1.Terms {
	terms := make([]uint64, len(c.terms))
	for i, t := range c.terms {
		terms[i] = uint64(t)
	}
	return &internalv1.Terms{AnalyserVersion: index.AnalyserVersion, Terms: terms}
}

// parts seals a content and what is derived from it.
func (s sealer) parts(c content, terms *internalv1.Terms, revision uint32, salt ledger.Salt) (parts *internalv1.SealedParts, digest []byte, err error) {
	parts = new(internalv1.SealedParts)
	if parts.Content, err = s(view.PartContent, revision, c.bytes); err != nil {
		return nil, nil, err
	}
	if parts.Summary, err = s.message(view.PartSummary, revision, c.Summary); err != nil {
		return nil, nil, err
	}
	if c.Assessment != nil {
		if parts.Assessment, err = s.message(view.PartAssessment, revision, c.Assessment); err != nil {
			return nil, nil, err
		}
	}
	parts.Terms, err = s.message(view.PartTerms, revision, terms)
	sum := ledger.Digest(ledger.Content, salt, c.bytes)
	return parts, sum[:], err
}

// release seals a release and digests it.
func (s sealer) release(r *ententev1.Release, version uint32, salt ledger.Salt) (frame, digest []byte, err error) {
	plain, err := proto.MarshalOptions{Deterministic: true}.Marshal(r)
	if err != nil {
		return nil, nil, err
	}
	frame, err = s(view.PartRelease, version, plain)
	sum := ledger.Digest(ledger.Release, salt, plain)
	return frame, sum[:], err
}

// links seals a list of edges and digests it.
func (s sealer) links(list []*ententev1.Link, version uint32, salt ledger.Salt) (frame, digest []byte, err error) {
	plain, err := proto.MarshalOptions{Deterministic: true}.Marshal(&internalv1.Links{Links: list})
	if err != nil {
		return nil, nil, err
	}
	frame, err = s(view.PartLinks, version, plain)
	sum := ledger.Digest(ledger.Links, salt, plain)
	return frame, sum[:], err
}

func newSalt(random io.Reader) (salt ledger.Salt, err error) {
	if _, err := io.ReadFull(random, salt[:]); err != nil {
		return salt, fmt.Errorf("exchange: draw a salt: %w", err)
	}
	return salt, nil
}

// firstSteps are the marks of the recovery steps that a report comes with.
func (h *Hub) firstSteps(d *draft) []*internalv1.StepMark {
	marks := make([]*internalv1.StepMark, len(d.steps))
	for i, step := range d.steps {
		marks[i] = &internalv1.StepMark{AssetKey: h.assetKey(step.GetAssetId()), Stage: int32(step.GetStage()), Voids: step.GetVoidsStepNumber()}
	}
	return marks
}

// checkStep tells what is wrong with a step: its asset must be one of the report.
func (h *Hub) checkStep(step *ententev1.RecoveryStep, assets []string) []fault.Violation {
	for _, id := range assets {
		if id == step.GetAssetId() {
			return intel.CheckStep(step, h.Source.Now())
		}
	}
	return []fault.Violation{{Field: "assetId", Reason: "ASSET_UNKNOWN", Description: "name an asset of this report by its asset_id"}}
}

// sealSteps seals steps, numbered from 1, with the facts that guard their order.
func (h *Hub) sealSteps(s sealer, steps []*ententev1.RecoveryStep, marks []*internalv1.StepMark) ([]*internalv1.StepFacts, error) {
	var list []*internalv1.StepFacts
	for i, step := range steps {
		facts, err := h.sealStep(s, step, uint32(i+1), marks[i].GetAssetKey())
		if err != nil {
			return nil, err
		}
		list = append(list, facts)
	}
	return list, nil
}

// sealStep numbers and dates a step and seals it.
func (h *Hub) sealStep(s sealer, step *ententev1.RecoveryStep, number uint32, asset uint64) (*internalv1.StepFacts, error) {
	numbered := proto.CloneOf(step)
	numbered.StepNumber, numbered.CreateTime, numbered.Voided = int32(number), timestamp(h.Source.Now().UnixMicro()), false
	frame, err := s.message(view.PartStep, number, numbered)
	return &internalv1.StepFacts{AssetKey: asset, Stage: int32(step.GetStage()), Voids: step.GetVoidsStepNumber(), SealedStep: frame}, err
}

// assetKey is under what the order of an asset's steps is guarded: it tells nothing.
func (h *Hub) assetKey(id string) uint64 {
	mac := hmac.New(sha256.New, h.refs[:])
	mac.Write([]byte("asset\x00"))
	mac.Write([]byte(id))
	return binary.BigEndian.Uint64(mac.Sum(nil))
}

// indexed is the path of an element of a list.
func indexed(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
