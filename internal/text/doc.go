// Package text makes words of what people write, so that they can be found: of titles,
// narratives and renditions, each in its own language, and of what somebody asks for.
// It is pure: no clock, no I/O, no state but a memory of stems.
//
// # What a word is
//
// Texts are divided by the word boundaries of Unicode (UAX #29), and at apostrophes, so
// that "l'homme" holds "homme". A run of Japanese or Chinese has no spaces: it is read as
// pairs of neighbouring characters, and one that stands alone as itself.
//
// # Two forms
//
// Each word is there as it was written, folded, and as its stem, folded. Folding takes
// compatibility forms and width (NFKC), case, accents and vowel marks away, so that
// "Étaient", "ETAIENT" and "étaient" are one. The stem is that of the text's language
// (the Snowball stemmers): "boats" is found by "boat". Stems are taken before accents are,
// because the stemmers know them. A language without a stemmer has the folded word alone.
//
// Somebody who asks does not say in which language the text was written: [Ask] gives a word's
// stems in all languages that there are, and the word itself. Who has no accents to type is understood too: the stems of embarcacion are those of
// embarcación, and those of ueberfahrt those of Überfahrt.
package text
