package exchange

import (
	"context"
	"encoding/hex"
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// box is an inbox that a caller may read.
type box struct {
	name    string
	ordinal uint32
	status  ententev1.AgencyStatus
}

// readableInboxes are those of the caller's agency and of its own unit, in that order.
func readableInboxes(r *view.Roster, c intel.Caller) []box {
	status := r.Agency(c.Agency).GetStatus()
	var list []box
	if ordinal, ok := r.InboxOf(c.Agency, ""); ok {
		list = append(list, box{name: c.Agency.Name() + "/inbox", ordinal: ordinal, status: status})
	}
	if ordinal, ok := r.InboxOf(c.Agency, c.Unit); ok && c.Unit != "" {
		list = append(list, box{name: intel.UnitName(c.Agency, c.Unit) + "/inbox", ordinal: ordinal, status: status})
	}
	return list
}

// inboxNamed finds an inbox that the caller may read; any other does not exist for it. The empty name is the agency's.
func inboxNamed(r *view.Roster, c intel.Caller, name string) (box, error) {
	for _, b := range readableInboxes(r, c) {
		if name == "" || name == b.name {
			return b, nil
		}
	}
	return box{}, fault.New(fault.NotFound, "INBOX_NOT_FOUND", "There is no such inbox that you may read; WhoAmI lists yours.")
}

func (b box) head(s *view.Snapshot) *ententev1.InboxHead {
	return &ententev1.InboxHead{Inbox: b.name, Head: cursor(s, s.InboxHead(b.ordinal)), Status: b.status}
}

func cursor(s *view.Snapshot, number uint64) *ententev1.InboxCursor {
	return &ententev1.InboxCursor{Epoch: s.Epoch(), Number: int64(number)}
}

// after is the number that a cursor stands for, in a log with this head.
func after(s *view.Snapshot, c *ententev1.InboxCursor, head uint64) (uint64, error) {
	switch {
	case c.GetEpoch() != "" && c.GetEpoch() != s.Epoch():
		return 0, fault.New(fault.Precondition, "EPOCH_OVER",
			"The hub was restored and numbers begin anew; read from the beginning, with an empty cursor, and compare with what you have.")
	case uint64(c.GetNumber()) > head:
		return 0, fault.Violated(fault.Violation{Field: "after.number", Reason: "CURSOR_AHEAD", Description: "is beyond the head; use the cursor of an earlier answer"})
	}
	return uint64(c.GetNumber()), nil
}

// GetInboxHead tells where an inbox stands.
func (h *Hub) GetInboxHead(ctx context.Context, call Call, req *ententev1.GetInboxHeadRequest) (*ententev1.GetInboxHeadResponse, error) {
	answer := new(ententev1.GetInboxHeadResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		b, err := inboxNamed(r.Roster(), call.Caller, req.GetInbox())
		if err == nil {
			answer.Head = b.head(r.Snapshot)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// ReadInbox reads one page from a cursor on.
func (h *Hub) ReadInbox(ctx context.Context, call Call, req *ententev1.ReadInboxRequest) (*ententev1.ReadInboxResponse, error) {
	answer := new(ententev1.ReadInboxResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		b, err := inboxNamed(r.Roster(), call.Caller, req.GetInbox())
		if err != nil {
			return err
		}
		head := r.InboxHead(b.ordinal)
		from, err := after(r.Snapshot, req.GetAfter(), head)
		if err != nil {
			return err
		}
		size := int(req.GetPageSize())
		if size == 0 {
			size = defaultPage
		}
		s, err := r.stretch(b, from, size, req.GetKinds())
		answer.Events, answer.Skipped = s.events, s.skipped
		answer.ResumeFrom, answer.Head = cursor(r.Snapshot, s.last), cursor(r.Snapshot, head)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// stretch is a run of an inbox: its events, and the numbers that a filter left out.
type stretch struct {
	events  []*ententev1.InboxEvent
	skipped []*ententev1.NumberRange
	last    uint64
}

// scanAtMost bounds how many rows a filter may pass over in one answer.
const scanAtMost = 10_000

// stretch reads events after a number, up to a size, and ends before one that is damaged: only who asks from there on is told so.
func (r *reading) stretch(b box, from uint64, size int, kinds []ententev1.EventKind) (s stretch, err error) {
	s.last = from
	scanned := 0
	err = r.Rows(b.ordinal, from, func(row view.Row) (bool, error) {
		if len(s.events) == size || scanned == scanAtMost {
			return false, nil
		}
		scanned++
		if unwanted(kinds, row) {
			s.last = row.Number
			s.skip(row.Number)
			return true, nil
		}
		event, err := r.event(b, row)
		if fault.KindOf(err) == fault.DataLoss && s.last > from {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		s.last = row.Number
		if len(kinds) > 0 && !slices.Contains(kinds, event.GetKind()) {
			s.skip(row.Number)
			return true, nil
		}
		s.events = append(s.events, event)
		return true, nil
	})
	return s, err
}

// unwanted tells, without a look at anything else, that a filter leaves a row out, whatever may be shown of it.
func unwanted(kinds []ententev1.EventKind, row view.Row) bool {
	return len(kinds) > 0 && !slices.Contains(kinds, row.Kind) && !slices.Contains(kinds, ententev1.EventKind_EVENT_KIND_WITHHELD)
}

func (s *stretch) skip(number uint64) {
	if n := len(s.skipped); n > 0 && s.skipped[n-1].GetLast() == int64(number)-1 {
		s.skipped[n-1].Last = int64(number)
		return
	}
	s.skipped = append(s.skipped, &ententev1.NumberRange{First: int64(number), Last: int64(number)})
}

// event shows a row as today's rules allow.
func (r *reading) event(b box, row view.Row) (*ententev1.InboxEvent, error) {
	salt, leaf, err := r.Leaf(b.ordinal, row.Number)
	if err != nil {
		return nil, err
	}
	e := &ententev1.InboxEvent{
		Number: int64(row.Number), Kind: row.Kind, EventTime: timestamp(row.Millis * 1000),
		LeafSalt: hex.EncodeToString(salt[:]), LeafHash: hex.EncodeToString(leaf[:]),
	}
	switch row.Kind {
	case ententev1.EventKind_EVENT_KIND_MEMBERSHIP:
		_, name := r.Roster().GroupAt(uint32(row.Ref))
		e.Membership = &ententev1.MembershipDetail{Group: name, Joined: row.Revision == 1}
	case ententev1.EventKind_EVENT_KIND_TRUST_CHANGED:
		e.Trust = r.trust(row)
	case ententev1.EventKind_EVENT_KIND_READERSHIP_DIGEST:
		e.Readership = &ententev1.ReadershipDetail{UpToNumber: int64(row.Ref), NewRows: int64(row.Revision)}
	case ententev1.EventKind_EVENT_KIND_HIT:
		e.Hit, err = r.hit(row)
	case ententev1.EventKind_EVENT_KIND_RECALLED:
		e.Name, err = r.EventRecord(row.Ref)
	case ententev1.EventKind_EVENT_KIND_HISTORY:
		e.History = &ententev1.HistoryDetail{Agency: intel.AgencyID(r.Roster().AgencyAt(uint32(row.Ref)).GetId()).Name(), Records: int64(row.Revision)}
	case ententev1.EventKind_EVENT_KIND_DECONFLICTION:
		err = r.meeting(e, row)
	case ententev1.EventKind_EVENT_KIND_STANDING_MATCH:
		if e.StandingQuery, err = r.EventQuery(row.Other); err == nil {
			err = r.recordEvent(e, row)
		}
	default:
		err = r.recordEvent(e, row)
	}
	return e, err
}

// recordEvent names the record of an event, or withholds the event when the reader may not know of the record any more.
func (r *reading) recordEvent(e *ententev1.InboxEvent, row view.Row) error {
	known, err := r.Known(r.reader, row.Ref)
	if err != nil {
		return err
	}
	if !known {
		e.Kind, e.StandingQuery = ententev1.EventKind_EVENT_KIND_WITHHELD, ""
		return nil
	}
	e.Name, err = r.EventRecord(row.Ref)
	e.Revision = int32(row.Revision)
	return err
}

// trust words a change of trust, with the fingerprints in force, or announced and not yet in force.
func (r *reading) trust(row view.Row) *ententev1.TrustDetail {
	a := r.Roster().AgencyAt(uint32(row.Ref))
	change := ententev1.TrustChange(row.Revision)
	d := &ententev1.TrustDetail{Agency: intel.AgencyID(a.GetId()).Name(), Change: change}
	bundle := a.GetBundlePem()
	if p := a.GetPending(); p != nil && change == ententev1.TrustChange_TRUST_CHANGE_RECOVERY_ANNOUNCED {
		bundle, d.EffectiveTime = p.GetBundlePem(), timestamp(p.GetEffectiveMicros())
	}
	for _, authority := range r.h.Authorities.List(bundle) {
		d.Fingerprints = append(d.Fingerprints, authority.GetFingerprint())
	}
	return d
}
