package rpc

import (
	"context"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
)

// What the edge needs of exchange, one interface a service. For every method: the
// request has passed identity, right, budget and shape; it belongs to the method
// from here on; the answer belongs to the edge; the error is a *fault.Fault or
// becomes Internal; ctx ends at the deadline, with the connection, and when the
// caller is cut off.

// Hub is all of it. *exchange.Hub is the one that there is.
type Hub interface {
	agencies
	groups
	intelligence
	seizures
	matches
	standingQueries
	inboxes
	disclosures
}

type agencies interface {
	WhoAmI(context.Context, exchange.Call, *ententev1.WhoAmIRequest) (*ententev1.WhoAmIResponse, error)
	GetAgency(context.Context, exchange.Call, *ententev1.GetAgencyRequest) (*ententev1.GetAgencyResponse, error)
	ListAgencies(context.Context, exchange.Call, *ententev1.ListAgenciesRequest) (*ententev1.ListAgenciesResponse, error)
	EnrolAgency(context.Context, exchange.Call, *ententev1.EnrolAgencyRequest) (*ententev1.EnrolAgencyResponse, error)
	UpdateAgency(context.Context, exchange.Call, *ententev1.UpdateAgencyRequest) (*ententev1.UpdateAgencyResponse, error)
	SuspendAgency(context.Context, exchange.Call, *ententev1.SuspendAgencyRequest) (*ententev1.SuspendAgencyResponse, error)
	ReinstateAgency(context.Context, exchange.Call, *ententev1.ReinstateAgencyRequest) (*ententev1.ReinstateAgencyResponse, error)
	ExpelAgency(context.Context, exchange.Call, *ententev1.ExpelAgencyRequest) (*ententev1.ExpelAgencyResponse, error)
	RevokeCertificate(context.Context, exchange.Call, *ententev1.RevokeCertificateRequest) (*ententev1.RevokeCertificateResponse, error)
}

type groups interface {
	CreateGroup(context.Context, exchange.Call, *ententev1.CreateGroupRequest) (*ententev1.CreateGroupResponse, error)
	GetGroup(context.Context, exchange.Call, *ententev1.GetGroupRequest) (*ententev1.GetGroupResponse, error)
	ListGroups(context.Context, exchange.Call, *ententev1.ListGroupsRequest) (*ententev1.ListGroupsResponse, error)
	UpdateGroupMembers(context.Context, exchange.Call, *ententev1.UpdateGroupMembersRequest) (*ententev1.UpdateGroupMembersResponse, error)
}

type intelligence interface {
	SubmitIntelligenceItem(context.Context, exchange.Call, *ententev1.SubmitIntelligenceItemRequest) (*ententev1.SubmitIntelligenceItemResponse, error)
	GetIntelligenceItem(context.Context, exchange.Call, *ententev1.GetIntelligenceItemRequest) (*ententev1.GetIntelligenceItemResponse, error)
	BatchGetIntelligenceItems(context.Context, exchange.Call, *ententev1.BatchGetIntelligenceItemsRequest) (*ententev1.BatchGetIntelligenceItemsResponse, error)
	QueryIntelligenceItems(context.Context, exchange.Call, *ententev1.QueryIntelligenceItemsRequest) (*ententev1.QueryIntelligenceItemsResponse, error)
	ReviseIntelligenceItem(context.Context, exchange.Call, *ententev1.ReviseIntelligenceItemRequest) (*ententev1.ReviseIntelligenceItemResponse, error)
	UpdateIntelligenceItemRelease(context.Context, exchange.Call, *ententev1.UpdateIntelligenceItemReleaseRequest) (*ententev1.UpdateIntelligenceItemReleaseResponse, error)
	UpdateIntelligenceItemLinks(context.Context, exchange.Call, *ententev1.UpdateIntelligenceItemLinksRequest) (*ententev1.UpdateIntelligenceItemLinksResponse, error)
	RecallIntelligenceItem(context.Context, exchange.Call, *ententev1.RecallIntelligenceItemRequest) (*ententev1.RecallIntelligenceItemResponse, error)
	BeginIntelligenceItems(context.Context, exchange.Call, *ententev1.BulkSubmitIntelligenceItemsHeader) (*exchange.ItemBulk, error)
	ListIntelligenceItemRevisions(context.Context, exchange.Call, *ententev1.ListIntelligenceItemRevisionsRequest) (*ententev1.ListIntelligenceItemRevisionsResponse, error)
}

