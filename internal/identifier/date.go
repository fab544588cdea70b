package identifier

import "strconv"

// Date is a date as far as it is known: a year, a month of a year, or a day.
// Month and Day are 0 where unknown.
type Date struct {
	Year, Month, Day int
}

// PartialDate reads "1987", "1987-03" or "1987-03-09". It refuses days that no
// calendar has and anything but ASCII digits and hyphens in these places. The
// calendar is the Gregorian one, years 1 to 9999. The error is a *Malformed.
func PartialDate(text string) (Date, error) {
	var parts [3]int
	for i, width := 0, 4; i < len(parts); i, width = i+1, 2 {
		n, ok := leadingNumber(text, width)
		if !ok {
			return Date{}, errDateForm()
		}
		if parts[i] = n; n == 0 {
			return Date{}, errDateDay()
		}
		if text = text[width:]; text == "" {
			return NewDate(parts[0], parts[1], parts[2])
		}
		if text[0] != '-' {
			return Date{}, errDateForm()
		}
		text = text[1:]
	}
	return Date{}, errDateForm()
}

// NewDate is the date of these parts, 0 standing for unknown. A day needs its
// month and a month its year. The error is a *Malformed.
func NewDate(year, month, day int) (Date, error) {
	d := Date{Year: year, Month: month, Day: day}
	switch {
	case year < 1 || year > 9999 || month < 0 || month > 12 || day < 0:
		return Date{}, errDateDay()
	case month == 0 && day != 0, month != 0 && day > daysIn(year, month):
		return Date{}, errDateDay()
	}
	return d, nil
}

// String is the date in the form that PartialDate reads; the zero Date is
// empty.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	out := appendPadded(make([]byte, 0, 10), d.Year, 4)
	for _, n := range [...]int{d.Month, d.Day} {
		if n == 0 {
			break
		}
		out = appendPadded(append(out, '-'), n, 2)
	}
	return string(out)
}

// Earliest is the first day that the date can mean.
func (d Date) Earliest() Date {
	return Date{Year: d.Year, Month: max(d.Month, 1), Day: max(d.Day, 1)}
}

// Latest is the last day that the date can mean: what decides when a person
// could still be a minor.
func (d Date) Latest() Date {
	if d.Month == 0 {
		return Date{Year: d.Year, Month: 12, Day: 31}
	}
	if d.Day == 0 {
		d.Day = daysIn(d.Year, d.Month)
	}
	return d
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// leadingNumber reads exactly width digits.
func leadingNumber(text string, width int) (int, bool) {
	if len(text) < width || !all(text[:width], isDigit) {
		return 0, false
	}
	n := 0
	for i := range width {
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}

func appendPadded(out []byte, n, width int) []byte {
	digits := strconv.Itoa(n)
	for range width - len(digits) {
		out = append(out, '0')
	}
	return append(out, digits...)
}

func errDateForm() error {
	return malformed("DATE_FORMAT", "Write the date as far as it is known: 1987, 1987-03 or 1987-03-09.")
}

func errDateDay() error {
	return malformed("DATE_DAY", "The calendar has no such day; leave out the day, or the month and the day, if unknown.")
}
