package exchange_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
)

// What a query finds by one field, a standing query finds by it too: also by the case, which is the asking agency's own.
func TestStandingQueriesAskByEachField(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	w.matching()
	target := w.submit("fr-ofast", about("Target", to("gb-nca"))).GetName()
	d := about("Boats", to("gb-nca"), "+33612345601")
	d.CaseReference = "OP Cork"
	d.Links = []*ententev1.Link{{Target: target, Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}}
	plain := d.GetPlain()
	plain.Route, plain.OtherLabels = ententev1.SmugglingRoute_SMUGGLING_ROUTE_OTHER, []string{"By lorry"}
	plain.CrossingMethods = []ententev1.CrossingMethod{ententev1.CrossingMethod_CROSSING_METHOD_SMALL_BOAT}
	plain.Observed = new(ententev1.Interval)
	if err := prototext.Unmarshal([]byte(`start_time { seconds: 1700000000 } end_time { seconds: 1700000000 }`), plain.GetObserved()); err != nil {
		t.Fatal(err)
	}
	queries := map[string]*ententev1.IntelligenceItemQuery{}
	var names, told []string
	for _, text := range []string{
		`originators: "agencies/fr-ofast"`, `case_reference: "op cork"`, `received { start_time { seconds: 1 } }`,
		`observed { start_time { seconds: 1699999999 } end_time { seconds: 1700000001 } }`, `crime_areas: CRIME_AREA_IMMIGRANT_SMUGGLING`,
		`routes: SMUGGLING_ROUTE_OTHER`, `crossing_methods: CROSSING_METHOD_SMALL_BOAT`, `subject_types: SUBJECT_TYPE_PHONE`,
		`identifiers { type: IDENTIFIER_TYPE_PHONE_NUMBER raw_value: "+33 6 12 34 56 01" }`, `urgencies: URGENCY_ROUTINE`,
		`evaluation_at_least { europol { source: EUROPOL_SOURCE_EVALUATION_B information: EUROPOL_INFORMATION_EVALUATION_3 } }`,
		`states: [RECORD_STATE_ACTIVE, RECORD_STATE_RECALLED]`, `linked_to: "` + target + `"`, `other_labels: "BY LORRY"`,
		`case_reference: "OP CORK" text: "boat" any_of { urgencies: URGENCY_ROUTINE }`,
	} {
		q := new(ententev1.IntelligenceItemQuery)
		if err := prototext.Unmarshal([]byte(text), q); err != nil {
			t.Fatal(text, err)
		}
		name := w.stand(call("fr-ofast"), itemsWhere(text, q)).GetName()
		queries[name], names = q, append(names, name)
	}
	boats := w.submit("fr-ofast", d).GetName()
	for _, name := range names {
		if found := w.query("fr-ofast", queries[name]); len(found) == 0 || found[0] != boats {
			t.Errorf("%v finds %v", queries[name], found)
		}
		told = append(told, match(name, boats, 1))
	}
	all := w.matches(call("fr-ofast"), "")
	for i, one := range told {
		if !slices.Contains(all, one) {
			t.Errorf("%v tells nothing", queries[names[i]])
		}
	}
	want(t, "told", all, told)
	want(t, "gb-nca", w.matches(call("gb-nca"), ""), nil)
}

// A standing query that comes between the matcher's looks at queries and at records is asked of the records that come after it.
func TestStandingQueryBetweenTwoLooks(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	var told string
	overtaken, err := exchange.Overtaken(w.Hub, func() {
		q := w.stand(call("gb-nca"), numbersOf("number", "+33612345601"))
		told = match(q.GetName(), w.submit("fr-ofast", about("Boats", to("gb-nca"), "+33612345601")).GetName(), 1)
	})
	if err != nil || overtaken {
		t.Error("records are looked at without a standing query that was there before them: ", err)
	}
	w.matching()
	want(t, "told", w.matches(call("gb-nca"), ""), []string{told})
}
