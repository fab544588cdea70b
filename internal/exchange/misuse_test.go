package exchange_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// What derives from a record keeps its restrictions, whatever purpose the call states that would loosen it: the originator's list of purposes would
// otherwise be the way round the originator's markings.
func TestAnotherPurposeLoosensNothing(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca", "de-bka")
	strict := func(id string) *ententev1.Release {
		r := to(id)
		r.Markings.PermittedPurposes = []ententev1.ProcessingPurpose{ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION}
		r.Markings.TrafficLight = ententev1.TrafficLight_TRAFFIC_LIGHT_AMBER_STRICT
		return r
	}
	source := w.submit("fr-ofast", item("source", strict("gb-nca")))
	draft := item("derived", strict("de-bka"))
	draft.Links = []*ententev1.Link{{Target: source.GetName(), Type: ententev1.LinkType_LINK_TYPE_DERIVED_FROM}}
	derived := w.submit("gb-nca", draft)
	loosen := func(p ententev1.ProcessingPurpose) error {
		j := why()
		j.Purpose = p
		_, err := w.UpdateIntelligenceItemRelease(t.Context(), call("gb-nca"), &ententev1.UpdateIntelligenceItemReleaseRequest{
			Justification: j, Name: derived.GetName(), ReleaseEtag: derived.GetReleaseEtag(), Release: to("de-bka"),
		})
		return err
	}
	expect(t, loosen(ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION), fault.Invalid, "INVALID_REQUEST")
	expect(t, loosen(ententev1.ProcessingPurpose_PROCESSING_PURPOSE_PREVENTION), fault.Precondition, "DERIVED_LOOSER")
}

// A record that its originator keeps to a unit of its own is not named to the rest of the house by its readership either; its supervisor sees which it was.
func TestReadershipOfANarrowedRecord(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	release := to("gb-nca")
	release.Audience.Units = []string{"agencies/fr-ofast/units/desk"}
	name := w.submit("fr-ofast", item("narrowed", release)).GetName()
	if _, err := w.get("gb-nca", name); err != nil {
		t.Fatal(err)
	}
	desk, supervisor := call("fr-ofast"), call("fr-ofast")
	desk.Caller.Unit, supervisor.Caller.Rights = "desk", intel.NewRights(intel.Supervise)
	for _, c := range []struct {
		who    string
		caller intel.Caller
		named  bool
	}{{"the house", call("fr-ofast").Caller, false}, {"the unit", desk.Caller, true}, {"the supervisor", supervisor.Caller, true}} {
		from := call("fr-ofast")
		from.Caller = c.caller
		all, err := w.ListDisclosures(t.Context(), from, &ententev1.ListDisclosuresRequest{Justification: why()})
		if err != nil || len(all.GetDisclosures()) != 1 || (len(all.GetDisclosures()[0].GetNames()) == 1) != c.named {
			t.Errorf("%s: %v, %v", c.who, all, err)
		}
		only, err := w.ListDisclosures(t.Context(), from, &ententev1.ListDisclosuresRequest{Justification: why(), Name: name})
		if err != nil || (len(only.GetDisclosures()) == 1) != c.named {
			t.Errorf("%s asks for it: %v, %v", c.who, only, err)
		}
	}
}

