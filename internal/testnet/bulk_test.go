package testnet_test

import (
	"io"
	"strconv"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// row is an item under the agency's own reference.
func row(i int, readers ...string) *ententev1.BulkSubmitIntelligenceItemsRequest {
	d := draft("row "+strconv.Itoa(i), readers...)
	d.OriginatorReference = "row-" + strconv.Itoa(i)
	return &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{
		Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: d},
	}}
}

// submitAll sends rows over the bulk listener and returns what came back.
func submitAll(t *testing.T, client ententev1.IntelligenceServiceClient, rows []*ententev1.BulkSubmitIntelligenceItemsRequest) ([]*ententev1.BulkSubmitIntelligenceItemsResult, *ententev1.BulkSubmitIntelligenceItemsSummary) {
	t.Helper()
	stream, err := client.BulkSubmitIntelligenceItems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	header := &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
		Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why()},
	}}
	sent := make(chan error, 1)
	go func() {
		for _, m := range append([]*ententev1.BulkSubmitIntelligenceItemsRequest{header}, rows...) {
			if err := stream.Send(m); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	var results []*ententev1.BulkSubmitIntelligenceItemsResult
	var summary *ententev1.BulkSubmitIntelligenceItemsSummary
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if m.GetSummary() != nil {
			summary = m.GetSummary()
			continue
		}
		results = append(results, m.GetResult())
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	return results, summary
}

// A thousand rows through everything, every hundredth of them wrong; a second run
// adds nothing; and what was taken is what its reader finds, byte for byte.
func TestBulkThroughEverything(t *testing.T) {
	n := newNet(t, nil)
	conn, err := n.DialBulk("fr-ofast", "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	client := ententev1.NewIntelligenceServiceClient(conn)
	const count = 1000
	rows := make([]*ententev1.BulkSubmitIntelligenceItemsRequest, count)
	for i := range rows {
		rows[i] = row(i, "gb-nca")
		if i%100 == 50 {
			rows[i] = row(i, "xx-nobody")
		}
	}
	results, summary := submitAll(t, client, rows)
	if !proto.Equal(summary, &ententev1.BulkSubmitIntelligenceItemsSummary{Received: count, Accepted: count - 10, Refused: 10}) {
		t.Errorf("the first run: %v", summary)
	}
	for i, r := range results {
		if wrong := i%100 == 50; r.GetIndex() != int64(i) || wrong != (codes.Code(r.GetError().GetCode()) == codes.InvalidArgument) || wrong == (r.GetReceipt() != nil) {
			t.Fatalf("row %d: %v", i, r)
		}
	}
	again, summary := submitAll(t, client, rows)
	if !proto.Equal(summary, &ententev1.BulkSubmitIntelligenceItemsSummary{Received: count, Unchanged: count - 10, Refused: 10}) {
		t.Errorf("the second run: %v", summary)
	}
	for _, i := range []int{0, 499, 999} {
		receipt := results[i].GetReceipt()
		if again[i].GetReceipt().GetName() != receipt.GetName() {
			t.Errorf("row %d has another name: %v", i, again[i])
		}
		answer, err := ententev1.NewIntelligenceServiceClient(dial(t, n, "gb-nca", "/gateway")).GetIntelligenceItem(t.Context(), &ententev1.GetIntelligenceItemRequest{
			Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: receipt.GetName()},
		})
		if err != nil {
			t.Fatal(err)
		}
		want, err := proto.Marshal(rows[i].GetRow().GetDraft().GetPlain())
		if err != nil {
			t.Fatal(err)
		}
		got := new(ententev1.IntelligenceContent)
		if err := proto.Unmarshal(answer.GetIntelligenceItem().GetPlainBytes(), got); err != nil || !proto.Equal(got, rows[i].GetRow().GetDraft().GetPlain()) || len(answer.GetIntelligenceItem().GetPlainBytes()) != len(want) {
			t.Errorf("row %d is read as %v (%v)", i, got, err)
		}
	}
}
