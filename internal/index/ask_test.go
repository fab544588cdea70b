package index

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// lines are the lines of a text that hold something.
func lines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// plain is a record that no query in the table means.
func plain() kept { return kept{agency: "fra", state: active, created: 1e15} }

const target = "agencies/fra/intelligenceItems/0190a0c0-0000-7000-8000-000000000001"

// fieldAsked is what a field of a query is asked, in prototext, and what it means:
// a plain record with one of yes said of it, but with none of no.
type fieldAsked struct {
	text    string
	yes, no []kept
}

// askedOfBoth has the fields that both kinds of record are asked for.
func askedOfBoth() map[string]fieldAsked {
	phone := func(raw string) []*ententev1.Identifier {
		return []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: raw}}
	}
	fields := map[string]fieldAsked{
		"originators": {
			text: `originators: ["agencies/ita", "agencies/jpn"]`,
			yes:  []kept{{agency: "ita"}, {agency: "jpn"}},
			no:   []kept{{}},
		},
		"case_reference": {
			text: `case_reference: "RG  12/2026"`,
			yes:  []kept{{agency: "ita", ownCase: "RG 12/2026"}, {agency: "ita", ownCase: " ｒｇ 12/2026 "}},
			no:   []kept{{ownCase: "RG 12/2026"}, {agency: "ita", ownCase: "RG 12/2027"}, {agency: "ita"}},
		},
		"received": {
			text: `received { start_time { seconds: 1500000000 nanos: 1000 } end_time { seconds: 1500000009 } }`,
			yes:  []kept{{created: 1500000000_000_001}, {created: 1500000009_000_000}},
			no:   []kept{{created: 1500000000_000_000}, {created: 1500000009_000_001}},
		},
		"observed": {
			text: `observed { start_time { seconds: 1000000000 } end_time { seconds: 1000600000 } }`,
			yes: []kept{
				{content: `observed { start_time { seconds: 1000000000 } end_time { seconds: 1000000000 } }`},
				{content: `observed { start_time { seconds: 900000000 } end_time { seconds: 1100000000 } }`},
				{content: `observed { end_time { seconds: 1000000000 } }`},
				{content: `observed { start_time { seconds: 1000600000 } }`},
			},
			no: []kept{
				{},
				{content: `observed { start_time { seconds: 1000600001 } }`},
				{content: `observed { start_time { seconds: 999990000 } end_time { seconds: 999999999 } }`},
				{content: `observed { start_time { seconds: 1000600000 } end_time { seconds: 1000000000 } }`},
			},
		},
		"crime_areas": {
			text: `crime_areas: [CRIME_AREA_IMMIGRANT_SMUGGLING, CRIME_AREA_TRAFFICKING_IN_HUMAN_BEINGS]`,
			yes:  []kept{{content: `crime_areas: CRIME_AREA_TRAFFICKING_IN_HUMAN_BEINGS`}},
			no:   []kept{{content: `route: SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN`}},
		},
		"routes": {
			text: `routes: [SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN]`,
			yes:  []kept{{content: `route: SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN`}},
			no:   []kept{{content: `route: SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN`}, {content: `crime_areas: 1`}},
		},
		"subject_types": {
			text: `subject_types: [SUBJECT_TYPE_VESSEL, SUBJECT_TYPE_PLACE]`,
			yes:  []kept{{content: `subjects { vessel {} }`}, {content: `subjects { person {} } subjects { place {} }`}},
			no:   []kept{{content: `subjects { vehicle {} }`}, {content: `subjects {}`}},
		},
		"identifiers": {
			text: `identifiers { type: IDENTIFIER_TYPE_PHONE_NUMBER raw_value: "+39 06 1234 5678" }`,
			yes:  []kept{{identifiers: phone("+39 (06) 1234-5678")}, {identifiers: append(phone("+33612345678"), phone("+390612345678")...)}},
			no:   []kept{{identifiers: phone("+390612345679")}},
		},
		"states": {
			text: `states: [RECORD_STATE_RECALLED]`,
			yes:  []kept{{agency: "ita", state: recalled}},
			no:   []kept{{state: recalled}, {agency: "ita"}},
		},
		"linked_to": {
			text: `linked_to: "` + target + `"`,
			yes:  []kept{{link: target}},
			no:   []kept{{link: strings.Replace(target, "0001", "0002", 1)}},
		},
		"other_labels": {
			text: `other_labels: ["Straße 7"]`,
			yes:  []kept{{content: `other_labels: "STRASSE  7"`}, {content: `subjects { person { other_role_label: "strasse 7" } }`}, {content: `subjects { equipment { other_label: "Strasse 7 " } }`}},
			no:   []kept{{content: `other_labels: "Strasse 8"`}, {content: `other_labels: "Strasse"`}},
		},
		"review_due": {
			text: `review_due: true`,
			yes:  []kept{{agency: "ita", review: now / 1e6}},
			no:   []kept{{agency: "ita", review: now/1e6 + 1}, {agency: "ita"}, {review: 1}},
		},
	}
	maps.Copy(fields, askedInWords())
	return fields
}

