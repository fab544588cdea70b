package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

const stranger intel.AgencyID = "gb-one"

// drawPair is the record of a drawn world, and one of another agency in the same hub.
func drawPair(t *rapid.T) (world, Record, Record) {
	w := drawWorld(t)
	other := Record{
		Owner: stranger, OwnerRegion: country(stranger), Release: drawRelease(t, w.history),
		Protected: rapid.IntRange(0, 4).Draw(t, "other protected") == 0, Recalled: rapid.IntRange(0, 9).Draw(t, "other recalled") == 0,
		ReviewDue: rapid.IntRange(0, 9).Draw(t, "other due") == 0,
	}
	stamps := func(all bool, groups []string) (list []*internalv1.Stamp) {
		if all {
			list = append(list, &internalv1.Stamp{Group: AllPartners, Generation: w.roster.groups[AllPartners].generation})
		}
		for group := uint32(1); group <= 2; group++ {
			if slices.Contains(groups, groupName(group)) {
				list = append(list, &internalv1.Stamp{Group: group, Generation: w.roster.groups[group].generation})
			}
		}
		return list
	}
	other.Stamps = stamps(other.Release.GetAudience().GetAllPartners(), other.Release.GetAudience().GetGroups())
	other.HitStamps = stamps(false, other.Release.GetHitAudience().GetGroups())
	own := w.record()
	if rapid.Bool().Draw(t, "near") {
		own.Release, other.Release = drawTowards(t, stranger), drawTowards(t, owner)
		own.Stamps, own.HitStamps, other.Stamps, other.HitStamps = nil, nil, nil, nil
	}
	return w, own, other
}

// drawTowards draws what a release says of one other agency, and little else.
func drawTowards(t *rapid.T, who intel.AgencyID) *ententev1.Release {
	r := &ententev1.Release{
		Existence: ententev1.Existence(rapid.IntRange(1, 3).Draw(t, "existence")), Audience: &ententev1.Audience{},
		HitAudience: &ententev1.HitAudience{Agencies: []string{who.Name()}}, Markings: &ententev1.Markings{},
	}
	if rapid.Bool().Draw(t, "readable") {
		r.Audience.Agencies = []string{who.Name()}
	}
	return r
}

// meeting is the rule in its own words: who is told, of the two owners.
func meeting(a, b Record, m Members) (told []intel.AgencyID) {
	const machine = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_SYSTEM_DELIVERY
	person := func(of intel.AgencyID) Reader { return Reader{Agency: of, Region: country(of), Purpose: machine} }
	reads := func(who intel.AgencyID, rec Record) bool {
		return Read(person(who), rec, m) == Readable && (who == rec.Owner || !rec.ReviewDue)
	}
	readable := func(rec, of Record) bool { return reads(of.Owner, rec) }
	hits := func(rec, of Record) bool { return Hit(person(of.Owner), rec, m) }
	for _, side := range [][2]Record{{a, b}, {b, a}} {
		own, other := side[0], side[1]
		each := (readable(own, other) || hits(own, other)) && (readable(other, own) || hits(other, own)) && readable(own, own) && readable(other, other)
		both := readable(own, own) && readable(other, own)
		if (each || both) && !own.Recalled && !other.Recalled {
			told = append(told, own.Owner)
		}
	}
	return told
}

// Whoever is told is whom the rule names, and it may have known of the other record anyway.
func TestMeetIsTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, own, other := drawPair(t)
		var got []intel.AgencyID
		for _, side := range [][2]Record{{own, other}, {other, own}} {
			if Meet(side[0], side[1], w.roster) {
				got = append(got, side[0].Owner)
			}
		}
		want := meeting(own, other, w.roster)
		if !w.Active(owner) || !w.Active(stranger) {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v are told, not %v\n%v\n%v", got, want, w.history, other.Release)
		}
		for _, side := range [][2]Record{{own, other}, {other, own}} {
			if told := slices.Contains(got, side[0].Owner); told && !knows(DeskOf(side[0].Owner, w.roster), side[1], w.roster) {
				t.Fatalf("%s learns of what no check would tell it", side[0].Owner)
			}
		}
	})
}

// The cases of the rule, one by one.
func TestMeet(t *testing.T) {
	hit := func(to intel.AgencyID) *ententev1.Release {
		return &ententev1.Release{Existence: ententev1.Existence_EXISTENCE_HIT, HitAudience: &ententev1.HitAudience{Agencies: []string{to.Name()}}}
	}
	read := func(to intel.AgencyID) *ententev1.Release {
		return &ententev1.Release{Audience: &ententev1.Audience{Agencies: []string{to.Name()}}}
	}
	hidden, quiet := &ententev1.Release{}, &ententev1.Release{Existence: ententev1.Existence_EXISTENCE_SILENT}
	narrowed := read(stranger)
	narrowed.Audience.Units = []string{owner.Name() + "/units/desk"}
	for name, c := range map[string]struct {
		own, other           *ententev1.Release
		protected            bool
		toOwner, toTheirOwns bool
	}{
		"hits both ways":                 {own: hit(stranger), other: hit(owner), toOwner: true, toTheirOwns: true},
		"read one way, hit the other":    {own: read(stranger), other: hit(owner), toOwner: true, toTheirOwns: true},
		"one may read both":              {own: hidden, other: read(owner), toOwner: true},
		"the other may read both":        {own: read(stranger), other: quiet, toTheirOwns: true},
		"a hit one way":                  {own: hit(stranger), other: hidden},
		"a hit towards a third":          {own: hit("de-one"), other: hit(owner)},
		"silence":                        {own: quiet, other: hit(owner)},
		"hidden":                         {own: hidden, other: hidden},
		"protected, named":               {own: read(stranger), other: hidden, protected: true, toTheirOwns: true},
		"protected gives no hit":         {own: hit(stranger), other: hit(owner), protected: true},
		"narrowed to units of its own":   {own: narrowed, other: read(owner), toTheirOwns: true},
		"narrowed, hits towards it only": {own: narrowed, other: hit(owner), toTheirOwns: true},
	} {
		m := released(c.own, c.protected)
		own, other := m.record(), Record{Owner: stranger, OwnerRegion: country(stranger), Release: c.other}
		if a, b := Meet(own, other, m), Meet(other, own, m); a != c.toOwner || b != c.toTheirOwns {
			t.Errorf("%s: %v and %v are told", name, a, b)
		}
	}
}
