package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

func benchWhy() *ententev1.Justification {
	return &ententev1.Justification{Officer: "bench", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_EXERCISE, Reason: "benchmark"}
}

// benchWords are what the made-up narratives are of.
func benchWords() []string {
	return strings.Fields("boat engine night coast driver cash hawala broker transfer lorry harbour beach convoy phone trailer van warehouse lifejacket fuel route " +
		"meeting paid crossing departure arrival group men two three north south border fence forest river camp station hotel ticket")
}

// benchItem is an agency's n-th item, of about 2 KB: the same every time.
func benchItem(agency, n int) *ententev1.IntelligenceItemDraft {
	chance := rand.New(rand.NewPCG(uint64(agency)+1, uint64(n))) //nolint:gosec // the same every time, on purpose
	words := benchWords()
	var text strings.Builder
	for text.Len() < 1650 {
		text.WriteString(words[chance.IntN(len(words))])
		text.WriteByte(' ')
	}
	phone := func() *ententev1.Identifier {
		return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: fmt.Sprintf("+336%08d", chance.IntN(100_000_000))}
	}
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
			Title: fmt.Sprintf("Item %d of %d", n, agency), Narrative: text.String(), LanguageCode: "en",
			Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
				Source:      ententev1.EuropolSourceEvaluation(1 + chance.IntN(4)),
				Information: ententev1.EuropolInformationEvaluation(1 + chance.IntN(4)),
			}}},
			CrimeAreas:      []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			Route:           ententev1.SmugglingRoute(1 + chance.IntN(9)),
			CrossingMethods: []ententev1.CrossingMethod{ententev1.CrossingMethod_CROSSING_METHOD_SMALL_BOAT},
			Subjects: []*ententev1.Subject{
				{SubjectId: "p1", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}, Identifiers: []*ententev1.Identifier{phone()}},
				{SubjectId: "p2", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}, Identifiers: []*ententev1.Identifier{phone()}},
			},
		}},
	}
}

// benchRelease is a release to all partners, or to one or two agencies.
func benchRelease(owner int, all bool, others ...int) *ententev1.Release {
	r := &ententev1.Release{
		Audience: &ententev1.Audience{AllPartners: all}, Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
	for _, other := range others {
		if !all && other != owner {
			r.Audience.Agencies = append(r.Audience.Agencies, intel.AgencyID(benchAgencies()[other]).Name())
		}
	}
	return r
}

// releaseOf is the release of an agency's n-th item.
func (b *bencher) releaseOf(owner, n int) *ententev1.Release {
	to, everybody := b.audience(owner, n)
	if b.remote != nil {
		to = nil
	}
	return benchRelease(owner, everybody, to...)
}
