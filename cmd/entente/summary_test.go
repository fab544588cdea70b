package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// seizure is a draft in YAML: cash and a thing, with values and steps.
type seizure struct {
	title, country, to, kind, month string
	cash, thing, sold               int
	currency                        string
}

func (s seizure) draft() string {
	draft := fmt.Sprintf(`{plain: {title: %q, languageCode: en, crimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING], places: [{regionCode: %s}],
 observed: {startTime: "2026-%s-03T06:00:00Z"}, assets: [
 {assetId: cash, type: ASSET_TYPE_CASH, description: notes, valuations: [{amount: {currencyCode: %s, units: %d}, valuedOn: "2026-%s-03", basis: VALUATION_BASIS_FACE}]},
 {assetId: thing, type: ASSET_TYPE_%s, description: thing, valuations: [{amount: {currencyCode: %s, units: %d, nanos: 500000000}, valuedOn: "2026-%s-04", basis: VALUATION_BASIS_APPRAISAL}]}]},
 release: {audience: {agencies: [%s]}, markings: {classification: CLASSIFICATION_CEILING_NOT_CLASSIFIED}},
 recoverySteps: [{assetId: cash, stage: RECOVERY_STAGE_SEIZED, stepDate: "2026-%s-03"}, {assetId: thing, stage: RECOVERY_STAGE_FROZEN, stepDate: "2026-%s-04"}`,
		s.title, s.country, s.month, s.currency, s.cash, s.month, s.kind, s.currency, s.thing, s.month, s.to, s.month, s.month)
	if s.sold > 0 {
		draft += fmt.Sprintf(`, {assetId: thing, stage: RECOVERY_STAGE_DISPOSED, stepDate: "2026-10-20", confiscationBasis: CONFISCATION_BASIS_CONVICTION,
 disposalMethod: DISPOSAL_METHOD_SALE, valuation: {amount: {currencyCode: %s, units: %d}, basis: VALUATION_BASIS_REALISED}}`, s.currency, s.sold)
	}
	return draft + "]}\n"
}

// seizures of three agencies: those of the play, one of which Britain does not see.
func seizures() map[string][]seizure {
	return map[string][]seizure{
		"fr": {
			{title: "Lock-up in Calais", country: "FR", to: "agencies/gb-nca", kind: "MARINE_EQUIPMENT", month: "02", cash: 48550, thing: 21400, currency: "EUR"},
			{title: "Van near Dunkirk", country: "FR", to: "agencies/gb-nca", kind: "MOTOR_VEHICLE", month: "05", cash: 12300, thing: 9800, sold: 7250, currency: "EUR"},
			{title: "Farm at Gravelines", country: "BE", to: "agencies/gb-nca", kind: "MARINE_EQUIPMENT", month: "09", cash: 3100, thing: 33750, currency: "EUR"},
			{title: "Not for Britain", country: "FR", to: "agencies/it-gdf", kind: "AIRCRAFT", month: "06", cash: 999_999, thing: 1_000_000, currency: "EUR"},
		},
		"it": {
			{title: "Harbour of Trapani", country: "IT", to: "agencies/gb-nca, agencies/fr-ofast", kind: "VESSEL", month: "03", cash: 131_902, thing: 60_000, currency: "EUR"},
			{title: "Workshop in Bari", country: "IT", to: "agencies/gb-nca", kind: "VESSEL", month: "07", cash: 8_000, thing: 44_000, sold: 39_500, currency: "EUR"},
		},
		"gb": {
			{title: "Flat in Leeds", country: "GB", to: "agencies/fr-ofast", kind: "JEWELLERY_WATCHES", month: "04", cash: 23_410, thing: 15_200, currency: "GBP"},
		},
	}
}

const testRates = `{name: Rates of the play, date: 2026-11-02, currencyCode: EUR, rates: [{currencyCode: GBP, rate: "1.1432"}]}`

// seize submits all of it.
func (w *world) seize() {
	w.t.Helper()
	for _, who := range []string{"fr", "it", "gb"} {
		for i, s := range seizures()[who] {
			w.ok("--context", who, "seizure", "submit", "-f", w.write(fmt.Sprint(who, i, ".yaml"), []byte(s.draft())))
		}
	}
}

// well reads a picture to its end: it is XML, and has a title.
func well(t *testing.T, picture string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(picture, "<title>") {
		t.Error("the picture has no title")
	}
}

