package exchange

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

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
	known  map[intel.AgencyID][][]uint64 // by desk and probe: what the desk may know of, one more than is common at most
	rows   []*internalv1.Meeting
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
	path string
}

// identified are the identifiers of a record's content.
func (h *Hub) identified(c view.Comparable) (list []identified, err error) {
	err = eachIdentifier(c, func(path string, id *ententev1.Identifier) {
		if finding, err := identifier.Understand(id); err == nil { // else it was sound by older tables
			list = append(list, identified{h.probeOf(id.GetType(), finding), path})
		}
	})
	return list, err
}

// eachIdentifier visits the identifiers of a record's content, each with where it stands.
func eachIdentifier(c view.Comparable, visit func(path string, id *ententev1.Identifier)) error {
	stored, err := c.Content()
	if err != nil {
		return err
	}
	all := func(field string, i int, ids []*ententev1.Identifier) {
		for j, id := range ids {
			visit(fmt.Sprintf("%s[%d].identifiers[%d]", field, i, j), id)
		}
	}
	item, report := new(ententev1.IntelligenceContent), new(ententev1.SeizureContent)
	var into proto.Message = item
	if c.Kind() == kindReport {
		into = report
	}
	if proto.Unmarshal(stored, into) != nil {
		return errDamagedPart()
	}
	for i, s := range append(item.GetSubjects(), report.GetSubjects()...) {
		all("subjects", i, s.GetIdentifiers())
	}
	for i, asset := range report.GetAssets() {
		all("assets", i, asset.GetIdentifiers())
	}
	return nil
}

// compare looks with whom the identifiers of a batch's records meet.
func (m *matcher) compare(b *batch) error {
	for _, c := range b.compared {
		if len(c.probes) == 0 {
			continue
		}
		c.rows = nil
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

// meets asks the index for those who might be told, and then looks at the records. What a desk may know of decides for each identifier whether it is common to
// that desk: what is hidden from it moves nothing. The index is let go after each desk: no entry is published while it is held.
func (h *Hub) meets(c *comparing) error {
	var terms index.AnyOf
	for _, p := range c.probes {
		terms = append(terms, p.terms...)
	}
	var others []intel.AgencyID
	err := h.View.Query(func(s *view.Snapshot) error {
		others = s.Counterparts(c.owner, terms)
		return nil
	})
	if err != nil || len(others) == 0 {
		return err
	}
	c.known = map[intel.AgencyID][][]uint64{}
	for _, a := range append(others, c.owner) {
		if err := h.View.Query(func(s *view.Snapshot) error {
			for _, p := range c.probes {
				c.known[a] = append(c.known[a], s.Holdings(policy.DeskOf(a, s.Roster()), p.terms, commonCap+1))
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return h.View.Read(func(s *view.Snapshot) error {
		own, current, err := s.Compared(c.Number, c.Revision)
		if err != nil || !current {
			return err
		}
		for i := range c.probes {
			if err := h.meetOver(s, c, own, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// knownTo is what a desk may know of that has one of the identifiers; nothing where that is common to it.
func (c *comparing) knownTo(a intel.AgencyID, probe int) []uint64 {
	if of, asked := c.known[a]; asked && len(of[probe]) <= commonCap {
		return of[probe]
	}
	return nil
}

// meetOver notes the records that share one of the identifiers.
func (h *Hub) meetOver(s *view.Snapshot, c *comparing, own view.Comparable, probe int) error {
	var numbers []uint64
	for a := range c.known {
		numbers = append(numbers, c.knownTo(a, probe)...)
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		pair, err := s.Pair(own, n)
		if err != nil {
			return err
		}
		toOwn := pair.ToOwn && slices.Contains(c.knownTo(c.owner, probe), n)
		toOther := pair.ToOther && slices.Contains(c.knownTo(pair.Other.Owner(), probe), n)
		if !toOwn && !toOther {
			continue
		}
		p := c.probes[probe]
		theirs, err := h.sameIn(pair.Other, p)
		if err != nil {
			return err
		}
		if len(theirs) == 0 {
			continue // only the hashes met
		}
		if toOwn {
			c.note(c.Number, c.Revision, n, pair.Other.Revision(), uint64(p.terms[0]))
		}
		if toOther {
			c.note(n, pair.Other.Revision(), c.Number, c.Revision, theirs...)
		}
	}
	return nil
}

// sameIn are the identifiers of a record that are the same thing, by the hash of their normal forms. The identifiers themselves are compared.
func (h *Hub) sameIn(other view.Comparable, p *probe) (same []uint64, err error) {
	list, err := h.identified(other)
	for _, id := range list {
		if slices.ContainsFunc(id.keys, func(k index.IdentifierKey) bool { return slices.Contains(p.keys, k) }) {
			same = append(same, uint64(id.terms[0]))
		}
	}
	return same, err
}

// note adds what two records share to what the agency of the first is to be told of them.
func (c *comparing) note(own uint64, ownRevision uint32, other uint64, otherRevision uint32, shared ...uint64) {
	i := slices.IndexFunc(c.rows, func(r *internalv1.Meeting) bool { return r.GetOwn() == own && r.GetOther() == other })
	if i < 0 {
		i = len(c.rows)
		c.rows = append(c.rows, &internalv1.Meeting{Own: own, OwnRevision: ownRevision, Other: other, OtherRevision: otherRevision})
	}
	all := append(c.rows[i].GetShared(), shared...)
	slices.Sort(all)
	c.rows[i].Shared = slices.Compact(all)
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
			d.Shared = append(d.Shared, &ententev1.SharedIdentifier{Type: id.of.GetType(), FieldPath: id.path, NormalizedValue: id.finding.Normalized})
		}
	}
	slices.SortStableFunc(d.GetShared(), func(x, y *ententev1.SharedIdentifier) int { return cmp.Compare(x.GetType(), y.GetType()) })
	return err
}
