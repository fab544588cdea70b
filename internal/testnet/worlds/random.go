package worlds

import (
	"context"
	"fmt"
	"math/rand/v2"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Random draws a few more steps, hidden and not, for a pair that has played the
// Script: submissions to random audiences, and what their originators then do with
// them. round makes labels and request ids that were not there before.
func (p *Pair) Random(chance *rand.Rand, round int) []Step {
	var steps []Step
	for i := range 2 + chance.IntN(4) {
		label := fmt.Sprintf("random-%d-%d", round, i)
		owner := []string{Owner, Insider, Fourth}[chance.IntN(3)]
		release, hidden := drawRelease(chance, owner)
		drawExistence(chance, release)
		words := []string{hiddenWord, "Lighthouse", "Harbour"}[chance.IntN(3)]
		if chance.IntN(4) == 0 {
			steps = append(steps, SubmitReport(label, owner, hidden, Report(words, release)))
			continue
		}
		steps = append(steps, SubmitItem(label, owner, hidden, Item(words, hiddenPhone, release)))
		if chance.IntN(3) == 0 {
			steps = append(steps, SubmitItem(label+"-own", Prober, false, drawOwn(chance)))
		}
		steps = append(steps, drawChange(chance, label, owner, hidden, release)...)
	}
	return steps
}

// drawOwn draws an item of the prober's own that shares the telephone of what is hidden.
func drawOwn(chance *rand.Rand) *ententev1.IntelligenceItemDraft {
	if chance.IntN(2) == 0 {
		return hitFor("Prober's own", []string{Owner, Insider, Fourth}[chance.IntN(3)])
	}
	return Item("Prober's own", hiddenPhone, to([]string{Owner, Insider, Fourth}[chance.IntN(3)]))
}

// drawExistence draws what others learn of a record: nothing, nothing while its owner is told, or that there is one; the prober never does.
func drawExistence(chance *rand.Rand, r *ententev1.Release) {
	switch chance.IntN(3) {
	case 0:
		r.Existence = ententev1.Existence_EXISTENCE_SILENT
	case 1:
		r.Existence = ententev1.Existence_EXISTENCE_HIT
		r.HitAudience = &ententev1.HitAudience{Agencies: []string{intel.AgencyID(Fourth).Name(), intel.AgencyID(Insider).Name()}}
	}
}

// drawRelease draws an audience, and says whether the prober's callers are outside it.
func drawRelease(chance *rand.Rand, owner string) (r *ententev1.Release, hidden bool) {
	switch chance.IntN(7) {
	case 0:
		return toAll(), false
	case 1:
		r = toAll()
		r.Markings.ReleasableRegionCodes = []string{"FR", "GB", "IT"}
		return r, true
	case 2:
		return to(Prober), false
	case 3:
		r = to(Prober)
		r.Markings.PermittedPurposes = []ententev1.ProcessingPurpose{ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION}
		return r, false
	case 4:
		r = to()
		r.Audience.Units = []string{intel.UnitName(Prober, "desk")}
		return r, true
	case 5:
		return to(), true
	}
	for _, other := range []string{Owner, Insider, Fourth} {
		if other != owner {
			return to(other), true
		}
	}
	return to(), true
}

// drawChange draws what the originator of an item does next. What it does to a hidden
// one is hidden, and so is a change of others in the audience of one that is seen.
func drawChange(chance *rand.Rand, label, owner string, hidden bool, release *ententev1.Release) []Step {
	switch chance.IntN(4) {
	case 0:
		return []Step{Act(label+"-revise", owner, hidden, func(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
			r := w.known[label]
			_, err := client.ReviseIntelligenceItem(ctx, &ententev1.ReviseIntelligenceItemRequest{
				Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), RequestId: label + "-revise",
				Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: Item(hiddenWord+" revised", hiddenPhone, nil).GetPlain()},
			})
			return err
		})}
	case 1:
		return []Step{Act(label+"-recall", owner, hidden, func(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
			r := w.known[label]
			_, err := client.RecallIntelligenceItem(ctx, &ententev1.RecallIntelligenceItemRequest{
				Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), RequestId: label + "-recall",
			})
			return err
		})}
	case 2:
		wider := proto.CloneOf(release)
		for _, other := range []string{Owner, Insider, Fourth} {
			if other != owner {
				wider.Audience.Agencies = append(without(wider.GetAudience().GetAgencies(), intel.AgencyID(other).Name()), intel.AgencyID(other).Name())
				break
			}
		}
		return []Step{Act(label+"-widen", owner, true, func(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
			r := w.known[label]
			_, err := client.UpdateIntelligenceItemRelease(ctx, &ententev1.UpdateIntelligenceItemReleaseRequest{
				Justification: why(), Name: r.GetName(), ReleaseEtag: r.GetReleaseEtag(), Release: wider, RequestId: label + "-widen",
			})
			return err
		})}
	}
	return nil
}

func without(list []string, name string) []string {
	var rest []string
	for _, x := range list {
		if x != name {
			rest = append(rest, x)
		}
	}
	return rest
}
