package exchange

import (
	"cmp"
	"math"
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// candidate is a record that the index names, opened.
type candidate struct {
	number uint64
	x      *view.Record
	match  index.Match
}

// compared fills a page with the newest of what matches exactly. The numbers are gathered first; the index is let go before anything is opened.
func (p *page) compared(iq index.Query, from place) error {
	total := p.q.req.GetIncludeTotal()
	var newest []index.Number
	if total && from.number != 0 {
		newest = p.candidates(iq, p.h.CandidateCap+1)
	}
	iq.Before = index.Number(from.number)
	numbers, some := p.toCompare(iq, total && from.number == 0)
	p.Release()
	if total && from.number == 0 {
		newest = numbers
	}
	opened := map[index.Number]bool{} // whether what was compared matches
	for i, n := range numbers {
		if i == p.h.CandidateCap {
			p.more, p.full = true, true
			break
		}
		c, err := p.compare(n)
		if err != nil {
			return err
		}
		if opened[n] = c != nil; c != nil {
			if err := p.addMatch(c, place{number: c.number}); err != nil {
				return err
			}
		}
		if p.full {
			break
		}
		p.last = place{number: uint64(n)} // a page that ends early goes on after what it looked at
	}
	p.more = p.more || some
	if !total {
		return nil
	}
	return p.tally(newest, opened)
}

// toCompare are the newest candidates: as many as are looked at at most, or, unless all are asked for, only some where those among them that need not be
// opened fill the page. Of a radius and a week nearly all are such, and a page is found at the cost of a page. Where names are asked for all are opened: they
// have scores.
func (p *page) toCompare(iq index.Query, all bool) (numbers []index.Number, some bool) {
	limit := p.h.CandidateCap + 1
	sure, ok := p.q.filter.Sure()
	if !ok || p.q.filter.Named() {
		return p.candidates(iq, limit), false
	}
	p.sure = map[index.Number]bool{}
	p.SearchSure(p.reader, iq, sure, limit, func(n index.Number, sure bool) bool {
		numbers = append(numbers, n)
		if sure {
			p.sure[n] = true
		}
		some = !all && len(p.sure) > p.size
		return !some
	})
	return numbers, some
}

// tally counts what matches among the newest candidates; opened are those already compared.
func (p *page) tally(numbers []index.Number, opened map[index.Number]bool) error {
	if len(numbers) > p.h.CandidateCap {
		numbers, p.found.capped = numbers[:p.h.CandidateCap], true
	}
	for _, n := range numbers {
		matches, known := opened[n]
		if !known {
			c, err := p.compare(n)
			if err != nil {
				return err
			}
			matches = c != nil
		}
		if matches {
			p.found.total++
		}
	}
	return nil
}

// best fills a page with the best of the newest that match. All pages of a question look at the records that were the newest when the first was asked for.
func (p *page) best(iq index.Query, from place) error {
	if !p.q.filter.Rough() {
		p.counted(iq)
	}
	if from.top != 0 {
		iq.Before = index.Number(from.top) + 1
	}
	numbers := p.candidates(iq, p.h.CandidateCap+1)
	p.Release()
	if len(numbers) == 0 {
		return nil
	}
	top := uint64(numbers[0])
	if from.top != 0 {
		top = from.top
	}
	if p.q.filter.Rough() {
		p.found.capped = p.q.req.GetIncludeTotal() && len(numbers) > p.h.CandidateCap
	}
	var list []candidate
	for _, n := range numbers[:min(len(numbers), p.h.CandidateCap)] {
		c, err := p.compare(n)
		if err != nil {
			return err
		}
		if c != nil {
			list = append(list, *c)
		}
	}
	if p.q.filter.Rough() && p.q.req.GetIncludeTotal() {
		p.found.total = int64(len(list))
	}
	slices.SortFunc(list, better)
	for _, c := range list {
		if from.top != 0 && better(c, candidate{number: from.number, match: index.Match{Score: math.Float64frombits(from.score)}}) <= 0 {
			continue // on an earlier page
		}
		if err := p.addMatch(&c, place{number: c.number, score: math.Float64bits(c.match.Score), top: top}); err != nil || p.full {
			return err
		}
	}
	return nil
}

// better puts the higher score first, and of equal ones the newer record.
func better(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.match.Score, a.match.Score), cmp.Compare(b.number, a.number))
}

