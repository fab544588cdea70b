package draw

const (
	chartWide = 820.0
	margin    = 28.0
	barHigh   = 15.0
	barGap    = 3.0
	rowGap    = 9.0
)

// SVG draws the chart as a picture: title, legend, and each panel with its axis.
func (c Chart) SVG() []byte {
	d := &chartPicture{chart: c, y: margin + 14}
	d.paragraph(c.Title, letters{size: 20, fill: ink, bold: true}, 26)
	for _, line := range c.Subtitles {
		d.paragraph(line, letters{size: 13, fill: faint}, 18)
	}
	d.legend()
	for _, p := range c.Panels {
		d.panel(p)
	}
	d.y += 22
	for _, line := range c.Notes {
		d.paragraph(line, letters{size: 11.5, fill: faint}, 16)
	}
	return d.svg(chartWide, d.y+margin-14, c.Title)
}

// chartPicture is the picture of a chart, written down to y.
type chartPicture struct {
	picture
	chart Chart
	y     float64
}

func (d *chartPicture) paragraph(text string, l letters, step float64) {
	for _, line := range wrap(text, int((chartWide-2*margin)/(l.size*0.56))) {
		d.write(margin, d.y, line, l)
		d.y += step
	}
}

func (d *chartPicture) legend() {
	if len(d.chart.Series) < 2 {
		return
	}
	d.y += 6
	x := margin
	for i, name := range d.chart.Series {
		if x+22+wideOf(name, 12.5) > chartWide-margin {
			x, d.y = margin, d.y+20
		}
		d.rect(x, d.y-10, 12, 12, colour(i))
		d.write(x+18, d.y, name, letters{size: 12.5, fill: ink})
		x += 18 + wideOf(name, 12.5) + 22
	}
	d.y += 14
}

// panel draws a panel below what is there.
func (d *chartPicture) panel(p Panel) {
	d.y += 22
	d.write(margin, d.y, p.Title, letters{size: 14, fill: ink, bold: true})
	d.y += 12
	label, text := 60.0, 30.0
	for _, p := range d.chart.Panels { // so that all axes begin and end at one line
		for _, r := range p.Rows {
			label = max(label, wideOf(r.Label, 12.5))
			for _, b := range r.Bars {
				text = max(text, wideOf(b.Text, 11.5))
			}
		}
	}
	label = min(label, 300)
	left, right := margin+label+12, chartWide-margin-text-8
	marks := ticks(p.most())
	end := marks[len(marks)-1]
	high := rowGap
	for _, r := range p.Rows {
		high += float64(len(r.Bars))*(barHigh+barGap) + rowGap
	}
	for _, m := range marks {
		x := left + m/end*(right-left)
		d.line(x, d.y, x, d.y+high, lines, 1)
		d.write(x, d.y+high+14, short(m, end), letters{size: 11, fill: faint, anchor: "middle"})
	}
	d.rows(p.Rows, left, (right-left)/end, int(label/(12.5*0.56)))
	d.line(left, d.y-high, left, d.y, ink, 1)
	d.y += 20
}

// rows draws the bars, from left on, scale for one.
func (d *chartPicture) rows(rows []Row, left, scale float64, signs int) {
	d.y += rowGap
	for _, r := range rows {
		high := float64(len(r.Bars)) * (barHigh + barGap)
		d.write(left-10, d.y+high/2+3, fit(r.Label, signs), letters{size: 12.5, fill: ink, anchor: "end"})
		for _, b := range r.Bars {
			long := b.Value * scale
			if b.Value > 0 {
				long = max(long, 1)
			}
			d.rect(left, d.y, long, barHigh, colour(b.Series))
			d.write(left+long+6, d.y+barHigh-3.5, b.Text, letters{size: 11.5, fill: ink})
			d.y += barHigh + barGap
		}
		d.y += rowGap
	}
}
