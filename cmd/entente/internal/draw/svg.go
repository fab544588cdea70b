package draw

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// fonts are those of a report, with one that is always there.
const fonts = "Helvetica, Arial, 'Liberation Sans', 'Noto Sans', sans-serif"

const (
	ink   = "#1f2933"
	faint = "#616e7c"
	lines = "#d9dee4"
)

// colours of series, to be told apart in print and by people who see fewer colours.
func colours() []string {
	return []string{"#2c6fb3", "#3aa6a0", "#d98324", "#8b5fa8", "#5d8a3a", "#b8433f"}
}

// colour is that of a series; a bar of none is grey.
func colour(series int) string {
	if series < 0 {
		return "#7b8794"
	}
	return colours()[series%len(colours())]
}

// picture is an SVG while it is written.
type picture struct{ text strings.Builder }

// svg closes a picture of a size. title is what a program reads out that cannot show it.
func (p *picture) svg(wide, high float64, title string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="` + num(wide) + `" height="` + num(high) + `" viewBox="0 0 ` + num(wide) + ` ` + num(high) +
		`" role="img" font-family="` + fonts + `">` + "\n")
	b.WriteString("<title>" + escaped(title) + "</title>\n")
	b.WriteString(`<rect width="` + num(wide) + `" height="` + num(high) + `" fill="#ffffff"/>` + "\n")
	b.WriteString(p.text.String())
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// num is a number with two decimals at most.
func num(n float64) string { return strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64) }

// escaped is a text as it stands in XML. Signs that XML does not know are replaced.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// letters is how a text is written.
type letters struct {
	size   float64
	fill   string
	anchor string // start where empty
	bold   bool
}

func (p *picture) write(x, y float64, text string, l letters) {
	fmt.Fprintf(&p.text, `<text x="%s" y="%s" font-size="%s" fill="%s"`, num(x), num(y), num(l.size), l.fill)
	if l.anchor != "" {
		p.text.WriteString(` text-anchor="` + l.anchor + `"`)
	}
	if l.bold {
		p.text.WriteString(` font-weight="bold"`)
	}
	p.text.WriteString(">" + escaped(text) + "</text>\n")
}

func (p *picture) rect(x, y, w, h float64, fill string) {
	fmt.Fprintf(&p.text, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", num(x), num(y), num(w), num(h), fill)
}

func (p *picture) line(x1, y1, x2, y2 float64, stroke string, wide float64) {
	fmt.Fprintf(&p.text, `<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"/>`+"\n", num(x1), num(y1), num(x2), num(y2), stroke, num(wide))
}

// wide is about how wide a text of a size is: there are no fonts here to measure it by.
func wideOf(text string, size float64) float64 { return float64(columns(text)) * size * 0.56 }
