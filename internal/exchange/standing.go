package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// trustRequest is what the requests that change an agency have in common.
type trustRequest interface {
	proto.Message
	GetRequestId() string
	GetValidateOnly() bool
}

// changeAgency answers a change of trust: edit decides on the agency as it stands (nil where there is none) and puts the change into the command.
func (h *Hub) changeAgency(
	ctx context.Context, call Call, req trustRequest, id intel.AgencyID, edit func(a *internalv1.AgencyState, into *internalv1.Command) error,
) (*ententev1.Agency, error) {
	c := conditions{call: call, requestID: req.GetRequestId(), validateOnly: req.GetValidateOnly()}
	var err error
	if c.requestID != "" {
		if c.digest, err = digest(call.Method, req); err != nil {
			return nil, err
		}
	}
	command := h.write(c)
	known := false
	err = h.View.Read(func(s *view.Snapshot) error {
		first, err := repeated(s, s.Roster().Agency(call.Caller.Agency).GetOrdinal(), c.requestID, c.digest)
		if known = first != nil; known || err != nil {
			return err
		}
		return edit(s.Roster().Agency(id), command)
	})
	if err != nil {
		return nil, err
	}
	if !known && !c.validateOnly {
		if _, err := h.commit(ctx, command); err != nil {
			return nil, err
		}
	}
	a := h.View.Roster().Agency(id)
	if a == nil { // a first enrolment that was only checked
		return &ententev1.Agency{Name: id.Name()}, nil
	}
	return h.agency(call, a), nil
}

