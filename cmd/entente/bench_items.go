package main

import (
	"slices"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

func benchWhy() *ententev1.Justification {
	return &ententev1.Justification{Officer: "bench", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_EXERCISE, Reason: "benchmark"}
}

// number is which record of the corpus an agency's n-th is. With a hub that runs already the
// connections of its one agency stand for agencies.
func (b *bencher) number(agency, n int) int { return agency + n*len(corpus.Agencies()) }

// release is that of a record of the corpus. With a hub that runs already nobody else's name
// is known: what would be for others stays its owner's.
func (b *bencher) release(n int) *ententev1.Release {
	r := b.corpus.Release(n)
	if b.remote != nil {
		r.Audience.Agencies = nil
	}
	return r
}

func (b *bencher) item(n int) *ententev1.IntelligenceItemDraft {
	d := b.corpus.Item(n)
	d.Release = b.release(n)
	return d
}

// readers are the connections whose agencies may read an agency's record.
func (b *bencher) readers(agency, n int) []int {
	var to []int
	audience := b.release(b.number(agency, n)).GetAudience()
	for i, id := range corpus.Agencies()[:len(b.conns)] {
		if b.remote != nil || audience.GetAllPartners() || i == agency || slices.Contains(audience.GetAgencies(), "agencies/"+id) {
			to = append(to, i)
		}
	}
	return to
}

// row is an agency's n-th row of a bulk stream of items, and how long its content is.
func (b *bencher) row(agency, n int) (encoded []byte, size int) {
	d := b.item(b.number(agency, n))
	return encode(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{
		Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: d},
	}}), proto.Size(d.GetPlain())
}

// report is the row of an agency's n-th record where that is a report of a seizure.
func (b *bencher) report(agency, n int) []byte {
	d := b.corpus.Seizure(b.number(agency, n))
	d.Release = b.release(b.number(agency, n))
	return encode(&ententev1.BulkSubmitSeizureReportsRequest{Message: &ententev1.BulkSubmitSeizureReportsRequest_Row{
		Row: &ententev1.BulkSubmitSeizureReportsRow{Draft: d},
	}})
}

func bulkHeader(history bool) []byte {
	return encode(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
		Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: benchWhy(), History: history},
	}})
}

func reportsHeader(history bool) []byte {
	return encode(&ententev1.BulkSubmitSeizureReportsRequest{Message: &ententev1.BulkSubmitSeizureReportsRequest_Header{
		Header: &ententev1.BulkSubmitSeizureReportsHeader{Justification: benchWhy(), History: history},
	}})
}
