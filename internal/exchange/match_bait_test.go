package exchange_test

import (
	"testing"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// ungraded is a draft to which its scheme gives the lowest grade.
func ungraded(d *ententev1.IntelligenceItemDraft) *ententev1.IntelligenceItemDraft {
	e := d.GetPlain().GetEvaluation().GetEuropol()
	e.Source, e.Information = ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_X, ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_4
	return d
}

// A correction makes a record young again: nobody has read what it says now, and whoever asks for that is told with the day.
func TestACorrectionMayBeBait(t *testing.T) {
	w, c := matching(t)
	release := silent()
	release.Audience.Agencies = []string{"agencies/de-bka"}
	r := w.submit("fr-ofast", ungraded(phoned(boatPhone, release)))
	if _, err := w.get("de-bka", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.later(c, 30*time.Hour)
	w.checks("gb-nca", "NO_HIT", boatPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Fatalf("of an old record France is told %v", got)
	}
	if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: r.GetName(), Etag: r.GetEtag(), Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: ungraded(phoned(otherPhone, nil)).GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", otherPhone)
	if got := w.hits("fr-ofast"); len(got) != 1 {
		t.Errorf("of a number of today France is told at once: %v", got[1:])
	}
	if _, err := w.get("de-bka", r.GetName()); err != nil {
		t.Fatal(err)
	}
	w.checks("gb-nca", "NO_HIT", otherPhone)
	if got := w.hits("fr-ofast"); len(got) != 2 || got[1].GetPoolDay() != "" {
		t.Errorf("of what Germany has read France is told %v", got)
	}
	w.later(c, 24*time.Hour) // the day after, which the pool stands for
	w.later(c, 24*time.Hour)
	if got := w.hits("fr-ofast"); len(got) != 3 || got[2].GetPoolDay() == "" || len(got[2].GetAskers()) != 1 {
		t.Errorf("France is told %v", got)
	}
}
