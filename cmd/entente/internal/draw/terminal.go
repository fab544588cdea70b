package draw

import (
	"math"
	"strings"
)

// barAtLeast is the columns that bars have in the narrowest terminal.
const barAtLeast = 10

// Terminal draws a chart as text, some columns wide, in colour or plain.
func (c Chart) Terminal(wide int, colour bool) string {
	t := terminal{wide: max(wide, 40), colour: colour, chart: c}
	t.paragraph(c.Title, "1")
	for _, line := range c.Subtitles {
		t.paragraph(line, "")
	}
	t.legend()
	for _, p := range c.Panels {
		t.panel(p)
	}
	if len(c.Notes) > 0 {
		t.line("")
	}
	for _, line := range c.Notes {
		t.paragraph(line, "2")
	}
	return t.text.String()
}

type terminal struct {
	wide   int
	colour bool
	chart  Chart
	text   strings.Builder
}

func (t *terminal) line(parts ...string) {
	t.text.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

func (t *terminal) paragraph(text, style string) {
	for _, line := range wrap(text, t.wide) {
		t.line(t.painted(line, style))
	}
}

// painted gives a text a style of the terminal's, where it has one.
func (t *terminal) painted(text, style string) string {
	if !t.colour || style == "" || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// styles are the colours of the series, from the terminal's own palette.
func styles() []string { return []string{"34", "36", "33", "35", "32", "31"} }

// style is that of a series; a bar of none has the plain one.
func style(series int) string {
	if series < 0 {
		return ""
	}
	return styles()[series%len(styles())]
}

// name is what a bar of a series says that it means.
func (c Chart) name(series int) string {
	if series < 0 || len(c.Series) < 2 {
		return ""
	}
	return c.Series[series]
}

func (t *terminal) legend() {
	if len(t.chart.Series) < 2 {
		return
	}
	parts := make([]string, len(t.chart.Series))
	for i, name := range t.chart.Series {
		parts[i] = t.painted("█", style(i)) + " " + name
	}
	t.line(strings.Join(parts, "   "))
}

// panel draws a panel. Where there is more than one series, a plain bar says which it is of.
func (t *terminal) panel(p Panel) {
	t.line("")
	t.line(t.painted(p.Title, "1"))
	label, text, series := 0, 0, 0
	for _, r := range p.Rows {
		label = max(label, columns(r.Label))
		for _, b := range r.Bars {
			text = max(text, columns(b.Text))
			series = max(series, columns(t.chart.name(b.Series)))
		}
	}
	fixed := text + 2
	if series > 0 {
		fixed += series + 2
	}
	label = min(label, max(barAtLeast, t.wide-fixed-2-barAtLeast), max(t.wide/2, barAtLeast))
	room := max(barAtLeast, t.wide-label-2-fixed)
	most := p.most()
	for _, r := range p.Rows {
		name := pad(fit(r.Label, label), label) + "  "
		for _, b := range r.Bars {
			of := ""
			if series > 0 {
				of = pad(t.chart.name(b.Series), series) + "  "
			}
			drawn := blocks(b.Value, most, room)
			t.line(name, of, t.painted(drawn, style(b.Series)), strings.Repeat(" ", room-columns(drawn)), "  ", strings.Repeat(" ", text-columns(b.Text)), b.Text)
			name = strings.Repeat(" ", label+2)
		}
	}
}

// blocks is a bar in eighths of a column. What is more than nothing is seen.
func blocks(value, most float64, room int) string {
	if most <= 0 || value <= 0 {
		return ""
	}
	eighths := max(1, int(math.Round(value/most*float64(room)*8)))
	bar := strings.Repeat("█", min(room, eighths/8))
	if rest := eighths % 8; rest > 0 && eighths/8 < room {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}
