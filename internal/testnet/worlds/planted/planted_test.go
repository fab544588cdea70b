package planted_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet/worlds"
	"github.com/seed-1d76a664/entente/internal/view"
)

// leak is a hub that knows more than it should.
type leak struct {
	rpc.Hub
	view *view.View
}

// total counts all records of the hub, not only those that the caller may see.
type total struct{ leak }

func (l total) QueryIntelligenceItems(ctx context.Context, c exchange.Call, req *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error) {
	answer, err := l.Hub.QueryIntelligenceItems(ctx, c, req)
	if err == nil && req.GetIncludeTotal() {
		answer.TotalSize = int64(l.view.Len())
	}
	return answer, err
}

// score weighs what matches by how many records there are, as a search engine's statistics do.
type score struct{ leak }

func (l score) QueryIntelligenceItems(ctx context.Context, c exchange.Call, req *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error) {
	answer, err := l.Hub.QueryIntelligenceItems(ctx, c, req)
	for _, m := range answer.GetMatches() {
		m.Score /= float64(l.view.Len())
	}
	return answer, err
}

// count counts all records of the hub among the reports of a summary.
type count struct{ leak }

func (l count) SummarizeSeizures(ctx context.Context, c exchange.Call, req *ententev1.SummarizeSeizuresRequest) (*ententev1.SummarizeSeizuresResponse, error) {
	answer, err := l.Hub.SummarizeSeizures(ctx, c, req)
	if err == nil {
		answer.Total.ReportCount = int64(l.view.Len())
	}
	return answer, err
}

// etag moves when anything in the hub changes.
type etag struct{ leak }

func (l etag) GetIntelligenceItem(ctx context.Context, c exchange.Call, req *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
	answer, err := l.Hub.GetIntelligenceItem(ctx, c, req)
	if err == nil {
		m := answer.GetIntelligenceItem().GetMetadata()
		m.Etag = fmt.Sprintf("%s%x", m.GetEtag()[:20], l.view.Len())
	}
	return answer, err
}

// link shows edges towards what the caller may not read, as their originator sees them.
type link struct{ leak }

func (l link) BatchGetIntelligenceItems(ctx context.Context, c exchange.Call, req *ententev1.BatchGetIntelligenceItemsRequest) (*ententev1.BatchGetIntelligenceItemsResponse, error) {
	answer, err := l.Hub.BatchGetIntelligenceItems(ctx, c, req)
	for _, row := range answer.GetResults() {
		if m := row.GetIntelligenceItem().GetMetadata(); m != nil {
			m.Links = l.all(m.GetName())
		}
	}
	return answer, err
}

// all are the edges of a record as the agency in its name sees them.
func (l leak) all(name string) (links []*ententev1.Link) {
	ref, _ := intel.ParseRecordName(name)
	_ = l.view.Read(func(s *view.Snapshot) error {
		r, err := s.Record(policy.Reader{Agency: ref.Agency, Region: s.Roster().Region(ref.Agency)}, ref.UID)
		if err == nil {
			links, err = r.AllLinks()
		}
		return err
	})
	return links
}

// length makes page tokens longer the more there is.
type length struct{ leak }

func (l length) QueryIntelligenceItems(ctx context.Context, c exchange.Call, req *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error) {
	plain := proto.CloneOf(req)
	plain.PageToken = strings.TrimRight(plain.GetPageToken(), "=")
	answer, err := l.Hub.QueryIntelligenceItems(ctx, c, plain)
	if err == nil && answer.GetNextPageToken() != "" {
		answer.NextPageToken += strings.Repeat("=", l.view.Len())
	}
	return answer, err
}

// text says more about a record that exists than about one that does not.
type text struct{ leak }

func (l text) GetIntelligenceItem(ctx context.Context, c exchange.Call, req *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error) {
	answer, err := l.Hub.GetIntelligenceItem(ctx, c, req)
	if ref, ok := intel.ParseRecordName(req.GetName()); ok && fault.KindOf(err) == fault.NotFound && l.exists(ref) {
		return nil, fault.New(fault.NotFound, "RECORD_NOT_FOUND", "The record exists and is not released to you.")
	}
	return answer, err
}