func askedOfItems() map[string]fieldAsked {
	fields := askedOfBoth()
	fields["crossing_methods"] = fieldAsked{
		text: `crossing_methods: [CROSSING_METHOD_SMALL_BOAT, CROSSING_METHOD_LARGE_VESSEL]`,
		yes:  []kept{{content: `crossing_methods: CROSSING_METHOD_SMALL_BOAT`}},
		no:   []kept{{content: `crime_areas: 1`}},
	}
	fields["evaluation_at_least"] = fieldAsked{
		text: `evaluation_at_least { europol { source: EUROPOL_SOURCE_EVALUATION_B information: EUROPOL_INFORMATION_EVALUATION_2 } }`,
		yes: []kept{
			{content: `evaluation { europol { source: EUROPOL_SOURCE_EVALUATION_B information: EUROPOL_INFORMATION_EVALUATION_2 } }`},
			{content: `evaluation { europol { source: EUROPOL_SOURCE_EVALUATION_A information: EUROPOL_INFORMATION_EVALUATION_1 } }`},
		},
		no: []kept{
			{},
			{content: `evaluation { europol { source: EUROPOL_SOURCE_EVALUATION_C information: EUROPOL_INFORMATION_EVALUATION_1 } }`},
			{content: `evaluation { europol { source: EUROPOL_SOURCE_EVALUATION_A information: EUROPOL_INFORMATION_EVALUATION_3 } }`},
			{content: `evaluation { europol { source: EUROPOL_SOURCE_EVALUATION_X information: EUROPOL_INFORMATION_EVALUATION_1 } }`},
			{content: `evaluation { admiralty { reliability: ADMIRALTY_RELIABILITY_A credibility: ADMIRALTY_CREDIBILITY_1 } }`},
		},
	}
	fields["urgencies"] = fieldAsked{
		text: `urgencies: [URGENCY_URGENT_INDIRECT_ACCESS]`,
		yes:  []kept{{content: `urgency: URGENCY_URGENT_INDIRECT_ACCESS`}},
		no:   []kept{{content: `urgency: URGENCY_ROUTINE`}, {}},
	}
	return fields
}

func askedOfReports() map[string]fieldAsked {
	fields := askedOfBoth()
	fields["asset_types"] = fieldAsked{
		text: `asset_types: [ASSET_TYPE_CASH]`,
		yes:  []kept{{content: `assets { type: ASSET_TYPE_FINANCIAL_ACCOUNT } assets { type: ASSET_TYPE_CASH }`}},
		no:   []kept{{content: `assets { type: ASSET_TYPE_FINANCIAL_ACCOUNT }`}, {}},
	}
	fields["values"] = fieldAsked{
		text: `values { currency_code: "EUR" at_least: 1500 at_most: 20000 }`,
		yes: []kept{
			{content: `assets { valuations { amount { currency_code: "EUR" units: 1500 } } }`},
			{content: `assets { valuations { amount { currency_code: "EUR" units: 1 } } valuations { amount { currency_code: "EUR" units: 20000 } } }`},
		},
		no: []kept{
			{content: `assets { valuations { amount { currency_code: "EUR" units: 1499 nanos: 999999999 } } }`},
			{content: `assets { valuations { amount { currency_code: "EUR" units: 20000 nanos: 1 } } }`},
			{content: `assets { valuations { amount { currency_code: "GBP" units: 2000 } } }`},
		},
	}
	fields["stages"] = fieldAsked{
		text: `stages: [RECOVERY_STAGE_TRACED, RECOVERY_STAGE_IDENTIFIED]`,
		yes:  []kept{{stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_IDENTIFIED}}},
		no:   []kept{{stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN}}, {}},
	}
	return fields
}

