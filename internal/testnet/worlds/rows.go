package worlds

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// row is how an RPC is probed.
type row struct {
	// callers probe in turn.
	callers []identity
	// base makes a sound request, or the messages of a stream, which are then aimed;
	// nil where those that the generator makes of the rules will do. n is never the
	// same twice.
	base func(w *World, n int) []proto.Message
}

// The prober's certificates, and the operator's.
func gateway() identity    { return identity{Prober, "/gateway"} }
func officer() identity    { return identity{Prober, "/officer/77"} }
func supervisor() identity { return identity{Prober, "/supervisor"} }
func admin() identity      { return identity{Prober, "/admin"} }
func operator() identity   { return identity{"", "/operator"} }

func readers() []identity { return []identity{gateway(), officer()} }

func enrolled() []identity {
	return []identity{gateway(), officer(), supervisor(), admin(), operator()}
}

// one is a base of one message.
func one(request func(w *World, n int) proto.Message) func(*World, int) []proto.Message {
	return func(w *World, n int) []proto.Message { return []proto.Message{request(w, n)} }
}

// Rows is the leak matrix: every RPC that the hub serves, by service and method. A
// row of nil says that an RPC answers everybody alike, from no record.
func rows() map[string]*row {
	all := map[string]*row{
		"grpc.health.v1.Health/Check":                                   {callers: enrolled()},
		"grpc.health.v1.Health/List":                                    {callers: enrolled()},
		"grpc.health.v1.Health/Watch":                                   {callers: enrolled()},
		"grpc.reflection.v1.ServerReflection/ServerReflectionInfo":      nil,
		"grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": nil,
	}
	for _, more := range []map[string]*row{agencyRows(), groupRows(), queryRows(), itemRows(), reportRows(), logRows(), matchRows()} {
		for name, r := range more {
			all["entente.v1."+name] = r
		}
	}
	return all
}

func agencyRows() map[string]*row {
	return map[string]*row{
		"AgencyService/WhoAmI":       {callers: enrolled()},
		"AgencyService/GetAgency":    {callers: enrolled()},
		"AgencyService/ListAgencies": {callers: enrolled()},
		"AgencyService/EnrolAgency": {callers: []identity{operator()}, base: one(func(w *World, n int) proto.Message {
			return &ententev1.EnrolAgencyRequest{AgencyId: fmt.Sprint("xx-new-", n), Draft: w.Draft(Fourth), RequestId: fmt.Sprint("enrol-", n)}
		})},
		"AgencyService/UpdateAgency": {callers: []identity{admin(), operator()}, base: one(func(w *World, n int) proto.Message {
			return &ententev1.UpdateAgencyRequest{Name: intel.AgencyID(Prober).Name(), Etag: "unknown", DisplayName: "Another", RequestId: fmt.Sprint("update-", n)}
		})},
		"AgencyService/SuspendAgency": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.SuspendAgencyRequest{Name: intel.AgencyID(Fourth).Name(), Reason: "probe", RequestId: fmt.Sprint("suspend-", n), ValidateOnly: true}
		})},
		"AgencyService/ReinstateAgency": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ReinstateAgencyRequest{Name: intel.AgencyID(Fourth).Name(), Reason: "probe", RequestId: fmt.Sprint("reinstate-", n)}
		})},
		"AgencyService/ExpelAgency": {callers: []identity{operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ExpelAgencyRequest{Name: intel.AgencyID(Fourth).Name(), Reason: "probe", RequestId: fmt.Sprint("expel-", n), ValidateOnly: true}
		})},
		"AgencyService/RevokeCertificate": {callers: []identity{admin(), operator()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.RevokeCertificateRequest{
				Name: intel.AgencyID(Prober).Name(), Reason: "probe", RequestId: fmt.Sprint("revoke-", n),
				Selector: &ententev1.RevokeCertificateRequest_Serial{Serial: fmt.Sprintf("%x", 4096+n)},
			}
		})},
	}
}

func groupRows() map[string]*row {
	return map[string]*row{
		"GroupService/CreateGroup": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			return &ententev1.CreateGroupRequest{Justification: why(), DisplayName: "Probe", Members: []string{intel.AgencyID(Fourth).Name()}, RequestId: fmt.Sprint("group-", n)}
		})},
		"GroupService/GetGroup":   {callers: readers()},
		"GroupService/ListGroups": {callers: readers()},
		"GroupService/UpdateGroupMembers": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.UpdateGroupMembersRequest{
				Justification: why(), Name: w.group["own-group"].GetName(), Etag: w.group["own-group"].GetEtag(), Add: []string{intel.AgencyID(Insider).Name()}, RequestId: fmt.Sprint("members-", n),
			}
		})},
	}
}

