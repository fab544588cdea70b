package view

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// refuseLooser refuses markings that do not carry along those of a record that they derive from, as that record stands here and now. A source that the caller
// may not know of any more binds nothing, lest its restrictions be learned from the refusal; one that it may read, if not for the purpose that it states, binds.
// only limits it to some targets; nil is all.
func (b *batch) refuseLooser(c *internalv1.Command, links []*ententev1.Link, markings *ententev1.Markings, only map[string]bool) (*internalv1.Outcome, error) {
	for _, l := range links {
		ref, ok := intel.ParseRecordName(l.GetTarget())
		if !ok || l.GetType() != ententev1.LinkType_LINK_TYPE_DERIVED_FROM || only != nil && !only[string(ref.UID[:])] {
			continue
		}
		number, err := b.store().numberOf(ref.UID[:])
		if err != nil {
			return nil, err
		}
		source, err := b.store().record(number)
		if err != nil {
			return nil, err
		}
		if source == nil || policy.Read(readerOf(b.roster, c), facts(b.roster, source, b.now()), b.roster) == policy.Absent {
			continue
		}
		if len(policy.Derived(markings, source.release.GetMarkings())) > 0 {
			return refuseBecause(RefusedState, "DERIVED_LOOSER"), nil
		}
	}
	return nil, nil
}

// refuseLooserLinks is refuseLooser of the edges that a change adds.
func (b *batch) refuseLooserLinks(c *internalv1.Command, rec *stored, u *internalv1.UpdateLinks) (*internalv1.Outcome, error) {
	next := new(internalv1.Links)
	if err := openPart(rec.key, rec.env.GetUid(), PartLinks, rec.env.GetLinksVersion()+1, u.GetSealedLinks(), next); err != nil {
		return nil, err
	}
	added := map[string]bool{}
	for _, uid := range u.GetAddedTargets() {
		added[string(uid)] = true
	}
	return b.refuseLooser(c, next.GetLinks(), rec.release.GetMarkings(), added)
}

// refuseLooserRelease is refuseLooser of a new release, under the edges that there are.
func (b *batch) refuseLooserRelease(c *internalv1.Command, rec, next *stored) (*internalv1.Outcome, error) {
	links, err := b.store().links(rec)
	if err != nil {
		return nil, err
	}
	return b.refuseLooser(c, links, next.release.GetMarkings(), nil)
}
