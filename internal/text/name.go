package text

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// A name is spelled in as many ways as there are clerks. It is found in two steps: keys
// bring candidates, of any script and spelling, and far too many of them; a score over
// all forms that are known says how alike two names are. Nobody is taken for somebody
// else: the score is shown, and a person decides.

// NameScore says how alike two persons' names are, from 0 to 1: the best over all forms of
// either, and all readings of these. Parts are compared with those that they fit best, in any order (Jaro and
// Winkler's measure, over Latin letters and their consonants), and a part too many takes little away: people
// are known by some of their names. Without a form on either side it is 0.
func NameScore(one, other []string) float64 {
	best := 0.0
	for _, a := range readings(one) {
		for _, b := range readings(other) {
			best = max(best, spellingOf(nameParts(a)).Like(spellingOf(nameParts(b))))
		}
	}
	return best
}

func readings(names []string) (all []string) {
	for _, name := range names {
		all = append(all, NameReadings(name)...)
	}
	return all
}

// NameReadings are a name as it is written; where its script has letters that languages read in different ways, as another reads it: ḍād is a d in
// Arabic, and a z in Persian, Urdu and Turkish, so that رضا is Rida and Reza; and each of them without its Arabic articles.
func NameReadings(name string) []string {
	readings := []string{name}
	composed := name
	if !ascii(name) {
		composed = norm.NFKC.String(name) // letters that stand in a form of their own, as at the end of a word, too
	}
	if other := otherReading.Replace(composed); other != composed {
		readings = append(readings, other)
	}
	if bare, some := withoutArticles(composed); some {
		readings = append(readings, bare)
		if other := otherReading.Replace(bare); other != bare {
			readings = append(readings, other)
		}
	}
	return readings
}

var otherReading = strings.NewReplacer("ض", "ز")

// surplus is how much of the score a part counts that the other name does not have.
const surplus = 0.1

// What of a name is compared: so many parts, and of each so many letters. No name that
// people bear has more, and what a comparison costs must not be the writer's to choose.
const (
	scoredParts   = maxNameParts
	scoredLetters = 32
)

// scored is what of a form's parts is compared.
func scored(parts []string) []string {
	parts = slices.Clone(parts[:min(len(parts), scoredParts)])
	for i, part := range parts {
		parts[i] = part[:min(len(part), scoredLetters)] // Latin letters are of one byte
	}
	return parts
}

// nameParts are the parts of a name in Latin letters, lower case.
func nameParts(name string) []string {
	latin := strings.ToLower(unidecode.Unidecode(fold(lower(name))))
	return strings.FieldsFunc(latin, func(r rune) bool { return r != '\'' && r != '`' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// sounds are letters that clerks write for one another.
var sounds = strings.NewReplacer("kh", "h", "gh", "g", "dh", "d", "th", "t", "ph", "f", "sch", "s", "sh", "s", "tch", "s", "ch", "s", "ck", "k",
	"q", "k", "c", "k", "x", "ks", "z", "s", "v", "f", "j", "g", "dj", "g")

// skeleton is the consonants of a part, each sound as one letter, doubles once. Vowels, w,
// y and h at the end are dropped: scripts without vowels have none, and those that have
// some do not agree on them.
func skeleton(part string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range strings.TrimRight(sounds.Replace(part), "h") {
		if strings.ContainsRune("aeiouwy'`", r) {
			continue
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