// kinds are both kinds of record with what they are asked.
func kinds() map[internalv1.RecordKind]map[string]fieldAsked {
	return map[internalv1.RecordKind]map[string]fieldAsked{item: askedOfItems(), report: askedOfReports()}
}

// TestEveryFieldIsAsked walks the fields of the query messages: each must have
// its row, and the row must set that field and no other. A field that is added
// to the wire fails here until it is handled.
func TestEveryFieldIsAsked(t *testing.T) {
	for kind, rows := range kinds() {
		d := newDesk(t, kind)
		fields := d.message().ProtoReflect().Descriptor().Fields()
		for i := range fields.Len() {
			name := string(fields.Get(i).Name())
			row, ok := rows[name]
			if !ok {
				t.Errorf("%s: the field %s is not asked for", kind, name)
				continue
			}
			m := d.message()
			d.read(row.text, m)
			for k := range fields.Len() {
				if has := m.ProtoReflect().Has(fields.Get(k)); has != (k == i) {
					t.Errorf("%s: the row of %s sets %s: %v", kind, name, fields.Get(k).Name(), has)
				}
			}
		}
		if len(rows) != fields.Len() {
			t.Errorf("%s: %d rows for %d fields", kind, len(rows), fields.Len())
		}
	}
}

// TestEveryFieldTells says of each field which records it finds and which not.
func TestEveryFieldTells(t *testing.T) {
	for kind, rows := range kinds() {
		d := newDesk(t, kind)
		for name, row := range rows {
			for i, k := range row.yes {
				if !d.finds(row.text, plain().and(k)) {
					t.Errorf("%s: %s does not find %d", kind, name, i)
				}
			}
			for i, k := range append(row.no, kept{}) {
				if d.finds(row.text, plain().and(k)) {
					t.Errorf("%s: %s finds %d", kind, name, i)
				}
			}
		}
	}
}

// TestFieldsTogether asks for each two fields at once: a record is found if
// and only if each of the two finds it.
func TestFieldsTogether(t *testing.T) {
	for kind, rows := range kinds() {
		delete(rows, "states") // says more than a condition: it lifts one
		d := newDesk(t, kind)
		names := slices.Sorted(maps.Keys(rows))
		for i, a := range names {
			for _, b := range names[i+1:] {
				for _, k := range []kept{rows[a].yes[0], rows[b].yes[0], rows[a].yes[0].and(rows[b].yes[0])} {
					k = plain().and(k)
					want := d.finds(rows[a].text, k) && d.finds(rows[b].text, k)
					if got := d.finds(rows[a].text+"\n"+rows[b].text, k); got != want {
						t.Errorf("%s: %s and %s: %v, want %v", kind, a, b, got, want)
					}
				}
			}
		}
	}
}

// TestNothingAskedFindsAllVisible says what a nil message finds: what is
// active, released, of the kind, and not past its review unless it is one's own.
func TestNothingAskedFindsAllVisible(t *testing.T) {
	for kind := range kinds() {
		d := newDesk(t, kind)
		d.file(plain())                                       // 1
		d.file(plain().and(kept{agency: "ita", review: 1}))   // 2
		d.file(plain().and(kept{review: 1}))                  // 3: due, of another
		d.file(plain().and(kept{state: recalled}))            // 4
		d.file(plain().and(kept{agency: "ita", review: now})) // 5
		var nothing Query
		if kind == item {
			nothing = d.hasher.ItemQuery(nil, d.italy())
		} else {
			nothing = d.hasher.SeizureQuery(nil, d.italy())
		}
		if found := numbers(d.x, nothing, 9); !slices.Equal(found, []Number{5, 2, 1}) {
			t.Errorf("%s: %v", kind, found)
		}
	}
}

// TestKindsAreApart says that a query for one kind never finds the other.
func TestKindsAreApart(t *testing.T) {
	items, reports := newDesk(t, item), newDesk(t, report)
	items.file(plain())
	reports.file(plain())
	if found := numbers(items.x, items.hasher.SeizureQuery(nil, items.italy()), 9); found != nil {
		t.Error("a report that is an item", found)
	}
	if found := numbers(reports.x, reports.hasher.ItemQuery(nil, reports.italy()), 9); found != nil {
		t.Error("an item that is a report", found)
	}
}

