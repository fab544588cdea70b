package proofs_test

import (
	"fmt"
	"sync"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// TestLargeLogsComeInPages: reads of many records each make rows that do not all fit into one answer. Whoever asks for the largest page still gets all.
func TestLargeLogsComeInPages(t *testing.T) {
	const long = "it-a-name-that-is-as-long-as-names-may-b" // names in the logs are as long as they get
	n := newNet(t, long, britain)
	conn, err := n.DialBulk(long, "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	err = bulk(t.Context(), ententev1.NewIntelligenceServiceClient(conn), func() *write {
		if sent++; sent > 200 {
			return nil
		}
		return &write{request: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: draft(fmt.Sprint("item ", sent), britain)}}
	}, func(*write, *ententev1.Receipt) {})
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for reader := range 5 {
		client := items(t, n, britain)
		readers.Go(func() {
			for i := range 45 {
				page, err := client.QueryIntelligenceItems(t.Context(), &ententev1.QueryIntelligenceItemsRequest{Justification: why(fmt.Sprint("r", reader, "-", i)), PageSize: 200})
				if err != nil || len(page.GetIntelligenceItems()) != 200 {
					t.Errorf("%d items, %v", len(page.GetIntelligenceItems()), err)
				}
			}
		})
	}
	readers.Wait()
	rows := readership(t.Context(), t, ententev1.NewDisclosureServiceClient(dial(t, n, long, "/gateway")), 0)
	for i, d := range rows {
		if d.GetNumber() != int64(i+1) || len(d.GetNames()) != 200 {
			t.Fatalf("row %d is %v", i, d)
		}
	}
	read := consulted(t, n, britain)
	if len(rows) != 5*45 || len(read) != 5*45 {
		t.Errorf("%d reads are %d disclosures and %d consultations", 5*45, len(rows), len(read))
	}
}