func (l leak) exists(ref intel.RecordRef) bool {
	return l.view.Read(func(s *view.Snapshot) error {
		_, err := s.Record(policy.Reader{Agency: ref.Agency, Region: s.Roster().Region(ref.Agency)}, ref.UID)
		return err
	}) == nil
}

// waits says in a receipt how many records of others share an identifier with what was submitted.
type waits struct{ leak }

func (l waits) SubmitIntelligenceItem(ctx context.Context, c exchange.Call, req *ententev1.SubmitIntelligenceItemRequest) (*ententev1.SubmitIntelligenceItemResponse, error) {
	answer, err := l.Hub.SubmitIntelligenceItem(ctx, c, req)
	if err == nil {
		answer.Receipt.Deconfliction = ententev1.Deconfliction(l.holders(req.GetDraft().GetPlain()))
	}
	return answer, err
}

// spends takes what is hidden off the budget of checks, as if each record that has the number were looked up.
type spends struct{ leak }

func (l spends) CheckIdentifiers(ctx context.Context, c exchange.Call, req *ententev1.CheckIdentifiersRequest) (*ententev1.CheckIdentifiersResponse, error) {
	answer, err := l.Hub.CheckIdentifiers(ctx, c, req)
	asked := new(ententev1.Subject)
	for _, id := range req.GetIdentifiers() {
		asked.Identifiers = append(asked.Identifiers, &ententev1.Identifier{Type: id.GetType(), RawValue: id.GetRawValue()})
	}
	for _, b := range answer.GetBudgets() {
		b.Remaining -= int64(l.holders(&ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{asked}}))
	}
	return answer, err
}

func (l leak) holders(content *ententev1.IntelligenceContent) (n int) {
	h := l.view.Hasher()
	for _, key := range index.ContentKeys(content) {
		_ = l.view.Query(func(s *view.Snapshot) error {
			n += s.Holders(h.Identifiers([]index.IdentifierKey{key}), 100)
			return nil
		})
	}
	return n
}

// Each planted leak makes the worlds differ, in the very RPC that leaks and in no other.
func TestPlantedLeaksAreFound(t *testing.T) {
	for name, leaking := range map[string]struct {
		in   string
		wrap func(leak) rpc.Hub
	}{
		"total":        {"IntelligenceService/QueryIntelligenceItems", func(l leak) rpc.Hub { return total{l} }},
		"score":        {"IntelligenceService/QueryIntelligenceItems", func(l leak) rpc.Hub { return score{l} }},
		"count":        {"SeizureService/SummarizeSeizures", func(l leak) rpc.Hub { return count{l} }},
		"etag":         {"IntelligenceService/GetIntelligenceItem", func(l leak) rpc.Hub { return etag{l} }},
		"link":         {"IntelligenceService/BatchGetIntelligenceItems", func(l leak) rpc.Hub { return link{l} }},
		"token length": {"IntelligenceService/QueryIntelligenceItems", func(l leak) rpc.Hub { return length{l} }},
		"budget":       {"MatchService/CheckIdentifiers", func(l leak) rpc.Hub { return spends{l} }},
		"what waits":   {"IntelligenceService/SubmitIntelligenceItem", func(l leak) rpc.Hub { return waits{l} }},
		"error text":   {"IntelligenceService/GetIntelligenceItem", func(l leak) rpc.Hub { return text{l} }},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := worlds.NewPair(t.Context(), worlds.Options{Dir: t.TempDir(), Wrap: func(h rpc.Hub, v *view.View) rpc.Hub { return leaking.wrap(leak{h, v}) }})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}()
			if err := p.Play(t.Context(), worlds.Script()...); err != nil {
				t.Fatal(err)
			}
			f, err := p.Probe(t.Context(), 1, 24)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Differences) == 0 {
				t.Error("the leak was not found")
			}
			for _, d := range f.Differences {
				if !strings.HasPrefix(d, "entente.v1."+leaking.in+" ") {
					t.Errorf("a difference elsewhere: %s", d)
				}
			}
		})
	}
}