func itemRows() map[string]*row {
	return map[string]*row{
		"IntelligenceService/SubmitIntelligenceItem": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: probeItem(w, n), RequestId: fmt.Sprint("submit-", n)}
		})},
		"IntelligenceService/BulkSubmitIntelligenceItems": {callers: readers(), base: func(w *World, n int) []proto.Message {
			messages := []proto.Message{&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
				Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why(), History: n%2 == 0},
			}}}
			for i := range 3 {
				messages = append(messages, &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{
					Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: probeItem(w, n), RequestId: fmt.Sprint("bulk-", n, "-", i)},
				}})
			}
			return messages
		}},
		"IntelligenceService/GetIntelligenceItem": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.GetIntelligenceItemRequest{Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: w.anItem(n)}}
		})},
		"IntelligenceService/BatchGetIntelligenceItems": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.BatchGetIntelligenceItemsRequest{
				Justification: why(), View: ententev1.RecordView(n % 3), Names: []string{w.known["seen-1"].GetName(), w.known["hidden-item"].GetName(), w.known["seen-2"].GetName()},
			}
		})},
		"IntelligenceService/QueryIntelligenceItems": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.QueryIntelligenceItemsRequest{
				Justification: why(), Query: itemQuery(w, n), PageSize: int32(1 + n%3), IncludeTotal: true, View: ententev1.RecordView(1 + n/3%2), Order: ententev1.QueryOrder(n % 3),
				ReadMask: someFields(n),
			}
		})},
		"IntelligenceService/ReviseIntelligenceItem": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own"]
			return &ententev1.ReviseIntelligenceItemRequest{
				Justification: why(), Name: own.GetName(), Etag: own.GetEtag(), RequestId: fmt.Sprint("revise-", n),
				Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: probeItem(w, n).GetPlain()},
			}
		})},
		"IntelligenceService/UpdateIntelligenceItemRelease": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own"]
			return &ententev1.UpdateIntelligenceItemReleaseRequest{
				Justification: why(), Name: own.GetName(), ReleaseEtag: own.GetReleaseEtag(), Release: to(Owner, Fourth), RequestId: fmt.Sprint("release-", n),
			}
		})},
		"IntelligenceService/UpdateIntelligenceItemLinks": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own"]
			return &ententev1.UpdateIntelligenceItemLinksRequest{
				Justification: why(), Name: own.GetName(), LinksEtag: own.GetLinksEtag(), RequestId: fmt.Sprint("links-", n),
				Add: []*ententev1.Link{{Target: w.known["seen-1"].GetName(), Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}},
			}
		})},
		"IntelligenceService/RecallIntelligenceItem": {callers: readers()},
		"IntelligenceService/ListIntelligenceItemRevisions": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.ListIntelligenceItemRevisionsRequest{Justification: why(), Name: w.anItem(n), PageSize: int32(n % 3)}
		})},
	}
}

// probeItem is a draft of the prober's that meets what is hidden: its words, its
// number, its reference.
func probeItem(w *World, n int) *ententev1.IntelligenceItemDraft {
	d := Item(hiddenWord, hiddenPhone, to(Owner))
	if n%2 == 0 {
		d.OriginatorReference = hiddenReference
	}
	if n%3 == 0 {
		d.Links = []*ententev1.Link{{Target: w.known["seen-1"].GetName(), Type: ententev1.LinkType_LINK_TYPE_RELATES_TO}}
	}
	return d
}

// anItem is one that the prober sees, or one that it does not.
func (w *World) anItem(n int) string {
	labels := []string{"seen-1", "hidden-item", "seen-2", "hidden-recalled", "own", "hidden-unit", "hidden-officer"}
	return w.known[labels[n%len(labels)]].GetName()
}

// aReport is anItem's twin.
func (w *World) aReport(n int) string {
	labels := []string{"seen-report", "hidden-report", "own-report"}
	return w.known[labels[n%len(labels)]].GetName()
}

