package index

import (
	"fmt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// The limits of a filter. They are the same for everyone and known before a
// query runs.
const (
	// MaxDepth is how many filters may lie in one another, the outermost counted.
	MaxDepth = 4
	// MaxTerms is how many words, names, areas and values a query may hold.
	MaxTerms = 256
	// MinPart is the fewest characters of a part of an identifier or a word.
	MinPart = minPart
	// MaxRadius is the radius of an area at most, in metres.
	MaxRadius = 1e6
)

// Filter is a condition on a record's content, ready to be asked in two ways:
// of the index by Clause, and of a record by Matches. The index finds all
// records that match; where Rough says so it finds others too, which Matches
// tells apart. It is read only and may be used by many at once.
type Filter struct {
	leaves         []leaf
	any, all, none []*Filter
}

// leaf is one field of a filter.
type leaf struct {
	// clause finds all records that the leaf holds for.
	clause Clause
	// rough says that it finds others too.
	rough bool
	// sure finds, where the leaf is rough, records that it holds for, and no
	// others; nil where nothing is sure.
	sure  *Clause
	holds func(*Facts) bool
	// score says how well the leaf holds, and by which form of a name; nil for
	// one that either holds or not.
	score func(*Facts) (score float64, form string)
	// named tells whether it holds for a record that has these names; nil for one
	// that asks for no name.
	named func(*Names) bool
}

// wireFilter is what the messages have that a filter is made from.
type wireFilter interface {
	GetText() string
	GetNames() []string
	GetIdentifierParts() []*ententev1.IdentifierPart
	GetPlaces() []*ententev1.GeoArea
	GetSubjects() []*ententev1.SubjectAttributes
	GetAnyOf() []*ententev1.Filter
	GetAllOf() []*ententev1.Filter
	GetNoneOf() []*ententev1.Filter
}

// ItemFilter reads what a query asks beyond the fields of ItemQuery's own. The
// error is a *fault.Fault that names fields under "query". nil is a filter that
// everything matches.
func (h *Hasher) ItemFilter(q *ententev1.IntelligenceItemQuery) (*Filter, error) {
	c := compiler{h: h, kind: internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM}
	c.interval(q.GetReceived(), "query.received")
	c.interval(q.GetObserved(), "query.observed")
	return c.top(q, nil)
}

// SeizureFilter is ItemFilter's twin.
func (h *Hasher) SeizureFilter(q *ententev1.SeizureReportQuery) (*Filter, error) {
	c := compiler{h: h, kind: internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT}
	c.interval(q.GetReceived(), "query.received")
	c.interval(q.GetObserved(), "query.observed")
	return c.top(q, q.GetValues())
}

// compiler makes one filter.
type compiler struct {
	h          *Hasher
	kind       internalv1.RecordKind
	terms      int
	violations []fault.Violation
}

func (c *compiler) top(q wireFilter, values []*ententev1.ValueBand) (*Filter, error) {
	f := new(Filter)
	c.texts(f, q, "query")
	c.values(f, values, "query")
	c.nested(f, q, "query", 1)
	if c.terms > MaxTerms {
		c.refuse("query", "QUERY_TOO_MANY_TERMS", fmt.Sprintf("asks for too much at once; keep it to %d words, names, areas and values together", MaxTerms))
	}
	if len(c.violations) > 0 {
		return nil, fault.Violated(c.violations...)
	}
	return f, nil
}

// maxViolations is how many are listed.
const maxViolations = 50

func (c *compiler) refuse(field, reason, advice string) {
	if len(c.violations) < maxViolations {
		c.violations = append(c.violations, fault.Violation{Field: field, Reason: reason, Description: advice})
	}
}

// interval refuses one that ends before it starts: it would find nothing, and say so to somebody who mistyped.
func (c *compiler) interval(i *ententev1.Interval, at string) {
	if i.GetStartTime() != nil && i.GetEndTime() != nil && i.GetEndTime().AsTime().Before(i.GetStartTime().AsTime()) {
		c.refuse(at+".endTime", intel.ReasonInterval, "ends before it starts; let it end when it starts, or later")
	}
}

// texts reads the fields that all messages have.
func (c *compiler) texts(f *Filter, q wireFilter, at string) {
	c.words(f, q.GetText(), at)
	c.names(f, q.GetNames())
	c.parts(f, q.GetIdentifierParts(), at)
	c.places(f, q.GetPlaces(), at)
	c.subjects(f, q.GetSubjects(), at)
}

func (c *compiler) nested(f *Filter, q wireFilter, at string, depth int) {
	f.any = c.filters(q.GetAnyOf(), at+".anyOf", depth)
	f.all = c.filters(q.GetAllOf(), at+".allOf", depth)
	f.none = c.filters(q.GetNoneOf(), at+".noneOf", depth)
}

func (c *compiler) filters(list []*ententev1.Filter, at string, depth int) []*Filter {
	if len(list) > 0 && depth >= MaxDepth {
		c.refuse(at, "QUERY_TOO_DEEP", fmt.Sprintf("lies too deep; put at most %d filters in one another", MaxDepth))
		return nil
	}
	var filters []*Filter
	for i, q := range list {
		field := fmt.Sprintf("%s[%d]", at, i)
		f := new(Filter)
		c.texts(f, q, field)
		c.values(f, q.GetValues(), field)
		c.exact(f, q, field)
		c.nested(f, q, field, depth+1)
		if c.terms++; len(f.leaves)+len(f.any)+len(f.all)+len(f.none) == 0 && len(c.violations) == 0 {
			c.refuse(field, "QUERY_FILTER_EMPTY", "asks nothing; give it a field, or leave it out")
		}
		filters = append(filters, f)
	}
	return filters
}

// add puts a leaf to a filter; asked is how many terms it counts as.
func (c *compiler) add(f *Filter, asked int, l leaf) {
	c.terms += asked
	f.leaves = append(f.leaves, l)
}

// never is the clause that no record meets.
func never() Clause { return Clause{AnyOf: AnyOf{}} }

// anyOf is the clause of the records that have one of the terms.
func anyOf(terms ...Term) Clause { return Clause{AnyOf: append(AnyOf{}, terms...)} }

// Rough tells whether the index finds other records too.
func (f *Filter) Rough() bool {
	if f == nil {
		return false
	}
	for _, l := range f.leaves {
		if l.rough {
			return true
		}
	}
	for _, list := range [][]*Filter{f.any, f.all, f.none} {
		for _, g := range list {
			if g.Rough() {
				return true
			}
		}
	}
	return false
}

// Clause asks the index: for all records that match, and no others unless the
// filter is rough. What is rough under none_of is not asked at all: leaving out
// what it finds would leave out too much.
func (f *Filter) Clause() Clause {
	var out Clause
	if f == nil {
		return out
	}
	for _, l := range f.leaves {
		out.All = append(out.All, l.clause)
	}
	for _, g := range f.all {
		out.All = append(out.All, g.Clause())
	}
	for _, g := range f.any {
		out.Any = append(out.Any, g.Clause())
	}
	for _, g := range f.none {
		if !g.Rough() {
			out.None = append(out.None, g.Clause())
		}
	}
	return out
}

// Sure asks the index for records that match, and no others, where that can be
// told without opening them; ok is false where nothing can.
func (f *Filter) Sure() (out Clause, ok bool) {
	for _, l := range f.leaves {
		if l.rough && l.sure == nil {
			return Clause{}, false
		}
		if l.rough {
			out.All = append(out.All, *l.sure)
		} else {
			out.All = append(out.All, l.clause)
		}
	}
	for _, g := range f.all {
		c, ok := g.Sure()
		if !ok {
			return Clause{}, false
		}
		out.All = append(out.All, c)
	}
	for _, g := range f.any {
		if c, ok := g.Sure(); ok {
			out.Any = append(out.Any, c)
		}
	}
	for _, g := range f.none {
		out.None = append(out.None, g.Clause())
	}
	return out, len(out.Any) > 0 || len(f.any) == 0
}

// Matches evaluates the whole filter on a record, exactly.
func (f *Filter) Matches(r *Facts) bool {
	if f == nil {
		return true
	}
	for _, l := range f.leaves {
		if !l.holds(r) {
			return false
		}
	}
	for _, g := range f.all {
		if !g.Matches(r) {
			return false
		}
	}
	for _, g := range f.none {
		if g.Matches(r) {
			return false
		}
	}
	for _, g := range f.any {
		if g.Matches(r) {
			return true
		}
	}
	return len(f.any) == 0
}

// Match says how well a record fits.
type Match struct {
	// Score is from 0 to 1, 0 where nothing is asked that has a score.
	Score float64
	// Form is the form of a name in the record that fits best; empty without one.
	Form string
}

// Score says how well a record that matches fits: the mean of what words and
// names score, of alternatives the best that holds. It depends on the filter
// and the record alone, and on no other record.
func (f *Filter) Score(r *Facts) Match {
	m, _ := f.score(r)
	return m
}

// score tells in ok whether anything has a score.
func (f *Filter) score(r *Facts) (m Match, ok bool) {
	if f == nil {
		return Match{}, false
	}
	total, n := 0.0, 0
	add := func(score float64, form string) {
		total, n = total+score, n+1
		if m.Form == "" {
			m.Form = form
		}
	}
	for _, l := range f.leaves {
		if l.score != nil {
			add(l.score(r))
		}
	}
	for _, g := range f.all {
		if one, ok := g.score(r); ok {
			add(one.Score, one.Form)
		}
	}
	if one, ok := best(f.any, r); ok {
		add(one.Score, one.Form)
	}
	if n == 0 {
		return Match{}, false
	}
	m.Score = total / float64(n)
	return m, true
}

// best is the best score among alternatives that hold.
func best(among []*Filter, r *Facts) (m Match, ok bool) {
	for _, g := range among {
		if one, scored := g.score(r); scored && (!ok || one.Score > m.Score) && g.Matches(r) {
			m, ok = one, true
		}
	}
	return m, ok
}

// Named tells whether names are asked for, so that answers show their scores.
func (f *Filter) Named() bool {
	if f == nil {
		return false
	}
	for _, l := range f.leaves {
		if l.named != nil {
			return true
		}
	}
	for _, list := range [][]*Filter{f.any, f.all} {
		for _, g := range list {
			if g.Named() {
				return true
			}
		}
	}
	return false
}
