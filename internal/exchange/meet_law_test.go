package exchange_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// told is what the agency of one record is told of another one: the hashes of what they share.
type told map[[2]uint64]map[uint64]bool

func (l told) note(own, other uint64, shared index.Term) {
	if l[[2]uint64{own, other}] == nil {
		l[[2]uint64{own, other}] = map[uint64]bool{}
	}
	l[[2]uint64{own, other}][uint64(shared)] = true
}

// form is an identifier as records are compared by it.
type form struct {
	keys  []index.IdentifierKey
	terms index.AnyOf
}

func (f form) same(g form) bool {
	return slices.ContainsFunc(f.keys, func(k index.IdentifierKey) bool { return slices.Contains(g.keys, k) })
}

// crowd is a world of records that share a few telephones, written in several ways: one that most have, one that about as many have as may be before it is common,
// some that few have.
type crowd struct {
	*world
	chance *rand.Rand
	forms  map[uint64][]form // of each record, by its number
}

func (c *crowd) written(n int) *ententev1.Identifier {
	switch number := fmt.Sprintf("+336123456%02d", n); c.chance.IntN(6) {
	case 0:
		return phone(number[:3] + " " + number[3:4] + " " + number[4:])
	case 1:
		return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_URI, RawValue: "https://wa.me/" + number[1:]}
	default:
		return phone(number)
	}
}

// some are agencies, each by chance.
func (c *crowd) some(ids []string) (list []string) {
	for _, id := range ids {
		if c.chance.IntN(2) == 0 {
			list = append(list, id)
		}
	}
	return list
}

func (c *crowd) release(others []string, group string) *ententev1.Release {
	r := hitTo(c.some(others)...)
	r.Audience.Agencies = to(c.some(others)...).GetAudience().GetAgencies()
	switch c.chance.IntN(8) {
	case 0:
		r = silent()
	case 1, 2:
		r.Audience = to().GetAudience()
	case 3:
		r = to(c.some(others)...)
	case 4:
		if group != "" {
			r.Audience, r.HitAudience.Groups = to().GetAudience(), []string{group}
		}
	case 5:
		r.Audience.AllPartners = true
	}
	if hits := r.GetHitAudience(); len(hits.GetAgencies())+len(hits.GetGroups()) == 0 && hits != nil {
		r.Existence, r.HitAudience = 0, nil
	}
	return r
}

