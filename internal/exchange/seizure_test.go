package exchange_test

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// report is a draft of a report about one boat engine and one sum of money.
func report(release *ententev1.Release) *ententev1.SeizureReportDraft {
	return &ententev1.SeizureReportDraft{
		Content: &ententev1.SeizureReportDraft_Plain{Plain: &ententev1.SeizureContent{
			Title: "Warehouse", LanguageCode: "en", CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			Assets: []*ententev1.Asset{
				{AssetId: "engine", Type: ententev1.AssetType_ASSET_TYPE_VESSEL, Description: "Outboard engine"},
				{AssetId: "cash", Type: ententev1.AssetType_ASSET_TYPE_CASH, Description: "Notes in an envelope"},
			},
		}},
		Release:       release,
		RecoverySteps: []*ententev1.RecoveryStep{{AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, StepDate: "2026-11-01"}},
	}
}

func (w *world) seize(id string, draft *ententev1.SeizureReportDraft) *ententev1.Receipt {
	w.t.Helper()
	answer, err := w.SubmitSeizureReport(w.t.Context(), call(id), &ententev1.SubmitSeizureReportRequest{Justification: why(), Draft: draft})
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.GetReceipt()
}

// The steps of an asset follow its story; readers see them, and what each asset stands at; a wrong one is voided by a later one.
func TestRecoverySteps(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	r := w.seize("fr-ofast", report(to("gb-nca")))
	step := func(id string, s *ententev1.RecoveryStep) error {
		_, err := w.RecordRecoveryStep(t.Context(), call(id), &ententev1.RecordRecoveryStepRequest{Justification: why(), Name: r.GetName(), Step: s})
		return err
	}
	confiscated := &ententev1.RecoveryStep{
		AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED, StepDate: "2026-11-20", ConfiscationBasis: ententev1.ConfiscationBasis_CONFISCATION_BASIS_CONVICTION,
	}
	expect(t, step("gb-nca", confiscated), fault.Denied, "ONLY_ORIGINATOR")
	if err := step("fr-ofast", confiscated); err != nil {
		t.Fatal(err)
	}
	expect(t, step("fr-ofast", &ententev1.RecoveryStep{AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, StepDate: "2026-11-21"}), fault.Precondition, "ILLEGAL_TRANSITION")
	expect(t, step("fr-ofast", &ententev1.RecoveryStep{AssetId: "yacht", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED}), fault.Invalid, "INVALID_REQUEST")
	if err := step("fr-ofast", &ententev1.RecoveryStep{AssetId: "cash", VoidsStepNumber: 2}); err != nil {
		t.Fatal(err)
	}
	answer, err := w.GetSeizureReport(t.Context(), call("gb-nca"), &ententev1.GetSeizureReportRequest{
		Justification: why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: r.GetName()},
	})
	if err != nil {
		t.Fatal(err)
	}
	shown := received(t, answer).GetSeizureReport()
	if len(shown.GetRecoverySteps()) != 3 || !shown.GetRecoverySteps()[1].GetVoided() {
		t.Errorf("steps %v", shown.GetRecoverySteps())
	}
	stands := map[string]ententev1.RecoveryStage{}
	for _, s := range shown.GetStandings() {
		stands[s.GetAssetId()] = s.GetStage()
	}
	if stands["cash"] != ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED {
		t.Errorf("standings %v", stands)
	}
	want(t, "events", w.events("gb-nca"), []string{"RECORD", "RECOVERY_STEP", "RECOVERY_STEP"})
}

// An asset that has steps cannot be left out of the report.
func TestAssetWithStepsStays(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast")
	r := w.seize("fr-ofast", report(to()))
	content := report(nil).GetPlain()
	content.Assets = content.GetAssets()[:1]
	_, err := w.ReviseSeizureReport(t.Context(), call("fr-ofast"), &ententev1.ReviseSeizureReportRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), Content: &ententev1.ReviseSeizureReportRequest_Plain{Plain: content},
	})
	expect(t, err, fault.Precondition, "ASSET_WITH_STEPS_MISSING")
}

// Links show only towards what their reader may read, and are found from the other end only by who may read that.
func TestLinksShowWhatIsReadable(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	open := w.submit("fr-ofast", item("Open", to("gb-nca")))
	secret := w.submit("fr-ofast", item("Secret", to("de-bka")))
	r := w.seize("fr-ofast", report(to("gb-nca")))
	link := func(target string) *ententev1.Link {
		return &ententev1.Link{Target: target, Type: ententev1.LinkType_LINK_TYPE_SEIZED_ON}
	}
	changed, err := w.UpdateSeizureReportLinks(t.Context(), call("fr-ofast"), &ententev1.UpdateSeizureReportLinksRequest{
		Justification: why(), Name: r.GetName(), LinksEtag: r.GetLinksEtag(), Add: []*ententev1.Link{link(open.GetName()), link(secret.GetName())},
	})
	if err != nil || changed.GetReceipt().GetLinksEtag() == r.GetLinksEtag() {
		t.Fatalf("%v, %v", changed, err)
	}
	answer, err := w.GetSeizureReport(t.Context(), call("gb-nca"), &ententev1.GetSeizureReportRequest{
		Justification: why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: r.GetName()},
	})
	if err != nil || len(answer.GetSeizureReport().GetMetadata().GetLinks()) != 1 {
		t.Errorf("%v, %v", answer, err)
	}
	found := func(id, target string) int {
		t.Helper()
		answer, err := w.QuerySeizureReports(t.Context(), call(id), &ententev1.QuerySeizureReportsRequest{Justification: why(), Query: &ententev1.SeizureReportQuery{LinkedTo: target}})
		if err != nil {
			t.Fatal(err)
		}
		return len(answer.GetSeizureReports())
	}
	if found("gb-nca", open.GetName()) != 1 || found("gb-nca", secret.GetName()) != 0 || found("fr-ofast", secret.GetName()) != 1 {
		t.Error("an edge is found from an end that may not be read, or not from one that may")
	}
	_, err = w.SubmitIntelligenceItem(t.Context(), call("gb-nca"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: func() *ententev1.IntelligenceItemDraft {
		d := item("Mine", to())
		d.Links = []*ententev1.Link{{Target: secret.GetName(), Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}}
		return d
	}()})
	expect(t, err, fault.NotFound, "LINK_TARGET_NOT_FOUND")
}

// What derives from a record carries its restrictions along: when it is linked, and when its release changes.
func TestDerivedCarriesRestrictions(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	strict := to("gb-nca")
	strict.Markings.HandlingCodes = []ententev1.EuropolHandlingCode{ententev1.EuropolHandlingCode_EUROPOL_HANDLING_CODE_H2}
	source := w.submit("fr-ofast", item("Source", strict))
	derive := func(release *ententev1.Release) (*ententev1.Receipt, error) {
		d := item("Derived", release)
		d.Links = []*ententev1.Link{{Target: source.GetName(), Type: ententev1.LinkType_LINK_TYPE_DERIVED_FROM}}
		answer, err := w.SubmitIntelligenceItem(t.Context(), call("gb-nca"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
		return answer.GetReceipt(), err
	}
	_, err := derive(to())
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
	carried := to()
	carried.Markings.HandlingCodes = strict.GetMarkings().GetHandlingCodes()
	r, err := derive(carried)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.UpdateIntelligenceItemRelease(t.Context(), call("gb-nca"), &ententev1.UpdateIntelligenceItemReleaseRequest{
		Justification: why(), Name: r.GetName(), ReleaseEtag: r.GetReleaseEtag(), Release: to(),
	})
	expect(t, err, fault.Invalid, "INVALID_REQUEST")
}
