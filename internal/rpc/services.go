package rpc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// bound is what answers each RPC, by service and name.
type bound map[protoreflect.Name]map[protoreflect.Name]binding

// bindings is every RPC of the API and what answers it, a line each. That nothing is missing or joined to another RPC's answer is checked
// against the descriptors at start.
func bindings(h Hub) bound {
	return bound{
		"AgencyService": {
			"WhoAmI":            unary(h.WhoAmI),
			"GetAgency":         unary(h.GetAgency),
			"ListAgencies":      unary(h.ListAgencies),
			"EnrolAgency":       unary(h.EnrolAgency),
			"UpdateAgency":      unary(h.UpdateAgency),
			"SuspendAgency":     unary(h.SuspendAgency),
			"ReinstateAgency":   unary(h.ReinstateAgency),
			"ExpelAgency":       unary(h.ExpelAgency),
			"RevokeCertificate": unary(h.RevokeCertificate),
		},
		"GroupService": {
			"CreateGroup":        unary(h.CreateGroup),
			"GetGroup":           unary(h.GetGroup),
			"ListGroups":         unary(h.ListGroups),
			"UpdateGroupMembers": unary(h.UpdateGroupMembers),
		},
		"IntelligenceService": {
			"SubmitIntelligenceItem":        unary(h.SubmitIntelligenceItem),
			"BulkSubmitIntelligenceItems":   bulkItems(h),
			"GetIntelligenceItem":           unary(h.GetIntelligenceItem),
			"BatchGetIntelligenceItems":     unary(h.BatchGetIntelligenceItems),
			"QueryIntelligenceItems":        unary(h.QueryIntelligenceItems),
			"ReviseIntelligenceItem":        unary(h.ReviseIntelligenceItem),
			"UpdateIntelligenceItemRelease": unary(h.UpdateIntelligenceItemRelease),
			"UpdateIntelligenceItemLinks":   unary(h.UpdateIntelligenceItemLinks),
			"RecallIntelligenceItem":        unary(h.RecallIntelligenceItem),
			"ListIntelligenceItemRevisions": unary(h.ListIntelligenceItemRevisions),
		},
		"SeizureService": {
			"SubmitSeizureReport":        unary(h.SubmitSeizureReport),
			"BulkSubmitSeizureReports":   bulkSeizures(h),
			"GetSeizureReport":           unary(h.GetSeizureReport),
			"BatchGetSeizureReports":     unary(h.BatchGetSeizureReports),
			"QuerySeizureReports":        unary(h.QuerySeizureReports),
			"ReviseSeizureReport":        unary(h.ReviseSeizureReport),
			"UpdateSeizureReportRelease": unary(h.UpdateSeizureReportRelease),
			"UpdateSeizureReportLinks":   unary(h.UpdateSeizureReportLinks),
			"RecordRecoveryStep":         unary(h.RecordRecoveryStep),
			"RecallSeizureReport":        unary(h.RecallSeizureReport),
			"ListSeizureReportRevisions": unary(h.ListSeizureReportRevisions),
			"SummarizeSeizures":          unary(h.SummarizeSeizures),
		},
		"MatchService": {
			"CheckIdentifiers":        unary(h.CheckIdentifiers),
			"ListUnfollowedChecks":    unary(h.ListUnfollowedChecks),
			"ListRepeatedChecks":      unary(h.ListRepeatedChecks),
			"SetCheckBudget":          unary(h.SetCheckBudget),
			"EnrolBenignIdentifiers":  unary(h.EnrolBenignIdentifiers),
			"RemoveBenignIdentifiers": unary(h.RemoveBenignIdentifiers),
			"ListBenignIdentifiers":   unary(h.ListBenignIdentifiers),
		},
		"StandingQueryService": {
			"CreateStandingQuery": unary(h.CreateStandingQuery),
			"GetStandingQuery":    unary(h.GetStandingQuery),
			"ListStandingQueries": unary(h.ListStandingQueries),
			"PauseStandingQuery":  unary(h.PauseStandingQuery),
			"ResumeStandingQuery": unary(h.ResumeStandingQuery),
			"DeleteStandingQuery": unary(h.DeleteStandingQuery),
		},
		"InboxService": {
			"GetInboxHead": unary(h.GetInboxHead),
			"ReadInbox":    unary(h.ReadInbox),
			"WatchInbox":   watch(h),
		},
		"DisclosureService": {
			"ListDisclosures":   unary(h.ListDisclosures),
			"ListConsultations": unary(h.ListConsultations),
		},
	}
}

