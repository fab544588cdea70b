package policy

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// The cast: two agencies of one country, two of others. Each has the unit desk;
// lab is named here and there and does not exist.
func cast() []intel.AgencyID { return []intel.AgencyID{"fr-one", "fr-two", "gb-one", "de-one"} }

const owner intel.AgencyID = "fr-one"

func country(a intel.AgencyID) string {
	return map[intel.AgencyID]string{"fr-one": "FR", "fr-two": "FR", "gb-one": "GB", "de-one": "DE"}[a]
}

const (
	desk intel.UnitID = "desk"
	lab  intel.UnitID = "lab"
)

// person is a kind of certificate that an agency may issue.
type person struct {
	agency  intel.AgencyID
	unit    intel.UnitID
	officer string
}

func everybody() []person {
	var all []person
	for _, a := range cast() {
		for _, u := range []intel.UnitID{"", desk, lab} {
			for _, o := range []string{"", "7", "8"} {
				all = append(all, person{a, u, o})
			}
		}
	}
	return all
}

func (p person) reader(purpose ententev1.ProcessingPurpose) Reader {
	return Reader{Agency: p.agency, Unit: p.unit, Officer: p.officer, Region: country(p.agency), Purpose: purpose}
}

func (p person) unitName() string    { return p.agency.Name() + "/units/" + string(p.unit) }
func (p person) officerName() string { return p.agency.Name() + "/officers/" + p.officer }

// model is the record and its hub as the rules have it, in sets of persons.
type model struct {
	history
	protected bool // the content speaks of protected persons
}

type people map[person]bool

func (s people) add(other people) people {
	for p := range other {
		s[p] = true
	}
	return s
}

func those(keep func(person) bool) people {
	s := people{}
	for _, p := range everybody() {
		if keep(p) {
			s[p] = true
		}
	}
	return s
}

// entitled are the persons of other agencies to whom a version of the release
// opens the record at a moment: who is addressed, less whom a marking excludes.
func (m model) entitled(version, moment uint64) people {
	r := m.at(version).release
	to, marks := r.GetAudience(), r.GetMarkings()
	open := those(func(p person) bool { return p.officer != "" && slices.Contains(to.GetOfficers(), p.officerName()) })
	open.add(those(func(p person) bool { return p.unit == desk && slices.Contains(to.GetUnits(), p.unitName()) }))
	if marks.GetTrafficLight() != ententev1.TrafficLight_TRAFFIC_LIGHT_RED {
		open.add(those(func(p person) bool { return slices.Contains(to.GetAgencies(), p.agency.Name()) }))
		if !m.protected && !marks.GetContainsProtectedPersons() {
			open.add(m.insiders(version, moment))
		}
	}
	for p := range open {
		switch {
		case p.agency == owner, m.status(moment, p.agency) != active:
			delete(open, p)
		case slices.Contains(marks.GetNationalCaveats(), ententev1.NationalCaveat_NATIONAL_CAVEAT_NOFORN) && country(p.agency) != country(owner):
			delete(open, p)
		case len(marks.GetReleasableRegionCodes()) > 0 && !slices.Contains(marks.GetReleasableRegionCodes(), country(p.agency)):
			delete(open, p)
		}
	}
	return open
}

// insiders are the members of what a version names: then and at the moment.
func (m model) insiders(version, moment uint64) people {
	in := people{}
	for group := AllPartners; group <= 2; group++ {
		if names(m.at(version).release, group) {
			then := m.released(version, group)
			in.add(those(func(p person) bool { return m.member(then, group, p.agency) && m.member(moment, group, p.agency) }))
		}
	}
	return in
}

// house are the persons of the owner's agency whom a version lets in.
func (m model) house(version uint64) people {
	to := m.at(version).release.GetAudience()
	home := those(func(p person) bool { return p.agency == owner })
	narrowed := slices.ContainsFunc(to.GetUnits(), func(name string) bool { return name == owner.Name()+"/units/desk" || name == owner.Name()+"/units/lab" })
	if !narrowed {
		return home
	}
	for p := range home {
		if !(p.unit == desk && slices.Contains(to.GetUnits(), p.unitName())) && !(p.officer != "" && slices.Contains(to.GetOfficers(), p.officerName())) {
			delete(home, p)
		}
	}
	return home
}

// permitted are the purposes for which others may read under a version.
func (m model) permitted(version uint64) map[ententev1.ProcessingPurpose]bool {
	marks := m.at(version).release.GetMarkings()
	red := marks.GetTrafficLight() == ententev1.TrafficLight_TRAFFIC_LIGHT_RED
	set := map[ententev1.ProcessingPurpose]bool{}
	for n := range ententev1.ProcessingPurpose_name {
		p := ententev1.ProcessingPurpose(n)
		set[p] = n != 0 && (len(marks.GetPermittedPurposes()) == 0 || slices.Contains(marks.GetPermittedPurposes(), p))
	}
	const machine = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY
	set[machine] = !red || slices.Contains(marks.GetPermittedPurposes(), machine)
	if m.shielded(version) {
		set[ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS] = false
	}
	return set
}

func (m model) shielded(version uint64) bool {
	return m.protected || m.at(version).release.GetMarkings().GetContainsProtectedPersons()
}

func (m model) recalled() bool {
	return slices.ContainsFunc(m.history, func(c command) bool { return c.act == recall })
}

// read is the verdict now.
func (m model) read(p person, purpose ententev1.ProcessingPurpose) Verdict {
	version := m.inForce(m.now())
	switch {
	case m.status(m.now(), p.agency) != active:
		return Absent
	case p.agency == owner && !m.house(version)[p]:
		return Absent
	case p.agency == owner && purpose == ententev1.ProcessingPurpose_PROCESSING_PURPOSE_RETURNS && m.shielded(version):
		return WrongPurpose
	case p.agency == owner:
		return Readable
	case m.recalled() || !m.entitled(version, m.now())[p]:
		return Absent
	case !m.permitted(version)[purpose]:
		return WrongPurpose
	}
	return Readable
}

// then tells, moment by moment, whether there was one at which the person was
// entitled. Until 0 is now.
func (m model) then(p person, from, until uint64) bool {
	if until == 0 {
		until = m.now() + 1
	}
	for n := from; n < until; n++ {
		version := m.inForce(n)
		if version == 0 {
			continue
		}
		if p.agency == owner && m.house(version)[p] || m.entitled(version, n)[p] {
			return true
		}
	}
	return false
}

// told are the inboxes of those who can read now, purposes aside: an agency's
// where a certificate without unit and officer can, a unit's where it is named.
func (m model) told() map[Addressee]bool {
	set := map[Addressee]bool{}
	if m.recalled() {
		return set
	}
	version := m.inForce(m.now())
	readers := m.entitled(version, m.now())
	units := m.at(version).release.GetAudience().GetUnits()
	for _, a := range cast() {
		if readers[person{agency: a}] {
			set[Addressee{Agency: a}] = true
		}
		at := person{agency: a, unit: desk}
		if slices.Contains(units, at.unitName()) && (readers[at] || a == owner && m.status(m.now(), a) == active) {
			set[Addressee{Agency: a, Unit: desk}] = true
		}
	}
	return set
}

// reinstated is the model in which everybody suspended has just come back.
func (m model) reinstated() model {
	later := model{history: slices.Clone(m.history), protected: m.protected}
	for _, a := range cast() {
		if m.status(m.now(), a) == suspended {
			later.history = append(later.history, command{act: reinstate, agency: a})
		}
	}
	return later
}
