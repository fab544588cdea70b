package demo

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// player is one certificate at work: an agency's gateway, its laptop, its
// administrator, its supervisor, or the operator.
type player struct {
	agency agency
	conn   *grpc.ClientConn

	agencies    ententev1.AgencyServiceClient
	groups      ententev1.GroupServiceClient
	items       ententev1.IntelligenceServiceClient
	seizures    ententev1.SeizureServiceClient
	inboxes     ententev1.InboxServiceClient
	disclosures ententev1.DisclosureServiceClient
}

// door is how to reach a hub.
type door struct {
	address, hub, authority string
}

// enter connects with the certificate in the files.
func (d door) enter(a agency, cert, key string) (*player, error) {
	own, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	bundle, err := os.ReadFile(d.authority)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	roots, err := identity.ParseBundle(string(bundle))
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	config, err := identity.ClientConfig(own, identity.Pool(roots), d.hub)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	conn, err := grpc.NewClient(d.address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return &player{
		agency: a, conn: conn,
		agencies: ententev1.NewAgencyServiceClient(conn), groups: ententev1.NewGroupServiceClient(conn),
		items: ententev1.NewIntelligenceServiceClient(conn), seizures: ententev1.NewSeizureServiceClient(conn),
		inboxes: ententev1.NewInboxServiceClient(conn), disclosures: ententev1.NewDisclosureServiceClient(conn),
	}, nil
}

// why is the justification of every call of the play.
func (p *player) why() *ententev1.Justification {
	return &ententev1.Justification{
		Officer: "officer-7", OfficerAssurance: ententev1.OfficerAssurance_OFFICER_ASSURANCE_MULTI_FACTOR,
		Purpose:       ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION,
		CaseReference: "2026/114", Reason: "boats bought in bulk",
	}
}

// get reads an item by its name.
func (p *player) get(ctx context.Context, name string) (*ententev1.IntelligenceItem, error) {
	answer, err := p.items.GetIntelligenceItem(ctx, &ententev1.GetIntelligenceItemRequest{
		Justification: p.why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: name},
	})
	return answer.GetIntelligenceItem(), err
}

// report reads a seizure report by its name.
func (p *player) report(ctx context.Context, name string) (*ententev1.SeizureReport, error) {
	answer, err := p.seizures.GetSeizureReport(ctx, &ententev1.GetSeizureReportRequest{
		Justification: p.why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: name},
	})
	return answer.GetSeizureReport(), err
}

// find queries items; it always asks for the total, which must not tell more than
// the rows.
func (p *player) find(ctx context.Context, q *ententev1.IntelligenceItemQuery) (*ententev1.QueryIntelligenceItemsResponse, error) {
	return p.items.QueryIntelligenceItems(ctx, &ententev1.QueryIntelligenceItemsRequest{
		Justification: p.why(), Query: q, View: ententev1.RecordView_RECORD_VIEW_SUMMARY, PageSize: 50, IncludeTotal: true,
	})
}

// inbox is all that the agency's inbox holds.
func (p *player) inbox(ctx context.Context) ([]*ententev1.InboxEvent, error) {
	var (
		events []*ententev1.InboxEvent
		after  *ententev1.InboxCursor
	)
	for {
		page, err := p.inboxes.ReadInbox(ctx, &ententev1.ReadInboxRequest{
			Justification: p.why(), Inbox: p.agency.resource() + "/inbox", After: after, PageSize: 100,
		})
		if err != nil {
			return nil, err
		}
		events = append(events, page.GetEvents()...)
		after = page.GetResumeFrom()
		if after.GetNumber() >= page.GetHead().GetNumber() {
			return events, nil
		}
	}
}

// last is the latest event of a kind about a record, or nil.
func last(events []*ententev1.InboxEvent, kind ententev1.EventKind, name string) *ententev1.InboxEvent {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].GetKind() == kind && events[i].GetName() == name {
			return events[i]
		}
	}
	return nil
}

// reasonOf is the stable reason in the details of a status.
func reasonOf(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// violations are the fields that a refusal complains about, with their reasons.
func violations(err error) map[string]string {
	found := map[string]string{}
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				found[v.GetField()] = v.GetReason()
			}
		}
	}
	return found
}
