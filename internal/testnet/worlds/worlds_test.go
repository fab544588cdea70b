package worlds_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/worlds"
)

func newPair(t *testing.T, o worlds.Options) *worlds.Pair {
	t.Helper()
	o.Dir = t.TempDir()
	p, err := worlds.NewPair(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := p.Play(t.Context(), worlds.Script()...); err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever a caller asks, it cannot tell whether there is what it may not see.
func TestTwoWorldsAreAlike(t *testing.T) {
	p := newPair(t, worlds.Options{})
	f, err := p.Probe(t.Context(), 1, 24)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Differences {
		t.Error(d)
	}
	for _, m := range f.Missing {
		t.Errorf("%s has no row in the leak matrix: say in rows.go how it is probed", m)
	}
	for _, u := range f.Undecided() {
		t.Errorf("%s probes reach a decision: aim them better", u)
	}
	total := 0
	for _, n := range f.Probes {
		total += n
	}
	t.Logf("%d probes of %d RPCs", total, len(f.Probes))
}

// Nor where the caller's budget is spent, and its own identifiers wait: it is told so in both worlds, whatever there would be to meet.
func TestTwoWorldsAreAlikeBeyondABudget(t *testing.T) {
	p := newPair(t, worlds.Options{})
	if err := p.Play(t.Context(), worlds.SpendBudget()...); err != nil {
		t.Fatal(err)
	}
	f, err := p.Probe(t.Context(), 3, 6)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Differences {
		t.Error(d)
	}
	for _, w := range []*worlds.World{p.With, p.Without} {
		if r := w.Receipt("own-waits"); r.GetDeconfliction() != ententev1.Deconfliction_DECONFLICTION_PENDING || r.GetAccepted().GetNumber() != p.With.Receipt("own-waits").GetAccepted().GetNumber() {
			t.Errorf("the prober's receipt is %v", r)
		}
	}
}

// The same in random worlds: ENTENTE_WORLDS says how many, 50 where it does not.
func TestRandomWorldsAreAlike(t *testing.T) {
	count := 50
	if text := os.Getenv("ENTENTE_WORLDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		count = n
	}
	p := newPair(t, worlds.Options{})
	for round := range count {
		chance := rand.New(rand.NewPCG(7, uint64(round)))
		if err := p.Play(t.Context(), p.Random(chance, round)...); err != nil {
			t.Fatal(err)
		}
		f, err := p.Probe(t.Context(), uint64(round), 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Differences {
			t.Fatalf("round %d: %s", round, d)
		}
	}
}

// Nor by checks: notices, pools, common values, budgets and the supervisor's lists are the same, whatever others hide; and every field that such answers
// have was there to be compared.
func TestTwoWorldsAreAlikeAfterChecks(t *testing.T) {
	p := newPair(t, worlds.Options{})
	if err := p.Play(t.Context(), worlds.Checks()...); err != nil {
		t.Fatal(err)
	}
	f, err := p.Probe(t.Context(), 5, 24)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Differences {
		t.Error(d)
	}
	for rpc, excused := range map[string][]string{
		"AgencyService/WhoAmI":                       {"unit", "limits.check_budgets.type"}, // nobody has a unit, or a budget of one kind
		"InboxService/ReadInbox":                     {"events.trust.effective_time"},       // nobody recovers
		"IntelligenceService/QueryIntelligenceItems": {"total_capped"},                      // see TestComparingEndsEarly
		"MatchService/CheckIdentifiers":              {},
		"MatchService/ListRepeatedChecks":            {"counted_from"}, // see TestCountingIsBounded
		"MatchService/ListUnfollowedChecks":          {},
		"SeizureService/QuerySeizureReports":         {"total_capped"},
		"StandingQueryService/CreateStandingQuery":   {},
		"StandingQueryService/ListStandingQueries":   {},
	} {
		fields, err := f.Unseen("entente.v1."+rpc, "Timestamp", "IntelligenceItem", "SeizureReport", "IntelligenceSummary", "SeizureSummary", "DutyContact",
			"AskedIdentifier", "StandingQueryDraft", "Justification")
		if err != nil {
			t.Fatal(err)
		}
		for _, unseen := range fields {
			if !slices.Contains(excused, unseen) {
				t.Errorf("%s: no answer has %s, so it was never compared", rpc, unseen)
			}
		}
	}
}
