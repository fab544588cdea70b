package policy

import (
	"strconv"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Term is visibility as the index has it. Terms are not stored: they follow
// release and memberships, and may change with the program.
type Term string

// RecordTerms are the terms under which a record can be found. The law that ties
// them to Read: a reader's every conjunct of ReaderTerms shares a term with them
// exactly if Read says Readable.
func RecordTerms(rec Record, m Members) []Term {
	terms := append(ownTerms(rec), ownPurpose(rec.Owner))
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
	for _, name := range rec.audience().GetOfficers() {
		if a, _, ok := intel.ParseOfficerName(name); ok && a != rec.Owner && rec.releasableTo(m.Region(a)) {
			terms = append(terms, officerTerm(name))
		}
	}
	for _, name := range rec.audience().GetUnits() {
		if a, _, ok := intel.ParseUnitName(name); ok && a != rec.Owner && rec.releasableTo(m.Region(a)) {
			terms = append(terms, unitTerm(name))
		}
	}
	if rec.red() {
		return terms
	}
	for _, name := range rec.audience().GetAgencies() {
		if a, ok := intel.ParseAgencyName(name); ok && a != rec.Owner && rec.releasableTo(m.Region(a)) {
			terms = append(terms, agencyTerm(a))
		}
	}
	if rec.protected() {
		return terms
	}
	return append(terms, groupTerms(rec)...)
}

// groupTerms are one a group, or one a group and country where the record is kept
// to countries.
func groupTerms(rec Record) []Term {
	only, limited := rec.regions()
	var terms []Term
	for _, s := range rec.Stamps {
		if !limited {
			terms = append(terms, stampTerm(s, ""))
			continue
		}
		for _, region := range only {
			terms = append(terms, stampTerm(s, region))
		}
	}
	return terms
}

// purposeTerms are one for all purposes, or one for each that is permitted.
func purposeTerms(rec Record) []Term {
	if len(rec.Release.GetMarkings().GetPermittedPurposes()) == 0 && !rec.protected() && !rec.red() {
		return []Term{anyPurpose}
	}
	var terms []Term
	values := ententev1.ProcessingPurpose(0).Descriptor().Values()
	for i := range values.Len() {
		if p := ententev1.ProcessingPurpose(values.Get(i).Number()); permitted(p, rec) {
			terms = append(terms, purposeTerm(p))
		}
	}
	return terms
}

// ReaderTerms are what a reader can find, as a conjunction of disjunctions: first
// the audiences that it belongs to, then the purposes. An empty disjunction finds
// nothing.
func ReaderTerms(r Reader, m Members) [][]Term {
	if r.Operator || r.Agency == "" || !m.Active(r.Agency) {
		return [][]Term{{}}
	}
	audience := []Term{agencyTerm(r.Agency)}
	if r.Unit != "" && m.HasUnit(r.Agency, r.Unit) {
		audience = append(audience, unitTerm(intel.UnitName(r.Agency, r.Unit)))
	}
	if r.Officer != "" {
		audience = append(audience, officerTerm(intel.OfficerName(r.Agency, r.Officer)))
	}
	for _, group := range m.Groups(r.Agency) {
		for _, generation := range m.Generations(group, r.Agency) {
			audience = append(audience, groupTerm(group, generation, ""), groupTerm(group, generation, r.Region))
		}
	}
	return [][]Term{audience, {anyPurpose, purposeTerm(r.Purpose), ownPurpose(r.Agency)}}
}

const anyPurpose Term = "p*"

func agencyTerm(a intel.AgencyID) Term { return Term("a" + string(a)) }

func unitTerm(name string) Term { return Term("u" + name) }

func officerTerm(name string) Term { return Term("o" + name) }

func purposeTerm(p ententev1.ProcessingPurpose) Term {
	return Term("p" + strconv.Itoa(int(p)))
}

func ownPurpose(a intel.AgencyID) Term { return Term("p=" + string(a)) }

func stampTerm(s *internalv1.Stamp, region string) Term {
	return groupTerm(s.GetGroup(), s.GetGeneration(), region)
}

func groupTerm(group uint32, generation uint64, region string) Term {
	return Term("g" + strconv.FormatUint(uint64(group), 10) + "@" + strconv.FormatUint(generation, 10) + "/" + region)
}