// What no certificate can have is no revocation: the judgement would take it for one of everything, and nothing takes a revocation back.
func TestARevocationOfNothingIsRefused(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast")
	admin := call("fr-ofast")
	admin.Caller.Rights = intel.NewRights(intel.Administer)
	revoke := func(r *ententev1.RevokeCertificateRequest) error {
		r.Name, r.Reason = "agencies/fr-ofast", "test"
		_, err := w.RevokeCertificate(t.Context(), admin, r)
		return err
	}
	serial := func(s string) *ententev1.RevokeCertificateRequest {
		return &ententev1.RevokeCertificateRequest{Selector: &ententev1.RevokeCertificateRequest_Serial{Serial: s}}
	}
	path := func(s string) *ententev1.RevokeCertificateRequest {
		return &ententev1.RevokeCertificateRequest{Selector: &ententev1.RevokeCertificateRequest_PathPrefix{PathPrefix: s}}
	}
	before := func(at time.Time) *ententev1.RevokeCertificateRequest {
		return &ententev1.RevokeCertificateRequest{Selector: &ententev1.RevokeCertificateRequest_IssuedBefore{IssuedBefore: timestamppb.New(at)}}
	}
	for _, r := range []*ententev1.RevokeCertificateRequest{
		serial("0"), serial("000"), serial(strings.Repeat("f", 41)), path(""), path("/a/.."), path("/."), before(time.Unix(0, 0)), before(time.Now().Add(time.Hour)), {},
	} {
		expect(t, revoke(r), fault.Invalid, "INVALID_REQUEST")
	}
	for _, r := range []*ententev1.RevokeCertificateRequest{serial("00" + strings.Repeat("f", 40)), path("/"), path("/a/..b"), before(time.Unix(1, 0))} {
		if err := revoke(r); err != nil {
			t.Errorf("%v: %v", r, err)
		}
	}
}

// The steps of a report are bounded, whichever way they come: every reader gets them all in one answer.
func TestStepsAreBounded(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	draft := report(to("gb-nca"))
	step := func(n int) *ententev1.RecoveryStep {
		stages := []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN}
		return &ententev1.RecoveryStep{AssetId: "cash", Stage: stages[n%2], StepDate: "2026-11-01"}
	}
	for n := 1; n < 500; n++ {
		draft.RecoverySteps = append(draft.RecoverySteps, step(n))
	}
	name := w.seize("fr-ofast", draft).GetName()
	_, err := w.RecordRecoveryStep(t.Context(), call("fr-ofast"), &ententev1.RecordRecoveryStepRequest{Justification: why(), Name: name, Step: step(500)})
	expect(t, err, fault.Precondition, "TOO_MANY_STEPS")
}

// Reports that are as large as they may be never make a page too large to be sent: their readers could not get past them.
func TestLargeReportsFitTheirPages(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	draft := report(to("gb-nca"))
	for n := 1; n < 500; n++ {
		stages := []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN}
		draft.RecoverySteps = append(draft.RecoverySteps, &ententev1.RecoveryStep{
			AssetId: "cash", Stage: stages[n%2], StepDate: "2026-11-01", LegalBasis: strings.Repeat("\U00020000", 512), Authority: strings.Repeat("\U00020001", 256),
		})
	}
	var names []string
	for range 5 {
		names = append(names, w.seize("fr-ofast", draft).GetName())
	}
	seen, token := 0, ""
	for page := 0; page == 0 || token != ""; page++ {
		answer, err := w.QuerySeizureReports(t.Context(), call("gb-nca"), &ententev1.QuerySeizureReportsRequest{
			Justification: why(), View: ententev1.RecordView_RECORD_VIEW_FULL, PageToken: token,
		})
		if err != nil || len(answer.GetSeizureReports()) == 0 || proto.Size(answer) > 4<<20 {
			t.Fatalf("page %d of %d bytes: %v", page, proto.Size(answer), err)
		}
		seen, token = seen+len(answer.GetSeizureReports()), answer.GetNextPageToken()
	}
	if seen != len(names) {
		t.Errorf("%d of %d reports", seen, len(names))
	}
	batch, err := w.BatchGetSeizureReports(t.Context(), call("gb-nca"), &ententev1.BatchGetSeizureReportsRequest{Justification: why(), Names: names})
	if err != nil || len(batch.GetResults()) == 0 || proto.Size(batch) > 4<<20 {
		t.Errorf("a batch of %d bytes: %v", proto.Size(batch), err)
	}
	rows, err := w.ListDisclosures(t.Context(), call("fr-ofast"), &ententev1.ListDisclosuresRequest{Justification: why()})
	last := rows.GetDisclosures()[len(rows.GetDisclosures())-1]
	if err != nil || len(last.GetNames()) != len(batch.GetResults()) {
		t.Errorf("%d records on record, %d shown: %v", len(last.GetNames()), len(batch.GetResults()), err)
	}
}
