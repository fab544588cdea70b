package exchange_test

import (
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// What a submit leaves for the matcher is what the matcher would read from the record, identifier by identifier, for both kinds of records.
func TestForeseenIsWhatIsRead(t *testing.T) {
	w := newWorld(t)
	agencies := corpus.Agencies()
	w.enrol(agencies...)
	drafts := corpus.New(1)
	for n := range 40 {
		if _, err := w.SubmitIntelligenceItem(t.Context(), call(agencies[drafts.Owner(n)]), &ententev1.SubmitIntelligenceItemRequest{
			Justification: why(), Draft: drafts.Item(n),
		}); err != nil {
			t.Fatal(err)
		}
	}
	d := report(to(agencies[1]))
	d.GetPlain().GetAssets()[0].Identifiers = []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: "+33 6 12 34 56 78"}}
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "s", Identifiers: []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: "+44 7700 900123"}, {Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: "+33 6 12 34 56 78"}},
		Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: "Boats"}},
	}}
	w.seize(agencies[0], d)
	foreseen := 0
	for number := range uint64(41) {
		left, remembered, read, err := exchange.Understood(w.Hub, number+1)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(remembered) // a report's are read in another order
		slices.Sort(read)
		if !slices.Equal(remembered, read) {
			t.Errorf("record %d: remembered %v, read %v", number+1, remembered, read)
		}
		if left {
			foreseen += len(read)
		}
	}
	if foreseen < 100 {
		t.Errorf("%d identifiers were remembered; they should nearly all have been", foreseen)
	}
}

// A submit of the past leaves nothing: it is compared with nothing.
func TestHistoryIsNotForeseen(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.submitHistory(about("old", to("gb-nca"), "+33612345678"))
	left, _, read, err := exchange.Understood(w.Hub, 1)
	if err != nil || left || len(read) != 1 {
		t.Fatalf("left %v, read %v, %v", left, read, err)
	}
}