// addMatch adds a row and how well it fits.
func (p *page) addMatch(c *candidate, at place) error {
	before := p.count
	if err := p.add(c.x, at); err != nil || p.count == before {
		return err
	}
	if !p.q.best() && !p.q.filter.Named() {
		return nil
	}
	m := &ententev1.QueryMatch{Name: c.x.Name(), Score: c.match.Score}
	if p.d.full && p.q.mask.content() {
		m.MatchedForm = c.match.Form
	}
	p.bytes += proto.Size(m)
	p.found.matches = append(p.found.matches, m)
	return nil
}

// compare opens a candidate; nil for one that does not match, or may not stand in a list for this reader after all.
func (p *page) compare(n index.Number) (*candidate, error) {
	if p.excluded(n) {
		return nil, nil
	}
	x, err := p.listed(p.q.kind, uint64(n))
	if x == nil || err != nil {
		return nil, err
	}
	if p.sure[n] {
		return &candidate{number: uint64(n), x: x}, nil
	}
	facts, err := factsOf(x)
	if err != nil {
		return nil, err
	}
	if p.q.filter.Named() {
		x.Remember(facts.Names())
	}
	if !p.q.filter.Matches(facts) {
		return nil, nil
	}
	c := &candidate{number: uint64(n), x: x}
	if p.q.best() || p.q.filter.Named() {
		c.match = p.q.filter.Score(facts)
	}
	return c, nil
}

// excluded tells whether the names of a candidate are remembered, and are none that is asked for. Most candidates of a name are told apart so, and many have
// equal names. Nothing is shown of a record that is left out, whoever may read it.
func (p *page) excluded(n index.Number) bool {
	if !p.q.filter.Named() {
		return false
	}
	names, remembered := p.Names(uint64(n))
	if !remembered {
		return false
	}
	excluded, known := p.excludes[names]
	if !known {
		excluded = p.q.filter.Excludes(names.Read())
		p.excludes[names] = excluded
	}
	return excluded
}

// means tells whether a record that the index named is meant: where the index alone cannot tell, it is opened and compared.
func (q *question) means(x *view.Record) (bool, error) {
	if !q.filter.Rough() {
		return true, nil
	}
	facts, err := factsOf(x)
	return err == nil && q.filter.Matches(facts), err
}

// factsOf is what a filter is evaluated on.
func factsOf(x *view.Record) (*index.Facts, error) {
	content, err := x.Content()
	if err != nil {
		return nil, err
	}
	facts := &index.Facts{Originator: intel.AgencyID(x.Owner().GetId()), Stages: stages(x.Envelope())}
	if x.Envelope().GetKind() == kindReport {
		facts.Report = new(ententev1.SeizureContent)
		return facts, proto.Unmarshal(content, facts.Report)
	}
	facts.Item = new(ententev1.IntelligenceContent)
	return facts, proto.Unmarshal(content, facts.Item)
}

// stages are those at which the assets of a report stand.
func stages(env *internalv1.Envelope) []ententev1.RecoveryStage {
	last := map[uint64]ententev1.RecoveryStage{}
	for _, s := range env.GetSteps() {
		if !s.GetVoided() && s.GetStage() != 0 {
			last[s.GetAssetKey()] = ententev1.RecoveryStage(s.GetStage())
		}
	}
	list := make([]ententev1.RecoveryStage, 0, len(last))
	for _, stage := range last {
		list = append(list, stage)
	}
	return list
}