// apiPackage is where all our services are.
const apiPackage = "entente.v1"

// services of the API as the generated code describes them, by name.
func services() []protoreflect.ServiceDescriptor {
	var found []protoreflect.ServiceDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage(apiPackage, func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			found = append(found, file.Services().Get(i))
		}
		return true
	})
	slices.SortFunc(found, func(a, b protoreflect.ServiceDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return found
}

// methodsOf joins the services to their bindings. Each RPC must have one, of its
// own types, and none may be left over.
func methodsOf(services []protoreflect.ServiceDescriptor, bound bound, all layouts) ([]*method, error) {
	if err := CheckMethods(services...); err != nil {
		return nil, err
	}
	var (
		made  []*method
		errs  []error
		count int
	)
	for _, s := range services {
		for i := range s.Methods().Len() {
			m, err := join(s.Methods().Get(i), bound[s.Name()], all)
			made, errs = append(made, m), append(errs, err)
		}
	}
	for _, b := range bound {
		count += len(b)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if count != len(made) {
		return nil, fmt.Errorf("rpc: %d bindings for %d methods", count, len(made))
	}
	return made, nil
}

// join makes the method of one RPC.
func join(d protoreflect.MethodDescriptor, bound map[protoreflect.Name]binding, all layouts) (*method, error) {
	b, ok := bound[d.Name()]
	if !ok || b.in != d.Input().FullName() || b.out != d.Output().FullName() {
		return nil, fmt.Errorf("rpc: %s is bound to nothing, or to the answer of another method", d.FullName())
	}
	a, err := accessOf(d)
	if err != nil {
		return nil, err
	}
	schema, err := schemaOf(d, all)
	if err != nil {
		return nil, err
	}
	return &method{
		name: fullName(d), access: a, schema: schema, serve: b.serve,
		streams: d.IsStreamingClient() || d.IsStreamingServer(),
		desc: grpc.StreamDesc{
			StreamName: string(d.Name()), ClientStreams: d.IsStreamingClient(), ServerStreams: d.IsStreamingServer(),
		},
	}, nil
}

// schemaOf is how the requests of an RPC are read.
func schemaOf(d protoreflect.MethodDescriptor, all layouts) (*schema, error) {
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.Input().FullName())
	if err != nil {
		return nil, fmt.Errorf("rpc: %s: %w", d.FullName(), err)
	}
	return newSchema(t, all)
}

// fullName of an RPC as it stands in a :path.
func fullName(d protoreflect.MethodDescriptor) string {
	return "/" + string(d.Parent().FullName()) + "/" + string(d.Name())
}

// isBulk tells whether a method belongs on the bulk listener too.
func (m *method) isBulk() bool {
	return m.access.class == ententev1.CallClass_CALL_CLASS_BULK
}

// requestTypes are the types that have rules to compile: requests, and what the
// messages of a stream may hold, which are checked by themselves.
func requestTypes(services []protoreflect.ServiceDescriptor) []protoreflect.MessageDescriptor {
	var types []protoreflect.MessageDescriptor
	for _, s := range services {
		for i := range s.Methods().Len() {
			d := s.Methods().Get(i)
			types = append(types, d.Input())
			for j := range d.Input().Fields().Len() {
				if m := d.Input().Fields().Get(j).Message(); m != nil && d.IsStreamingClient() {
					types = append(types, m)
				}
			}
		}
	}
	return types
}
