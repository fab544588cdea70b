package exchange_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/genproto/googleapis/type/latlng"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// benchDraft is an item of about 2 KB.
func benchDraft(n int64) *ententev1.IntelligenceItemDraft {
	d := item(fmt.Sprint("Item ", n), to("gb-nca"))
	d.GetPlain().Narrative = strings.Repeat("A black inflatable of nine metres was bought in Lille and driven to the coast by night. ", 20)
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "s1", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}},
		Identifiers: []*ententev1.Identifier{
			{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: fmt.Sprintf("+336%08d", n%100_000_000)},
		},
	}}
	return d
}

// BenchmarkSubmit submits items of 2 KB with 64 callers, without the edge: decided, sealed, indexed, durable.
func BenchmarkSubmit(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := w.SubmitIntelligenceItem(b.Context(), call("fr-ofast"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: benchDraft(n.Add(1))}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkGet reads one of 1,000 items with 64 callers, without the edge: decided, put on record, durable.
func BenchmarkGet(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	names := make([]string, 1000)
	for i := range names {
		names[i] = w.submit("fr-ofast", benchDraft(int64(i))).GetName()
	}
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := w.GetIntelligenceItem(b.Context(), call("gb-nca"), &ententev1.GetIntelligenceItemRequest{
				Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: names[n.Add(1)%1000]},
			}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkPage reads the newest page of 50, as summaries and in full, without the edge: 32 callers a processor share the commits that put it on record. With
// -cpu 1 it tells what one processor takes.
func BenchmarkPage(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	for i := range 1000 {
		w.submit("fr-ofast", benchDraft(int64(i)))
	}
	for name, view := range map[string]ententev1.RecordView{
		"summary": ententev1.RecordView_RECORD_VIEW_SUMMARY, "full": ententev1.RecordView_RECORD_VIEW_FULL,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(32)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := w.QueryIntelligenceItems(b.Context(), call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{
						Justification: why(), PageSize: 50, View: view,
					}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkFind asks for the newest 50 of 3,000 items in ways that the index answers alone and in ways that need records opened, one caller, without
// the edge: walked, opened, compared, decided, put on record, durable.
func BenchmarkFind(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	names := []string{"Mohammed Karimi", "Anna Schmidt", "Yusuf Demir", "Giorgos Nikolaou", "Trần Văn Nam"}
	for n := range int64(3000) {
		d := benchDraft(n)
		d.GetPlain().Narrative += fmt.Sprintf("Word%d and warehouse%d.", n%100, n%10)
		d.GetPlain().Places = []*ententev1.Place{{Point: &latlng.LatLng{Latitude: 50 + float64(n%200)/100, Longitude: 1 + float64(n%300)/100}}}
		d.GetPlain().Subjects = append(d.GetPlain().Subjects, &ententev1.Subject{
			SubjectId: "s2", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: fmt.Sprint(names[n%5], " ", n%40)}},
		}, &ententev1.Subject{
			SubjectId: "s3", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: "Hussein Khaled " + family(n%400)}},
		})
		w.submit("fr-ofast", d)
	}
	near := []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: &latlng.LatLng{Latitude: 51, Longitude: 2}, RadiusMeters: 10_000}}}}
	for _, bench := range []struct {
		name  string
		order ententev1.QueryOrder
		query *ententev1.IntelligenceItemQuery
	}{
		{name: "words", query: &ententev1.IntelligenceItemQuery{Text: "word7 boughten inflatables"}},
		{name: "beginning", query: &ententev1.IntelligenceItemQuery{Text: "wareh*"}},
		{name: "phrase", query: &ententev1.IntelligenceItemQuery{Text: `"word7 and"`}},
		{name: "name", query: &ententev1.IntelligenceItemQuery{Names: []string{"محمد كريمي"}}},
		{name: "common_name", query: &ententev1.IntelligenceItemQuery{Names: []string{"حسين Khalid " + family(7)}}},
		{name: "near", query: &ententev1.IntelligenceItemQuery{Places: near}},
		{name: "part", query: &ententev1.IntelligenceItemQuery{IdentifierParts: []*ententev1.IdentifierPart{
			{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, Part: &ententev1.IdentifierPart_EndsWith{EndsWith: "123"}},
		}}},
		{name: "best", order: ententev1.QueryOrder_QUERY_ORDER_BEST_MATCH_FIRST, query: &ententev1.IntelligenceItemQuery{Text: "warehouse7"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				answer, err := w.QueryIntelligenceItems(b.Context(), call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{
					Justification: why(), Query: bench.query, Order: bench.order, View: ententev1.RecordView_RECORD_VIEW_SUMMARY,
				})
				if err != nil {
					b.Fatal(err)
				}
				rows = len(answer.GetIntelligenceItems())
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// family is the n-th of many names that have little in common.
func family(n int64) string {
	const letters = "bdfgklmnprstaeiou"
	name, sum := make([]byte, 8), sha256.Sum256([]byte(fmt.Sprint(n)))
	for i := range name {
		name[i] = letters[int(sum[i])%len(letters)]
	}
	return string(name)
}
