package policy

import (
	"cmp"
	"slices"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Addressee is whose inbox an event goes to: an agency's, or a unit's.
type Addressee struct {
	Agency intel.AgencyID
	Unit   intel.UnitID
}

// Addressees lists whose inboxes are told of a record now, each once and in
// order: the agencies and units that it is addressed to and that are in
// standing, and the originator's own units where the release names them. Named
// officers have no inbox; a record that was recalled has nobody.
func Addressees(rec Record, m Members) []Addressee {
	return told(rec, m, m.Active)
}

// Holders lists whose inboxes are told when a record is corrected or taken back:
// its addressees, and those that would be addressees but for being suspended. Of
// members of groups these are exactly the suspended that had the record; a
// suspended agency that is named is told also where the release named it only
// meanwhile, since when that was is not kept.
func Holders(rec Record, m Members) []Addressee {
	return told(rec, m, func(a intel.AgencyID) bool {
		return m.Active(a) || slices.Contains(m.Suspended(), a)
	})
}

func told(rec Record, m Members, counts func(intel.AgencyID) bool) []Addressee {
	if rec.Recalled {
		return nil
	}
	list := append(units(rec, m, counts), agencies(rec, m, counts)...)
	slices.SortFunc(list, func(a, b Addressee) int {
		return cmp.Or(cmp.Compare(a.Agency, b.Agency), cmp.Compare(a.Unit, b.Unit))
	})
	return slices.Compact(list)
}

// units are the addressees that are named as units.
func units(rec Record, m Members, counts func(intel.AgencyID) bool) []Addressee {
	var list []Addressee
	for _, name := range rec.audience().GetUnits() {
		a, u, ok := intel.ParseUnitName(name)
		if ok && counts(a) && m.HasUnit(a, u) && (a == rec.Owner || rec.releasableTo(m.Region(a))) {
			list = append(list, Addressee{Agency: a, Unit: u})
		}
	}
	return list
}

// agencies are those that are addressed as a whole: by name, or in a group.
func agencies(rec Record, m Members, counts func(intel.AgencyID) bool) []Addressee {
	var list []Addressee
	add := func(a intel.AgencyID) {
		if a != rec.Owner && counts(a) && rec.releasableTo(m.Region(a)) {
			list = append(list, Addressee{Agency: a})
		}
	}
	if !rec.red() {
		for _, name := range rec.audience().GetAgencies() {
			if a, ok := intel.ParseAgencyName(name); ok {
				add(a)
			}
		}
	}
	for _, s := range rec.opened() {
		eachListed(s.GetGroup(), m, func(a intel.AgencyID) {
			if m.MemberAt(s.GetGroup(), a, s.GetGeneration()) {
				add(a)
			}
		})
	}
	return list
}

// eachListed visits the members of a group, those that are suspended after the
// others.
func eachListed(group uint32, m Members, visit func(intel.AgencyID)) {
	for _, a := range m.Current(group) {
		visit(a)
	}
	for _, a := range m.Suspended() {
		if m.Listed(group, a) {
			visit(a)
		}
	}
}
