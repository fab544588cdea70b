package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// row is one incident, as far as the file tells it.
type row struct {
	line                        int
	id                          string
	region, place, route, cause string
	sources                     string
	links                       []string
	day                         time.Time
	latitude, longitude         float64
	quality                     int // 1 (one media report) to 5 (official)
	dead, missing, survivors    count
	women, men, children        count
}

// count is a number of people; unknown is not the same as none.
type count int

const unknown count = -1

// badRow is a row that cannot be an item, and why. The reason names the column
// and not the value.
type badRow struct {
	line   int
	id     string
	reason error
}

func readFile(name string) ([]row, []badRow, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return read(f)
}

// errNotIncidents says that the file is another one.
var errNotIncidents = errors.New("the file is not IOM's list of incidents")

// read takes the file apart. An error means that the file as a whole is not what
// it should be; a single row that cannot be an item is among the bad ones.
func read(f io.Reader) (rows []row, bad []badRow, err error) {
	lines := csv.NewReader(f)
	names, err := lines.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errNotIncidents, err)
	}
	at := map[string]int{}
	for i, name := range names {
		at[strings.TrimPrefix(name, "\ufeff")] = i
	}
	seen := map[string]bool{}
	for {
		record, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return nil, nil, err
		}
		line, _ := lines.FieldPos(0)
		r, err := understand(&cells{at: at, record: record}, err)
		switch {
		case errors.Is(err, errNotIncidents):
			return nil, nil, err
		case err == nil && seen[r.id]:
			err = errors.New("an earlier row has the same Web ID")
		}
		if err != nil {
			bad = append(bad, badRow{line: line, id: r.id, reason: err})
			continue
		}
		r.line, seen[r.id] = line, true
		rows = append(rows, r)
	}
}

// understand reads one row; the error says which column is wrong first.
func understand(c *cells, err error) (row, error) {
	if err != nil {
		return row{}, errors.New("it has more or fewer columns than the header")
	}
	r := row{
		id: c.reference("Web ID"), region: c.text("Region of Incident"), place: c.text("Location Description"),
		route: c.text("Migration Route"), cause: c.text("Cause of Death"), sources: c.text("Information Source"),
		links: strings.FieldsFunc(c.text("URL"), func(s rune) bool { return s == ',' || s == ' ' }),
		day:   c.day("Reported Date"), quality: c.quality("Source Quality"),
		dead: c.people("Number Dead"), missing: c.people("Minimum Estimated Number of Missing"), survivors: c.people("Number of Survivors"),
		women: c.people("Number of Females"), men: c.people("Number of Males"), children: c.people("Number of Children"),
	}
	r.latitude, r.longitude = c.point("Location Coordinates")
	// The sum is only there to be compared: where it differs, the columns are not
	// what their names say.
	const total = "Total Dead and Missing"
	if sum := c.people(total); sum != unknown && sum != max(r.dead, 0)+max(r.missing, 0) {
		c.fail(total, "not the sum of the dead and the missing")
	}
	return r, c.err
}

// cells reads the columns of one row and keeps the first error.
type cells struct {
	at     map[string]int
	record []string
	err    error
}

func (c *cells) fail(column, what string) {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", column, what)
	}
}

func (c *cells) text(column string) string {
	i, ok := c.at[column]
	if !ok {
		c.err = fmt.Errorf("%w: it has no column %q", errNotIncidents, column)
		return ""
	}
	return tidy(c.record[i])
}

func (c *cells) reference(column string) string {
	id := c.text(column)
	if id == "" || len(id) > 64 || strings.ContainsFunc(id, func(s rune) bool { return s <= ' ' || s > '~' }) {
		c.fail(column, "nothing that could serve as a reference")
		return ""
	}
	return id
}

func (c *cells) day(column string) time.Time {
	day, err := time.Parse("January 02, 2006", c.text(column))
	if err != nil {
		c.fail(column, "not a day, as in January 05, 2020")
	}
	return day
}

func (c *cells) quality(column string) int {
	n, err := strconv.Atoi(c.text(column))
	if err != nil || n < 1 || n > 5 {
		c.fail(column, "not a number from 1 to 5")
	}
	return n
}

func (c *cells) people(column string) count {
	text := c.text(column)
	if text == "" {
		return unknown
	}
	n, err := strconv.ParseUint(strings.ReplaceAll(text, ",", ""), 10, 31) // 1,022
	if err != nil {
		c.fail(column, "not a number of people")
	}
	return count(n)
}

func (c *cells) point(column string) (latitude, longitude float64) {
	north, east, _ := strings.Cut(c.text(column), ", ")
	latitude, errNorth := strconv.ParseFloat(north, 64)
	longitude, errEast := strconv.ParseFloat(east, 64)
	onEarth := latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180 // NaN is not
	if errNorth != nil || errEast != nil || !onEarth {
		c.fail(column, "not a latitude and a longitude")
	}
	return latitude, longitude
}

// tidy drops what does not show (tabs at the end, marks of direction) and leaves
// single blanks.
func tidy(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) || unicode.IsControl(c) && !unicode.IsSpace(c) || c == unicode.ReplacementChar {
			return -1
		}
		return c
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
