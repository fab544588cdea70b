package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func sample(t *testing.T) ([]row, []badRow) {
	t.Helper()
	rows, bad, err := readFile("testdata/incidents.csv")
	if err != nil {
		t.Fatal(err)
	}
	return rows, bad
}

// Every line of the file is a row or is told why it is none.
func TestReadAccountsForEveryLine(t *testing.T) {
	rows, bad := sample(t)
	if len(rows) != 12 || len(bad) != 5 {
		t.Fatalf("%d rows, %d bad ones", len(rows), len(bad))
	}
	for i, want := range []struct{ id, reason string }{
		{"900001", "an earlier row has the same Web ID"},
		{"900013", "Reported Date: not a day, as in January 05, 2020"},
		{"900014", "Location Coordinates: not a latitude and a longitude"},
		{"900015", "Total Dead and Missing: not the sum of the dead and the missing"},
		{"", "it has more or fewer columns than the header"},
	} {
		if bad[i].id != want.id || bad[i].reason.Error() != want.reason {
			t.Errorf("bad row %d is %q: %v", i, bad[i].id, bad[i].reason)
		}
	}
	last := 1
	for _, r := range rows {
		if r.line <= last {
			t.Errorf("line %d behind %d", r.line, last)
		}
		last = r.line
	}
}

// The blemishes of the real file: blanks that do not show, two commas between
// links, a thousands comma, nothing where a number is not known.
func TestReadBlemishes(t *testing.T) {
	rows, _ := sample(t)
	byID := map[string]row{}
	for _, r := range rows {
		byID[r.id] = r
	}
	if r := byID["900001"]; r.dead != 3 || r.missing != 2 || r.survivors != 41 || r.children != 1 || r.latitude != 32.9 || r.longitude != 13.2 {
		t.Errorf("%+v", r)
	}
	if r := byID["900002"]; r.dead != unknown || r.missing != 1022 || r.sources != "Coast Radio, Island Post" ||
		!slices.Equal(r.links, []string{"https://news.example/c", "https://news.example/d"}) {
		t.Errorf("%+v", r)
	}
	if r := byID["900004"]; r.place != "Near a tunnel, Calais, France" || !r.day.Equal(time.Date(2016, 2, 29, 0, 0, 0, 0, time.UTC)) ||
		!slices.Equal(r.links, []string{"https://news.example/e"}) {
		t.Errorf("%+v", r)
	}
	if r := byID["900005"]; r.place != "Forest path, Serbia" || r.sources != "Border Diary" || len(r.links) != 0 {
		t.Errorf("%+v", r)
	}
}

// A file as a whole is refused when it is another file, or no CSV.
func TestReadRefusesOtherFiles(t *testing.T) {
	for _, text := range []string{"", "a,b\n1,2\n", "Web ID,Region of Incident\n1,Europe\n"} {
		if _, _, err := read(strings.NewReader(text)); !errors.Is(err, errNotIncidents) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, _, err := read(strings.NewReader("Web ID\n\"1")); err == nil {
		t.Error("an open quote is read over")
	}
	if _, _, err := readFile("testdata/none.csv"); err == nil {
		t.Error("no file is read")
	}
}

// cellsOf is a row with nothing wrong but what is stated.
func cellsOf(other map[string]string) *cells {
	c := &cells{at: map[string]int{}}
	for column, text := range map[string]string{
		"Web ID": "1", "Region of Incident": "Europe", "Reported Date": "January 05, 2020", "Number Dead": "1",
		"Minimum Estimated Number of Missing": "", "Total Dead and Missing": "1", "Number of Survivors": "", "Number of Females": "",
		"Number of Males": "", "Number of Children": "", "Cause of Death": "", "Location Description": "", "Information Source": "",
		"Location Coordinates": "1.5, -2.5", "Migration Route": "", "URL": "", "Source Quality": "5",
	} {
		if changed, ok := other[column]; ok {
			text = changed
		}
		c.at[column] = len(c.record)
		c.record = append(c.record, text)
	}
	return c
}

func TestUnderstandNamesTheColumnAndNotTheValue(t *testing.T) {
	if r, err := understand(cellsOf(nil), nil); err != nil || r.dead != 1 || r.missing != unknown || r.longitude != -2.5 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, c := range []struct{ column, value string }{
		{"Web ID", ""}, {"Web ID", "two words"}, {"Web ID", "\u0661\u0662"}, {"Web ID", strings.Repeat("9", 65)},
		{"Reported Date", ""}, {"Reported Date", "05/01/2020"}, {"Reported Date", "Smarch 05, 2020"},
		{"Number Dead", "some"}, {"Number Dead", "-1"}, {"Number Dead", "1.5"}, {"Number Dead", "99999999999"},
		{"Number of Children", "x"}, {"Total Dead and Missing", "2"},
		{"Location Coordinates", ""}, {"Location Coordinates", "91, 0"}, {"Location Coordinates", "0, 181"}, {"Location Coordinates", "NaN, 0"},
		{"Location Coordinates", "0, Inf"}, {"Location Coordinates", "1"}, {"Location Coordinates", "1, 2, 3"},
		{"Source Quality", ""}, {"Source Quality", "0"}, {"Source Quality", "6"}, {"Source Quality", "good"},
	} {
		_, err := understand(cellsOf(map[string]string{c.column: c.value}), nil)
		if err == nil || !strings.HasPrefix(err.Error(), c.column+": ") || len(c.value) > 3 && strings.Contains(err.Error(), c.value) {
			t.Errorf("%s %q: %v", c.column, c.value, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Web ID\n1\n")
	f.Add("\"Web ID\",\"Reported Date\"\n\"1\",\"January 05, 2020\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, bad, err := read(strings.NewReader(text))
		if err != nil && (rows != nil || bad != nil) {
			t.Fatal("refused, and yet read")
		}
	})
}

// FuzzUnderstand lets every row that is accepted become an item that passes the
// hub's rules.
func FuzzUnderstand(f *testing.F) {
	f.Add("900001", "January 05, 2020", "Off the coast", "Central Mediterranean", "Drowning", "A, B", "https://a.example", "1", "1.5, 2.5", "4")
	f.Fuzz(func(t *testing.T, id, day, place, route, cause, sources, links, dead, point, quality string) {
		r, err := understand(cellsOf(map[string]string{
			"Web ID": id, "Reported Date": day, "Location Description": place, "Migration Route": route, "Cause of Death": cause,
			"Information Source": sources, "URL": links, "Number Dead": dead, "Total Dead and Missing": "", "Location Coordinates": point,
			"Source Quality": quality,
		}), nil)
		if err == nil && len(place)+len(cause)+len(sources)+len(links) < 50_000 {
			checkValid(t, r)
		}
	})
}