// anyDay takes out of a picture the day on which it was made, and the names of records: neither is twice the same.
func anyDay(text string) string {
	text = regexp.MustCompile(`, on 20\d\d-\d\d-\d\d; other`).ReplaceAllString(text, ", on 2026-11-25; other")
	text = regexp.MustCompile(`received 20\d\d-\d\d-\d\d<`).ReplaceAllString(text, "received 2026-11-25<")
	return regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`).ReplaceAllString(text, "01930000-0000-7000-8000-000000000000")
}

// pictured compares with a picture of the docs.
func pictured(t *testing.T, name, got string) {
	t.Helper()
	well(t, got)
	path := filepath.Join("..", "..", "docs", "pictures", name)
	if *update {
		if err := os.WriteFile(path, []byte(anyDay(got)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != anyDay(got) {
		t.Errorf("docs/pictures/%s is not what the command draws, %v; run the test with -update and look at it", name, err)
	}
}

// Three agencies, over mutual TLS: Britain sums what it may see, in the terminal, as a picture and as numbers.
func TestSummaryPlay(t *testing.T) {
	w := newWorldWith(t, "it-gdf")
	w.seize()
	rates := w.write("rates.yaml", []byte(testRates))
	picture := w.file("sum.svg")
	out := w.ok("--context", "gb", "seizure", "summary", "--by", "asset-type", "--rates", rates, "--svg", picture, "--title", "Seized in 2026 <Channel & Sicily>", "--since", "2026-01-01")
	golden(t, "summary.txt", anyDay(out))
	drawn, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	pictured(t, "seizures.svg", string(drawn))

	got := w.json("--context", "gb", "seizure", "summary", "--by", "stage,year", "--rates", rates)
	total, ok := got["total"].(map[string]any)
	if !ok || total["assetCount"] != "12" || total["reportCount"] != "6" {
		t.Errorf("Britain counts %v", total)
	}
	if got := cell(first(total["convertedSums"]), "amount"); got != "230614.312" {
		t.Errorf("Britain converts to %s", got)
	}
	total, _ = w.json("--context", "it", "seizure", "summary")["total"].(map[string]any)
	if total["assetCount"] != "6" {
		t.Errorf("Italy counts %v", total)
	}
	if out := w.ok("--context", "it", "seizure", "summary", "--by", "agency,country,quarter", "--show", "count"); strings.Contains(out, "gb-nca") || strings.Contains(out, "Value") {
		t.Errorf("Italy sees\n%s", out)
	}
	d := w.json("--context", "it", "disclosure", "list")
	if rows, _ := d["disclosures"].([]any); len(rows) != 2 {
		t.Errorf("Italy hears of %v", d)
	}
}

// first is the first of a list.
func first(list any) any {
	rows, _ := list.([]any)
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// What the flags cannot mean is said before anything is sent.
func TestSummaryFlags(t *testing.T) {
	s := newScript(t)
	for _, args := range [][]string{{"--by", "colour"}, {"--by", "month,year"}, {"--period-of", "birth"}, {"--show", "weight"}, {"--rates", "no-such-file"}} {
		s.fails(exitUsage, nil, append([]string{"seizure", "summary"}, args...)...)
	}
	if len(s.requests) > 0 {
		t.Errorf("sent: %v", s.requests)
	}
}

// --all goes on page after page and adds up; without it the rest is spoken of.
func TestSummaryGoesOn(t *testing.T) {
	s := newScript(t)
	s.unary = func(_ int, _ string, in proto.Message) (proto.Message, error) {
		ask, _ := in.(*ententev1.SummarizeSeizuresRequest)
		answer := &ententev1.SummarizeSeizuresResponse{Total: &ententev1.SeizureGroup{AssetCount: 5, ReportCount: 2}}
		if ask.GetPageToken() == "" {
			answer.Capped, answer.NextPageToken, answer.CountedFrom = true, "on", timestamppb.New(time.Unix(1_790_000_000, 0))
		}
		return answer, nil
	}
	out, said := s.ok("seizure", "summary")
	if !strings.Contains(out, "5 assets in 2 reports") || !strings.Contains(said, "--all") || !strings.Contains(out, "There are more reports") {
		t.Errorf("%s%s", out, said)
	}
	if out, said = s.ok("seizure", "summary", "--all"); !strings.Contains(out, "10 assets in 4 reports") || strings.Contains(said, "--all") {
		t.Errorf("%s%s", out, said)
	}
	if len(s.taken()) != 3 {
		t.Errorf("asked %d times", len(s.requests))
	}
}
