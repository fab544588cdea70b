package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func foldedOf(words []Word) (list []string) {
	for _, w := range words {
		list = append(list, w.Folded)
	}
	return list
}

func TestWords(t *testing.T) {
	for _, row := range []struct{ language, text, want string }{
		{"en", "Two boats, 9.5 m long; seen at Sangatte.", "two boats 9.5 m long seen at sangatte"},
		{"fr", "L’homme s'est enfui : à l'hôtel", "l homme s est enfui a l hotel"},
		{"de", "Straße, STRASSE und Schlauchboote", "strasse strasse und schlauchboote"},
		{"it", "È un'imbarcazione dall'Albania", "e un imbarcazione dall albania"},
		{"es", "¿Dónde está el niño?", "donde esta el nino"},
		{"tr", "DİYARBAKIR ışık", "diyarbakir isik"},
		{"ar", "قَوَارِبُ المُهَرِّبِينَ", "قوارب المهربين"},
		{"ja", "東京で待つ", "東京 京で で待 待つ"},
		{"ja", "ガス ｶﾞｽ ＢＯＡＴ 船", "ガス ガス boat 船"},
		{"ja", "がす", "がす"},
		{"sr", "Đorđe, Łódź, Ærø", "dorde lodz aero"},
		{"ru", "Лодки ЙОД", "лодки иод"},
		{"el", "Σκάφος ΣΚΆΦΟΣ", "σκαφοσ σκαφοσ"},
		{"xx", "Unknown languages have words", "unknown languages have words"},
		{"", "", ""},
		{"en", " .,;: \u0301 ", ""},
		{"en", "no \xff UTF-8", ""},
		{"ar", "\u200fقوارب\u200f \u202bالمهربين\u202c", "قوارب المهربين"},
		{"fa", "می\u200cخواهم", "ميخواهم"},
		{"en", "in\u00adflat\u00adable \ufeffBoat\u2060s \u200e \u00ad", "inflatable boats"},
		{"ja", "東\u2060京\u200d湾", "東京 京湾"},
	} {
		if got := strings.Join(foldedOf(Words(row.language, row.text)), " "); got != row.want {
			t.Errorf("%s: %q has %q, not %q", row.language, row.text, got, row.want)
		}
	}
}

// holds tells whether a text in a language holds all words of a question.
func holds(language, text, question string) bool {
	words := Words(language, text)
	for _, a := range Ask(question) {
		if !slices.ContainsFunc(words, a.Holds) {
			return false
		}
	}
	return true
}

func TestAsk(t *testing.T) {
	for _, row := range []struct {
		language, text, question string
		want                     bool
	}{
		{"en", "Inflatable boats were bought", "boat", true},
		{"en-GB", "The boat", "BOATS", true},
		{"en", "buying", "buy", true},
		{"fr", "Les bateaux étaient surchargés", "bateau surchargé", true},
		{"fr", "Ils étaient là", "etaient", true},
		{"de", "Die Häuser", "haus hauser", true},
		{"it", "imbarcazioni", "imbarcazione", true},
		{"es", "las lanchas", "lancha", true},
		{"ar", "المهربين", "مهرب", true},
		{"ja", "東京湾で待っていた", "東京湾", true},
		{"ja", "京都と東山", "東京", false},
		{"en", "The lorry", "boat", false},
		{"xx", "Bote", "boat", false},
		{"sr", "čamci", "camci", true},
		{"es", "dos embarcaciones", "embarcacion", true},
		{"fr", "des traversées", "TRAVERSEE", true},
		{"fr", "ils étaient arrêtés", "arretees", true},
		{"pt", "as operações", "operacao", true},
		{"tr", "botları", "botlari", true},
		{"de", "zwei Überfahrten", "Ueberfahrt", true},
		{"de", "Ueberfahrten", "Überfahrt", true},
		{"en", "From München", "muenchen", true},
		{"xx", "dos", "does", false},
		{"en", "a cion", "ción", true},
	} {
		if got := holds(row.language, row.text, row.question); got != row.want {
			t.Errorf("%s: %q asked for %q: %v", row.language, row.text, row.question, got)
		}
	}
}

// What was remembered of a stem is what would be made anew.
func TestStemsAreRemembered(t *testing.T) {
	s := &stemmer{stem: stemmers[In("en-GB")].stem}
	for range 2 {
		if s.word("crossings").Stem != "cross" || s.word("cross").Stem != "cross" {
			t.Errorf("%v", s.memo)
		}
	}
	for i := range remembered + 2 {
		s.word("word" + strings.Repeat("x", i%40) + string(rune('a'+i%26)))
	}
	if len(s.memo) > remembered {
		t.Errorf("%d are remembered", len(s.memo))
	}
	if long := strings.Repeat("crossings", 20); s.word(long).Stem != long {
		t.Error("a long word was stemmed")
	}
}

// What one character stands for is bounded: of every character, alone and repeated, a text of n bytes has fewer than 2n words.
func TestWordsAreBounded(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		for _, text := range []string{string(r), string([]rune{r, r, r})} {
			if n := len(Words("", text)); n >= 2*len(text) {
				t.Errorf("%U: %d words of %d bytes", r, n, len(text))
			}
		}
	}
}

// FuzzWords: whatever is written, in whatever language, is found by asking for just that.
func FuzzWords(f *testing.F) {
	for _, text := range []string{"Two boats, 9.5 m", "L’homme à l'hôtel", "東京で待つｶﾞｽ", "قَوَارِبُ المُهَرِّبِينَ", "Straße ﬁn ǅ İ", "\xff", "a\u0301\u0327", "Ǣ", "㌖㌖", "ﷺ"} {
		for _, s := range stemmers[1:] {
			f.Add(s.code, text)
		}
	}
	f.Fuzz(func(t *testing.T, language, text string) {
		words, asked := Words(language, text), Ask(text)
		if len(words) != len(asked) || len(words) > 0 && len(words) >= 2*len(text) {
			t.Fatalf("%d words, %d asked for", len(words), len(asked))
		}
		for i, w := range words {
			if !asked[i].Holds(w) {
				t.Errorf("%q in %s does not hold itself: %v, %v", text, language, w, asked[i])
			}
			if w.Folded == "" || w.Stem == "" || !utf8.ValidString(w.Folded) || !utf8.ValidString(w.Stem) {
				t.Errorf("%q", w)
			}
			if again := fold(w.Folded); again != w.Folded {
				t.Errorf("%q folds on to %q", w.Folded, again)
			}
		}
	})
}

func BenchmarkWords(b *testing.B) {
	text := strings.Repeat("A black inflatable of nine metres was bought in Lille and driven to the coast by night. ", 14)
	b.ReportMetric(float64(len(Words("en", text))), "words")
	for b.Loop() {
		Words("en", text)
	}
}
