package exchange

import (
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// prepare decides a submit on a snapshot: is it a retry, is it known, may it be released and linked as it says. What remains is a command.
func (h *Hub) prepare(c conditions, d *draft) (*prepared, error) {
	p := &prepared{conditions: c, draft: d}
	err := h.View.Read(func(s *view.Snapshot) error {
		agency := s.Roster().Agency(c.call.Caller.Agency)
		if !s.Roster().Active(c.call.Caller.Agency) {
			return errStanding()
		}
		outcome, err := repeated(s, agency.GetOrdinal(), c.requestID, c.digest)
		if outcome != nil || err != nil {
			p.receipt = h.receipt(c.call, d.kind, outcome, d.Assessment)
			return err
		}
		return h.decide(s, agency, p)
	})
	if err != nil {
		return nil, err
	}
	if p.command == nil && p.receipt == nil {
		p.receipt = &ententev1.Receipt{ValidatedOnly: true, Assessment: d.Assessment}
	}
	return p, nil
}

// repeated is the outcome of an earlier request of the same id, nil when there was none.
func repeated(s *view.Snapshot, agency uint32, requestID string, digest []byte) (*internalv1.Outcome, error) {
	if requestID == "" {
		return nil, nil
	}
	known, err := s.Outcome(agency, requestID)
	if err != nil || known == nil {
		return nil, err
	}
	if string(known.GetRequestDigest()) != string(digest) {
		return nil, errReused()
	}
	return known.GetOutcome(), nil
}

// decide makes the command of a new record, or meets the record that has its reference.
func (h *Hub) decide(s *view.Snapshot, agency *internalv1.AgencyState, p *prepared) error {
	if p.draft.originatorReference != "" {
		key := h.referenceKey(p.draft.kind, p.call.Caller.Agency, p.draft.originatorReference)
		number, err := s.NumberOfReference(agency.GetOrdinal(), key)
		if err != nil {
			return err
		}
		if number != 0 {
			return h.meet(s, number, p)
		}
	}
	facts := intel.OwnerFacts{Undetermined: p.draft.Undetermined}
	release, err := h.checkRelease(s, p.call, p.draft.release, facts, p.draft.Protected, "draft.release")
	if err != nil {
		return err
	}
	if err := checkLinks(s, p.call.reader(p.justification), p.draft.links, release.GetMarkings(), "draft.links"); err != nil {
		return err
	}
	if v := intel.CheckSteps(p.draft.steps, p.draft.AssetIDs, h.Source.Now()); len(v) > 0 {
		return fault.Violated(v...).Under("draft")
	}
	if p.validateOnly {
		return nil
	}
	if !p.history { // the past is compared with nothing
		if p.compares, err = h.compares(s, p.draft.Reading); err != nil {
			return err
		}
	}
	p.command, err = h.submission(p, release, h.firstSteps(p.draft))
	return err
}

// checkRelease completes a release and tells what is wrong with it: against the rules first, then whom it names.
func (h *Hub) checkRelease(s *view.Snapshot, call Call, r *ententev1.Release, owner intel.OwnerFacts, protected bool, field string) (*ententev1.Release, error) {
	caller := call.Caller
	owner.Agency, owner.Region, owner.Unit, owner.Officer = caller.Agency, s.Roster().Region(caller.Agency), caller.Unit, caller.Officer
	release, violations := intel.CheckRelease(r, owner, protected, h.Source.Now())
	if len(violations) > 0 {
		return nil, fault.Violated(violations...).Under(field)
	}
	if v := intel.CheckForeign(release, owner, s.Roster().Region); len(v) > 0 {
		return nil, fault.Violated(v...).Under(field)
	}
	if at, reason := s.Roster().Nameable(caller.Agency, release); reason != "" {
		return nil, audienceUnknown(field+"."+at, reason)
	}
	return release, nil
}

// checkLinks wants each target to be readable, and what derives from a record to carry its restrictions.
func checkLinks(s *view.Snapshot, reader policy.Reader, links []*ententev1.Link, markings *ententev1.Markings, field string) error {
	for i, l := range links {
		ref, ok := intel.ParseRecordName(l.GetTarget())
		if !ok {
			return targetAbsent(indexed(field, i))
		}
		x, err := load(s, reader, ref.Kind, l.GetTarget())
		switch {
		case err != nil && answered(err):
			return targetAbsent(indexed(field, i))
		case err != nil:
			return err
		case l.GetType() != ententev1.LinkType_LINK_TYPE_DERIVED_FROM:
			continue
		}
		if v := policy.Derived(markings, x.Release().GetMarkings()); len(v) > 0 {
			return fault.Violated(v...).Under(indexed(field, i))
		}
	}
	return nil
}

// meet answers a submit whose reference the agency has used before.
func (h *Hub) meet(s *view.Snapshot, number uint64, p *prepared) error {
	x, err := s.RecordAt(p.call.reader(p.justification), number)
	if err != nil {
		return errExists() // narrowed to another unit of its own agency
	}
	revise := p.ifExists == ententev1.IfExists_IF_EXISTS_REVISE
	env := x.Envelope()
	switch {
	case env.GetState() == recalled && revise:
		return errState("RECORD_RECALLED")
	case env.GetState() == recalled:
		return errExists()
	case revise && p.etag == "":
		return fault.Violated(fault.Violation{Field: "etag", Reason: "ETAG_REQUIRED", Description: "give the current etag of the record; read it first"})
	}
	same, err := compare(x, p.draft)
	if err != nil {
		return err
	}
	switch {
	case same.all():
		p.receipt = h.standing(x, p.draft.Assessment)
		return nil
	case !revise:
		return errExists()
	case p.etag != h.etags.record(env):
		return errStale()
	case !same.release || !same.links:
		return errState("RELEASE_OR_LINKS_DIFFER")
	}
	return h.reviseMet(s, x, p)
}

// reviseMet makes the command of the new revision.
func (h *Hub) reviseMet(s *view.Snapshot, x *view.Record, p *prepared) error {
	change, err := h.revision(s, x, p.draft.content, h.Source.Draw(p.call.Caller.Agency, p.requestID))
	if err != nil || p.validateOnly {
		return err
	}
	p.command = h.write(p.conditions)
	p.command.Kind = &internalv1.Command_ReviseRecord{ReviseRecord: change}
	return x.Foresee()
}

// likeness is what of a draft is the same as what the hub has.
type likeness struct{ content, release, links bool }

func (l likeness) all() bool { return l.content && l.release && l.links }

// compare compares a draft with a record, as messages. What the draft leaves to the hub is as the record has it.
func compare(x *view.Record, d *draft) (l likeness, err error) {
	l.release = intel.Restates(d.release, x.Release())
	links, err := x.AllLinks()
	if err != nil {
		return l, err
	}
	l.links = sameLinks(links, d.links)
	stored, err := x.Content()
	if err != nil {
		return l, err
	}
	if l.content = string(stored) == string(d.bytes); !l.content {
		other := d.plain.ProtoReflect().New().Interface()
		l.content = proto.Unmarshal(stored, other) == nil && proto.Equal(other, d.plain)
	}
	return l, nil
}

// sameLinks compares two lists of edges as sets.
func sameLinks(a, b []*ententev1.Link) bool {
	type edge struct {
		target string
		kind   ententev1.LinkType
	}
	has := func(list []*ententev1.Link) map[edge]bool {
		set := make(map[edge]bool, len(list))
		for _, l := range list {
			set[edge{l.GetTarget(), l.GetType()}] = true
		}
		return set
	}
	left, right := has(a), has(b)
	for e := range left {
		if !right[e] {
			return false
		}
	}
	return len(left) == len(right)
}
