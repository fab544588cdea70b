package main

import (
	"slices"
	"strings"
	"unicode"
)

// hint tells people of words that mean something elsewhere and not here: what is asked for is not what they expect.
func (a *app) hint(text string) {
	if a.output != "table" || text == "" {
		return
	}
	for _, said := range hints(text) {
		a.say("Note: %s", said)
	}
}

// wider is what finds more where a query finds nothing; empty where there is nothing to say.
func (q *query) wider() string {
	switch {
	case slices.ContainsFunc(q.names, func(name string) bool { return len(strings.Fields(name)) > 1 }):
		return "Two parts of a name are looked for, or the whole name: ask for one part alone to find more."
	case len(strings.Fields(q.text)) > 1:
		return "All words are required, and words in quotes as they are written: fewer words find more."
	case len(q.originators) > 0:
		return "entente agency list tells by which names agencies go."
	default:
		return ""
	}
}

// hints are what is unusual about the words of --text, each once.
func hints(text string) (said []string) {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return []string{"--text holds no word, and what holds no word finds nothing"}
	}
	for i, piece := range strings.Split(text, `"`) {
		if i%2 == 1 {
			if strings.Contains(piece, "*") {
				said = append(said, "in quotes * is no beginning: words in quotes are found as they are written")
			}
			continue
		}
		for token := range strings.FieldsSeq(piece) {
			if one := hintOf(token); one != "" {
				said = append(said, one)
			}
		}
	}
	return said
}

// hintOf is what there is to say about one word.
func hintOf(token string) string {
	bare := strings.TrimLeft(token, "-+!")
	switch {
	case token == "OR":
		return "OR is a word like any other here; for alternatives give --any text=… for each"
	case token == "AND":
		return "AND is a word like any other here; all words are required without it"
	case token == "NOT":
		return "NOT is a word like any other here; to leave records out give --none text=…"
	case strings.HasPrefix(token, "+") && len(bare) > 6 && digits(bare):
		return "--text finds words; for a number give --identifier " + token
	case strings.ContainsAny(token[:1], "-!") && bare != "":
		return token + " asks for the word too; to leave records out give --none text=" + bare
	case strings.Contains(strings.TrimRight(token, "*"), "*") || strings.Contains(strings.TrimRight(token, "?"), "?"):
		return token + ": only a * at the end of a word stands for what follows"
	default:
		return ""
	}
}
