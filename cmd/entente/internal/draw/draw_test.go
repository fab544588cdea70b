package draw

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// wellFormed reads a picture to its end and gives all the text in it.
func wellFormed(t *testing.T, picture []byte) string {
	t.Helper()
	var text strings.Builder
	d := xml.NewDecoder(strings.NewReader(string(picture)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
		}
	}
}

func chart() Chart {
	return Chart{
		Title: `A <b>"title"</b> & more`, Subtitles: []string{"日本語 and \x01 control"}, Series: []string{"face", "realised"},
		Panels: []Panel{{Title: "EUR", Rows: []Row{
			{Label: "cash", Bars: []Bar{{0, 800, "800.00"}, {1, 100, "100.00"}}}, {Label: "a very long label that no terminal of forty columns can hold", Bars: []Bar{{0, 0, "0.00"}}},
		}}},
		Notes: []string{"What was counted."},
	}
}

// Whatever stands in a text, the picture is XML and says it.
func TestSVGIsXML(t *testing.T) {
	c := chart()
	text := wellFormed(t, c.SVG())
	for _, want := range []string{c.Title, "EUR", "800.00", "realised", "What was counted.", "日本語"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
	wellFormed(t, Chart{}.SVG())
	if string(c.SVG()) != string(chart().SVG()) {
		t.Error("drawn twice it is another picture")
	}
}

// Lines are never wider than the terminal, and without colour there is no escape in them.
func TestTerminal(t *testing.T) {
	for _, wide := range []int{40, 60, 132} {
		for line := range strings.Lines(chart().Terminal(wide, false)) {
			if n := columns(strings.TrimRight(line, "\n")); n > wide {
				t.Errorf("%d columns of %d: %s", n, wide, line)
			}
			if strings.Contains(line, "\x1b") {
				t.Errorf("an escape in %q", line)
			}
		}
	}
	if !strings.Contains(chart().Terminal(80, true), "\x1b[34m") {
		t.Error("no colour")
	}
	if got := (Chart{Title: "Nothing"}).Terminal(80, false); got != "Nothing\n" {
		t.Errorf("%q", got)
	}
}

// What is more than nothing is seen, and the longest bar fills the room.
func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{{0, ""}, {0.001, "▏"}, {50, "█████"}, {55, "█████▌"}, {100, "██████████"}} {
		if got := blocks(c.value, 100, 10); got != c.want {
			t.Errorf("%v: %q, not %q", c.value, got, c.want)
		}
	}
}

func TestTicks(t *testing.T) {
	for most, want := range map[float64]string{0: "[0 1]", 1: "[0 1]", 3: "[0 1 2 3]", 7: "[0 2 4 6 8]", 12: "[0 5 10 15]", 230614.31: "[0 50000 100000 150000 200000 250000]", 0.7: "[0 0.2 0.4 0.6000000000000001 0.8]"} {
		if got := fmt.Sprint(ticks(most)); got != want {
			t.Errorf("%v: %s, not %s", most, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for number, want := range map[string]string{"1": "1", "999.5": "999.5", "1000": "1,000", "-1234567.891": "-1,234,567.891", "123456": "123,456"} {
		if got := Grouped(number); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	for n, want := range map[float64]string{0: "0", 5000: "5 k", 250000: "250 k"} {
		if got := short(n, 250000); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