// itemQuery asks for what is hidden in one way after the other.
func itemQuery(w *World, n int) *ententev1.IntelligenceItemQuery {
	q := &ententev1.IntelligenceItemQuery{}
	if n%2 == 1 {
		itemWords(q, n/2)
		return q
	}
	switch n / 2 % 6 {
	case 0:
		q.Identifiers = []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: hiddenPhone}}
	case 1:
		q.Originators = []string{intel.AgencyID(Owner).Name()}
	case 2:
		q.CaseReference = hiddenCase
	case 3:
		q.LinkedTo = w.known["seen-1"].GetName()
	case 4:
		q.CrimeAreas = []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING}
	}
	return q
}

// itemWords asks for what is hidden by its words, its name, its number and its place.
func itemWords(q *ententev1.IntelligenceItemQuery, n int) {
	switch n % 12 {
	case 0:
		q.Text = hiddenWord
	case 1:
		q.Text = hiddenWord[:4+n/8%5] + "*"
	case 2:
		q.Names = []string{hiddenWord, "Light House"}
	case 3:
		q.IdentifierParts = []*ententev1.IdentifierPart{{
			Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, Part: &ententev1.IdentifierPart_StartsWith{StartsWith: hiddenPhone[:4+n/8%8]},
		}}
	case 4:
		q.Places = []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{Center: gravelines(), RadiusMeters: 10_000}}}}
	case 5:
		q.Text = `"` + hiddenWord + ` left gravelines"`
	case 6:
		q.NoneOf = []*ententev1.Filter{{Text: `"` + hiddenWord + ` left"`}, {Originators: []string{intel.AgencyID(Owner).Name()}}}
	case 7:
		q.AnyOf = []*ententev1.Filter{{Text: hiddenWord}, {Subjects: []*ententev1.SubjectAttributes{{RegionCode: "FR"}}}}
	case 8:
		q.IdentifierParts = []*ententev1.IdentifierPart{{
			Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, Part: &ententev1.IdentifierPart_EndsWith{EndsWith: hiddenPhone[8-n/12%6:]},
		}}
	case 9:
		q.Places = []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Box{Box: &ententev1.GeoBox{South: 50, West: 2, North: 51, East: 3}}}}
	case 10:
		q.Places = []*ententev1.GeoArea{{Area: &ententev1.GeoArea_RouteCorridor{RouteCorridor: ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL}}}
	case 11:
		q.Subjects = []*ententev1.SubjectAttributes{{RegionCode: "FR"}}
	}
}

// someFields is a mask of a few fields, now and then.
func someFields(n int) *fieldmaskpb.FieldMask {
	if n%5 != 0 {
		return nil
	}
	return &fieldmaskpb.FieldMask{Paths: []string{"metadata.name", "summary.title", "plain.title"}[:1+n/5%3]}
}

