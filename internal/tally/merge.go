package tally

import (
	"math/big"
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Merge adds the answer of the next page of a question to those before, which are changed. false says that it cannot be done exactly: an answer has a rest,
// and what of a group is in it nobody can tell.
func Merge(into, next *ententev1.SummarizeSeizuresResponse) bool {
	if into.GetRest() != nil || next.GetRest() != nil {
		return false
	}
	mergeGroup(into.GetTotal(), next.GetTotal())
	at := make(map[key]*ententev1.SeizureGroup, len(into.GetGroups()))
	for _, g := range into.GetGroups() {
		at[keyOf(g)] = g
	}
	for _, g := range next.GetGroups() {
		if known := at[keyOf(g)]; known != nil {
			mergeGroup(known, g)
		} else {
			into.Groups = append(into.Groups, g)
		}
	}
	slices.SortFunc(into.GetGroups(), func(a, b *ententev1.SeizureGroup) int { return keyOf(a).compare(keyOf(b)) })
	into.Capped, into.CountedFrom, into.NextPageToken = next.GetCapped(), next.GetCountedFrom(), next.GetNextPageToken()
	return true
}

func keyOf(g *ententev1.SeizureGroup) key {
	return key{stage: g.GetStage(), assetType: g.GetAssetType(), region: g.GetRegionCode(), agency: g.GetAgency(), period: g.GetPeriod()}
}

func mergeGroup(into, next *ententev1.SeizureGroup) {
	into.ReportCount += next.GetReportCount()
	into.AssetCount += next.GetAssetCount()
	into.UnvaluedAssetCount += next.GetUnvaluedAssetCount()
	for _, s := range next.GetSums() {
		u := unit{s.GetCurrencyCode(), s.GetBasis()}
		at, found := slices.BinarySearchFunc(into.GetSums(), u, func(s *ententev1.SeizureSum, u unit) int { return unit{s.GetCurrencyCode(), s.GetBasis()}.compare(u) })
		if !found {
			into.Sums = slices.Insert(into.GetSums(), at, s)
			continue
		}
		known := into.GetSums()[at]
		known.Amount = added(known.GetAmount(), s.GetAmount(), s.GetCurrencyCode())
		known.AssetCount += s.GetAssetCount()
	}
	for _, s := range next.GetConvertedSums() {
		i := slices.IndexFunc(into.GetConvertedSums(), func(k *ententev1.ConvertedSeizureSum) bool { return k.GetBasis() >= s.GetBasis() })
		if i < 0 || into.GetConvertedSums()[i].GetBasis() != s.GetBasis() {
			if i < 0 {
				i = len(into.GetConvertedSums())
			}
			into.ConvertedSums = slices.Insert(into.GetConvertedSums(), i, s)
			continue
		}
		known := into.GetConvertedSums()[i]
		known.Amount = added(known.GetAmount(), s.GetAmount(), s.GetCurrencyCode())
		known.AssetCount += s.GetAssetCount()
		known.UnconvertedCurrencyCodes = append(known.GetUnconvertedCurrencyCodes(), s.GetUnconvertedCurrencyCodes()...)
		slices.Sort(known.GetUnconvertedCurrencyCodes())
		known.UnconvertedCurrencyCodes = slices.Compact(known.GetUnconvertedCurrencyCodes())
	}
}

// added is the sum of two amounts of answers.
func added(a, b, currency string) string {
	sum := new(big.Int)
	for _, text := range []string{a, b} {
		if n, ok := scaled(text, moneyScale+rateScale); ok {
			sum.Add(sum, n)
		}
	}
	return decimal(sum, moneyScale+rateScale, currency)
}
