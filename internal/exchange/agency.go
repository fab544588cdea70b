package exchange

import (
	"context"
	"crypto/sha256"

	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Authorities understands what the certificates of an agency are written in; the room of identities stands beside the edge, so it is handed in.
type Authorities interface {
	// Check tells what is wrong with a bundle for a trust domain: fields are bundlePem and trustDomain.
	Check(trustDomain, bundlePEM string) []fault.Violation
	// List names the certificates of a bundle that was checked before.
	List(bundlePEM string) []*ententev1.CertificateAuthority
}

// WhoAmI tells the caller what the hub takes it for.
func (h *Hub) WhoAmI(_ context.Context, call Call, _ *ententev1.WhoAmIRequest) (*ententev1.WhoAmIResponse, error) {
	c := call.Caller
	answer := &ententev1.WhoAmIResponse{
		Path: c.Path, Officer: c.Officer, CertificateExpireTime: timestamppb.New(c.NotAfter), AuthorityExpireTime: timestamppb.New(c.AuthorityNotAfter),
		Limits: h.limits(c.Agency), HubTime: timestamppb.New(h.Source.Now()), ApiRevision: APIRevision, Features: Features(),
		Hub: h.HubID, BulkEndpoint: h.BulkEndpoint,
	}
	for _, r := range c.Rights.List() {
		answer.Rights = append(answer.Rights, ententev1.Right(r))
	}
	if c.Agency == "" {
		return answer, nil
	}
	answer.Agency = c.Agency.Name()
	if c.Unit != "" {
		answer.Unit = intel.UnitName(c.Agency, c.Unit)
	}
	err := h.View.Read(func(s *view.Snapshot) error {
		answer.Inboxes = inboxHeads(s, c)
		budgets, err := h.checkBudgets(s, c.Agency)
		answer.Limits.CheckBudgets = budgets
		return err
	})
	return answer, err
}

// limits are those of the hub, with what is left of the agency's budgets.
func (h *Hub) limits(agency intel.AgencyID) *ententev1.Limits {
	l := &ententev1.Limits{
		MaxMessageBytes: h.Limits.GetMaxMessageBytes(), MaxContentBytes: h.Limits.GetMaxContentBytes(), MaxPageSize: h.Limits.GetMaxPageSize(),
		MaxConnections: h.Limits.GetMaxConnections(), MaxStreams: h.Limits.GetMaxStreams(),
		Query: &ententev1.QueryLimits{
			MaxDepth: index.MaxDepth, MaxTerms: index.MaxTerms, MaxCandidates: int32(h.CandidateCap), MinPartCharacters: index.MinPart,
			MaxRadiusMeters: index.MaxRadius, MaxTotal: int64(h.CountCap),
		},
		MaxStandingQueries: view.MaxStandingQueries, MaxStandingQueryIdentifiers: view.MaxStandingIdentifiers,
		MaxBroadStandingQueries: view.MaxBroadStandingQueries,
	}
	if h.Quotas != nil {
		l.Quotas = h.Quotas.Remaining(agency)
	}
	return l
}

// inboxHeads are those of the inboxes that a caller may read: its agency's and its unit's.
func inboxHeads(s *view.Snapshot, c intel.Caller) []*ententev1.InboxHead {
	var list []*ententev1.InboxHead
	for _, b := range readableInboxes(s.Roster(), c) {
		list = append(list, b.head(s))
	}
	return list
}

// GetAgency reads one agency.
func (h *Hub) GetAgency(_ context.Context, call Call, req *ententev1.GetAgencyRequest) (*ententev1.GetAgencyResponse, error) {
	id, _ := intel.ParseAgencyName(req.GetName())
	a := h.View.Roster().Agency(id)
	if a == nil {
		return nil, errNoAgency()
	}
	return &ententev1.GetAgencyResponse{Agency: h.agency(call, a)}, nil
}

func errNoAgency() error {
	return fault.New(fault.NotFound, "AGENCY_NOT_FOUND", "There is no such agency; list the agencies for their names.")
}

// ListAgencies lists all agencies that ever were, by name.
func (h *Hub) ListAgencies(_ context.Context, call Call, req *ententev1.ListAgenciesRequest) (*ententev1.ListAgenciesResponse, error) {
	bound := call.bind(nil, 0)
	from, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	all := h.View.Roster().Agencies()
	page, next := slice(h, all, from, req.GetPageSize(), bound)
	answer := &ententev1.ListAgenciesResponse{NextPageToken: next}
	for _, a := range page {
		answer.Agencies = append(answer.Agencies, h.agency(call, a))
	}
	return answer, nil
}

// slice is a page of a short list whose order only grows: the token tells how much of it was given.
func slice[T any](h *Hub, all []T, from uint64, size int32, bound [sha256.Size]byte) (page []T, next string) {
	if size == 0 {
		size = defaultPage
	}
	from = min(from, uint64(len(all)))
	page = all[from:]
	if len(page) > int(size) {
		page = page[:size]
		next = h.tokens.seal(bound, from+uint64(size))
	}
	return page, next
}

// agency is an agency as a caller sees it: bindings are shown to the agency itself and to the operator.
func (h *Hub) agency(call Call, a *internalv1.AgencyState) *ententev1.Agency {
	shown := &ententev1.Agency{
		Name: intel.AgencyID(a.GetId()).Name(), DisplayName: a.GetDisplayName(), RegionCode: a.GetRegionCode(), TrustDomain: a.GetTrustDomain(),
		Status: a.GetStatus(), DutyContacts: a.GetDutyContacts(), Authorities: h.Authorities.List(a.GetBundlePem()),
		CreateTime: timestamp(a.GetCreateMicros()), UpdateTime: timestamp(a.GetUpdateMicros()),
	}
	for _, u := range a.GetUnits() {
		if !u.GetRetired() {
			shown.Units = append(shown.Units, &ententev1.Unit{UnitId: u.GetUnitId(), DisplayName: u.GetDisplayName()})
		}
	}
	if call.Caller.Operator || call.Caller.Agency == intel.AgencyID(a.GetId()) {
		shown.Bindings = a.GetBindings()
		shown.Etag = h.etags.agency(a.GetId(), a.GetVersion())
	}
	if p := a.GetPending(); p != nil {
		shown.PendingRecovery = &ententev1.PendingRecovery{Authorities: h.Authorities.List(p.GetBundlePem()), EffectiveTime: timestamp(p.GetEffectiveMicros())}
	}
	return shown
}