func reportRows() map[string]*row {
	return map[string]*row{
		"SeizureService/SubmitSeizureReport": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			return &ententev1.SubmitSeizureReportRequest{Justification: why(), Draft: Report(hiddenWord, to(Owner)), RequestId: fmt.Sprint("seize-", n)}
		})},
		"SeizureService/BulkSubmitSeizureReports": {callers: readers(), base: func(_ *World, n int) []proto.Message {
			return []proto.Message{
				&ententev1.BulkSubmitSeizureReportsRequest{Message: &ententev1.BulkSubmitSeizureReportsRequest_Header{Header: &ententev1.BulkSubmitSeizureReportsHeader{Justification: why()}}},
				&ententev1.BulkSubmitSeizureReportsRequest{Message: &ententev1.BulkSubmitSeizureReportsRequest_Row{
					Row: &ententev1.BulkSubmitSeizureReportsRow{Draft: Report(hiddenWord, to(Owner)), RequestId: fmt.Sprint("seize-bulk-", n)},
				}},
			}
		}},
		"SeizureService/GetSeizureReport": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.GetSeizureReportRequest{Justification: why(), Selector: &ententev1.GetSeizureReportRequest_Name{Name: w.aReport(n)}}
		})},
		"SeizureService/BatchGetSeizureReports": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.BatchGetSeizureReportsRequest{
				Justification: why(), View: ententev1.RecordView(n % 3), Names: []string{w.known["seen-report"].GetName(), w.known["hidden-report"].GetName()},
			}
		})},
		"SeizureService/QuerySeizureReports": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			q := &ententev1.SeizureReportQuery{}
			switch n % 5 {
			case 0:
				q.LinkedTo = w.known["seen-1"].GetName()
			case 1:
				q.Text = hiddenWord
			case 2:
				q.Values = []*ententev1.ValueBand{{CurrencyCode: "EUR", AtLeast: 1000, AtMost: 1000 * int64(len(hiddenWord))}}
			case 3:
				q.Names = []string{hiddenWord, "Light House"}
			case 4:
				q.AnyOf = []*ententev1.Filter{{Text: `"` + hiddenWord + `"`}, {Stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED}}}
			}
			return &ententev1.QuerySeizureReportsRequest{
				Justification: why(), Query: q, PageSize: 1, IncludeTotal: true, View: ententev1.RecordView(1 + n/4%2), Order: ententev1.QueryOrder(n % 3), ReadMask: someFields(n),
			}
		})},
		"SeizureService/SummarizeSeizures": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			q := &ententev1.SeizureReportQuery{}
			if n%2 == 0 {
				q.LinkedTo = w.known["seen-1"].GetName()
			}
			return &ententev1.SummarizeSeizuresRequest{
				Justification: why(), Query: q, GroupBy: []ententev1.SeizureDimension{ententev1.SeizureDimension(1 + n%5)}, Period: ententev1.SummaryPeriod(n % 4),
				Conversion: &ententev1.ConversionTable{
					Name: "probe", Date: "2026-11-24", CurrencyCode: "GBP", Rates: []*ententev1.ConversionRate{{CurrencyCode: "EUR", Rate: "0.87"}},
				},
			}
		})},
		"SeizureService/ReviseSeizureReport": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own-report"]
			return &ententev1.ReviseSeizureReportRequest{
				Justification: why(), Name: own.GetName(), Etag: own.GetEtag(), RequestId: fmt.Sprint("seizure-revise-", n),
				Content: &ententev1.ReviseSeizureReportRequest_Plain{Plain: Report(hiddenWord, nil).GetPlain()},
			}
		})},
		"SeizureService/UpdateSeizureReportRelease": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own-report"]
			return &ententev1.UpdateSeizureReportReleaseRequest{
				Justification: why(), Name: own.GetName(), ReleaseEtag: own.GetReleaseEtag(), Release: to(Owner, Fourth), RequestId: fmt.Sprint("seizure-release-", n),
			}
		})},
		"SeizureService/UpdateSeizureReportLinks": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			own := w.known["own-report"]
			return &ententev1.UpdateSeizureReportLinksRequest{
				Justification: why(), Name: own.GetName(), LinksEtag: own.GetLinksEtag(), RequestId: fmt.Sprint("seizure-links-", n),
				Add: []*ententev1.Link{{Target: w.known["seen-1"].GetName(), Type: ententev1.LinkType_LINK_TYPE_SEIZED_ON}},
			}
		})},
		"SeizureService/RecordRecoveryStep": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.RecordRecoveryStepRequest{
				Justification: why(), Name: w.known["own-report"].GetName(), RequestId: fmt.Sprint("step-", n),
				Step: &ententev1.RecoveryStep{AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, StepDate: "2026-11-02"},
			}
		})},
		"SeizureService/RecallSeizureReport": {callers: readers()},
		"SeizureService/ListSeizureReportRevisions": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.ListSeizureReportRevisionsRequest{Justification: why(), Name: w.aReport(n), PageSize: int32(n % 3)}
		})},
	}
}

func logRows() map[string]*row {
	return map[string]*row{
		"InboxService/GetInboxHead": {callers: readers()},
		"InboxService/ReadInbox": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ReadInboxRequest{Justification: why(), After: &ententev1.InboxCursor{Number: int64(n % 4)}, PageSize: []int32{3, 20, 1000}[n%3]}
		})},
		"InboxService/WatchInbox": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			return &ententev1.WatchInboxRequest{Justification: why(), After: &ententev1.InboxCursor{Number: int64(n % 4)}}
		})},
		"DisclosureService/ListDisclosures": {callers: []identity{gateway(), supervisor()}, base: one(func(w *World, n int) proto.Message {
			return &ententev1.ListDisclosuresRequest{Justification: why(), PageSize: int32(1 + n%5)}
		})},
		"DisclosureService/ListConsultations": {callers: []identity{supervisor()}, base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ListConsultationsRequest{Justification: why(), PageSize: int32(1 + n%50)}
		})},
	}
}
