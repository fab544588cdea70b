package draw

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how many columns a text takes in a terminal.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// fit cuts a text to some columns, with a sign that it goes on.
func fit(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n += columnsOf(r); n > most-1 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}

// wrap breaks a text into lines of some columns, between words.
func wrap(text string, most int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case columns(*last)+1+columns(word) <= most:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// pad fills a text up to some columns.
func pad(text string, to int) string { return text + strings.Repeat(" ", max(0, to-columns(text))) }

// Grouped is a decimal number with a comma between thousands.
func Grouped(number string) string {
	whole, part, dotted := strings.Cut(number, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + part
	}
	return sign + whole
}

// short is a number on an axis that goes up to most: 2.5 M.
func short(n, most float64) string {
	for _, unit := range []struct {
		from, size float64
		sign       string
	}{{1e12, 1e12, " T"}, {1e9, 1e9, " G"}, {1e6, 1e6, " M"}, {1e4, 1e3, " k"}} {
		if most >= unit.from && n > 0 {
			return strconv.FormatFloat(n/unit.size, 'g', 6, 64) + unit.sign
		}
	}
	return strconv.FormatFloat(n, 'g', 6, 64)
}
