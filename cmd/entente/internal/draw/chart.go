package draw

import "math"

// Chart is some panels of horizontal bars under one title.
type Chart struct {
	// Title says what it is about, Subtitles more of it, a line each.
	Title     string
	Subtitles []string
	// Series are what bars can mean, in the order of the legend. One alone needs no legend.
	Series []string
	Panels []Panel
	// Notes say what was counted, and what was not.
	Notes []string
}

// Panel is bars that share one axis: of one unit.
type Panel struct {
	Title string
	Rows  []Row
}

// Row is the bars of one group.
type Row struct {
	Label string
	Bars  []Bar
}

// Bar is one value.
type Bar struct {
	// Series is the index of what it means; below zero where the panel says all.
	Series int
	// Value is its length, zero or more; Text says it exactly.
	Value float64
	Text  string
}

// most is the longest bar of a panel.
func (p Panel) most() float64 {
	most := 0.0
	for _, r := range p.Rows {
		for _, b := range r.Bars {
			most = max(most, b.Value)
		}
	}
	return most
}

// ticks are round values from zero to beyond most, at most six.
func ticks(most float64) []float64 {
	if most <= 0 || math.IsInf(most, 0) || math.IsNaN(most) {
		return []float64{0, 1}
	}
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	step := unit
	for _, part := range []float64{0.2, 0.5, 1, 2} {
		if step = unit * part; most/step <= 5 {
			break
		}
	}
	if most == math.Trunc(most) {
		step = max(step, 1) // what is counted has no halves
	}
	list := []float64{0}
	for n := 1.0; list[len(list)-1] < most; n++ {
		list = append(list, n*step)
	}
	return list
}
