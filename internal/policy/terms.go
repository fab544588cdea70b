package policy

import (
	"strconv"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Term is visibility as the index has it. Terms are not stored: they follow
// release and memberships, and may change with the program.
type Term string

// RecordTerms are the terms under which a record can be found. The law that ties
// them to Read: a reader's every conjunct of ReaderTerms shares a term with them
// exactly if Read says Readable. It stays true when memberships change after the
// terms were made, so that only a change of the record itself changes its terms;
// whom the release names must have been enrolled by then.
// Review is not in them: it comes with time.
func RecordTerms(rec Record, m Members) []Term {
	terms := append(ownTerms(rec), ownPurpose(rec.Owner, rec.protected()))
	if rec.Recalled {
		return terms
	}
	return append(append(terms, audienceTerms(rec, m)...), purposeTerms(rec)...)
}

// ownTerms are those by which the originator's agency finds its record.
func ownTerms(rec Record) []Term {
	units := rec.ownUnits()
	if len(units) == 0 {
		return []Term{agencyTerm(rec.Owner)}
	}
	var terms []Term
	for _, u := range units {
		terms = append(terms, unitTerm(intel.UnitName(rec.Owner, u)))
	}
	for _, name := range rec.audience().GetOfficers() {
		if a, _, ok := intel.ParseOfficerName(name); ok && a == rec.Owner {
			terms = append(terms, officerTerm(name))
		}
	}
	return terms
}

// audienceTerms are those by which the others find it.
func audienceTerms(rec Record, m Members) []Term {
	var terms []Term
	add := func(a intel.AgencyID, ok bool, t Term) {
		if ok && a != rec.Owner && rec.releasableTo(m.Region(a)) {
			terms = append(terms, t)
		}
	}
	for _, name := range rec.audience().GetOfficers() {
		a, _, ok := intel.ParseOfficerName(name)
		add(a, ok, officerTerm(name))
	}
	for _, name := range rec.audience().GetUnits() {
		a, _, ok := intel.ParseUnitName(name)
		add(a, ok, unitTerm(name))
	}
	if !rec.red() {
		for _, name := range rec.audience().GetAgencies() {
			a, ok := intel.ParseAgencyName(name)
			add(a, ok, agencyTerm(a))
		}
	}
	return append(terms, groupTerms(rec, m)...)
}

// groupTerms are one a group. Where not every member may read (the record is kept
// to countries, or the originator, a member itself, narrows it in its own house)
// they are one a group and member instead: of those who were in standing then,
// whoever is still enrolled can be so again. Nobody else ever was or will be.
func groupTerms(rec Record, m Members) []Term {
	all := rec.releasableEverywhere() && len(rec.ownUnits()) == 0
	var terms []Term
	for _, s := range rec.opened() {
		if all {
			terms = append(terms, groupTerm(s.GetGroup(), s.GetGeneration(), anyMember))
			continue
		}
		eachListed(AllPartners, m, func(a intel.AgencyID) {
			if a != rec.Owner && rec.releasableTo(m.Region(a)) && m.MemberAt(s.GetGroup(), a, s.GetGeneration()) {
				terms = append(terms, groupTerm(s.GetGroup(), s.GetGeneration(), a))
			}
		})
	}
	return terms
}

// purposeTerms are one for all purposes, or one for each that is permitted.
func purposeTerms(rec Record) []Term {
	if len(rec.markings().GetPermittedPurposes()) == 0 && !rec.protected() && !rec.red() {
		return []Term{anyPurpose}
	}
	var terms []Term
	for _, p := range purposes() {
		if rec.permits(p) {
			terms = append(terms, purposeTerm(p))
		}
	}
	return terms
}

// ReaderTerms are what a reader can find, as a conjunction of disjunctions: first
// the audiences that it belongs to, then the purposes. An empty disjunction finds
// nothing.
func ReaderTerms(r Reader, m Members) [][]Term {
	r = r.bound(m)
	if r.nobody() || !m.Active(r.Agency) {
		return [][]Term{{}}
	}
	return [][]Term{memberships(r, m), readerPurposes(r)}
}

func memberships(r Reader, m Members) []Term {
	terms := []Term{agencyTerm(r.Agency)}
	if r.Unit != "" {
		terms = append(terms, unitTerm(intel.UnitName(r.Agency, r.Unit)))
	}
	if r.Officer != "" {
		terms = append(terms, officerTerm(intel.OfficerName(r.Agency, r.Officer)))
	}
	for _, group := range m.Groups(r.Agency) {
		for _, generation := range m.Generations(group, r.Agency) {
			terms = append(terms, groupTerm(group, generation, anyMember), groupTerm(group, generation, r.Agency))
		}
	}
	return terms
}

// readerPurposes are those under which a reader finds what others permit, and its
// agency's own whatever is permitted.
func readerPurposes(r Reader) []Term {
	terms := []Term{ownPurpose(r.Agency, false)}
	if r.Purpose != returns {
		terms = append(terms, ownPurpose(r.Agency, true))
	}
	if known(r.Purpose) {
		terms = append(terms, anyPurpose, purposeTerm(r.Purpose))
	}
	return terms
}

const (
	anyPurpose Term           = "p*"
	anyMember  intel.AgencyID = "*"
)

func agencyTerm(a intel.AgencyID) Term { return Term("a" + string(a)) }

func unitTerm(name string) Term { return Term("u" + name) }

func officerTerm(name string) Term { return Term("o" + name) }

func purposeTerm(p ententev1.ProcessingPurpose) Term {
	return Term("p" + strconv.Itoa(int(p)))
}

// ownPurpose stands for every purpose of an originator, for returns only where
// nobody is protected.
func ownPurpose(a intel.AgencyID, protected bool) Term {
	if protected {
		return Term("p!" + string(a))
	}
	return Term("p=" + string(a))
}

func groupTerm(group uint32, generation uint64, member intel.AgencyID) Term {
	return Term("g" + strconv.FormatUint(uint64(group), 10) + "@" + strconv.FormatUint(generation, 10) + "/" + string(member))
}