// EnrolAgency takes an agency in.
func (h *Hub) EnrolAgency(ctx context.Context, call Call, req *ententev1.EnrolAgencyRequest) (*ententev1.EnrolAgencyResponse, error) {
	draft := proto.CloneOf(req.GetDraft())
	if len(draft.GetBindings()) == 0 {
		draft.Bindings = defaultBindings()
	}
	violations := append(h.Authorities.Check(draft.GetTrustDomain(), draft.GetBundlePem()), checkParts(draft.GetBindings(), draft.GetUnits())...)
	if identifier.Region(draft.GetRegionCode()) != nil {
		violations = append(violations, fault.Violation{Field: "regionCode", Reason: "REGION_UNKNOWN", Description: "give the ISO 3166-1 alpha-2 code of the country"})
	}
	if len(violations) > 0 {
		return nil, fault.Violated(violations...).Under("draft")
	}
	a, err := h.changeAgency(ctx, call, req, intel.AgencyID(req.GetAgencyId()), func(a *internalv1.AgencyState, into *internalv1.Command) error {
		if a != nil {
			return refused(&internalv1.Outcome{Refusal: string(view.RefusedTaken)})
		}
		into.Kind = &internalv1.Command_EnrolAgency{EnrolAgency: &internalv1.EnrolAgency{AgencyId: req.GetAgencyId(), Draft: draft}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.EnrolAgencyResponse{Agency: a}, nil
}

// defaultBindings are an agency's rights where it does not say.
func defaultBindings() []*ententev1.Binding {
	return []*ententev1.Binding{
		{PathPrefix: "/", Rights: []ententev1.Right{ententev1.Right_RIGHT_READ, ententev1.Right_RIGHT_SUBMIT}},
		{PathPrefix: "/admin", Rights: []ententev1.Right{ententev1.Right_RIGHT_ADMINISTER}},
		{PathPrefix: "/supervisor", Rights: []ententev1.Right{ententev1.Right_RIGHT_SUPERVISE}},
	}
}

// checkParts tells what is wrong with bindings and units taken together.
func checkParts(bindings []*ententev1.Binding, units []*ententev1.Unit) []fault.Violation {
	var violations []fault.Violation
	add := func(field, reason, description string) {
		violations = append(violations, fault.Violation{Field: field, Reason: reason, Description: description})
	}
	seen := map[string]bool{}
	for i, u := range units {
		if seen[u.GetUnitId()] {
			add(indexed("units", i)+".unitId", "UNIT_TWICE", "stands in the list already; give each unit once")
		}
		seen[u.GetUnitId()] = true
	}
	prefixes := map[string]bool{}
	for i, b := range bindings {
		if prefixes[b.GetPathPrefix()] {
			add(indexed("bindings", i)+".pathPrefix", "BINDING_TWICE", "stands in the list already; give each prefix once")
		}
		prefixes[b.GetPathPrefix()] = true
		if b.GetUnit() != "" && !seen[b.GetUnit()] {
			add(indexed("bindings", i)+".unit", "UNIT_UNKNOWN", "is not among the units; add it there")
		}
	}
	return violations
}

// UpdateAgency changes the caller's own agency; for the operator it is the recovery of a bundle.
func (h *Hub) UpdateAgency(ctx context.Context, call Call, req *ententev1.UpdateAgencyRequest) (*ententev1.UpdateAgencyResponse, error) {
	id, _ := intel.ParseAgencyName(req.GetName())
	a, err := h.changeAgency(ctx, call, req, id, func(a *internalv1.AgencyState, into *internalv1.Command) error {
		if err := mayChange(call, a); err != nil {
			return err
		}
		if req.GetEtag() != h.etags.agency(a.GetId(), a.GetVersion()) {
			return errStale()
		}
		if v := h.checkUpdate(a, req); len(v) > 0 {
			return fault.Violated(v...)
		}
		into.Kind = &internalv1.Command_UpdateAgency{UpdateAgency: &internalv1.UpdateAgency{
			AgencyId: a.GetId(), ExpectedVersion: a.GetVersion(), DisplayName: req.GetDisplayName(), BundlePem: req.GetBundlePem(),
			Bindings: req.GetBindings(), Units: req.GetUnits(), DutyContacts: req.GetDutyContacts(),
		}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.UpdateAgencyResponse{Agency: a}, nil
}

// mayChange says whether a caller may change an agency: the operator any that was not expelled, an administrator its own.
func mayChange(call Call, a *internalv1.AgencyState) error {
	switch {
	case a == nil:
		return errNoAgency()
	case !call.Caller.Operator && call.Caller.Agency != intel.AgencyID(a.GetId()):
		return errRight("")
	case a.GetStatus() == ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED:
		return errState("AGENCY_EXPELLED")
	}
	return nil
}

// checkUpdate tells what is wrong with a change, in what the agency then has.
func (h *Hub) checkUpdate(a *internalv1.AgencyState, req *ententev1.UpdateAgencyRequest) []fault.Violation {
	var violations []fault.Violation
	if req.GetBundlePem() != "" {
		violations = h.Authorities.Check(a.GetTrustDomain(), req.GetBundlePem())
	}
	bindings, units := req.GetBindings(), req.GetUnits()
	if len(bindings) == 0 {
		bindings = a.GetBindings()
	}
	if len(units) == 0 {
		for _, u := range a.GetUnits() {
			if !u.GetRetired() {
				units = append(units, &ententev1.Unit{UnitId: u.GetUnitId()})
			}
		}
	}
	return append(violations, checkParts(bindings, units)...)
}

// SuspendAgency cuts an agency off for the time being.
func (h *Hub) SuspendAgency(ctx context.Context, call Call, req *ententev1.SuspendAgencyRequest) (*ententev1.SuspendAgencyResponse, error) {
	a, err := h.setStanding(ctx, call, req, ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED)
	if err != nil {
		return nil, err
	}
	return &ententev1.SuspendAgencyResponse{Agency: a}, nil
}

// ReinstateAgency ends a suspension.
func (h *Hub) ReinstateAgency(ctx context.Context, call Call, req *ententev1.ReinstateAgencyRequest) (*ententev1.ReinstateAgencyResponse, error) {
	a, err := h.setStanding(ctx, call, req, ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE)
	if err != nil {
		return nil, err
	}
	return &ententev1.ReinstateAgencyResponse{Agency: a}, nil
}

// ExpelAgency cuts an agency off for ever.
func (h *Hub) ExpelAgency(ctx context.Context, call Call, req *ententev1.ExpelAgencyRequest) (*ententev1.ExpelAgencyResponse, error) {
	a, err := h.setStanding(ctx, call, req, ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED)
	if err != nil {
		return nil, err
	}
	return &ententev1.ExpelAgencyResponse{Agency: a}, nil
}

type standingRequest interface {
	trustRequest
	GetName() string
	GetReason() string
}

func (h *Hub) setStanding(ctx context.Context, call Call, req standingRequest, to ententev1.AgencyStatus) (*ententev1.Agency, error) {
	id, _ := intel.ParseAgencyName(req.GetName())
	return h.changeAgency(ctx, call, req, id, func(a *internalv1.AgencyState, into *internalv1.Command) error {
		if err := mayChange(call, a); err != nil {
			return err
		}
		if a.GetStatus() == to {
			return errState("AGENCY_ALREADY_SO")
		}
		into.Kind = &internalv1.Command_SetStanding{SetStanding: &internalv1.SetStanding{AgencyId: a.GetId(), Status: to, Reason: req.GetReason()}}
		return nil
	})
}

// RevokeCertificate refuses certificates from now on.
func (h *Hub) RevokeCertificate(ctx context.Context, call Call, req *ententev1.RevokeCertificateRequest) (*ententev1.RevokeCertificateResponse, error) {
	if req.GetName() == operatorName {
		return h.revokeOperator(ctx, call, req)
	}
	id, _ := intel.ParseAgencyName(req.GetName())
	a, err := h.changeAgency(ctx, call, req, id, func(a *internalv1.AgencyState, into *internalv1.Command) error {
		if err := mayChange(call, a); err != nil {
			return err
		}
		revocation, err := revocationOf(req, h.Source.Now())
		if err != nil {
			return err
		}
		into.Kind = &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{
			AgencyId: a.GetId(), Revocation: revocation, Reason: req.GetReason(),
		}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.RevokeCertificateResponse{Agency: a}, nil
}

// operatorName stands for the operator where an agency could stand.
const operatorName = "operator"

// revokeOperator refuses certificates of the operator's own. Whoever revokes must not be among those that are meant: the last one would lock all out.
func (h *Hub) revokeOperator(ctx context.Context, call Call, req *ententev1.RevokeCertificateRequest) (*ententev1.RevokeCertificateResponse, error) {
	_, err := h.changeAgency(ctx, call, req, "", func(_ *internalv1.AgencyState, into *internalv1.Command) error {
		if !call.Caller.Operator {
			return errRight("")
		}
		revocation, err := revocationOf(req, h.Source.Now())
		if err != nil {
			return err
		}
		own := revocation.GetSerial() == call.Caller.Serial && call.Caller.Serial != ""
		if own || revocation.GetPathPrefix() != "" && within(call.Caller.Path, revocation.GetPathPrefix()) {
			return fault.New(fault.Precondition, "WOULD_LOCK_OUT", "This would refuse your own certificate too; revoke it with another one of the operator's.")
		}
		into.Kind = &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{Revocation: revocation, Reason: req.GetReason()}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ententev1.RevokeCertificateResponse{}, nil
}

// within tells whether a workload path is at or below another, by whole segments.
func within(path, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

// maxSerial is how many hexadecimal digits a serial number has at most (RFC 5280, section 4.1.2.2: 20 octets).
const maxSerial = 40

// revocationOf reads which certificates are to be refused. What no certificate can have is refused here: the judgement takes a criterion that it cannot
// read for met, and would refuse the whole agency, for ever.
func revocationOf(req *ententev1.RevokeCertificateRequest, now time.Time) (*internalv1.Revocation, error) {
	wrong := func(field, reason, description string) error {
		return fault.Violated(fault.Violation{Field: field, Reason: reason, Description: description})
	}
	switch s := req.GetSelector().(type) {
	case *ententev1.RevokeCertificateRequest_Serial:
		serial := strings.TrimLeft(strings.ToLower(s.Serial), "0") // a serial number has no leading zeros; people copy them with
		if serial == "" || len(serial) > maxSerial {
			return nil, wrong("serial", "INVALID_SERIAL", "is no serial number of a certificate; give it in hexadecimal, as `openssl x509 -serial` prints it")
		}
		return &internalv1.Revocation{Serial: serial}, nil
	case *ententev1.RevokeCertificateRequest_PathPrefix:
		segments := strings.Split(s.PathPrefix, "/")
		if s.PathPrefix == "" || slices.Contains(segments, ".") || slices.Contains(segments, "..") {
			return nil, wrong("pathPrefix", "INVALID_PATH", "is no path of a workload; give whole segments, none of them . or ..")
		}
		return &internalv1.Revocation{PathPrefix: s.PathPrefix}, nil
	case *ententev1.RevokeCertificateRequest_IssuedBefore:
		at := s.IssuedBefore.AsTime()
		switch {
		case at.UnixMicro() <= 0:
			return nil, wrong("issuedBefore", "INVALID_TIME", "is before there were certificates; give a later time")
		case at.After(now.Add(5 * time.Minute)): // no certificate to come could be used until then
			return nil, wrong("issuedBefore", "INVALID_TIME", "is still to come; give the time of now, or an earlier one")
		}
		return &internalv1.Revocation{IssuedBeforeMicros: at.UnixMicro()}, nil
	default:
		return nil, wrong("selector", "INVALID_SELECTOR", "say which certificates are to be refused")
	}
}

// sorted is a copy in order.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
