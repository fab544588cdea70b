package exchange

import (
	"cmp"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Deconfliction: the identifiers of a new or corrected record are compared with those of other agencies' records. A submit only pays for it. The matcher
// looks afterwards, and apply decides on whom to tell. See docs/deconfliction.md.

// compares is what it costs to compare a content's identifiers: one of its kind for each value that is not benign.
func (h *Hub) compares(s *view.Snapshot, r intel.Reading) (spends []*internalv1.CheckSpend, err error) {
	values := make([]index.Term, 0, len(r.Findings))
	for _, id := range r.Findings {
		value := h.View.Hasher().Identifier(id.Type, id.Finding.Normalized)
		if slices.Contains(values, value) {
			continue
		}
		values = append(values, value)
		known, err := s.Benign(value)
		if err != nil {
			return nil, err
		}
		if known == nil {
			spends = spent(spends, id.Type)
		}
	}
	return byKind(spends), nil
}

// probeOf is an identifier of a record, as a check would ask for it.
func (h *Hub) probeOf(kind ententev1.IdentifierType, f identifier.Finding) *probe {
	p := &probe{kind: kind, finding: f, keys: index.IdentifierKeys(kind, f)}
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
