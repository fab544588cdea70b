package identifier

import (
	"strings"
)

// readMRZ reads a machine-readable zone (ICAO Doc 9303 parts 3 to 7): three
// lines of 30, two of 36 or two of 44, line breaks optional. Every check digit
// is tested apart, and the codes say which of them fail: a forger who alters a
// birth date seldom mends the composite. The document's number is a key, and so
// is the personal number of a passport.
func readMRZ(c claim) (Finding, error) {
	z, err := scanZone(c.raw)
	if err != nil {
		return Finding{}, err
	}
	d := z.read()
	f := passed(z.String())
	for _, code := range d.failed() {
		f.fail(code)
	}
	region, known := regionOfIssuer(z.text[2:5])
	if !known {
		f.remark("MRZ_ISSUER_UNKNOWN")
	}
	f.Region = region
	if d.number != "" {
		f.Keys = append(f.Keys, keyDocument+d.number)
	}
	if d.personal != "" && region != "" {
		f.Keys = append(f.Keys, keyNationalID+region+":"+d.personal)
	}
	return f, nil
}

// zone is a machine-readable zone without its line breaks.
type zone struct {
	text  string
	width int // of a line
}

// String is the zone with its lines apart.
func (z zone) String() string {
	var b strings.Builder
	b.Grow(len(z.text) + 2)
	for at := 0; at < len(z.text); at += z.width {
		if at > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(z.text[at : at+z.width])
	}
	return b.String()
}

// scanZone takes blanks and line breaks out. Breaks may be missing, but must
// not stand anywhere else than between two lines.
func scanZone(raw string) (zone, error) {
	var breaks marks
	text := make([]byte, 0, 90)
	for i := range len(raw) {
		b := raw[i]
		switch {
		case b == '\n' || b == '\r':
			breaks.set(len(text))
			continue
		case b == ' ' || b == '\t':
			continue
		case isLower(b):
			b -= 'a' - 'A'
		case b != '<' && !isAlnum(b):
			return zone{}, malformed("MRZ_CHARSET", "A machine-readable zone is the letters A to Z, digits and < only.")
		}
		if len(text) == cap(text) {
			return zone{}, errZoneLength()
		}
		text = append(text, b)
	}
	z := zone{text: string(text), width: zoneWidth(len(text))}
	if z.width == 0 || !breaks.only(z.width, len(text)) {
		return zone{}, errZoneLength()
	}
	return z, nil
}

func zoneWidth(length int) int {
	switch length {
	case 90:
		return 30
	case 72:
		return 36
	case 88:
		return 44
	}
	return 0
}

func errZoneLength() error {
	return malformed("MRZ_LENGTH", "A machine-readable zone has three lines of 30, two of 36 or two of 44 signs; send all of its lines.")
}

// marks remembers positions from 0 to 127.
type marks [2]uint64

func (m *marks) set(i int) { m[i/64] |= 1 << (i % 64) }

// only tells whether all positions are multiples of width, or the ends.
func (m *marks) only(width, end int) bool {
	for i := range end {
		if m[i/64]&(1<<(i%64)) != 0 && i%width != 0 {
			return false
		}
	}
	return true
}

// document is what a zone says, so far as the hub needs it, and how its check
// digits came out.
type document struct {
	number, personal string

	numberOK, birthOK, expiryOK, personalOK, compositeOK bool
}

func (d document) failed() []string {
	var codes []string
	for _, check := range [...]struct {
		ok   bool
		code string
	}{
		{d.numberOK, "MRZ_DOCUMENT_NUMBER_CHECK"},
		{d.birthOK, "MRZ_BIRTH_DATE_CHECK"},
		{d.expiryOK, "MRZ_EXPIRY_DATE_CHECK"},
		{d.personalOK, "MRZ_PERSONAL_NUMBER_CHECK"},
		{d.compositeOK, "MRZ_COMPOSITE_CHECK"},
	} {
		if !check.ok {
			codes = append(codes, check.code)
		}
	}
	return codes
}

// read picks the layout: visas have no composite digit, and the French identity
// cards issued until 2021 have a layout of their own.
func (z zone) read() document {
	switch {
	case z.width == 30:
		return z.readCard()
	case z.text[0] == 'V':
		return z.readVisa()
	case z.width == 44:
		return z.readPassport()
	case strings.HasPrefix(z.text, "IDFRA"):
		return z.readFrenchCard()
	default:
		return z.readSlip()
	}
}

