package view

import (
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// submission is a new record while it is decided and written.
type submission struct {
	c     *internalv1.Command
	s     *internalv1.SubmitRecord
	rec   *stored
	links []*ententev1.Link
	terms *internalv1.Terms
	frame []byte // of the envelope, as it was written
}

// submit takes a new record, or refuses it by the state at its place in the order.
func (b *batch) submit(c *internalv1.Command, s *internalv1.SubmitRecord) (*internalv1.Outcome, error) {
	if !b.roster.Active(agencyID(c.GetOrigin())) {
		return refuse(RefusedCaller), nil
	}
	n, err := b.unseal(c, s)
	if err != nil {
		return nil, err
	}
	if refusal, err := b.refuseSubmission(n); refusal != nil || err != nil {
		return refusal, err
	}
	b.hub.NextRecord++
	n.rec.env = b.newEnvelope(n)
	if err := b.compare(n.rec.env, s.GetCompares()); err != nil {
		return nil, err
	}
	if err := b.writeSubmission(n); err != nil {
		return nil, err
	}
	accepted, err := b.announce(n)
	if err != nil {
		return nil, err
	}
	doc, err := b.document(n.rec, n.links, n.terms)
	if err != nil {
		return nil, err
	}
	b.tail.add(doc)
	if len(s.GetCompares()) > 0 {
		b.fresh = append(b.fresh, fresh{n.rec, n.frame})
	}
	return b.recordOutcome(n.rec.env, accepted), nil
}

// unseal opens what apply must know: the release, the links, the terms. It is at hand where whoever sealed it has told.
func (b *batch) unseal(c *internalv1.Command, s *internalv1.SubmitRecord) (*submission, error) {
	if o := b.v.analyses.opened(s); o != nil && b.v.ring.Holds(o.Key.ID(), s.GetKey().GetWrapped()) == nil {
		return &submission{c: c, s: s, rec: &stored{release: o.Release, key: o.Key}, links: o.Links, terms: o.Terms}, nil
	}
	n := &submission{c: c, s: s, rec: &stored{release: new(ententev1.Release)}, terms: new(internalv1.Terms)}
	key, err := b.v.ring.Unwrap(keyring.KeyID(s.GetKey().GetKeyId()), s.GetKey().GetWrapped())
	if err != nil {
		return nil, damage(err)
	}
	n.rec.key = key
	if err := openPart(key, s.GetUid(), PartRelease, 1, s.GetSealedRelease(), n.rec.release); err != nil {
		return nil, err
	}
	if err := openPart(key, s.GetUid(), PartTerms, 1, s.GetParts().GetTerms(), n.terms); err != nil {
		return nil, err
	}
	if len(s.GetSealedLinks()) > 0 {
		links := new(internalv1.Links)
		err = openPart(key, s.GetUid(), PartLinks, 1, s.GetSealedLinks(), links)
		n.links = links.GetLinks()
	}
	return n, err
}

func openPart(key *keyring.RecordKey, uid []byte, part Part, version uint32, frame []byte, into proto.Message) error {
	plain, err := key.Open(nil, SealPlace(uid, part, version), frame)
	if err != nil {
		return damage(err)
	}
	if err := proto.Unmarshal(plain, into); err != nil {
		return damage(errDamaged)
	}
	return nil
}

func (b *batch) refuseSubmission(n *submission) (*internalv1.Outcome, error) {
	owner := b.originOrdinal(n.c.GetOrigin())
	if key := n.s.GetReferenceKey(); len(key) > 0 {
		number, err := b.store().numberOfReference(owner, key)
		if err != nil || number != 0 {
			return b.exists(number, err)
		}
	}
	if number, err := b.store().numberOf(n.s.GetUid()); err != nil || number != 0 {
		return b.exists(number, err)
	}
	if _, reason := b.roster.Nameable(agencyID(n.c.GetOrigin()), n.rec.release); reason != "" {
		return refuseBecause(RefusedAudience, reason), nil
	}
	for _, l := range n.links {
		if readable, err := b.readable(n.c, l.GetTarget()); err != nil || !readable {
			return refuse(RefusedTarget), err
		}
	}
	return b.refuseLooser(n.c, n.links, n.rec.release.GetMarkings(), nil)
}

// exists refuses a record that there is, and names it: it is the submitter's own.
func (b *batch) exists(number uint64, err error) (*internalv1.Outcome, error) {
	if err != nil {
		return nil, err
	}
	env, err := b.store().envelope(number)
	if err != nil {
		return nil, err
	}
	refusal := refuse(RefusedExists)
	refusal.Uid = env.GetUid()
	return refusal, nil
}

// readable tells whether a named record can be read by the caller here and now.
func (b *batch) readable(c *internalv1.Command, name string) (bool, error) {
	ref, ok := intel.ParseRecordName(name)
	if !ok {
		return false, nil
	}
	return b.readableUID(c, ref.UID[:])
}

func (b *batch) readableUID(c *internalv1.Command, uid []byte) (bool, error) {
	number, err := b.store().numberOf(uid)
	if err != nil || number == 0 {
		return false, err
	}
	rec, err := b.store().record(number)
	if err != nil {
		return false, err
	}
	return policy.Read(readerOf(b.roster, c), facts(b.roster, rec, b.now()), b.roster) == policy.Readable, nil
}

func (b *batch) newEnvelope(n *submission) *internalv1.Envelope {
	s, now := n.s, b.now()
	return &internalv1.Envelope{
		Owner: b.originOrdinal(n.c.GetOrigin()), Uid: s.GetUid(), Kind: s.GetKind(), Number: b.hub.GetNextRecord(),
		Revision: 1, ReleaseVersion: 1, MarkingsVersion: 1, LinksVersion: 1,
		Salt: s.GetSalt(), ContentDigest: s.GetContentDigest(), ReleaseDigest: s.GetReleaseDigest(), LinksDigest: s.GetLinksDigest(),
		State:        ententev1.RecordState_RECORD_STATE_ACTIVE,
		CreateMicros: now, ContentMicros: now, MarkingsMicros: now,
		ReviewSeconds: n.rec.release.GetMarkings().GetReviewTime().GetSeconds(),
		KeyId:         s.GetKey().GetKeyId(), KeySlot: s.GetKey().GetSlot(),
		Stamps: b.stamps(n.rec.release, nil), HitStamps: b.hitStamps(n.rec.release, nil),
		ProtectedPersons: s.GetProtectedPersons(), Undetermined: s.GetUndetermined(), Ungraded: s.GetUngraded(),
		Steps:         marks(s.GetSteps()),
		ObservedStart: s.GetObservedStart(), ObservedEnd: s.GetObservedEnd(), ReferenceKey: s.GetReferenceKey(),
		History: s.GetHistory(), HasLinks: len(s.GetSealedLinks()) > 0, HasAssessment: len(s.GetParts().GetAssessment()) > 0,
		Ordinal: b.hub.GetOrdinal(), RestrictedOrdinal: b.hub.GetOrdinal(),
	}
}

func marks(steps []*internalv1.StepFacts) []*internalv1.StepMark {
	var list []*internalv1.StepMark
	for _, s := range steps {
		list = mark(list, s)
	}
	return list
}

// mark adds a step to the list that guards the order of steps.
func mark(list []*internalv1.StepMark, s *internalv1.StepFacts) []*internalv1.StepMark {
	if v := int(s.GetVoids()); v > 0 && v <= len(list) {
		list[v-1].Voided = true
	}
	return append(list, &internalv1.StepMark{AssetKey: s.GetAssetKey(), Stage: s.GetStage(), Voids: s.GetVoids()})
}

// stamps gives each group of a release, and all partners, the moment at which a version first named it: before keeps what it has.
func (b *batch) stamps(release *ententev1.Release, before []*internalv1.Stamp) []*internalv1.Stamp {
	return b.stampsOf(release.GetAudience().GetAllPartners(), release.GetAudience().GetGroups(), before)
}

// hitStamps are the stamps of the groups of the hit audience.
func (b *batch) hitStamps(release *ententev1.Release, before []*internalv1.Stamp) []*internalv1.Stamp {
	return b.stampsOf(false, release.GetHitAudience().GetGroups(), before)
}

func (b *batch) stampsOf(all bool, groups []string, before []*internalv1.Stamp) []*internalv1.Stamp {
	var stamps []*internalv1.Stamp
	stamp := func(group uint32, generation uint64) {
		if slices.ContainsFunc(stamps, func(s *internalv1.Stamp) bool { return s.GetGroup() == group }) {
			return // named twice
		}
		for _, old := range before {
			if old.GetGroup() == group {
				stamps = append(stamps, old)
				return
			}
		}
		stamps = append(stamps, &internalv1.Stamp{Group: group, Generation: generation, Ordinal: b.hub.GetOrdinal()})
	}
	if all {
		stamp(AllPartners, b.roster.Generation)
	}
	for _, name := range groups {
		if ordinal, ok := b.roster.Group(name); ok {
			stamp(ordinal, b.roster.group(ordinal).GetGeneration())
		}
	}
	return stamps
}

func (b *batch) writeSubmission(n *submission) error {
	env, s := n.rec.env, n.s
	if err := b.putClear(bucketUIDs, s.GetUid(), key8(env.GetNumber())); err != nil {
		return err
	}
	if key := s.GetReferenceKey(); len(key) > 0 {
		if err := b.putClear(bucketReferences, ownedKey(env.GetOwner(), key), key8(env.GetNumber())); err != nil {
			return err
		}
	}
	if err := b.putClear(bucketKeys, key8(env.GetNumber()), s.GetKey().GetWrapped()); err != nil {
		return err
	}
	if err := b.writeParts(env, s.GetParts()); err != nil {
		return err
	}
	if err := b.writeRelease(env, s.GetSealedRelease()); err != nil {
		return err
	}
	if err := b.writeRest(env, s); err != nil {
		return err
	}
	var err error
	n.frame, err = b.putFrame(bucketRecords, recordKey(env.GetNumber(), PartEnvelope, 0), env)
	return err
}

// writeRest writes the parts that not every record has.
func (b *batch) writeRest(env *internalv1.Envelope, s *internalv1.SubmitRecord) error {
	if env.GetHasLinks() {
		if err := b.putPart(env, PartLinks, 0, s.GetSealedLinks()); err != nil {
			return err
		}
	}
	if env.HasReferences = len(s.GetSealedReferences()) > 0; env.GetHasReferences() {
		if err := b.putPart(env, PartReferences, 0, s.GetSealedReferences()); err != nil {
			return err
		}
	}
	for i, step := range s.GetSteps() {
		if err := b.putPart(env, PartStep, uint32(i+1), step.GetSealedStep()); err != nil {
			return err
		}
	}
	if len(s.GetSteps()) > 0 {
		env.StepsMicros = b.now()
	}
	return nil
}

// putPart stores a part that was sealed before.
func (b *batch) putPart(env *internalv1.Envelope, part Part, version uint32, frame []byte) error {
	return b.bucket(bucketRecords).Put(recordKey(env.GetNumber(), part, version), frame)
}

// writeParts stores the parts of the content: its bytes under their revision, what is derived from them in place of what was.
func (b *batch) writeParts(env *internalv1.Envelope, p *internalv1.SealedParts) error {
	if err := b.putPart(env, PartContent, env.GetRevision(), p.GetContent()); err != nil {
		return err
	}
	if err := b.putPart(env, PartSummary, 0, p.GetSummary()); err != nil {
		return err
	}
	if err := b.putPart(env, PartTerms, 0, p.GetTerms()); err != nil {
		return err
	}
	if len(p.GetAssessment()) > 0 {
		return b.putPart(env, PartAssessment, 0, p.GetAssessment())
	}
	return nil
}

// writeRelease stores a version of the release.
func (b *batch) writeRelease(env *internalv1.Envelope, frame []byte) error {
	return b.putPart(env, PartRelease, env.GetReleaseVersion(), frame)
}

func (b *batch) writeEnvelope(env *internalv1.Envelope) error {
	return b.putSealed(bucketRecords, recordKey(env.GetNumber(), PartEnvelope, 0), env)
}

// announce writes the events of a new record: ACCEPTED for the submitter, RECORD for whoever it is released to.
func (b *batch) announce(n *submission) (accepted uint64, err error) {
	env := n.rec.env
	for _, to := range policy.Addressees(facts(b.roster, n.rec, b.now()), b.roster) {
		if env.GetHistory() {
			if err := b.noteHistory(to, env.GetOwner()); err != nil {
				return 0, err
			}
			continue
		}
		if err := b.tell(to, Row{Kind: ententev1.EventKind_EVENT_KIND_RECORD, Ref: env.GetNumber(), Revision: env.GetRevision()}); err != nil {
			return 0, err
		}
	}
	return b.accept(env)
}

// accept writes the ACCEPTED event into the originator's inbox.
func (b *batch) accept(env *internalv1.Envelope) (uint64, error) {
	inbox := b.roster.AgencyAt(env.GetOwner()).GetInbox()
	return b.event(inbox, Row{Kind: ententev1.EventKind_EVENT_KIND_ACCEPTED, Ref: env.GetNumber(), Revision: env.GetRevision()})
}

func (b *batch) recordOutcome(env *internalv1.Envelope, accepted uint64) *internalv1.Outcome {
	return &internalv1.Outcome{
		Number: env.GetNumber(), Uid: env.GetUid(), Revision: env.GetRevision(), ReleaseVersion: env.GetReleaseVersion(),
		LinksVersion: env.GetLinksVersion(), MarkingsVersion: env.GetMarkingsVersion(), Steps: uint32(len(env.GetSteps())),
		CreateMicros: env.GetCreateMicros(), Accepted: accepted, Salt: env.GetSalt(), ContentDigest: env.GetContentDigest(),
		Deferred: env.GetDeferred() != 0,
	}
}
