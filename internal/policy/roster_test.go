package policy

import (
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// roster keeps members as a hub does: in spans, counted in ordinals of commands
// and in generations of the group. It implements Members.
type roster struct {
	ordinal uint64
	states  map[intel.AgencyID]status
	groups  map[uint32]*groupState

	versions []Version // of the one record's release
	terms    []Term    // of the record, made when it was last changed
	hits     []Term    // its HitTerms of the same moment
	recalled bool
	shielded bool
}

type groupState struct {
	generation uint64
	listed     map[intel.AgencyID]bool
	spans      map[intel.AgencyID][]span
}

type span struct{ fromOrdinal, toOrdinal, fromGeneration, toGeneration uint64 }

func (s span) open() bool { return s.toOrdinal == 0 }

func newRoster(protected bool) *roster {
	r := &roster{states: map[intel.AgencyID]status{}, groups: map[uint32]*groupState{}, shielded: protected}
	for group := AllPartners; group <= 2; group++ {
		r.groups[group] = &groupState{listed: map[intel.AgencyID]bool{}, spans: map[intel.AgencyID][]span{}}
	}
	return r
}

// replay is the roster after a history.
func replay(h history, protected bool) *roster {
	r := newRoster(protected)
	for _, c := range h {
		r.apply(c)
	}
	return r
}

func (r *roster) apply(c command) {
	r.ordinal++
	switch c.act {
	case enrol:
		r.groups[AllPartners].listed[c.agency] = true
		r.stand(c.agency, active)
	case suspend:
		r.stand(c.agency, suspended)
	case reinstate:
		r.stand(c.agency, active)
	case expel:
		r.stand(c.agency, expelled)
		for _, g := range r.groups {
			g.listed[c.agency] = false
		}
	case join:
		r.groups[c.group].listed[c.agency] = true
		r.adjust(c.group, c.agency)
	case leave:
		r.groups[c.group].listed[c.agency] = false
		r.adjust(c.group, c.agency)
	case release:
		r.release(c)
	case recall:
		r.recalled = true
		r.terms = RecordTerms(r.record(), r)
	}
}

func (r *roster) stand(a intel.AgencyID, s status) {
	r.states[a] = s
	for group := AllPartners; group <= 2; group++ {
		r.adjust(group, a)
	}
}

// adjust begins or ends a span where standing and list ask for it.
func (r *roster) adjust(group uint32, a intel.AgencyID) {
	g := r.groups[group]
	in := g.listed[a] && r.states[a] == active
	if in == r.MemberNow(group, a) {
		return
	}
	g.generation++
	if in {
		g.spans[a] = append(g.spans[a], span{fromOrdinal: r.ordinal, fromGeneration: g.generation})
		return
	}
	last := &g.spans[a][len(g.spans[a])-1]
	last.toOrdinal, last.toGeneration = r.ordinal, g.generation
}

// release puts a version in force; groups that the last one named keep their stamp.
func (r *roster) release(c command) {
	var before []*internalv1.Stamp
	if n := len(r.versions); n > 0 {
		r.versions[n-1].ToOrdinal = r.ordinal
		before = r.versions[n-1].Record.Stamps
	}
	if c.open {
		before = nil
	}
	var stamps []*internalv1.Stamp
	for group := AllPartners; group <= 2; group++ {
		if !names(c.release, group) {
			continue
		}
		i := slices.IndexFunc(before, func(s *internalv1.Stamp) bool { return s.GetGroup() == group })
		if i >= 0 {
			stamps = append(stamps, before[i])
			continue
		}
		stamps = append(stamps, &internalv1.Stamp{Group: group, Generation: r.groups[group].generation, Ordinal: r.ordinal})
	}
	next := Version{FromOrdinal: r.ordinal, Record: r.recordOf(c.release, stamps)}
	next.Record.HitStamps = r.hitStamps(c)
	r.versions = append(r.versions, next)
	r.terms, r.hits = RecordTerms(r.record(), r), HitTerms(r.record(), r)
}

// hitStamps are the stamps of the hit audience of the release that comes into force.
func (r *roster) hitStamps(c command) []*internalv1.Stamp {
	var before, stamps []*internalv1.Stamp
	if n := len(r.versions); n > 0 && !c.open {
		before = r.versions[n-1].Record.HitStamps
	}
	for group := uint32(1); group <= 2; group++ {
		if !slices.Contains(c.release.GetHitAudience().GetGroups(), groupName(group)) {
			continue
		}
		stamp := &internalv1.Stamp{Group: group, Generation: r.groups[group].generation, Ordinal: r.ordinal}
		if i := slices.IndexFunc(before, func(s *internalv1.Stamp) bool { return s.GetGroup() == group }); i >= 0 {
			stamp = before[i]
		}
		stamps = append(stamps, stamp)
	}
	return stamps
}

func (r *roster) recordOf(rel *ententev1.Release, stamps []*internalv1.Stamp) Record {
	return Record{Owner: owner, OwnerRegion: country(owner), Release: rel, Stamps: stamps, Protected: r.shielded}
}

// record is the record now.
func (r *roster) record() Record {
	rec := r.versions[len(r.versions)-1].Record
	rec.Recalled = r.recalled
	return rec
}

func (r *roster) Active(a intel.AgencyID) bool { return r.states[a] == active }

func (r *roster) Suspended() []intel.AgencyID {
	return r.filter(func(a intel.AgencyID) bool { return r.states[a] == suspended })
}

func (r *roster) Region(a intel.AgencyID) string {
	if r.states[a] == unknown {
		return ""
	}
	return country(a)
}

func (r *roster) HasUnit(a intel.AgencyID, u intel.UnitID) bool {
	return r.states[a] != unknown && u == desk
}

func (r *roster) Groups(a intel.AgencyID) []uint32 {
	var list []uint32
	for group := AllPartners; group <= 2; group++ {
		if r.MemberNow(group, a) {
			list = append(list, group)
		}
	}
	return list
}

func (r *roster) Current(group uint32) []intel.AgencyID {
	return r.filter(func(a intel.AgencyID) bool { return r.MemberNow(group, a) })
}

func (r *roster) Listed(group uint32, a intel.AgencyID) bool { return r.groups[group].listed[a] }

func (r *roster) MemberNow(group uint32, a intel.AgencyID) bool {
	spans := r.groups[group].spans[a]
	return len(spans) > 0 && spans[len(spans)-1].open()
}

func (r *roster) MemberAt(group uint32, a intel.AgencyID, generation uint64) bool {
	return slices.Contains(r.Generations(group, a), generation)
}

func (r *roster) Generations(group uint32, a intel.AgencyID) []uint64 {
	var list []uint64
	for _, s := range r.groups[group].spans[a] {
		for n := s.fromGeneration; s.open() && n <= r.groups[group].generation || n < s.toGeneration; n++ {
			list = append(list, n)
		}
	}
	return list
}

func (r *roster) MemberWithin(group uint32, a intel.AgencyID, from, until uint64) bool {
	return slices.ContainsFunc(r.groups[group].spans[a], func(s span) bool {
		return (until == 0 || s.fromOrdinal < until) && (s.open() || from < s.toOrdinal)
	})
}

func (r *roster) filter(keep func(intel.AgencyID) bool) []intel.AgencyID {
	list := slices.DeleteFunc(cast(), func(a intel.AgencyID) bool { return !keep(a) })
	slices.Sort(list)
	return list
}
