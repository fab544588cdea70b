package worlds

import (
	"context"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// The words, numbers and references of what is hidden: probes aim at them.
const (
	hiddenWord      = "Nachtfalter"
	hiddenPhone     = "+33612345678"
	hiddenReference = "HIDDEN-1"
	hiddenCase      = "HIDDEN-CASE"
)

// Numbers that so many records of the prober's sight have that one more makes them common, and one that is.
const (
	nearlyCommonPhone = "+33612345650"
	commonPhone       = "+33612345651"
)

// Script is the standard play: what the prober sees, with what it does not see in
// between, of every kind that there is.
func Script() []Step {
	return []Step{
		Stand("own-query", Prober, false, lookFor("Numbers", hiddenPhone, "+33612340002", "+393123400003")),
		Stand("own-words", Prober, false, &ententev1.StandingQueryDraft{DisplayName: "All of the owner's", Subject: &ententev1.StandingQueryDraft_IntelligenceItems{
			IntelligenceItems: &ententev1.IntelligenceItemQuery{Originators: []string{intel.AgencyID(Owner).Name()}},
		}}),
		Stand("hidden-query", Insider, true, lookFor("Numbers of others", hiddenPhone)),
		SubmitItem("seen-1", Owner, false, Item("Lighthouse", "+33612340001", to(Prober))),
		SubmitItem("hidden-item", Owner, true, hiddenItem()),
		SubmitItem("seen-2", Owner, false, Item("Harbour", "+33612340002", toAll())),
		SubmitReport("hidden-report", Owner, true, Report(hiddenWord, to(Insider))),
		SubmitReport("seen-report", Owner, false, Report("Warehouse", to(Prober))),
		MakeGroup("hidden-group", Owner, true, Insider),
		SubmitItem("hidden-grouped", Owner, true, grouped()),
		SubmitItem("hidden-silent", Owner, true, existing(ententev1.Existence_EXISTENCE_SILENT)),
		SubmitItem("hidden-hit", Owner, true, existing(ententev1.Existence_EXISTENCE_HIT)),
		SubmitItem("hidden-unit", Owner, true, toUnit()),
		SubmitItem("hidden-officer", Owner, true, toOfficer()),
		SubmitItem("own", Prober, false, Item("Prober's own", "+4915112340001", to(Owner))),
		SubmitReport("own-report", Prober, false, Report("Prober's garage", to(Owner))),
		MakeGroup("own-group", Prober, false, Fourth),
		Act("link", Owner, true, linkSeenToHidden),
		Act("widen", Owner, true, widenSeen),
		Act("revise", Owner, true, reviseHidden),
		Act("read", Insider, true, readHidden),
		Act("read-own", Owner, false, readProbers),
		SubmitItem("hidden-recalled", Owner, true, Item(hiddenWord+" again", hiddenPhone, to(Insider))),
		Act("recall", Owner, true, recallHidden),
		SubmitItem("seen-3", Fourth, false, Item("Ferry", "+393123400003", toAll())),
		SubmitItem("own-meets", Prober, false, Item("Prober's telephone", hiddenPhone, to(Owner, Insider))),
		SubmitItem("seen-hit", Insider, false, hitFor("Buoy", Prober)),
	}
}

func hiddenItem() *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord, hiddenPhone, to(Insider))
	d.OriginatorReference, d.CaseReference = hiddenReference, hiddenCase
	return d
}

func grouped() *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord+" for the group", hiddenPhone, to())
	d.Release.Audience.Groups = []string{"hidden-group"}
	return d
}

func existing(e ententev1.Existence) *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord+" exists", hiddenPhone, to(Insider))
	d.Release.Existence = e
	if e == ententev1.Existence_EXISTENCE_HIT {
		d.Release.HitAudience = &ententev1.HitAudience{Agencies: []string{intel.AgencyID(Fourth).Name()}}
	}
	return d
}

// hitFor is an item about the telephone of what is hidden, of which an agency learns that it exists.
func hitFor(words, agency string) *ententev1.IntelligenceItemDraft {
	d := Item(words, hiddenPhone, to())
	d.Release.Existence = ententev1.Existence_EXISTENCE_HIT
	d.Release.HitAudience = &ententev1.HitAudience{Agencies: []string{intel.AgencyID(agency).Name()}}
	return d
}

