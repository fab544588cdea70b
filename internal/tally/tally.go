package tally

import (
	"cmp"
	"math/big"
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Question says what is counted, and by what it is grouped.
type Question struct {
	// By is what to group by.
	By []ententev1.SeizureDimension
	// Period is the length of a period, PeriodOf the day by which an asset falls into one.
	Period   ententev1.SummaryPeriod
	PeriodOf ententev1.SummaryDate
	// Types and Stages narrow which assets of a report count; empty is all.
	Types  []ententev1.AssetType
	Stages []ententev1.RecoveryStage
	// Table converts; nil does not.
	Table *Table
}

// key is what a group has in common. What is not grouped by is left empty.
type key struct {
	stage          ententev1.RecoveryStage
	assetType      ententev1.AssetType
	region, agency string
	period         string
}

func (k key) compare(o key) int {
	return cmp.Or(
		cmp.Compare(k.period, o.period), cmp.Compare(k.agency, o.agency), cmp.Compare(k.region, o.region),
		cmp.Compare(k.stage, o.stage), cmp.Compare(k.assetType, o.assetType),
	)
}

// unit is in what a sum is: one currency, one basis.
type unit struct {
	currency string
	basis    ententev1.ValuationBasis
}

type sum struct {
	unit
	amount big.Int // billionths
	assets int64
}

// group is the counts of a group.
type group struct {
	key
	reports, assets, unvalued int64
	last                      int // the report counted last, from 1
	sums                      []*sum
}

// Tally counts report after report. It is not for several goroutines.
type Tally struct {
	q       Question
	by      [6]bool
	groups  map[key]*group
	total   group
	reports int
	assets  int
	steps   int
	scratch big.Int
	values  []value
}

// New begins to count.
func New(q Question) *Tally {
	t := &Tally{q: q, groups: map[key]*group{}}
	for _, d := range q.By {
		if d > 0 && int(d) < len(t.by) {
			t.by[d] = true
		}
	}
	return t
}

// Work is how many assets and steps were looked at, counted or not.
func (t *Tally) Work() int { return t.assets + t.steps }

// Add counts a report. Nothing of it is kept but texts.
func (t *Tally) Add(r Report) {
	t.reports++
	t.assets += len(r.Content.GetAssets())
	t.steps += len(r.Steps)
	stories := r.stories()
	var untold story
	region := ""
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_COUNTRY] {
		region = r.region()
	}
	for _, a := range r.Content.GetAssets() {
		of := stories[a.GetAssetId()]
		if of == nil {
			of = &untold
		}
		if !wanted(t.q.Types, ententev1.AssetType(a.GetType())) || !wanted(t.q.Stages, of.stage) {
			continue
		}
		k := t.key(r, a, of.standing, region)
		g := t.groups[k]
		if g == nil {
			g = &group{key: k}
			t.groups[k] = g
		}
		t.values = values(a, of, t.values[:0])
		t.count(g)
		t.count(&t.total)
	}
}

func wanted[E comparable](list []E, one E) bool { return len(list) == 0 || slices.Contains(list, one) }

func (t *Tally) key(r Report, a *internalv1.CountedAsset, at standing, region string) (k key) {
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_STAGE] {
		k.stage = at.stage
	}
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_ASSET_TYPE] {
		k.assetType = ententev1.AssetType(a.GetType())
	}
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_COUNTRY] {
		if k.region = regionOf(a.GetPlace()); k.region == "" {
			k.region = region
		}
	}
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_AGENCY] {
		k.agency = r.Agency
	}
	if t.by[ententev1.SeizureDimension_SEIZURE_DIMENSION_PERIOD] {
		k.period = period(r.day(t.q.PeriodOf, at), t.q.Period)
	}
	return k
}

// count counts the asset whose values are at hand.
func (t *Tally) count(g *group) {
	if g.last != t.reports {
		g.last = t.reports
		g.reports++
	}
	g.assets++
	if len(t.values) == 0 {
		g.unvalued++
	}
	for _, v := range t.values {
		s := g.sum(unit{v.GetAmount().GetCurrencyCode(), ententev1.ValuationBasis(v.GetBasis())})
		billionths(&s.amount, &t.scratch, v.GetAmount())
		s.assets++
	}
}

// sum finds the sum of a unit, among few; they stay in order.
func (g *group) sum(u unit) *sum {
	at, found := slices.BinarySearchFunc(g.sums, u, func(s *sum, u unit) int { return s.compare(u) })
	if !found {
		g.sums = slices.Insert(g.sums, at, &sum{unit: u})
	}
	return g.sums[at]
}

func (u unit) compare(o unit) int {
	return cmp.Or(cmp.Compare(u.currency, o.currency), cmp.Compare(u.basis, o.basis))
}

// merge adds the counts of another group, but for the reports: they can be in both.
func (g *group) merge(o *group) {
	g.assets += o.assets
	g.unvalued += o.unvalued
	for _, s := range o.sums {
		into := g.sum(s.unit)
		into.amount.Add(&into.amount, &s.amount)
		into.assets += s.assets
	}
}

// bases are the ways in which values are found, in order.
func bases() []ententev1.ValuationBasis {
	return []ententev1.ValuationBasis{
		ententev1.ValuationBasis_VALUATION_BASIS_UNSPECIFIED, ententev1.ValuationBasis_VALUATION_BASIS_FACE, ententev1.ValuationBasis_VALUATION_BASIS_MARKET_ESTIMATE,
		ententev1.ValuationBasis_VALUATION_BASIS_APPRAISAL, ententev1.ValuationBasis_VALUATION_BASIS_REALISED,
	}
}
