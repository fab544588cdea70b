package exchange

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// comparing is a record whose identifiers are compared.
type comparing struct {
	view.Due
	owner  intel.AgencyID
	probes []*probe
	rows   []*internalv1.Meeting
	walks  int // through the index, so that tests can hold them
	// damaged are those of the others that cannot be read: with them it meets nobody, with the rest as ever.
	damaged []unreadable
}

// unreadable is a record that cannot be read, and why.
type unreadable struct {
	number uint64
	err    error
}

// due takes in the records that are to be compared.
func (m *matcher) due(s *view.Snapshot, b *batch) error {
	left := false
	err := s.Dues(m.looked.compared, func(d view.Due) (bool, error) {
		if left = len(b.compared) == lookAtMost; left {
			return false, nil
		}
		b.to.compared = d.Place
		b.compared = append(b.compared, &comparing{Due: d})
		return true, nil
	})
	if b.more = b.more || left; err == nil && !left {
		b.to.compared = s.Hub().GetLastComparison() // what waits for a budget comes behind it once there is one
	}
	return err
}

// compare looks with whom the identifiers of a batch's records meet: each record by itself, as many at once as there are processors. What was found is put
// together in the order of the records.
func (m *matcher) compare(b *batch) error {
	errs := make([]error, len(b.compared))
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(b.compared)) {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(errs)); i = next.Add(1) - 1 {
				errs[i] = m.h.meets(b.compared[i])
			}
		})
	}
	working.Wait()
	for i, c := range b.compared {
		if m.passOver(c.Number, errs[i]) {
			continue
		}
		if errs[i] != nil {
			return errs[i]
		}
		for _, other := range c.damaged {
			m.passOver(other.number, other.err)
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
	defer func() { c.probes = nil }() // what they hold is much beside what comes of it
	if err := h.probe(c); err != nil {
		return err
	}
	for some := range slices.Chunk(c.probes, probesAtOnce) {
		if err := h.View.Query(func(s *view.Snapshot) error {
			desk := policy.DeskOf(c.owner, s.Roster())
			for _, p := range some {
				p.sharers, c.walks = s.Sharers(desk, p.terms, commonCap+1), c.walks+1
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if err := h.weigh(c); err != nil {
		return err
	}
	return h.View.Read(func(s *view.Snapshot) error {
		own, current, err := s.Compared(c.Number, c.Revision)
		if err != nil || !current {
			return err
		}
		shares := c.shares(own)
		for len(shares) > 0 {
			n := slices.IndexFunc(shares, func(x share) bool { return x.number != shares[0].number })
			if n < 0 {
				n = len(shares)
			}
			switch err := h.meetWith(s, c, own, shares[:n]); {
			case fault.KindOf(err) == fault.DataLoss:
				c.damaged = append(c.damaged, unreadable{shares[0].number, err})
			case err != nil:
				return err
			}
			shares = shares[n:]
		}
		return nil
	})
}

// probe opens a record for its identifiers: none where it was corrected since, which is compared then, or recalled.
func (h *Hub) probe(c *comparing) error {
	return h.View.Read(func(s *view.Snapshot) error {
		x, current, err := s.Compared(c.Number, c.Revision)
		if err != nil || !current {
			return err
		}
		list, err := h.probes(x)
		if err != nil {
			return err
		}
		c.owner = x.Owner()
		c.probes, err = worthComparing(s, list)
		return err
	})
}

// probes are the identifiers of a record, as a check would ask for them: as the submit understood them, where that is remembered.
func (h *Hub) probes(x view.Comparable) ([]*probe, error) {
	if known := h.foreseen.take(x.ContentDigest()); known != nil {
		list := make([]*probe, len(known))
		for i, id := range known {
			list[i] = h.probeOf(id.Type, id.Finding)
			list[i].stated = id.stated
		}
		return list, nil
	}
	found, err := h.identified(x)
	list := make([]*probe, len(found))
	for i, id := range found {
		list[i] = id.probe
	}
	return list, err
}

// weigh asks what each desk may know of that has one of the identifiers which many records have: only of those agencies that hold such a record. What is
// common to a desk is left out.
func (h *Hub) weigh(c *comparing) error {
	var many []*probe
	var terms index.AnyOf
	for _, p := range c.probes {
		if len(p.sharers) > commonCap {
			p.sharers, p.known = nil, map[intel.AgencyID][]uint64{}
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

// shares are the other records that have some of the identifiers and may have something to tell, in the order of their numbers.
func (c *comparing) shares(own view.Comparable) []share {
	var list []share
	for _, p := range c.probes {
		for _, x := range p.sharers {
			if !own.Excludes(x) {
				p.numbers = append(p.numbers, x.Number)
			}
		}
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
	if err != nil {
		return err
	}
	c.note(c.Number, c.Revision, other, pair.Other.Revision(), ours)
	c.note(other, pair.Other.Revision(), c.Number, c.Revision, theirs)
	return nil
}

// eachSame visits the identifiers of a record that are the same thing as one of those asked for. The identifiers themselves are compared: where only the
// hashes met there are none. One that is written alike is known already; one whose type has no form in common with those asked for is not looked at.
func (h *Hub) eachSame(other view.Comparable, probes []*probe, visit func(mine, its *probe)) error {
	all, err := statedIn(other)
	if err != nil {
		return err
	}
	for _, s := range all {
		related := slices.ContainsFunc(probes, func(p *probe) bool { return identifier.Related(p.kind, s.of) })
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