func (c *crowd) populate(ids []string, records int) {
	c.t.Helper()
	made, err := c.CreateGroup(c.t.Context(), call(ids[0]), &ententev1.CreateGroupRequest{Justification: why(), DisplayName: "Channel", Members: []string{"agencies/" + ids[1]}})
	if err != nil {
		c.t.Fatal(err)
	}
	for n := range uint64(records) {
		owner := ids[c.chance.IntN(len(ids))]
		others := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == owner })
		group := ""
		if owner == ids[0] || owner == ids[1] {
			group = made.GetGroup().GetName()
		}
		d := item("crowd", c.release(others, group))
		var list []*ententev1.Identifier
		for i, often := range []int{80, 45, 4, 4, 4} {
			for range 2 {
				if c.chance.IntN(100) < often/2+often%2 {
					list = append(list, c.written(i))
				}
			}
		}
		if len(list) == 0 {
			list = append(list, c.written(4))
		}
		d.GetPlain().Subjects = []*ententev1.Subject{{SubjectId: "p", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}, Identifiers: list}}
		if owner == ids[0] && c.chance.IntN(10) == 0 { // kept to a desk of its own house
			d.GetRelease().Audience.Units = []string{intel.UnitName(intel.AgencyID(owner), "desk")}
		}
		x := c.submit(owner, d)
		for _, id := range list {
			finding, err := identifier.Understand(id)
			if err != nil {
				c.t.Fatal(err)
			}
			keys := index.IdentifierKeys(id.GetType(), finding)
			c.forms[n+1] = append(c.forms[n+1], form{keys, c.View.Hasher().Identifiers(keys)})
		}
		if c.chance.IntN(20) == 0 {
			if _, err := c.RecallIntelligenceItem(c.t.Context(), call(owner), &ententev1.RecallIntelligenceItemRequest{Justification: why(), Name: x.GetName(), Etag: x.GetEtag()}); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// expected is the rule in its own words: every desk is asked what it may know of that has an identifier; where that is not common to it, it is told of what
// shares it and the rules of pairs let it be told of.
func (c *crowd) expected(ids []string) told {
	c.t.Helper()
	list := told{}
	common := map[bool]int{}
	err := c.View.Query(func(s *view.Snapshot) (err error) {
		for own, mine := range c.forms {
			x, current, failed := s.Compared(own, 1)
			if err = errors.Join(err, failed); !current {
				continue
			}
			for _, f := range mine {
				known := map[intel.AgencyID][]uint64{}
				for _, id := range ids {
					a := intel.AgencyID(id)
					if known[a] = s.Holdings(policy.DeskOf(a, s.Roster()), f.terms, 51); len(known[a]) > 50 {
						known[a] = nil
						common[true]++
					}
					common[false]++
				}
				for other, theirs := range c.forms {
					pair, failed := s.Pair(x, other)
					err = errors.Join(err, failed)
					for _, g := range theirs {
						if pair.ToOwn && f.same(g) && slices.Contains(known[x.Owner()], other) {
							list.note(own, other, f.terms[0])
						}
						if pair.ToOther && f.same(g) && slices.Contains(known[pair.Other.Owner()], other) {
							list.note(other, own, g.terms[0])
						}
					}
				}
			}
		}
		return err
	})
	if err != nil || common[true] == 0 || common[true] == common[false] {
		c.t.Fatalf("%v, and %d of %d are common", err, common[true], common[false])
	}
	return list
}

// got is what stands in the inboxes.
func (c *crowd) got(ids []string) told {
	c.t.Helper()
	list := told{}
	err := c.View.Read(func(s *view.Snapshot) error {
		for _, id := range ids {
			inbox, _ := s.Roster().InboxOf(intel.AgencyID(id), "")
			if err := s.Rows(inbox, 0, func(row view.Row) (bool, error) {
				if row.Kind != ententev1.EventKind_EVENT_KIND_DECONFLICTION {
					return true, nil
				}
				met, err := s.Met(policy.DeskOf(intel.AgencyID(id), s.Roster()), row)
				if err != nil || met == nil {
					return false, errors.Join(err, fmt.Errorf("%v is withheld", row))
				}
				for _, shared := range met.Shared {
					list.note(row.Ref, row.Other, index.Term(shared))
				}
				return true, nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// TestMeetingsAreThoseOfTheRule: however the matcher finds out whom a record meets, in worlds in which some values are common to some desks, it tells what the rule
// says and nothing else.
func TestMeetingsAreThoseOfTheRule(t *testing.T) {
	for seed := range uint64(4) {
		w, _ := matching(t)
		ids := []string{"fr-ofast", "gb-nca", "de-bka", "jp-npa"}
		c := &crowd{world: w, chance: rand.New(rand.NewPCG(1, seed)), forms: map[uint64][]form{}}
		c.populate(ids, 130)
		if seed == 0 {
			w.suspend("jp-npa")
		}
		want := c.expected(ids)
		w.matching()
		w.settle()
		got := c.got(ids)
		if len(want) == 0 || !maps.EqualFunc(got, want, maps.Equal) {
			t.Errorf("world %d: %d are told, not %d", seed, len(got), len(want))
		}
		for pair, shared := range want {
			if !maps.Equal(got[pair], shared) {
				t.Errorf("world %d: of %v %v is told, not %v", seed, pair, got[pair], shared)
			}
		}
	}
}

// TestWalksDoNotGrowWithDesks: a record costs one walk of the index for each of its identifiers, however many agencies hold it; only what very many records have
// costs more.
func TestWalksDoNotGrowWithDesks(t *testing.T) {
	w, _ := matching(t)
	ids := []string{"fr-ofast", "gb-nca", "de-bka", "jp-npa"}
	for n := range 12 {
		ids = append(ids, fmt.Sprintf("it-%02d", n))
	}
	w.enrol(ids[4:]...)
	walks := func(number uint64, want int) {
		t.Helper()
		if got, err := exchange.Walks(w.Hub, number); got != want || err != nil {
			t.Errorf("%d walks, not %d, %v", got, want, err)
		}
	}
	w.submit("fr-ofast", about("alone", hitTo("gb-nca"), boatPhone, otherPhone))
	walks(1, 2)
	for _, id := range ids {
		w.submit(id, about("everybody", hitTo("fr-ofast"), boatPhone))
	}
	walks(1, 2)
	for range 50 {
		w.submit("de-bka", about("often", to(), otherPhone))
	}
	walks(1, 2+2) // what the two who hold it may know of
}
