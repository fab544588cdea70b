package identifier

import (
	"strings"
	"testing"
)

const (
	specimenTD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
	specimenTD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
	specimenTD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
	frenchCard  = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6"
)

// ICAO's specimens are citizens of Utopia, which the remark says.
func TestMRZVectors(t *testing.T) {
	utopia := []string{"MRZ_ISSUER_UNKNOWN"}
	checkSound(t, typeMRZ, []sound{
		{raw: specimenTD3, status: isPassed, codes: utopia, keys: []string{"DOCUMENT_NUMBER:L898902C3"}},
		{raw: specimenTD1, status: isPassed, codes: utopia, keys: []string{"DOCUMENT_NUMBER:D23145890"}},
		{raw: specimenTD2, status: isPassed, codes: utopia, keys: []string{"DOCUMENT_NUMBER:D23145890"}},
		{raw: frenchCard, status: isPassed, told: "FR", keys: []string{"DOCUMENT_NUMBER:880692310285"}},
		{raw: "I<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<\nL01X00T471D<<6408125F3107313<<<<<<<8", status: isPassed, told: "DE"},
	})
}

// Each digit is tested apart: one alteration, one finding, and the composite
// where it covers the place.
func TestMRZAlterations(t *testing.T) {
	for _, c := range []struct {
		zone, from, to string
		codes          string
	}{
		{specimenTD3, "L898902C36", "L898902C37", "MRZ_DOCUMENT_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD3, "L898902C36", "L898902C46", "MRZ_DOCUMENT_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD3, "7408122F", "7408132F", "MRZ_BIRTH_DATE_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD3, "F1204159", "F1304159", "MRZ_EXPIRY_DATE_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD3, "ZE184226B", "ZE184227B", "MRZ_PERSONAL_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD3, "<<<<<10", "<<<<<11", "MRZ_COMPOSITE_CHECK"},
		{specimenTD1, "D231458907", "D231458908", "MRZ_DOCUMENT_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD1, "7408122F", "7408123F", "MRZ_BIRTH_DATE_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD1, "F1204159", "F1204150", "MRZ_EXPIRY_DATE_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD1, "UTO<<<<<<<<<<<6", "UTO<<<<<<<<<<<7", "MRZ_COMPOSITE_CHECK"},
		{specimenTD2, "D231458907", "D231458917", "MRZ_DOCUMENT_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{specimenTD2, "<<<<<<<6", "<<<<<<<5", "MRZ_COMPOSITE_CHECK"},
		{frenchCard, "8806923102858", "8806923102859", "MRZ_DOCUMENT_NUMBER_CHECK MRZ_COMPOSITE_CHECK"},
		{frenchCard, "6512068F6", "6512078F6", "MRZ_BIRTH_DATE_CHECK MRZ_COMPOSITE_CHECK"},
		{frenchCard, "BERTHIER", "BERTHIES", "MRZ_COMPOSITE_CHECK"},
	} {
		altered := strings.Replace(c.zone, c.from, c.to, 1)
		f, err := Understand(identify(typeMRZ, altered, "", "", 0))
		if err != nil {
			t.Errorf("%s: %v", c.to, err)
			continue
		}
		got := strings.TrimSuffix(strings.TrimSuffix(strings.Join(f.Codes, " "), "MRZ_ISSUER_UNKNOWN"), " ")
		if got != c.codes || f.Status != isFailed {
			t.Errorf("%s for %s: %s %v, want %s", c.to, c.from, got, f.Status, c.codes)
		}
	}
}

// Visas have no composite digit (Doc 9303 part 7).
func TestMRZVisa(t *testing.T) {
	visaA := "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96071256ZE184226B<<<<<<"
	visaB := "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F96071256ZE1842<"
	for _, zone := range []string{visaA, visaB} {
		checkSound(t, typeMRZ, []sound{
			{raw: zone, status: isPassed, codes: []string{"MRZ_ISSUER_UNKNOWN"}, keys: []string{"DOCUMENT_NUMBER:L8988901C"}},
			{raw: strings.Replace(zone, "9607125", "9607126", 1), status: isFailed,
				codes: []string{"MRZ_EXPIRY_DATE_CHECK", "MRZ_ISSUER_UNKNOWN"}},
		})
	}
}

// Numbers of more than nine signs go on in the optional data (Doc 9303 part 5,
// note j); Belgian cards do it.
func TestMRZLongNumber(t *testing.T) {
	long := "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
	checkSound(t, typeMRZ, []sound{
		{raw: long, status: isPassed, codes: []string{"MRZ_ISSUER_UNKNOWN"}, keys: []string{"DOCUMENT_NUMBER:D23145890734"}},
		{raw: "IDBEL590448801<2838<<<<<<<<<<<\n8501019F2810146BEL<<<<<<<<<<<8\nSPECIMEN<<AN<<<<<<<<<<<<<<<<<<", status: isPassed,
			told: "BE", keys: []string{"DOCUMENT_NUMBER:590448801283"}},
		{raw: strings.Replace(long, "<7349", "<7348", 1), status: isFailed,
			codes: []string{"MRZ_DOCUMENT_NUMBER_CHECK", "MRZ_COMPOSITE_CHECK", "MRZ_ISSUER_UNKNOWN"}},
	})
}

// The personal number of a passport is a key, as long as its digit holds; an
// empty one may have 0 or a filler for its digit.
func TestMRZPersonalNumber(t *testing.T) {
	zone := "P<TURYILDIZ<<AYSE<<<<<<<<<<<<<<<<<<<<<<<<<<<\nU123456784TUR9001011F300101912345678901<<<08"
	empty := "P<TURYILDIZ<<AYSE<<<<<<<<<<<<<<<<<<<<<<<<<<<\nU123456784TUR9001011F3001019<<<<<<<<<<<<<<08"
	checkSound(t, typeMRZ, []sound{
		{raw: zone, status: isPassed, told: "TR", keys: []string{"DOCUMENT_NUMBER:U12345678", "NATIONAL_ID:TR:12345678901"}},
		{raw: empty, status: isPassed, keys: []string{"DOCUMENT_NUMBER:U12345678"}},
		{raw: empty[:len(empty)-2] + "<8", status: isPassed, keys: []string{"DOCUMENT_NUMBER:U12345678"}},
		{raw: strings.Replace(zone, "<<<08", "<<<18", 1), status: isFailed,
			codes: []string{"MRZ_PERSONAL_NUMBER_CHECK", "MRZ_COMPOSITE_CHECK"}, keys: []string{"DOCUMENT_NUMBER:U12345678"}},
	})
}

func TestMRZWriting(t *testing.T) {
	flat := strings.ReplaceAll(specimenTD3, "\n", "")
	utopia := []string{"MRZ_ISSUER_UNKNOWN"}
	checkSound(t, typeMRZ, []sound{
		{raw: flat, want: specimenTD3, status: isPassed, codes: utopia},
		{raw: "\n " + strings.ToLower(strings.Replace(specimenTD3, "\n", " \r\n\r\n ", 1)) + "\n", want: specimenTD3, status: isPassed, codes: utopia},
	})
	checkBroken(t, typeMRZ, []broken{
		{raw: specimenTD3[:44], reason: "MRZ_LENGTH"},
		{raw: specimenTD3 + "<", reason: "MRZ_LENGTH"},
		{raw: specimenTD1 + "<", reason: "MRZ_LENGTH"},
		{raw: flat[:40] + "\n" + flat[40:], reason: "MRZ_LENGTH"},
		{raw: strings.Replace(specimenTD3, "<", "*", 1), reason: "MRZ_CHARSET"},
		{raw: strings.Replace(specimenTD3, "A", "Ä", 1), reason: "MRZ_CHARSET"},
		{raw: "\n\n", reason: "VALUE_EMPTY"},
	})
}

func TestNumbersWithoutCheck(t *testing.T) {
	checkSound(t, typeDocument, []sound{
		{raw: "l898902c3<", want: "L898902C3", status: isUnchecked},
		{raw: "A 12-345.678", want: "A12345678", region: "TN", told: "TN", status: isUnchecked},
	})
	checkSound(t, typeAccount, []sound{
		{raw: "19-2000145399/0800", want: "1920001453990800", region: "CZ", told: "CZ", status: isUnchecked},
	})
	checkSound(t, typeEngine, []sound{
		{raw: "F40FEHDS 6BGK-L-1012345", want: "F40FEHDS6BGKL1012345", status: isUnchecked},
	})
	checkSound(t, typeNational, []sound{
		{raw: "12345 678901", region: "TR", want: "TR:12345678901", told: "TR", status: isUnchecked},
	})
	checkSound(t, typeCompany, []sound{
		{raw: "HRB 1234/B", region: "DE", want: "DE:HRB1234B", told: "DE", status: isUnchecked},
	})
	checkSound(t, typeOther, []sound{
		{raw: "  Mara 7 / red ", want: "Mara 7 / red", status: isUnchecked},
		{raw: "e\u0301", want: "\u00e9", status: isUnchecked},
	})
	checkBroken(t, typeDocument, []broken{{raw: "<<<", reason: "VALUE_EMPTY"}})
	checkBroken(t, typeAccount, []broken{{raw: "-", reason: "VALUE_EMPTY"}})
	checkBroken(t, typeEngine, []broken{{raw: " / ", reason: "VALUE_EMPTY"}})
	checkBroken(t, typeNational, []broken{{raw: "123", reason: "REGION_REQUIRED"}})
	checkBroken(t, typeCompany, []broken{{raw: "123", reason: "REGION_REQUIRED"}, {raw: "?", region: "FR", reason: "VALUE_EMPTY"}})
}
