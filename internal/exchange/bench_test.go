package exchange_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

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

// BenchmarkPage reads a page of 50 summaries, without the edge.
func BenchmarkPage(b *testing.B) {
	w := newWorld(b)
	w.enrol("fr-ofast", "gb-nca")
	for i := range 1000 {
		w.submit("fr-ofast", benchDraft(int64(i)))
	}
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := w.QueryIntelligenceItems(b.Context(), call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{Justification: why(), PageSize: 50}); err != nil {
				b.Error(err)
			}
		}
	})
}
