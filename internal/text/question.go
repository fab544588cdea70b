package text

import (
	"strings"
	"unicode/utf8"
)

// Need is one thing that a question asks a text for.
type Need struct {
	// Words are the words asked for: one, or several that must follow on each other. Never
	// empty.
	Words []Asked
	// Exact asks for the words as they are written, not for their stems.
	Exact bool
	// Prefix asks for a word that begins so.
	Prefix bool
}

// Question reads what somebody types: words apart; "several words in quotes" that must follow on
// each other and be written so; boa*, the beginning of a word. A run of characters without
// spaces is asked for as it stands. What holds no word has no needs.
func Question(question string) []Need {
	var needs []Need
	for i, piece := range strings.Split(quotes.Replace(question), `"`) {
		if i%2 == 1 {
			needs = phrase(needs, piece)
			continue
		}
		for token := range strings.FieldsSeq(piece) {
			needs = loose(needs, token)
		}
	}
	return needs
}

// quotes are the marks that people's keyboards have for quotes.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "「", `"`, "」", `"`, "＂", `"`)

func phrase(needs []Need, quoted string) []Need {
	if words := Ask(quoted); len(words) > 0 {
		return append(needs, Need{Words: words, Exact: true})
	}
	return needs
}

// loose reads a token outside quotes.
func loose(needs []Need, token string) []Need {
	bare := strings.TrimRight(token, "*＊")
	words := Ask(bare)
	for i := 0; i < len(words); {
		end := i + 1
		for end < len(words) && words[end].Run == GoesOn {
			end++
		}
		prefix := end == len(words) && len(bare) < len(token) && words[i].Run == Apart
		needs = append(needs, Need{Words: words[i:end:end], Exact: words[i].Run != Apart, Prefix: prefix})
		i = end
	}
	return needs
}

// Held counts in how many places words, a text in its order, hold what is needed.
func (n Need) Held(words []Word) (times int) {
	for i := range words {
		if n.heldAt(words[i:]) {
			times++
		}
	}
	return times
}

func (n Need) heldAt(words []Word) bool {
	if len(words) < len(n.Words) {
		return false
	}
	for i, asked := range n.Words {
		if !n.one(asked, words[i]) {
			return false
		}
	}
	return true
}

func (n Need) one(asked Asked, w Word) bool {
	switch {
	case n.Prefix:
		return w.Run == Apart && strings.HasPrefix(w.Folded, asked.Folded)
	case asked.Single():
		return w.Folded == asked.Folded || w.Run != Apart && strings.Contains(w.Folded, asked.Folded)
	case asked.Run == GoesOn && w.Run != GoesOn:
		return false
	case n.Exact:
		return w.Folded == asked.Folded
	default:
		return asked.Holds(w)
	}
}

// Single tells a single character of a script without spaces: it is looked for in the pairs
// of a text.
func (a Asked) Single() bool { return a.Run == Begins && utf8.RuneCountInString(a.Folded) == 1 }
