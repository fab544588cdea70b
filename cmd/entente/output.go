package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// view is how an answer is shown as a table: the field with the rows, and what of a row stands in which column. Without rows the answer is shown as YAML,
// which reads well for one thing.
type view struct {
	rows    string
	columns []column
	empty   string // what may be done where nothing is found
}

type column struct{ title, path string }

// print shows an answer in the form asked for.
func (a *app) print(body map[string]any, v view) error {
	switch a.output {
	case "json":
		return a.printJSON(body, "  ")
	case "yaml":
		return a.printYAML(body)
	case "table":
		if v.rows == "" {
			return a.printYAML(body)
		}
		return a.printTable(body, v)
	default:
		return usage("--output is " + strings.Join(forms(), ", "))
	}
}

func (a *app) printJSON(body any, indent string) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(inOrder(a.shape, body)); err != nil {
		return err
	}
	_, err := a.out.Write(b.Bytes())
	return err
}

func (a *app) printYAML(body any) error {
	text, err := yaml.Marshal(inOrder(a.shape, body))
	if err != nil {
		return err
	}
	_, err = a.out.Write(text)
	return err
}

func (a *app) printTable(body map[string]any, v view) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	titles := make([]string, len(v.columns))
	for i, c := range v.columns {
		titles[i] = c.title
	}
	fmt.Fprintln(w, strings.Join(titles, "\t"))
	rows, _ := body[v.rows].([]any)
	for _, row := range rows {
		cells := make([]string, len(v.columns))
		for i, c := range v.columns {
			cells[i] = cell(row, c.path)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

// cellWidth is how much of a text a table shows.
const cellWidth = 64 // a digest in hexadecimal

// cell is the value at a path, as in metadata.name, in one line. Names of enums lose what they all begin with.
func cell(row any, path string) string {
	for part := range strings.SplitSeq(path, ".") {
		m, ok := row.(map[string]any)
		if !ok {
			return ""
		}
		row = m[part]
	}
	switch v := row.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, each := range v {
			parts[i] = short(fmt.Sprint(each))
		}
		return clip(strings.Join(parts, ","))
	case map[string]any:
		if days := daysOf(v); days != "" {
			return days
		}
		text, _ := json.Marshal(v) // it came from JSON
		return clip(string(text))
	case json.Number:
		return hundredths(v)
	case string:
		return clip(short(toSecond(v)))
	default:
		return clip(fmt.Sprint(v))
	}
}

// daysOf is an interval by the day on which it begins and, where that is another, the one on which it ends.
func daysOf(interval map[string]any) string {
	from, _, _ := strings.Cut(cell(interval, "startTime"), "T")
	to, _, _ := strings.Cut(cell(interval, "endTime"), "T")
	switch {
	case from == to:
		return from
	default:
		return from + "/" + to
	}
}

// printable is a text in one line that does not steer the terminal: it may be a partner's.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

func clip(text string) string {
	text = printable(text)
	if r := []rune(text); len(r) > cellWidth && !strings.HasPrefix(text, "agencies/") {
		return string(r[:cellWidth-1]) + "…"
	}
	return text
}

// hundredths is a number with two decimals at most: of a score more say nothing.
func hundredths(n json.Number) string {
	if f, err := n.Float64(); err == nil && strings.Contains(n.String(), ".") {
		return strconv.FormatFloat(math.Round(100*f)/100, 'f', -1, 64)
	}
	return n.String()
}

// toSecond is a time without fractions of a second, which nobody reads in a table; any other text as it is.
func toSecond(text string) string {
	if len(text) < len("2026-11-20T22:00:00.0Z") || text[10] != 'T' || text[19] != '.' {
		return text
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.Truncate(time.Second).Format(time.RFC3339)
	}
	return text
}

// prefixes are what the values of enums begin with.
func prefixes() []string {
	return []string{
		"AGENCY_STATUS_", "RECORD_STATE_", "EVENT_KIND_", "TRUST_CHANGE_", "DISCLOSURE_KIND_", "PROCESSING_PURPOSE_", "URGENCY_", "SMUGGLING_ROUTE_", "CRIME_AREA_",
		"ASSET_TYPE_", "RIGHT_", "RECOVERY_STAGE_", "CHECK_RESULT_", "IDENTIFIER_TYPE_", "STANDING_QUERY_STATE_",
	}
}

func short(text string) string {
	for _, p := range prefixes() {
		if rest, found := strings.CutPrefix(text, p); found {
			return rest
		}
	}
	return text
}
