package exchange_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// BenchmarkPrepare makes commands of the corpus's items, as a bulk stream does, without the edge and without handing them over: read, decided,
// sealed, their terms made. What it reports is the whole cost of a submit before the journal has it, but for decoding it and its rules.
func BenchmarkPrepare(b *testing.B) {
	w := newWorld(b)
	w.enrol(corpus.Agencies()...)
	stream, err := w.BeginIntelligenceItems(b.Context(), call(corpus.Agencies()[0]), &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why()})
	if err != nil {
		b.Fatal(err)
	}
	c, rows := corpus.New(1), make([]*ententev1.BulkSubmitIntelligenceItemsRow, 2000)
	for n := range rows {
		d := c.Item(13 * n)
		if d.PlainBytes, err = proto.Marshal(d.GetPlain()); err != nil { // as the edge does
			b.Fatal(err)
		}
		rows[n] = &ententev1.BulkSubmitIntelligenceItemsRow{Draft: d}
	}
	for _, row := range rows[:10] {
		if _, err := stream.Enqueue(stream.Prepare(row)).Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	rows = rows[10:]
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		stream.Prepare(rows[n%len(rows)])
	}
}