type seizures interface {
	SubmitSeizureReport(context.Context, exchange.Call, *ententev1.SubmitSeizureReportRequest) (*ententev1.SubmitSeizureReportResponse, error)
	GetSeizureReport(context.Context, exchange.Call, *ententev1.GetSeizureReportRequest) (*ententev1.GetSeizureReportResponse, error)
	BatchGetSeizureReports(context.Context, exchange.Call, *ententev1.BatchGetSeizureReportsRequest) (*ententev1.BatchGetSeizureReportsResponse, error)
	QuerySeizureReports(context.Context, exchange.Call, *ententev1.QuerySeizureReportsRequest) (*ententev1.QuerySeizureReportsResponse, error)
	ReviseSeizureReport(context.Context, exchange.Call, *ententev1.ReviseSeizureReportRequest) (*ententev1.ReviseSeizureReportResponse, error)
	UpdateSeizureReportRelease(context.Context, exchange.Call, *ententev1.UpdateSeizureReportReleaseRequest) (*ententev1.UpdateSeizureReportReleaseResponse, error)
	UpdateSeizureReportLinks(context.Context, exchange.Call, *ententev1.UpdateSeizureReportLinksRequest) (*ententev1.UpdateSeizureReportLinksResponse, error)
	RecordRecoveryStep(context.Context, exchange.Call, *ententev1.RecordRecoveryStepRequest) (*ententev1.RecordRecoveryStepResponse, error)
	RecallSeizureReport(context.Context, exchange.Call, *ententev1.RecallSeizureReportRequest) (*ententev1.RecallSeizureReportResponse, error)
	BeginSeizureReports(context.Context, exchange.Call, *ententev1.BulkSubmitSeizureReportsHeader) (*exchange.SeizureBulk, error)
	ListSeizureReportRevisions(context.Context, exchange.Call, *ententev1.ListSeizureReportRevisionsRequest) (*ententev1.ListSeizureReportRevisionsResponse, error)
	SummarizeSeizures(context.Context, exchange.Call, *ententev1.SummarizeSeizuresRequest) (*ententev1.SummarizeSeizuresResponse, error)
}

type matches interface {
	CheckIdentifiers(context.Context, exchange.Call, *ententev1.CheckIdentifiersRequest) (*ententev1.CheckIdentifiersResponse, error)
	ListUnfollowedChecks(context.Context, exchange.Call, *ententev1.ListUnfollowedChecksRequest) (*ententev1.ListUnfollowedChecksResponse, error)
	ListRepeatedChecks(context.Context, exchange.Call, *ententev1.ListRepeatedChecksRequest) (*ententev1.ListRepeatedChecksResponse, error)
	SetCheckBudget(context.Context, exchange.Call, *ententev1.SetCheckBudgetRequest) (*ententev1.SetCheckBudgetResponse, error)
	EnrolBenignIdentifiers(context.Context, exchange.Call, *ententev1.EnrolBenignIdentifiersRequest) (*ententev1.EnrolBenignIdentifiersResponse, error)
	RemoveBenignIdentifiers(context.Context, exchange.Call, *ententev1.RemoveBenignIdentifiersRequest) (*ententev1.RemoveBenignIdentifiersResponse, error)
	ListBenignIdentifiers(context.Context, exchange.Call, *ententev1.ListBenignIdentifiersRequest) (*ententev1.ListBenignIdentifiersResponse, error)
}

type standingQueries interface {
	CreateStandingQuery(context.Context, exchange.Call, *ententev1.CreateStandingQueryRequest) (*ententev1.CreateStandingQueryResponse, error)
	GetStandingQuery(context.Context, exchange.Call, *ententev1.GetStandingQueryRequest) (*ententev1.GetStandingQueryResponse, error)
	ListStandingQueries(context.Context, exchange.Call, *ententev1.ListStandingQueriesRequest) (*ententev1.ListStandingQueriesResponse, error)
	PauseStandingQuery(context.Context, exchange.Call, *ententev1.PauseStandingQueryRequest) (*ententev1.PauseStandingQueryResponse, error)
	ResumeStandingQuery(context.Context, exchange.Call, *ententev1.ResumeStandingQueryRequest) (*ententev1.ResumeStandingQueryResponse, error)
	DeleteStandingQuery(context.Context, exchange.Call, *ententev1.DeleteStandingQueryRequest) (*ententev1.DeleteStandingQueryResponse, error)
}

type inboxes interface {
	GetInboxHead(context.Context, exchange.Call, *ententev1.GetInboxHeadRequest) (*ententev1.GetInboxHeadResponse, error)
	ReadInbox(context.Context, exchange.Call, *ententev1.ReadInboxRequest) (*ententev1.ReadInboxResponse, error)
	// WatchInbox sends until ctx ends, until recheck or send fails (it then returns
	// that error), or until it has itself sent a last message with closing set. Each
	// message has resume_from set to the cursor behind it: that is what a reader who
	// is cut off is told. recheck judges the caller again; ask it before each event
	// is built. send may block; a message must not change once it has been given to
	// send. Messages stay small (64 KiB): what a stalled reader holds is one of them.
	WatchInbox(ctx context.Context, call exchange.Call, req *ententev1.WatchInboxRequest, recheck func() error, send func(*ententev1.WatchInboxResponse) error) error
}

type disclosures interface {
	ListDisclosures(context.Context, exchange.Call, *ententev1.ListDisclosuresRequest) (*ententev1.ListDisclosuresResponse, error)
	ListConsultations(context.Context, exchange.Call, *ententev1.ListConsultationsRequest) (*ententev1.ListConsultationsResponse, error)
}

var _ Hub = (*exchange.Hub)(nil)

// bulk takes the rows of one bulk stream: R are rows, P what a row becomes before
// it is handed over, W stands for an outcome that is not durable yet. exchange's
// ItemBulk and SeizureBulk are of this form.
type bulk[R, P any, W pending] interface {
	// Prepare does what a row costs (rules, sealing) and may run for many rows at
	// once. A row that is refused is a P too; its Wait says why.
	Prepare(row R) P
	// Enqueue hands a prepared row to the journal. It is called once for each
	// prepared row, in the order of the stream, by one goroutine at a time; it may
	// wait for room until the ctx that the bulk was begun with ends. It takes
	// no error out: Wait tells it.
	Enqueue(p P) W
}

// pending is a row whose outcome is not durable yet. Wait is called once.
type pending interface {
	Wait(ctx context.Context) (*ententev1.Receipt, error)
}