// TestWhoIsNobodyFindsNothing takes from the asker what finding stands on.
func TestWhoIsNobodyFindsNothing(t *testing.T) {
	d := newDesk(t, item)
	own := plain().and(kept{agency: "ita", link: target, ownCase: "1", review: 1})
	d.file(own)
	for name, tc := range map[string]struct {
		text   string
		change func(*Ask)
		found  int
	}{
		"itself":                      {``, func(*Ask) {}, 1},
		"no audience":                 {``, func(a *Ask) { a.Audience = nil }, 0},
		"an audience without records": {``, func(a *Ask) { a.Audience = AnyOf{d.hasher.Audience("a1")} }, 0},
		"target readable":             {`linked_to: "` + target + `"`, func(*Ask) {}, 1},
		"target not readable":         {`linked_to: "` + target + `"`, func(a *Ask) { a.TargetReadable = false }, 0},
		"case of another":             {`case_reference: "1"`, func(a *Ask) { a.Agency = "fra" }, 0},
		"due to another":              {`review_due: true`, func(a *Ask) { a.Agency, a.Owner = "fra", 2 }, 0},
		"due to nobody":               {`review_due: true`, func(a *Ask) { a.Agency, a.Owner = "", 0 }, 0},
		"recalled, by nobody":         {`states: RECORD_STATE_RECALLED`, func(a *Ask) { a.Agency, a.Owner = "", 0 }, 0},
		"not the name of an agency":   {`originators: "ita"`, func(*Ask) {}, 0},
		"an originator and a non-name": {
			`originators: ["ita", "agencies/ita"]`, func(*Ask) {}, 1,
		},
		"identifier without a form": {`identifiers { type: IDENTIFIER_TYPE_PHONE_NUMBER raw_value: "+390612345678" }`, func(*Ask) {}, 0},
		"a label of nothing":        {`other_labels: " "`, func(*Ask) {}, 0},
	} {
		ask := d.italy()
		tc.change(&ask)
		if found := numbers(d.x, d.query(tc.text, ask), 9); len(found) != tc.found {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// TestIdentifierWithoutForm says that an identifier asked for whose forms are
// not handed over finds nothing, rather than everything.
func TestIdentifierWithoutForm(t *testing.T) {
	d := newDesk(t, item)
	d.file(plain())
	q := &ententev1.IntelligenceItemQuery{Identifiers: []*ententev1.Identifier{{}}}
	if found := numbers(d.x, d.hasher.ItemQuery(q, d.italy()), 9); found != nil {
		t.Error(found)
	}
}

// TestOthersSeeOnlyActive says that all states may be asked for, and what
// others than the originator get.
func TestOthersSeeOnlyActive(t *testing.T) {
	d := newDesk(t, item)
	for _, agency := range []intel.AgencyID{"ita", "fra"} {
		d.file(plain().and(kept{agency: agency}))
		d.file(plain().and(kept{agency: agency, state: recalled}))
	}
	q := d.query(`states: [RECORD_STATE_ACTIVE, RECORD_STATE_RECALLED]`, d.italy())
	if found := numbers(d.x, q, 9); !slices.Equal(found, []Number{3, 2, 1}) {
		t.Error(found)
	}
	q = d.query(`states: RECORD_STATE_ACTIVE`, d.italy())
	if found := numbers(d.x, q, 9); !slices.Equal(found, []Number{3, 1}) {
		t.Error(found)
	}
}

// TestUrgencyNotStatedIsRoutine is what the wire says of urgency.
func TestUrgencyNotStatedIsRoutine(t *testing.T) {
	d := newDesk(t, item)
	for _, content := range []string{``, `urgency: URGENCY_ROUTINE`} {
		if !d.finds(`urgencies: URGENCY_ROUTINE`, plain().and(kept{content: content})) {
			t.Errorf("%q is not found", content)
		}
	}
}

// TestAssetLabels says that the label of an asset is one as any other.
func TestAssetLabels(t *testing.T) {
	d := newDesk(t, report)
	if !d.finds(`other_labels: "Jet Ski"`, plain().and(kept{content: `assets { other_label: "jet ski" }`})) {
		t.Error("not found")
	}
}
