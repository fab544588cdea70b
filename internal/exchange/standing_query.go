package exchange

import (
	"context"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// CreateStandingQuery makes a standing query. What it asks is put on record like any other question, once.
func (h *Hub) CreateStandingQuery(ctx context.Context, call Call, req *ententev1.CreateStandingQueryRequest) (*ententev1.CreateStandingQueryResponse, error) {
	look, err := h.sought(req.GetDraft())
	if err != nil {
		return nil, fault.As(err).Under("draft")
	}
	if look.nothing(h.View.Hasher(), call.Caller.Agency) {
		return nil, fault.Violated(fault.Violation{
			Field: "draft", Reason: "STANDING_QUERY_FINDS_NOTHING", Description: "finds nothing, whatever comes; ask for words and names with letters or digits in them",
		})
	}
	q, err := h.changeQuery(ctx, call, req, func(c conditions, s *view.Snapshot, into *internalv1.Command) error {
		create, err := h.standingQuery(s, c, req, look)
		into.Kind = &internalv1.Command_CreateStandingQuery{CreateStandingQuery: create}
		return err
	})
	if err != nil {
		return nil, err
	}
	if q == nil { // it was only checked
		q = &ententev1.StandingQuery{Draft: req.GetDraft(), State: ententev1.StandingQueryState_STANDING_QUERY_STATE_ACTIVE}
	}
	return &ententev1.CreateStandingQueryResponse{StandingQuery: q}, nil
}

// standingQuery makes the command of a new standing query.
func (h *Hub) standingQuery(s *view.Snapshot, c conditions, req *ententev1.CreateStandingQueryRequest, look *sought) (*internalv1.CreateStandingQuery, error) {
	b, err := inboxNamed(s.Roster(), c.call.Caller, req.GetDraft().GetInbox())
	if err != nil {
		return nil, err
	}
	draft := proto.CloneOf(req.GetDraft())
	draft.Inbox = b.name
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(draft)
	if err != nil {
		return nil, err
	}
	query, err := encodeWithout(req, fieldJustification, fieldRequestID)
	if err != nil {
		return nil, err
	}
	uid, err := newUID(h.Source.Now(), h.Source.Draw(c.call.Caller.Agency, c.requestID))
	create := &internalv1.CreateStandingQuery{
		Uid: uid[:], Draft: encoded, Identifiers: uint32(len(look.identifiers)), Broad: look.broad(h.View.Hasher(), c.call.Caller.Agency),
		Method: c.call.Method, Query: query, Source: c.call.Source,
	}
	if unit := c.call.Caller.Unit; unit != "" && b.name == intel.UnitName(c.call.Caller.Agency, unit)+"/inbox" {
		create.Unit = string(unit)
	}
	return create, err
}

// PauseStandingQuery stops asking.
func (h *Hub) PauseStandingQuery(ctx context.Context, call Call, req *ententev1.PauseStandingQueryRequest) (*ententev1.PauseStandingQueryResponse, error) {
	q, err := h.setQuery(ctx, call, req, ententev1.StandingQueryState_STANDING_QUERY_STATE_PAUSED)
	if err != nil {
		return nil, err
	}
	return &ententev1.PauseStandingQueryResponse{StandingQuery: q}, nil
}

// ResumeStandingQuery asks again.
func (h *Hub) ResumeStandingQuery(ctx context.Context, call Call, req *ententev1.ResumeStandingQueryRequest) (*ententev1.ResumeStandingQueryResponse, error) {
	q, err := h.setQuery(ctx, call, req, ententev1.StandingQueryState_STANDING_QUERY_STATE_ACTIVE)
	if err != nil {
		return nil, err
	}
	return &ententev1.ResumeStandingQueryResponse{StandingQuery: q}, nil
}

// DeleteStandingQuery ends a standing query for good.
func (h *Hub) DeleteStandingQuery(ctx context.Context, call Call, req *ententev1.DeleteStandingQueryRequest) (*ententev1.DeleteStandingQueryResponse, error) {
	q, err := h.setQuery(ctx, call, req, ententev1.StandingQueryState_STANDING_QUERY_STATE_DELETED)
	if err != nil {
		return nil, err
	}
	return &ententev1.DeleteStandingQueryResponse{StandingQuery: q}, nil
}

// queryChange is what the requests that change a standing query have in common.
type queryChange interface {
	keptRequest
	GetName() string
	GetEtag() string
}

func (h *Hub) setQuery(ctx context.Context, call Call, req queryChange, state ententev1.StandingQueryState) (*ententev1.StandingQuery, error) {
	var before *ententev1.StandingQuery
	q, err := h.changeQuery(ctx, call, req, func(c conditions, s *view.Snapshot, into *internalv1.Command) error {
		found, err := queryNamed(s, c.call, c.justification, req.GetName())
		if err != nil {
			return err
		}
		if req.GetEtag() != h.etags.standingQuery(found.State.GetUid(), found.State.GetVersion()) {
			return errStale()
		}
		before = h.shownQuery(found)
		into.Kind = &internalv1.Command_UpdateStandingQuery{UpdateStandingQuery: &internalv1.UpdateStandingQuery{
			Uid: found.State.GetUid(), ExpectedVersion: found.State.GetVersion(), State: state,
		}}
		return nil
	})
	if err == nil && q == nil {
		q = before
	}
	return q, err
}

// changeQuery answers a change of a standing query: nil when it was only checked.
func (h *Hub) changeQuery(
	ctx context.Context, call Call, req keptRequest, edit func(conditions, *view.Snapshot, *internalv1.Command) error,
) (*ententev1.StandingQuery, error) {
	outcome, j, err := h.keep(ctx, call, req, edit, queryRefusal)
	if err != nil || outcome == nil {
		return nil, err
	}
	return h.changedQuery(call, j, [16]byte(outcome.GetUid()))
}

// changedQuery shows a standing query after its change, as it stands now.
func (h *Hub) changedQuery(call Call, j *ententev1.Justification, uid [16]byte) (shown *ententev1.StandingQuery, err error) {
	err = h.View.Read(func(s *view.Snapshot) error {
		q, err := s.StandingQuery(call.reader(j), uid)
		if err == nil {
			shown = h.shownQuery(q)
		}
		return err
	})
	return shown, err
}

// queryRefusal words a refusal of the journal for a standing query.
func queryRefusal(err error) error {
	if fault.Has(err, "RECORD_NOT_FOUND") {
		return errNoQuery()
	}
	return err
}

func errNoQuery() error {
	return fault.New(fault.NotFound, "STANDING_QUERY_NOT_FOUND", "There is no such standing query of yours; list them for their names.")
}

// queryNamed finds a standing query of the caller's that is not deleted.
func queryNamed(s *view.Snapshot, call Call, j *ententev1.Justification, name string) (view.StandingQuery, error) {
	owner, uid, ok := intel.ParseStandingQueryName(name)
	if !ok || owner != call.Caller.Agency {
		return view.StandingQuery{}, errNoQuery()
	}
	q, err := s.StandingQuery(call.reader(j), uid)
	if err == nil && q.State.GetState() == ententev1.StandingQueryState_STANDING_QUERY_STATE_DELETED {
		err = errNoQuery()
	}
	return q, err
}

// GetStandingQuery reads one standing query.
func (h *Hub) GetStandingQuery(ctx context.Context, call Call, req *ententev1.GetStandingQueryRequest) (*ententev1.GetStandingQueryResponse, error) {
	answer := new(ententev1.GetStandingQueryResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		q, err := queryNamed(r.Snapshot, call, req.GetJustification(), req.GetName())
		if err == nil {
			answer.StandingQuery = h.shownQuery(q)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// ListStandingQueries lists those of the caller's agency and of its unit, oldest first.
func (h *Hub) ListStandingQueries(ctx context.Context, call Call, req *ententev1.ListStandingQueriesRequest) (*ententev1.ListStandingQueriesResponse, error) {
	bound := call.bind(nil, req.GetJustification().GetPurpose())
	from, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	size := int(req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	answer := new(ententev1.ListStandingQueriesResponse)
	err = h.read(ctx, call, req, func(r *reading) error {
		answer.StandingQueries, answer.NextPageToken = nil, ""
		bytes, last := 0, from
		return r.StandingQueries(r.reader, uint32(from), func(q view.StandingQuery) bool {
			shown := h.shownQuery(q)
			bytes += proto.Size(shown)
			if n := len(answer.GetStandingQueries()); n == size || n > 0 && bytes > pageBytes {
				answer.NextPageToken = h.tokens.seal(bound, last)
				return false
			}
			answer.StandingQueries = append(answer.StandingQueries, shown)
			last = uint64(q.State.GetOrdinal())
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// shownQuery is a standing query as its owner sees it.
func (h *Hub) shownQuery(q view.StandingQuery) *ententev1.StandingQuery {
	shown := &ententev1.StandingQuery{
		Name: intel.StandingQueryName(intel.AgencyID(q.State.GetOwner()), [16]byte(q.State.GetUid())), State: q.State.GetState(),
	}
	if q.State.GetState() == ententev1.StandingQueryState_STANDING_QUERY_STATE_DELETED {
		return shown
	}
	shown.Draft, shown.Justification = q.Draft, q.State.GetJustification()
	shown.CreateTime, shown.UpdateTime = timestamp(q.State.GetCreateMicros()), timestamp(q.State.GetUpdateMicros())
	shown.Etag = h.etags.standingQuery(q.State.GetUid(), q.State.GetVersion())
	return shown
}
