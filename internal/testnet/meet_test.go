package testnet_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/testnet/worlds"
)

const (
	pending = ententev1.Deconfliction_DECONFLICTION_PENDING
	asHit   = ententev1.Existence_EXISTENCE_HIT
)

// hand submits an item for an agency.
func hand(t *testing.T, n *testnet.Net, id string, d *ententev1.IntelligenceItemDraft) *ententev1.Receipt {
	t.Helper()
	answer, err := ententev1.NewIntelligenceServiceClient(dial(t, n, id, "/gateway")).SubmitIntelligenceItem(t.Context(),
		&ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
	if err != nil {
		t.Fatal(err, status.Convert(err).Details())
	}
	return answer.GetReceipt()
}

// wantMet wants an agency to have been told of these meetings: own record, the other's agency, the other record where it may be named.
func wantMet(t *testing.T, n *testnet.Net, id string, want ...string) {
	t.Helper()
	if err := n.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer, err := ententev1.NewInboxServiceClient(dial(t, n, id, "/gateway")).ReadInbox(t.Context(), &ententev1.ReadInboxRequest{
		Justification: why(), PageSize: 1000, Kinds: []ententev1.EventKind{ententev1.EventKind_EVENT_KIND_DECONFLICTION},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range answer.GetEvents() {
		d := e.GetDeconfliction()
		got = append(got, strings.TrimSpace(e.GetName()+" meets "+d.GetAgency()+" "+d.GetOtherName()))
		if len(d.GetShared()) != 1 || d.GetShared()[0].GetFieldPath() != "subjects[0].identifiers[0]" || d.GetShared()[0].GetNormalizedValue() == "" {
			t.Errorf("%s is told of %v", id, d.GetShared())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s is told %q, not %q", id, got, want)
	}
}

func meets(own *ententev1.Receipt, id string, other ...*ententev1.Receipt) string {
	text := own.GetName() + " meets agencies/" + id
	for _, x := range other {
		text += " " + x.GetName()
	}
	return text
}

// The play: three agencies hold the same numbers, each under another release, over two restarts and the end of a budget.
func TestMeetingsAmongThreeAgencies(t *testing.T) {
	source := worlds.NewSource(fromNoon().Now())
	o := testnet.Options{Dir: t.TempDir(), StillMatcher: true, Source: source}
	var err error
	if o.PKI, err = testnet.NewPKI("fr-ofast", "gb-nca", "de-bka"); err != nil {
		t.Fatal(err)
	}
	n := restart(t, nil, o)
	if err := n.Enrol(t.Context(), "fr-ofast", "gb-nca", "de-bka"); err != nil {
		t.Fatal(err)
	}
	const both, one, nobody, victims, helpline, later = "+33612345601", "+33612345602", "+33612345603", "+33612345604", "+33612345605", "+33612345606"
	operator := ententev1.NewMatchServiceClient(dial(t, n, "", "/operator"))
	if _, err := operator.EnrolBenignIdentifiers(t.Context(), &ententev1.EnrolBenignIdentifiersRequest{
		Label: "helpline", Identifiers: []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: helpline}},
	}); err != nil {
		t.Fatal(err)
	}
	french := map[string]*ententev1.Receipt{
		both: hand(t, n, "fr-ofast", phoned(both, asHit, []string{"agencies/gb-nca"})), one: hand(t, n, "fr-ofast", phoned(one, 0, nil, "gb-nca")),
		nobody: hand(t, n, "fr-ofast", phoned(nobody, asHit, []string{"agencies/gb-nca"})), helpline: hand(t, n, "fr-ofast", phoned(helpline, 0, nil, "gb-nca")),
		later: hand(t, n, "fr-ofast", phoned(later, asHit, []string{"agencies/gb-nca", "agencies/de-bka"})), victims: hand(t, n, "fr-ofast", ofVictim(victims, "gb-nca")),
	}
	n = restart(t, n, o) // nothing has been compared yet
	british := map[string]*ententev1.Receipt{}
	for _, number := range []string{both, one, nobody, victims, helpline} {
		d := phoned(number, ententev1.Existence_EXISTENCE_SILENT, nil)
		if number == both {
			d = phoned(number, asHit, []string{"agencies/fr-ofast"})
		}
		british[number] = hand(t, n, "gb-nca", d)
		hand(t, n, "de-bka", phoned(number, asHit, []string{"agencies/fr-ofast"}))
	}
	wantBritish := []string{meets(british[both], "fr-ofast"), meets(british[one], "fr-ofast", french[one]), meets(british[victims], "fr-ofast", french[victims])}
	wantMet(t, n, "gb-nca", wantBritish...)
	wantMet(t, n, "fr-ofast", meets(french[both], "gb-nca"))
	wantMet(t, n, "de-bka")
	n = restart(t, n, o)
	wantMet(t, n, "gb-nca", wantBritish...)

	// Germany's budget is spent: its next record waits for the next day, over a restart, and says so.
	if _, err := ententev1.NewMatchServiceClient(dial(t, n, "", "/operator")).SetCheckBudget(t.Context(), &ententev1.SetCheckBudgetRequest{Agency: "agencies/de-bka", PerDay: 1}); err != nil {
		t.Fatal(err)
	}
	german := hand(t, n, "de-bka", phoned(later, asHit, []string{"agencies/fr-ofast"}))
	if idle := hand(t, n, "de-bka", phoned("+33612345699", 0, nil)); german.GetDeconfliction() != pending || idle.GetDeconfliction() != pending {
		t.Errorf("receipts %v and %v", german, idle)
	}
	wantMet(t, n, "de-bka")
	n = restart(t, n, o)
	source.Pass(24 * time.Hour)
	if err := n.Hub.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantMet(t, n, "de-bka", meets(german, "fr-ofast"))
	wantMet(t, n, "fr-ofast", meets(french[both], "gb-nca"), meets(french[later], "de-bka"))
	restart(t, n, o)
}

// ofVictim is an item about the telephone of somebody whom the law protects.
func ofVictim(number string, readers ...string) *ententev1.IntelligenceItemDraft {
	d := phoned(number, 0, nil, readers...)
	d.GetPlain().Subjects[0].Kind = &ententev1.Subject_Person{Person: &ententev1.Person{
		Category: ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_VICTIM, AgeStatus: ententev1.AgeStatus_AGE_STATUS_ADULT,
	}}
	m := d.GetRelease().GetMarkings()
	m.ContainsProtectedPersons, m.NecessityStatement = true, "The person is a witness and known to the court."
	m.ReviewTime = timestamppb.New(time.Now().AddDate(0, 6, 0))
	return d
}

// restart closes a net, where there is one, and brings it up again; the last one is closed with the test.
func restart(t *testing.T, n *testnet.Net, o testnet.Options) *testnet.Net {
	t.Helper()
	if n != nil {
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
	n, err := testnet.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() }) // again, where it was closed before
	return n
}
