package view

import (
	"errors"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// own loads a record that the caller's agency owns and may change. Anybody else's record is absent, whatever the caller may read of it: exchange
// has told readers better before.
func (b *batch) own(c *internalv1.Command, uid []byte) (*stored, *internalv1.Outcome, error) {
	if !b.roster.Active(agencyID(c.GetOrigin())) {
		return nil, refuse(RefusedCaller), nil
	}
	number, err := b.store().numberOf(uid)
	if err != nil {
		return nil, nil, err
	}
	rec, err := b.store().record(number)
	if err != nil {
		return nil, nil, err
	}
	if rec == nil || !policy.Own(readerOf(b.roster, c), facts(b.roster, rec, b.now())) {
		return nil, refuse(RefusedAbsent), nil
	}
	if rec.env.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED {
		return nil, refuseBecause(RefusedState, "RECORD_RECALLED"), nil
	}
	return rec, nil, nil
}

// revise replaces the content. Whoever holds the record is told, the suspended too: a correction reaches whoever has what it corrects.
func (b *batch) revise(c *internalv1.Command, r *internalv1.ReviseRecord) (*internalv1.Outcome, error) {
	rec, refusal, err := b.own(c, r.GetUid())
	if refusal != nil || err != nil {
		return refusal, err
	}
	env := rec.env
	if env.GetRevision() != r.GetExpectedRevision() {
		return refuse(RefusedStale), nil
	}
	if r.GetProtectedPersons() && !rec.release.GetMarkings().GetContainsProtectedPersons() {
		return refuseBecause(RefusedState, "PROTECTED_PERSONS_NOT_RELEASED"), nil
	}
	if r.GetUndetermined() && b.reviewedLate(rec.release) {
		return refuseBecause(RefusedState, "REVIEW_TOO_LATE"), nil
	}
	if missing(env.GetSteps(), r.GetAssetKeys()) {
		return refuseBecause(RefusedState, "ASSET_WITH_STEPS_MISSING"), nil
	}
	old, terms, err := b.termsBefore(rec, r)
	if err != nil {
		return nil, err
	}
	if err := b.endRevision(env); err != nil {
		return nil, err
	}
	b.reviseEnvelope(env, r)
	if err := b.bucket(bucketSeen).Delete(key8(env.GetNumber())); err != nil { // nobody has read what it says now
		return nil, err
	}
	if err := errors.Join(b.await(env, 0), b.compare(env, r.GetCompares())); err != nil {
		return nil, err
	}
	if err := b.writeRevision(env, r.GetParts()); err != nil {
		return nil, err
	}
	return b.changed(rec, ententev1.EventKind_EVENT_KIND_CORRECTED, policy.Holders(facts(b.roster, rec, b.now()), b.roster), old, terms)
}

// missing tells whether an asset that has recovery steps is not among the assets given.
func missing(steps []*internalv1.StepMark, assets []uint64) bool {
	known := make(map[uint64]bool, len(assets))
	for _, a := range assets {
		known[a] = true
	}
	for _, s := range steps {
		if !known[s.GetAssetKey()] {
			return true
		}
	}
	return false
}

// termsBefore opens the terms that the record has and those that it gets.
func (b *batch) termsBefore(rec *stored, r *internalv1.ReviseRecord) (before document, after *internalv1.Terms, err error) {
	if before, err = b.stand(rec); err != nil {
		return before, nil, err
	}
	after = new(internalv1.Terms)
	err = openPart(rec.key, rec.env.GetUid(), PartTerms, rec.env.GetRevision()+1, r.GetParts().GetTerms(), after)
	return before, after, err
}

func (b *batch) reviseEnvelope(env *internalv1.Envelope, r *internalv1.ReviseRecord) {
	env.Revision++
	env.Salt, env.ContentDigest = r.GetSalt(), r.GetContentDigest()
	env.ContentMicros, env.RevisedOrdinal = b.now(), b.hub.GetOrdinal()
	env.ObservedStart, env.ObservedEnd = r.GetObservedStart(), r.GetObservedEnd()
	env.HasAssessment = len(r.GetParts().GetAssessment()) > 0
	if r.GetProtectedPersons() {
		env.ProtectedPersons = true
	}
	env.Undetermined, env.Ungraded = r.GetUndetermined(), r.GetUngraded()
}

// reviewedLate tells whether a release is reviewed later than a content with a person whose category is not determined allows: thirty days after the
// decision, and one on the way to its place in the order.
func (b *batch) reviewedLate(r *ententev1.Release) bool {
	const day = 24 * 60 * 60
	return r.GetMarkings().GetReviewTime().GetSeconds() > b.now()/1_000_000+31*day
}

func (b *batch) writeRevision(env *internalv1.Envelope, p *internalv1.SealedParts) error {
	if err := b.writeParts(env, p); err != nil {
		return err
	}
	return b.writeEnvelope(env)
}

// changed tells those given, puts the index right and gives the outcome.
func (b *batch) changed(
	rec *stored, kind ententev1.EventKind, told []policy.Addressee, before document, terms *internalv1.Terms,
) (*internalv1.Outcome, error) {
	for _, to := range told {
		if err := b.tell(to, Row{Kind: kind, Ref: rec.env.GetNumber(), Revision: rec.env.GetRevision()}); err != nil {
			return nil, err
		}
	}
	links, err := b.store().links(rec)
	if err != nil {
		return nil, err
	}
	after, err := b.document(rec, links, terms)
	if err != nil {
		return nil, err
	}
	if err := b.replaced(before, after); err != nil {
		return nil, err
	}
	accepted, err := b.accept(rec.env)
	return b.recordOutcome(rec.env, accepted), err
}

// updateRelease replaces the release. Whoever it is new to gets the record, whoever it is taken from sees what looks like a recall, whoever keeps it
// learns of new markings only.
func (b *batch) updateRelease(c *internalv1.Command, u *internalv1.UpdateRelease) (*internalv1.Outcome, error) {
	rec, refusal, err := b.own(c, u.GetUid())
	if refusal != nil || err != nil {
		return refusal, err
	}
	if rec.env.GetReleaseVersion() != u.GetExpectedVersion() {
		return refuse(RefusedStale), nil
	}
	next, err := b.nextRelease(rec, u)
	if err != nil {
		return nil, err
	}
	if _, reason := b.roster.Nameable(agencyID(c.GetOrigin()), next.release); reason != "" {
		return refuseBecause(RefusedAudience, reason), nil
	}
	if next.env.GetProtectedPersons() && !next.release.GetMarkings().GetContainsProtectedPersons() {
		return refuseBecause(RefusedState, "PROTECTED_PERSONS_NOT_RELEASED"), nil
	}
	if next.env.GetUndetermined() && b.reviewedLate(next.release) {
		return refuseBecause(RefusedState, "REVIEW_TOO_LATE"), nil
	}
	if refusal, err := b.refuseLooserRelease(c, rec, next); refusal != nil || err != nil {
		return refusal, err
	}
	before, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(b.await(next.env, rec.env.GetReleaseVersion()), b.endRelease(rec.env)); err != nil {
		return nil, err
	}
	if err := b.writeReleaseChange(next.env, u.GetSealedRelease()); err != nil {
		return nil, err
	}
	if err := b.tellReleaseChange(rec, next); err != nil {
		return nil, err
	}
	after, err := b.stand(next)
	if err != nil {
		return nil, err
	}
	if err := b.replaced(before, after); err != nil {
		return nil, err
	}
	b.restricts()
	accepted, err := b.accept(next.env)
	return b.recordOutcome(next.env, accepted), err
}

// nextRelease is the record as it will stand.
func (b *batch) nextRelease(rec *stored, u *internalv1.UpdateRelease) (*stored, error) {
	next := &stored{env: proto.CloneOf(rec.env), release: new(ententev1.Release), key: rec.key}
	env := next.env
	env.ReleaseVersion++
	if err := openPart(rec.key, env.GetUid(), PartRelease, env.GetReleaseVersion(), u.GetSealedRelease(), next.release); err != nil {
		return nil, err
	}
	kept, keptHits := env.GetStamps(), env.GetHitStamps()
	if u.GetOpenToCurrentMembers() {
		kept, keptHits = nil, nil
	}
	env.Stamps, env.HitStamps = b.stamps(next.release, kept), b.hitStamps(next.release, keptHits)
	env.ReleaseDigest = u.GetReleaseDigest()
	env.ReviewSeconds = next.release.GetMarkings().GetReviewTime().GetSeconds()
	env.RestrictedOrdinal = b.hub.GetOrdinal()
	env.ReleasedOrdinal, env.ReleasedMicros = b.hub.GetOrdinal(), b.now()
	if !proto.Equal(rec.release.GetMarkings(), next.release.GetMarkings()) {
		env.MarkingsVersion++
		env.MarkingsMicros = b.now()
	}
	return next, nil
}

func (b *batch) writeReleaseChange(env *internalv1.Envelope, frame []byte) error {
	if err := b.writeRelease(env, frame); err != nil {
		return err
	}
	return b.writeEnvelope(env)
}

func (b *batch) tellReleaseChange(before, after *stored) error {
	had := policy.Holders(facts(b.roster, before, b.now()), b.roster)
	get := policy.Addressees(facts(b.roster, after, b.now()), b.roster)
	keep := policy.Holders(facts(b.roster, after, b.now()), b.roster)
	marked := before.env.GetMarkingsVersion() != after.env.GetMarkingsVersion()
	for _, to := range union(had, get) {
		row := Row{Ref: after.env.GetNumber(), Revision: after.env.GetRevision()}
		switch {
		case contains(had, to) && !contains(keep, to):
			row.Kind = ententev1.EventKind_EVENT_KIND_RECALLED
		case !contains(had, to) && contains(get, to):
			row.Kind = ententev1.EventKind_EVENT_KIND_RECORD
		case marked && contains(keep, to):
			row.Kind = ententev1.EventKind_EVENT_KIND_MARKINGS_CHANGED
		default:
			continue
		}
		if err := b.tell(to, row); err != nil {
			return err
		}
	}
	return nil
}

// updateLinks replaces the links. Links tell nobody: each reader sees those it may when it next reads.
func (b *batch) updateLinks(c *internalv1.Command, u *internalv1.UpdateLinks) (*internalv1.Outcome, error) {
	rec, refusal, err := b.own(c, u.GetUid())
	if refusal != nil || err != nil {
		return refusal, err
	}
	if rec.env.GetLinksVersion() != u.GetExpectedVersion() {
		return refuse(RefusedStale), nil
	}
	for _, target := range u.GetAddedTargets() {
		if readable, err := b.readableUID(c, target); err != nil || !readable {
			return refuse(RefusedTarget), err
		}
	}
	if refusal, err := b.refuseLooserLinks(c, rec, u); refusal != nil || err != nil {
		return refusal, err
	}
	before, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	rec.env.LinksVersion++
	rec.env.LinksDigest, rec.env.HasLinks = u.GetLinksDigest(), true
	if err := b.putPart(rec.env, PartLinks, 0, u.GetSealedLinks()); err != nil {
		return nil, err
	}
	if err := b.writeEnvelope(rec.env); err != nil {
		return nil, err
	}
	after, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	if err := b.replaced(before, after); err != nil {
		return nil, err
	}
	accepted, err := b.accept(rec.env)
	return b.recordOutcome(rec.env, accepted), err
}

// addStep adds a recovery step, if the steps before it allow it. It is news and corrects nothing, so the suspended are not told.
func (b *batch) addStep(c *internalv1.Command, a *internalv1.AddStep) (*internalv1.Outcome, error) {
	rec, refusal, err := b.own(c, a.GetUid())
	if refusal != nil || err != nil {
		return refusal, err
	}
	env, step := rec.env, a.GetStep()
	if uint32(len(env.GetSteps())) != a.GetExpectedSteps() {
		return refuse(RefusedStale), nil
	}
	if err := intel.Transition(env.GetSteps(), step.GetAssetKey(), ententev1.RecoveryStage(step.GetStage()), step.GetVoids()); err != nil {
		return refuseBecause(RefusedState, "ILLEGAL_TRANSITION"), nil //nolint:nilerr // a refusal is an outcome
	}
	before, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	env.Steps = mark(env.GetSteps(), step)
	env.StepsMicros = b.now()
	if err := b.putPart(env, PartStep, uint32(len(env.GetSteps())), step.GetSealedStep()); err != nil {
		return nil, err
	}
	if err := b.writeEnvelope(env); err != nil {
		return nil, err
	}
	told := policy.Addressees(facts(b.roster, rec, b.now()), b.roster)
	return b.changed(rec, ententev1.EventKind_EVENT_KIND_RECOVERY_STEP, told, before, &internalv1.Terms{Terms: before.content})
}

// recall takes the record back from everyone who holds it.
func (b *batch) recall(c *internalv1.Command, r *internalv1.RecallRecord) (*internalv1.Outcome, error) {
	rec, refusal, err := b.own(c, r.GetUid())
	if refusal != nil || err != nil {
		return refusal, err
	}
	if rec.env.GetRevision() != r.GetExpectedRevision() {
		return refuse(RefusedStale), nil
	}
	before, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	holders := policy.Holders(facts(b.roster, rec, b.now()), b.roster)
	env := rec.env
	env.State = ententev1.RecordState_RECORD_STATE_RECALLED
	env.RestrictedOrdinal, env.MarkingsMicros = b.hub.GetOrdinal(), b.now()
	if err := b.writeEnvelope(env); err != nil {
		return nil, err
	}
	for _, to := range holders {
		if err := b.tell(to, Row{Kind: ententev1.EventKind_EVENT_KIND_RECALLED, Ref: env.GetNumber(), Revision: env.GetRevision()}); err != nil {
			return nil, err
		}
	}
	after, err := b.stand(rec)
	if err != nil {
		return nil, err
	}
	if err := b.replaced(before, after); err != nil {
		return nil, err
	}
	b.restricts()
	accepted, err := b.accept(env)
	return b.recordOutcome(env, accepted), err
}

func contains(list []policy.Addressee, a policy.Addressee) bool {
	for _, x := range list {
		if x == a {
			return true
		}
	}
	return false
}

// union keeps the order of the first list and adds what only the second has.
func union(a, b []policy.Addressee) []policy.Addressee {
	all := append([]policy.Addressee(nil), a...)
	for _, x := range b {
		if !contains(a, x) {
			all = append(all, x)
		}
	}
	return all
}
