package main

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/seed-1d76a664/entente/cmd/entente/internal/draw"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// flagsOf are the flags of a set, in their order, but for those that are hidden.
func flagsOf(set *pflag.FlagSet) (list []*pflag.Flag) {
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			list = append(list, f)
		}
	})
	return list
}

// words writes a name in upper snake case as people do.
func words(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", " ") }

// chart is the picture of a summary: how many assets, and for each currency what they are worth.
func (s *summary) chart(sum *ententev1.SummarizeSeizuresResponse, now time.Time) draw.Chart {
	groups := sum.GetGroups()
	var labels []string
	for _, g := range groups {
		labels = append(labels, s.label(g))
	}
	if len(s.by) == 0 {
		groups, labels = []*ententev1.SeizureGroup{sum.GetTotal()}, []string{"all"}
	}
	if sum.GetRest() != nil {
		groups, labels = append(groups, sum.GetRest()), append(labels, fmt.Sprint("other, ", sum.GetRestGroupCount(), " groups"))
	}
	p := plotted{groups: groups, labels: labels, bases: stated(groups)}
	c := draw.Chart{Title: s.title, Subtitles: []string{s.span(), s.grouped()}, Notes: s.notes(sum, now)}
	for _, b := range p.bases {
		c.Series = append(c.Series, basisName(b))
	}
	if s.what != "value" {
		c.Panels = append(c.Panels, p.counts())
	}
	if s.what == "count" {
		c.Series = nil
		return c
	}
	for _, currency := range currencies(groups) {
		c.Panels = append(c.Panels, p.values(currency))
	}
	if p.converted() {
		c.Panels = append(c.Panels, p.conversion(sum.GetTotal()))
	}
	return c
}

// label is what a group has in common.
func (s *summary) label(g *ententev1.SeizureGroup) string {
	parts := make([]string, len(s.by))
	for i, by := range s.by {
		switch by {
		case "stage":
			parts[i] = nameOf(g.GetStage())
			if g.GetStage() == 0 {
				parts[i] = "no stage"
			}
		case "asset-type":
			parts[i] = nameOf(g.GetAssetType())
		case "country":
			parts[i] = cmp.Or(g.GetRegionCode(), "no country")
		case "agency":
			parts[i] = strings.TrimPrefix(g.GetAgency(), "agencies/")
		default:
			parts[i] = cmp.Or(g.GetPeriod(), "no date")
		}
	}
	return strings.Join(parts, " · ")
}

// span is the time that was asked for.
func (s *summary) span() string {
	parts := []string{"Reports of any time"}
	if s.since != "" || s.until != "" {
		parts[0] = "Reports received" + fromTo(s.since, s.until)
	}
	if s.observedSince != "" || s.observedUntil != "" {
		parts = append(parts, "observed"+fromTo(s.observedSince, s.observedUntil))
	}
	return strings.Join(parts, ", ")
}

func fromTo(since, until string) (text string) {
	if since != "" {
		text += " from " + since
	}
	if until != "" {
		text += " to " + until
	}
	return text
}

// grouped says by what the bars are.
func (s *summary) grouped() string {
	if len(s.by) == 0 {
		return "All together"
	}
	text := "By " + strings.ReplaceAll(strings.Join(s.by, ", "), "-", " ")
	if slices.ContainsFunc(s.by, func(by string) bool { return by == "month" || by == "quarter" || by == "year" }) {
		text += map[string]string{"received": " of receipt", "observed": " of what was observed", "step": " of the latest step"}[strings.ToLower(s.periodOf)]
	}
	return text
}

// notes say what was counted.
func (s *summary) notes(sum *ententev1.SummarizeSeizuresResponse, now time.Time) []string {
	t := sum.GetTotal()
	notes := []string{
		fmt.Sprintf("%s in %s%s. Each asset once, at the stage where it stands; of its values the latest of each kind, without voided steps.",
			several(t.GetAssetCount(), "asset", "assets"), several(t.GetReportCount(), "report", "reports"), unvalued(t.GetUnvaluedAssetCount())),
	}
	for _, c := range t.GetConvertedSums() {
		if i := c.GetUnconvertedCurrencyCodes(); len(i) > 0 {
			notes = append(notes, fmt.Sprintf("No rate in %s of %s for %s: left out of the converted %s.", c.GetTableName(), c.GetTableDate(), strings.Join(i, ", "), basisName(c.GetBasis())))
		}
	}
	if narrowed := s.narrowed(); narrowed != "" {
		notes = append(notes, "Only "+narrowed+".")
	}
	if sum.GetCapped() {
		notes = append(notes, "There are more reports: counted are those received from "+since(sum)+" on.")
	}
	return append(notes, "As one agency may see it, on "+now.Format(time.DateOnly)+"; other reports may exist.")
}

// narrowed is what else the question asked for, as it was given.
func (s *summary) narrowed() string {
	var parts []string
	for _, each := range []struct {
		name  string
		given []string
	}{
		{"agency", s.originators}, {"asset type", s.assets}, {"stage", s.stages}, {"route", s.routes}, {"crime area", s.crimeAreas},
		{"subject", s.subjects}, {"state", s.states}, {"label", s.labels},
	} {
		if len(each.given) > 0 {
			parts = append(parts, each.name+" "+words(strings.Join(each.given, " or ")))
		}
	}
	if s.more {
		parts = append(parts, "what else the question names")
	}
	return strings.Join(parts, "; ")
}

func unvalued(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(", ", n, " of them without a value")
}

func several(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return draw.Grouped(strconv.FormatInt(n, 10)) + " " + many
}

// plotted is groups with their labels, and the kinds of values that they have.
type plotted struct {
	groups []*ententev1.SeizureGroup
	labels []string
	bases  []ententev1.ValuationBasis
}

// stated are the kinds of values that there are, in order.
func stated(groups []*ententev1.SeizureGroup) (bases []ententev1.ValuationBasis) {
	for _, g := range groups {
		for _, s := range g.GetSums() {
			bases = append(bases, s.GetBasis())
		}
	}
	slices.Sort(bases)
	return slices.Compact(bases)
}

func currencies(groups []*ententev1.SeizureGroup) (codes []string) {
	for _, g := range groups {
		for _, s := range g.GetSums() {
			codes = append(codes, s.GetCurrencyCode())
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func basisName(b ententev1.ValuationBasis) string {
	switch b {
	case ententev1.ValuationBasis_VALUATION_BASIS_FACE:
		return "face value"
	case ententev1.ValuationBasis_VALUATION_BASIS_REALISED:
		return "realised"
	case ententev1.ValuationBasis_VALUATION_BASIS_APPRAISAL:
		return "appraisal"
	case ententev1.ValuationBasis_VALUATION_BASIS_MARKET_ESTIMATE:
		return "market estimate"
	}
	return "value"
}

// unspecific is the series of what is counted and not valued.
const unspecific = -1

func (p plotted) counts() draw.Panel {
	panel := draw.Panel{Title: "Assets, number"}
	for i, g := range p.groups {
		panel.Rows = append(panel.Rows, draw.Row{Label: p.labels[i], Bars: []draw.Bar{{
			Series: unspecific, Value: float64(g.GetAssetCount()), Text: draw.Grouped(strconv.FormatInt(g.GetAssetCount(), 10)),
		}}})
	}
	return panel
}

// values is the panel of one currency. Groups without a value in it are left out.
func (p plotted) values(currency string) draw.Panel {
	panel := draw.Panel{Title: "Value, " + currency}
	for i, g := range p.groups {
		row := draw.Row{Label: p.labels[i]}
		for _, s := range g.GetSums() {
			if s.GetCurrencyCode() == currency {
				row.Bars = append(row.Bars, p.bar(s.GetBasis(), s.GetAmount()))
			}
		}
		if len(row.Bars) > 0 {
			panel.Rows = append(panel.Rows, row)
		}
	}
	return panel
}

func (p plotted) converted() bool {
	return slices.ContainsFunc(p.groups, func(g *ententev1.SeizureGroup) bool { return len(g.GetConvertedSums()) > 0 })
}

// conversion is the panel of all currencies in that of the table, under the table's name and day.
func (p plotted) conversion(total *ententev1.SeizureGroup) draw.Panel {
	panel := draw.Panel{}
	for _, c := range total.GetConvertedSums() {
		panel.Title = fmt.Sprintf("Value in all currencies, converted to %s by %s of %s", c.GetCurrencyCode(), c.GetTableName(), c.GetTableDate())
	}
	for i, g := range p.groups {
		row := draw.Row{Label: p.labels[i]}
		for _, c := range g.GetConvertedSums() {
			row.Bars = append(row.Bars, p.bar(c.GetBasis(), c.GetAmount()))
		}
		if len(row.Bars) > 0 {
			panel.Rows = append(panel.Rows, row)
		}
	}
	return panel
}

// bar is an amount: two decimals are enough to look at.
func (p plotted) bar(basis ententev1.ValuationBasis, amount string) draw.Bar {
	value, ok := new(big.Rat).SetString(amount)
	if !ok {
		value = new(big.Rat)
	}
	long, _ := value.Float64()
	text := amount
	if _, part, _ := strings.Cut(amount, "."); len(part) > 2 {
		text = value.FloatString(2)
	}
	return draw.Bar{Series: slices.Index(p.bases, basis), Value: long, Text: draw.Grouped(text)}
}
