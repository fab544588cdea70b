package tally

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const (
	// GroupsAtMost is how many groups an answer has; the others are its rest.
	GroupsAtMost = 1000
	// bytesAtMost is how large all of them may be together.
	bytesAtMost = 3 << 20
)

// Answer is what has been counted. The groups with the most assets are shown, in the order of what they have in common; the others are added up.
func (t *Tally) Answer() *ententev1.SummarizeSeizuresResponse {
	answer := &ententev1.SummarizeSeizuresResponse{Total: t.shown(&t.total)}
	if len(t.q.By) == 0 {
		return answer
	}
	all := make([]*group, 0, len(t.groups))
	for _, g := range t.groups {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *group) int { return cmp.Or(cmp.Compare(b.assets, a.assets), a.compare(b.key)) })
	size, taken := 0, 0
	shown := make(map[key]*ententev1.SeizureGroup)
	for _, g := range all[:min(len(all), GroupsAtMost)] {
		s := t.shown(g)
		if size += proto.Size(s); size > bytesAtMost {
			break
		}
		shown[g.key] = s
		taken++
	}
	if rest := all[taken:]; len(rest) > 0 {
		var together group
		for _, g := range rest {
			together.merge(g)
		}
		answer.Rest, answer.RestGroupCount = t.shown(&together), int32(len(rest))
	}
	all = all[:taken]
	slices.SortFunc(all, func(a, b *group) int { return a.compare(b.key) })
	for _, g := range all {
		answer.Groups = append(answer.Groups, shown[g.key])
	}
	return answer
}

// shown is a group as the caller sees it.
func (t *Tally) shown(g *group) *ententev1.SeizureGroup {
	s := &ententev1.SeizureGroup{
		Stage: g.stage, AssetType: g.assetType, RegionCode: g.region, Agency: g.agency, Period: g.period,
		ReportCount: g.reports, AssetCount: g.assets, UnvaluedAssetCount: g.unvalued,
	}
	for _, sum := range g.sums {
		s.Sums = append(s.Sums, &ententev1.SeizureSum{
			CurrencyCode: sum.currency, Basis: sum.basis, Amount: decimal(&sum.amount, moneyScale, sum.currency), AssetCount: sum.assets,
		})
	}
	if t.q.Table != nil {
		s.ConvertedSums = t.q.Table.convert(g.sums)
	}
	return s
}