// SpendBudget are steps after which the prober's identifiers wait for another day's budget before they are compared.
func SpendBudget() []Step {
	return []Step{
		{Label: "budget", Take: func(ctx context.Context, w *World, label string) error {
			conn, err := w.Dial("", "/operator")
			if err != nil {
				return err
			}
			_, err = ententev1.NewMatchServiceClient(conn).SetCheckBudget(ctx, &ententev1.SetCheckBudgetRequest{
				Agency: intel.AgencyID(Prober).Name(), PerDay: 2, RequestId: label,
			})
			return err
		}},
		SubmitItem("own-last", Prober, false, Item("Prober's last", hiddenPhone, to(Owner))),
		SubmitItem("own-waits", Prober, false, Item("Prober's next", hiddenPhone, to(Owner))),
		SubmitItem("hidden-late", Owner, true, Item(hiddenWord+" too late", hiddenPhone, to(Insider))),
	}
}

// toUnit is released to a unit of the prober's that the prober's callers are not in.
func toUnit() *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord+" for the desk", hiddenPhone, to())
	d.Release.Audience.Units = []string{intel.UnitName(Prober, "desk")}
	return d
}

// toOfficer is released to an officer of the prober's who does not probe.
func toOfficer() *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord+" for one pair of eyes", hiddenPhone, to())
	d.Release.Audience.Officers = []string{intel.OfficerName(Prober, "88")}
	d.Release.Markings.TrafficLight = ententev1.TrafficLight_TRAFFIC_LIGHT_RED
	return d
}

func linkSeenToHidden(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	seen := w.known["seen-1"]
	_, err := client.UpdateIntelligenceItemLinks(ctx, &ententev1.UpdateIntelligenceItemLinksRequest{
		Justification: why(), Name: seen.GetName(), LinksEtag: seen.GetLinksEtag(), RequestId: "link",
		Add: []*ententev1.Link{{Target: w.known["hidden-item"].GetName(), Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}},
	})
	return err
}

// widenSeen lets the insider see what the prober sees already: the prober must not notice.
func widenSeen(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	seen := w.known["seen-1"]
	_, err := client.UpdateIntelligenceItemRelease(ctx, &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: seen.GetName(), ReleaseEtag: seen.GetReleaseEtag(), Release: to(Prober, Insider), RequestId: "widen",
	})
	return err
}

func reviseHidden(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	hidden := w.known["hidden-item"]
	_, err := client.ReviseIntelligenceItem(ctx, &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: hidden.GetName(), Etag: hidden.GetEtag(), RequestId: "revise",
		Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: Item(hiddenWord+" corrected", hiddenPhone, nil).GetPlain()},
	})
	return err
}

func recallHidden(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	hidden := w.known["hidden-recalled"]
	_, err := client.RecallIntelligenceItem(ctx, &ententev1.RecallIntelligenceItemRequest{
		Justification: why(), Name: hidden.GetName(), Etag: hidden.GetEtag(), RequestId: "recall",
	})
	return err
}

func readHidden(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	_, err := client.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{Justification: why(), View: ententev1.RecordView_RECORD_VIEW_FULL})
	return err
}

// readProbers gives the prober a disclosure in both worlds.
func readProbers(ctx context.Context, w *World, client ententev1.IntelligenceServiceClient) error {
	_, err := client.BatchGetIntelligenceItems(ctx, &ententev1.BatchGetIntelligenceItemsRequest{Justification: why(), Names: []string{w.known["own"].GetName()}})
	return err
}

// Targets are what probes aim at: first what is hidden, then what is not.
func (p *Pair) Targets() []string {
	var hidden, seen []string
	for _, s := range Script() {
		into := &seen
		if s.Hidden {
			into = &hidden
		}
		if r := p.With.known[s.Label]; r != nil {
			*into = append(*into, r.GetName(), r.GetEtag(), r.GetReleaseEtag(), r.GetLinksEtag(), s.Label)
		}
		if g := p.With.group[s.Label]; g != nil {
			*into = append(*into, g.GetName(), g.GetEtag())
		}
		if q := p.With.query[s.Label]; q != nil {
			*into = append(*into, q.GetName(), q.GetEtag())
		}
	}
	hidden = append(hidden, hiddenWord, hiddenPhone, hiddenReference, hiddenCase)
	for _, id := range []string{Owner, Insider, Prober, Fourth} {
		name := intel.AgencyID(id).Name()
		seen = append(seen, name, id, intel.UnitName(intel.AgencyID(id), "desk"), name+"/inbox", name+"/units/desk/inbox", intel.OfficerName(intel.AgencyID(id), "88"))
	}
	return append(hidden, seen...)
}
