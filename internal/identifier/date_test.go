package identifier

import (
	"testing"
	"time"
)

func TestPartialDateVectors(t *testing.T) {
	for _, c := range []struct {
		text             string
		date             Date
		earliest, latest string
	}{
		{"1987", Date{1987, 0, 0}, "1987-01-01", "1987-12-31"},
		{"1987-03", Date{1987, 3, 0}, "1987-03-01", "1987-03-31"},
		{"1987-03-09", Date{1987, 3, 9}, "1987-03-09", "1987-03-09"},
		{"2024-02-29", Date{2024, 2, 29}, "2024-02-29", "2024-02-29"},
		{"2024-02", Date{2024, 2, 0}, "2024-02-01", "2024-02-29"},
		{"1900-02", Date{1900, 2, 0}, "1900-02-01", "1900-02-28"},
		{"2000-02", Date{2000, 2, 0}, "2000-02-01", "2000-02-29"},
		{"0001", Date{1, 0, 0}, "0001-01-01", "0001-12-31"},
	} {
		d, err := PartialDate(c.text)
		if err != nil || d != c.date || d.String() != c.text {
			t.Errorf("%s = %+v %s, %v", c.text, d, d, err)
		}
		if d.Earliest().String() != c.earliest || d.Latest().String() != c.latest {
			t.Errorf("%s: %s to %s", c.text, d.Earliest(), d.Latest())
		}
	}
	for _, c := range []struct{ text, reason string }{
		{"2023-02-29", "DATE_DAY"}, {"1987-13", "DATE_DAY"}, {"1987-00-09", "DATE_DAY"}, {"1987-00", "DATE_DAY"},
		{"1987-03-00", "DATE_DAY"}, {"1987-04-31", "DATE_DAY"}, {"0000", "DATE_DAY"}, {"1900-02-29", "DATE_DAY"},
		{"", "DATE_FORMAT"}, {"87", "DATE_FORMAT"}, {"1987-3", "DATE_FORMAT"}, {"1987-03-9", "DATE_FORMAT"}, {"1987-", "DATE_FORMAT"},
		{"1987-03-09T00", "DATE_FORMAT"}, {"1987-03-09-", "DATE_FORMAT"}, {"1987/03/09", "DATE_FORMAT"}, {"+198", "DATE_FORMAT"},
		{"--03-09", "DATE_FORMAT"}, {" 1987", "DATE_FORMAT"}, {"\u0661\u0669\u0668\u0667", "DATE_FORMAT"},
	} {
		d, err := PartialDate(c.text)
		checkReason(t, c.text, err, c.reason)
		if d != (Date{}) {
			t.Errorf("%s: refused, yet %+v", c.text, d)
		}
	}
}

func TestNewDate(t *testing.T) {
	for _, d := range []Date{{1987, 0, 9}, {}, {0, 3, 9}, {1987, 13, 0}, {1987, -1, 0}, {1987, 1, -1}, {10000, 0, 0}} {
		_, err := NewDate(d.Year, d.Month, d.Day)
		checkReason(t, d.String(), err, "DATE_DAY")
	}
	if got := (Date{}).String(); got != "" {
		t.Errorf("the zero date reads %q", got)
	}
}

// The calendar is the standard library's.
func TestDatesAgreeWithTheCalendar(t *testing.T) {
	day := time.Date(1899, 12, 25, 0, 0, 0, 0, time.UTC)
	for range 80000 {
		text := day.Format(time.DateOnly)
		if _, err := PartialDate(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		next := day.AddDate(0, 0, 1)
		if next.Month() != day.Month() {
			if _, err := NewDate(day.Year(), int(day.Month()), day.Day()+1); err == nil {
				t.Fatalf("a day behind %s is accepted", text)
			}
		}
		day = next
	}
}
