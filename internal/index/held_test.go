package index

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/text"
)

// met tells whether a record with these terms meets a clause of terms alone.
func met(c Clause, terms []Term) bool {
	has := func(t Term) bool { return slices.Contains(terms, t) }
	if c.AnyOf != nil && !slices.ContainsFunc(c.AnyOf, has) {
		return false
	}
	return !slices.ContainsFunc(c.All, func(one Clause) bool { return !met(one, terms) })
}

// wordsFound holds the terms of a text against its words: whatever is needed and held is found, and where terms are not rough, nothing else.
func wordsFound(t *testing.T, h *Hasher, language, narrative, question string) (held int) {
	t.Helper()
	words, terms := text.Words(language, narrative), h.ItemTextTerms(&ententev1.IntelligenceContent{LanguageCode: language, Narrative: narrative}, nil)
	for _, need := range text.Question(question) {
		if need.Prefix && utf8.RuneCountInString(need.Words[0].Folded) < minPart {
			continue
		}
		holds, finds := need.Held(words) > 0, met(h.needed(need), terms)
		if holds && !finds {
			t.Errorf("%s: %q is in %q and not found", language, question, narrative)
		}
		if finds && !holds && !roughly(need) {
			t.Errorf("%s: %q is not in %q and found", language, question, narrative)
		}
		if holds {
			held++
		}
	}
	return held
}

// Who cannot type the accents of a word finds it all the same, also where its stem without them is another one.
func TestWordsAreFoundWithoutAccents(t *testing.T) {
	h := NewHasher([32]byte{5})
	for _, row := range []struct{ language, narrative, question string }{
		{"es", "Una embarcación", "embarcacion"}, {"es", "UNA EMBARCACIÓN", `"una embarcacion"`}, {"fr", "la traversée", "TRAVERSEE"}, {"fr", "arrêtée", "arretée"},
		{"pt", "as operações", "operacoes"}, {"pt", "uma embarcação", "embarcacao"}, {"tr", "insan kaçakçılığı", "kacakciligi"}, {"de", "Überfälle", "uberfalle"},
		{"es", "una embarcacion", "embarcación"}, {"es", "embarcaciones", "embarcación"}, {"fr", "traversées", "traversée"},
	} {
		if wordsFound(t, h, row.language, row.narrative, row.question) == 0 {
			t.Errorf("%s: %q is not in %q", row.language, row.question, row.narrative)
		}
	}
}

// FuzzHeld looks for a text that holds what is asked for and is not found, or the other way round.
func FuzzHeld(f *testing.F) {
	f.Add("es", "Una embarcación, dos embarcaciones", "embarcacion \"UNA EMBARCACION\" embar*")
	f.Add("fr-FR", "l’arrivée d'une traversée", "arrivee travers* traversee")
	f.Add("tr", "İnsan kaçakçılığı", "insan kacakciligi KAÇAKÇILIĞI")
	f.Add("de", "Straßen, Häuser ﬁnden", "strasse hauser finden")
	f.Add("ar", "قَوَارِبُ المُهَرِّبِينَ ٣", "قوارب \"المهربين ٣\" مهر*")
	f.Add("ja", "東京湾でｶﾞｽ船", "東 京湾 が ガス* \"東京\"")
	f.Add("ru", "лодки ЙОД", "лодка йод")
	f.Add("", "a.b 9.5 x_y c\u0301d e\u00adf", "a.b 9.5 x_y ćd ef")
	h := NewHasher([32]byte{5})
	f.Fuzz(func(t *testing.T, language, narrative, question string) {
		wordsFound(t, h, language, narrative, question)
	})
}

// A number begins so however it is written, and what its type reads over is read over in a part of it.
func TestPartsAsPeopleWriteThem(t *testing.T) {
	h := NewHasher([32]byte{5})
	for raw, of := range map[string]ententev1.IdentifierType{
		"+44 20 7946 0958": ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, "0044 20 7946 0958": ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER,
		"IMO 9074729": ententev1.IdentifierType_IDENTIFIER_TYPE_IMO_NUMBER, "IBAN GB82 WEST 1234 5698 7654 32": ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN,
		"hxxps://evil[.]example[.]com/x": ententev1.IdentifierType_IDENTIFIER_TYPE_URI, "411111** ****1111": ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD,
		"@Boats_2024": ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE, "HRB 1234/B": ententev1.IdentifierType_IDENTIFIER_TYPE_COMPANY_NUMBER,
	} {
		id := &ententev1.Identifier{Type: of, RawValue: strings.Replace(raw, "0044", "+44", 1), RegionCode: "DE"}
		content := &ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{{Identifiers: []*ententev1.Identifier{id}}}}
		terms := h.ItemTextTerms(content, ContentKeys(content))
		for _, length := range []int{len(raw) - 3, len(raw)} {
			c := compiler{h: h}
			var f Filter
			c.parts(&f, []*ententev1.IdentifierPart{{Type: of, Part: &ententev1.IdentifierPart_StartsWith{StartsWith: raw[:length]}}}, "query")
			if len(c.violations) > 0 || !met(f.leaves[0].clause, terms) || !f.Matches(&Facts{Item: content}) {
				t.Errorf("%q does not begin with %q: %v", raw, raw[:length], c.violations)
			}
		}
	}
}

// FuzzParts: whatever part of whatever identifier somebody types, the terms find each record that the comparison would.
func FuzzParts(f *testing.F) {
	f.Add(int32(ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER), "+44 20 7946 0958", "0044 20", false)
	f.Add(int32(ententev1.IdentifierType_IDENTIFIER_TYPE_IMO_NUMBER), "IMO 9074729", "imo 90", false)
	f.Add(int32(ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN), "GB82 WEST 1234 5698 7654 32", "7654 32", true)
	f.Add(int32(ententev1.IdentifierType_IDENTIFIER_TYPE_URI), "hxxps://evil[.]example[.]com/x", "hxxps://evil", false)
	f.Add(int32(ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER), "\u0661\u0662\u0663AB", "123", false)
	h := NewHasher([32]byte{5})
	f.Fuzz(func(t *testing.T, of int32, raw, part string, end bool) {
		kind := ententev1.IdentifierType(of)
		content := &ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{{Identifiers: []*ententev1.Identifier{{Type: kind, RawValue: raw, RegionCode: "DE"}}}}}
		asked := &ententev1.IdentifierPart{Type: kind, Part: &ententev1.IdentifierPart_StartsWith{StartsWith: part}}
		if end {
			asked.Part = &ententev1.IdentifierPart_EndsWith{EndsWith: part}
		}
		c := compiler{h: h}
		var filter Filter
		c.parts(&filter, []*ententev1.IdentifierPart{asked}, "query")
		if len(c.violations) > 0 || len(filter.leaves) == 0 {
			return
		}
		if filter.Matches(&Facts{Item: content}) && !met(filter.leaves[0].clause, h.ItemTextTerms(content, ContentKeys(content))) {
			t.Errorf("%v %q has %q (end: %v), and is not found by it", kind, raw, part, end)
		}
	})
}