// readPassport reads TD3, two lines of 44 (Doc 9303 part 4).
func (z zone) readPassport() document {
	line := z.text[44:]
	d := z.readSecondLine()
	personal := line[28:42]
	d.personalOK = sumsTo(line[42], personal) || line[42] == '<' && filled(personal)
	if d.personalOK {
		d.personal = bare(personal)
	}
	d.compositeOK = sumsTo(line[43], line[:10], line[13:20], line[21:43])
	return d
}

// readVisa reads MRV-A and MRV-B, two lines of 44 or 36 (part 7).
func (z zone) readVisa() document {
	d := z.readSecondLine()
	d.compositeOK = true
	return d
}

// readSlip reads TD2, two lines of 36 (part 6).
func (z zone) readSlip() document {
	line := z.text[36:]
	d := z.readSecondLine()
	if line[9] == '<' {
		d.number, d.numberOK = longNumber(line[:9], line[28:35])
	}
	d.compositeOK = sumsTo(line[35], line[:10], line[13:20], line[21:35])
	return d
}

// readSecondLine reads what the second lines of passports, visas and TD2 have
// in common.
func (z zone) readSecondLine() document {
	line := z.text[z.width:]
	return document{
		number:     bare(line[:9]),
		numberOK:   sumsTo(line[9], line[:9]),
		birthOK:    sumsTo(line[19], line[13:19]),
		expiryOK:   sumsTo(line[27], line[21:27]),
		personalOK: true,
	}
}

// readCard reads TD1, three lines of 30 (part 5).
func (z zone) readCard() document {
	first, second := z.text[:30], z.text[30:60]
	d := document{
		number:     bare(first[5:14]),
		numberOK:   sumsTo(first[14], first[5:14]),
		birthOK:    sumsTo(second[6], second[:6]),
		expiryOK:   sumsTo(second[14], second[8:14]),
		personalOK: true,
	}
	if first[14] == '<' {
		d.number, d.numberOK = longNumber(first[5:14], first[15:30])
	}
	d.compositeOK = sumsTo(second[29], first[5:30], second[:7], second[8:15], second[18:29])
	return d
}

// readFrenchCard reads two lines of 36 that hold the surname in the first and
// the number, the first names and the birth date in the second. The card's
// expiry is not in its zone.
func (z zone) readFrenchCard() document {
	line := z.text[36:]
	return document{
		number:      bare(line[:12]),
		numberOK:    sumsTo(line[12], line[:12]),
		birthOK:     sumsTo(line[33], line[27:33]),
		expiryOK:    true,
		personalOK:  true,
		compositeOK: sumsTo(line[35], z.text[:71]),
	}
}

// longNumber joins a number of more than nine signs: where the check digit
// belongs stands a filler, and the number goes on in the optional data up to
// the next filler, its check digit last.
func longNumber(head, optional string) (number string, ok bool) {
	tail, _, _ := strings.Cut(optional, "<")
	if tail == "" {
		return bare(head), filled(head)
	}
	last := len(tail) - 1
	return bare(head) + tail[:last], sumsTo(tail[last], head, tail[:last])
}

// sumsTo tells whether digit is the check digit of the parts in a row: values
// 0 to 35, the filler 0, weighted 7, 3, 1, modulo 10.
func sumsTo(digit byte, parts ...string) bool {
	const weights = "\x07\x03\x01"
	sum, at := 0, 0
	for _, part := range parts {
		for i := range len(part) {
			sum += zoneValue(part[i]) * int(weights[at])
			if at++; at == len(weights) {
				at = 0
			}
		}
	}
	if digit == '<' {
		return sum == 0
	}
	return digit == '0'+byte(sum%10)
}

func zoneValue(b byte) int {
	switch {
	case isDigit(b):
		return int(b - '0')
	case isUpper(b):
		return int(b-'A') + 10
	default:
		return 0
	}
}

// bare is a field without its fillers.
func bare(field string) string { return strings.ReplaceAll(field, "<", "") }

// filled tells whether a field holds fillers only.
func filled(field string) bool { return strings.Trim(field, "<") == "" }
