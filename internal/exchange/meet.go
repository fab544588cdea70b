package exchange

import (
	"bytes"
	"cmp"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Deconfliction: the identifiers of a new or corrected record are compared with those of other agencies' records. A submit only pays for it. The matcher
// looks afterwards, and apply decides on whom to tell. See docs/deconfliction.md.

// compares is what it costs to compare a content's identifiers: one of its kind for each that is not benign.
func (h *Hub) compares(s *view.Snapshot, r intel.Reading) ([]*internalv1.CheckSpend, error) {
	var list []*probe
	for _, id := range r.Findings {
		list = append(list, h.probeOf(id.Type, id.Finding))
	}
	list, err := worthComparing(s, list)
	return costOf(list), err
}

// probeOf is an identifier of a record, as a check would ask for it.
func (h *Hub) probeOf(kind ententev1.IdentifierType, f identifier.Finding) *probe {
	p := &probe{of: &ententev1.AskedIdentifier{Type: kind}, finding: f, keys: index.IdentifierKeys(kind, f), row: new(ententev1.CheckedIdentifier)}
	p.terms = h.View.Hasher().Identifiers(p.keys)
	return p
}

// worthComparing are the identifiers that are compared: each once, without those that are benign.
func worthComparing(s *view.Snapshot, list []*probe) ([]*probe, error) {
	var worth []*probe
	for _, p := range list {
		if slices.ContainsFunc(worth, func(q *probe) bool { return p.terms[0] == q.terms[0] }) {
			continue
		}
		known, err := s.Benign(p.terms[0])
		if err != nil {
			return nil, err
		}
		if known == nil {
			worth = append(worth, p)
		}
	}
	return worth, nil
}

// comparing is a record whose identifiers are compared.
type comparing struct {
	view.Due
	owner  intel.AgencyID
	probes []*probe
	rows   []*internalv1.Meeting
	walks  int // through the index, so that tests can hold them
}

// due takes in the records that are to be compared.
func (m *matcher) due(s *view.Snapshot, b *batch) error {
	visited := 0
	return s.Dues(m.looked.compared, func(d view.Due) (bool, error) {
		if b.more = visited == lookAtMost; b.more {
			return false, nil
		}
		visited++
		b.to.compared = d.Place
		x, current, err := s.Compared(d.Number, d.Revision)
		if err != nil || !current {
			return err == nil, err
		}
		found, err := m.h.identified(x)
		if err != nil {
			return false, err
		}
		c := &comparing{Due: d, owner: x.Owner()}
		for _, id := range found {
			c.probes = append(c.probes, id.probe)
		}
		c.probes, err = worthComparing(s, c.probes)
		b.compared = append(b.compared, c)
		return err == nil, err
	})
}

// identified is an identifier of a record, where it stands.
type identified struct {
	*probe
	stated
}

// identified are the identifiers of a record's content.
func (h *Hub) identified(c view.Comparable) (list []identified, err error) {
	all, err := statedIn(c)
	for _, s := range all {
		p, err := h.understood(s)
		if err != nil {
			return nil, err
		}
		if p != nil {
			list = append(list, identified{p, s})
		}
	}
	return list, err
}

// understood is an identifier of a record as a check would ask for it; nil for one that was sound by older tables alone.
func (h *Hub) understood(s stated) (*probe, error) {
	id, err := s.identifier()
	if err != nil {
		return nil, err
	}
	if finding, err := identifier.Understand(id); err == nil {
		p := h.probeOf(s.of, finding)
		p.stated = s.encoded
		return p, nil
	}
	return nil, nil
}

// compare looks with whom the identifiers of a batch's records meet.
func (m *matcher) compare(b *batch) error {
	for _, c := range b.compared {
		if len(c.probes) == 0 {
			continue
		}
		c.rows, c.walks = nil, 0
		err := m.h.meets(c)
		if m.passOver(c.Number, err) {
			continue
		}
		if err != nil {
			return err
		}
		b.meetings = append(b.meetings, c.rows...)
	}
	return nil
}

// probesAtOnce are asked of the index before it is let go: no entry is published while it is held.
const probesAtOnce = 64

// meets looks with whom a record shares identifiers, and who might be told. What few records have is common to nobody, whichever of them a desk may know of:
// one walk finds them all, and the rules decide on each. Of what many have, each desk is asked about what it may know of. So what is hidden from a desk
// moves nothing of what it is told either way.
func (h *Hub) meets(c *comparing) error {
	for some := range slices.Chunk(c.probes, probesAtOnce) {
		if err := h.View.Query(func(s *view.Snapshot) error {
			for _, p := range some {
				p.numbers, c.walks = s.Sharers(p.terms, commonCap+1), c.walks+1
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if err := h.weigh(c); err != nil {
		return err
	}
	shares := c.shares()
	if len(shares) == 0 {
		return nil
	}
	return h.View.Read(func(s *view.Snapshot) error {
		own, current, err := s.Compared(c.Number, c.Revision)
		if err != nil || !current {
			return err
		}
		for len(shares) > 0 {
			n := slices.IndexFunc(shares, func(x share) bool { return x.number != shares[0].number })
			if n < 0 {
				n = len(shares)
			}
			if err := h.meetWith(s, c, own, shares[:n]); err != nil {
				return err
			}
			shares = shares[n:]
		}
		return nil
	})
}

// weigh asks what each desk may know of that has one of the identifiers which many records have: only of those agencies that hold such a record. What is
// common to a desk is left out.
func (h *Hub) weigh(c *comparing) error {
	var many []*probe
	var terms index.AnyOf
	for _, p := range c.probes {
		if len(p.numbers) > commonCap {
			p.numbers, p.known = nil, map[intel.AgencyID][]uint64{}
			many, terms = append(many, p), append(terms, p.terms...)
		}
	}
	if len(many) == 0 {
		return nil
	}
	var desks []intel.AgencyID
	if err := h.View.Query(func(s *view.Snapshot) error {
		if desks = s.Counterparts(c.owner, terms); len(desks) > 0 {
			desks = append(desks, c.owner)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, a := range desks {
		if err := h.View.Query(func(s *view.Snapshot) error {
			for _, p := range many {
				c.walks++
				if known := s.Holdings(policy.DeskOf(a, s.Roster()), p.terms, commonCap+1); len(known) <= commonCap {
					p.known[a], p.numbers = known, append(p.numbers, known...)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// knownTo tells whether a desk may be told of a record for this identifier, where the rules would: not where it is common to that desk.
func (a *probe) knownTo(desk intel.AgencyID, number uint64) bool {
	return a.known == nil || slices.Contains(a.known[desk], number)
}

// share is another record that has one of the identifiers.
type share struct {
	number uint64
	*probe
}

// shares are the other records that have some of the identifiers, in the order of their numbers.
func (c *comparing) shares() []share {
	var list []share
	for _, p := range c.probes {
		slices.Sort(p.numbers)
		for _, n := range slices.Compact(p.numbers) {
			if n != c.Number {
				list = append(list, share{n, p})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b share) int { return cmp.Compare(a.number, b.number) })
	return list
}

// meetWith decides who might be told of a record and another one that has some of its identifiers, and notes what they share.
func (h *Hub) meetWith(s *view.Snapshot, c *comparing, own view.Comparable, shares []share) error {
	other := shares[0].number
	pair, err := s.Pair(own, other)
	if err != nil || !pair.ToOwn && !pair.ToOther {
		return err
	}
	here := func(p *probe) bool { return pair.ToOwn && p.knownTo(c.owner, other) }
	there := func(p *probe) bool { return pair.ToOther && p.knownTo(pair.Other.Owner(), other) }
	var probes []*probe
	for _, x := range shares {
		if here(x.probe) || there(x.probe) {
			probes = append(probes, x.probe)
		}
	}
	if len(probes) == 0 {
		return nil
	}
	var ours, theirs []uint64
	err = h.eachSame(pair.Other, probes, func(mine, its *probe) {
		if here(mine) {
			ours = append(ours, uint64(mine.terms[0]))
		}
		if there(mine) {
			theirs = append(theirs, uint64(its.terms[0]))
		}
	})
	c.note(c.Number, c.Revision, other, pair.Other.Revision(), ours)
	c.note(other, pair.Other.Revision(), c.Number, c.Revision, theirs)
	return err
}

// eachSame visits the identifiers of a record that are the same thing as one of those asked for. The identifiers themselves are compared: where only the
// hashes met there are none. One that is written alike is known already; one whose type has no form in common with those asked for is not looked at.
func (h *Hub) eachSame(other view.Comparable, probes []*probe, visit func(mine, its *probe)) error {
	all, err := statedIn(other)
	if err != nil {
		return err
	}
	for _, s := range all {
		related := slices.ContainsFunc(probes, func(p *probe) bool { return identifier.Related(p.of.GetType(), s.of) })
		if !related {
			continue
		}
		its := alike(probes, s)
		if its == nil {
			if its, err = h.understood(s); err != nil {
				return err
			}
		}
		if its == nil {
			continue
		}
		for _, mine := range probes {
			if mine == its || slices.ContainsFunc(its.keys, func(k index.IdentifierKey) bool { return slices.Contains(mine.keys, k) }) {
				visit(mine, its)
			}
		}
	}
	return nil
}

// alike is the one that was stated in the very same bytes; nil for none.
func alike(probes []*probe, s stated) *probe {
	if i := slices.IndexFunc(probes, func(p *probe) bool { return bytes.Equal(p.stated, s.encoded) }); i >= 0 {
		return probes[i]
	}
	return nil
}

// note says what is shared of what the agency of the first record is to be told of the second; nothing where nothing is.
func (c *comparing) note(own uint64, ownRevision uint32, other uint64, otherRevision uint32, shared []uint64) {
	if len(shared) > 0 {
		slices.Sort(shared)
		c.rows = append(c.rows, &internalv1.Meeting{Own: own, OwnRevision: ownRevision, Other: other, OtherRevision: otherRevision, Shared: slices.Compact(shared)})
	}
}

// meeting words a deconfliction as today's rules allow: the reader's own record, and whom to ask about the other.
func (r *reading) meeting(e *ententev1.InboxEvent, row view.Row) error {
	met, err := r.Met(r.reader, row)
	if err != nil {
		return err
	}
	if met == nil {
		e.Kind = ententev1.EventKind_EVENT_KIND_WITHHELD
		return nil
	}
	d := &ententev1.DeconflictionDetail{
		Agency: intel.AgencyID(met.Other.GetId()).Name(), DisplayName: met.Other.GetDisplayName(), DutyContacts: met.Other.GetDutyContacts(),
		OtherName: met.OtherName,
	}
	if met.OtherName != "" {
		d.LinksEtag = r.h.etags.links(met.UID, met.LinksVersion)
	}
	e.Name, e.Revision, e.Deconfliction = met.Name, int32(row.Revision), d
	list, err := r.h.identified(met.Own)
	for _, id := range list {
		if slices.Contains(met.Shared, uint64(id.terms[0])) {
			d.Shared = append(d.Shared, &ententev1.SharedIdentifier{Type: id.stated.of, FieldPath: id.path(), NormalizedValue: id.finding.Normalized})
		}
	}
	slices.SortStableFunc(d.GetShared(), func(x, y *ententev1.SharedIdentifier) int { return cmp.Compare(x.GetType(), y.GetType()) })
	return err
}
