package identifier

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// FuzzUnderstand holds for every type what the package promises of a finding
// and of a refusal.
func FuzzUnderstand(f *testing.F) {
	for _, id := range seeds() {
		f.Add(int32(id.GetType()), id.GetRawValue(), id.GetRegionCode(), id.GetPlatform(), int32(id.GetNetwork()))
	}
	f.Fuzz(func(t *testing.T, of int32, raw, region, platform string, network int32) {
		id := identify(ententev1.IdentifierType(of), raw, region, platform, ententev1.CryptoNetwork(network))
		found, err := Understand(id)
		if err != nil {
			checkRefusal(t, found, err)
			return
		}
		checkFinding(t, id, found)
	})
}

// seeds are one or more identifiers of every type.
func seeds() []*ententev1.Identifier {
	ids := []*ententev1.Identifier{
		identify(typePhone, "+44 (0)20 7946 0958 ext. 12", "GB", "", 0),
		identify(typePhone, "00000000000", "CC", "", 0), // a national prefix nine times over
		identify(typeIMEI, "49-015420-323751-8", "", "", 0),
		identify(typeIMSI, "234150999999999", "", "", 0),
		identify(typeEmail, "ali[at]b\u00fccher[.]example", "", "", 0),
		identify(typeEmail, "\"a\\\"b\"@example.org", "", "", 0),
		identify(typeIBAN, "GB82 WEST 1234 5698 7654 32", "", "", 0),
		identify(typeBIC, "deutdeff500", "", "", 0),
		identify(typeAccount, "19-2000145399/0800", "CZ", "", 0),
		identify(typeCard, "411111******1111", "", "", 0),
		identify(typeIMO, "IMO 9074729", "", "", 0),
		identify(typeMMSI, "232003239", "", "", 0),
		identify(typeCallSign, "mabc7", "", "", 0),
		identify(typeCIN, "GB-ABC00042A399", "", "", 0),
		identify(typeEngine, "F40FEHDS 6BGK-L-1012345", "", "", 0),
		identify(typeVIN, "1M8GDM9AXKP042788", "", "", 0),
		identify(typePlate, "ab-123-cd", "FR", "", 0),
		identify(typeContainer, "CSQU3054383", "", "", 0),
		identify(typeTail, "g-abcd", "", "", 0),
		identify(typeICAO24, "3c6444", "", "", 0),
		identify(typeDocument, "l898902c3<", "", "", 0),
		identify(typeMRZ, specimenTD3, "", "", 0),
		identify(typeMRZ, specimenTD1, "", "", 0),
		identify(typeMRZ, specimenTD2, "", "", 0),
		identify(typeMRZ, frenchCard, "", "", 0),
		identify(typeNational, "12345678901", "TR", "", 0),
		identify(typeLEI, "5493001KJTIIGC8Y1R12", "", "", 0),
		identify(typeCompany, "HRB 1234/B", "DE", "", 0),
		identify(typeHandle, "@Boats_2024", "", "telegram", 0),
		identify(typeAccountID, "UCabcDEF", "", "youtube", 0),
		identify(typeOther, "Mara 7 / red", "", "", 0),
	}
	for _, uri := range []string{
		"hxxps://evil[.]example[.]com/x", "HTTPS://WWW.Example.com:443/a/./b/../c?z=1&a=2#frag", "https://[2001:db8::1]:8443/%7e%41",
		"tg://resolve?domain=Boats_2024", "https://wa.me/442079460958", "https://b\u00fccher.example/\u0416",
	} {
		ids = append(ids, identify(typeURI, uri, "", "", 0))
	}
	for _, address := range []string{genesis, segwit, taproot, tether, moneroOne, eip55} {
		for network := ententev1.CryptoNetwork(0); network <= onOtherEVM; network++ {
			ids = append(ids, identify(typeCrypto, address, "", "", network))
		}
	}
	return ids
}

func checkRefusal(t *testing.T, found Finding, err error) {
	t.Helper()
	var m *Malformed
	if !errors.As(err, &m) || !isReason(m.Reason) || m.Advice == "" {
		t.Fatalf("error %v is no refusal", err)
	}
	if found.Normalized != "" || found.Status != 0 || found.Codes != nil || found.Keys != nil {
		t.Fatalf("refused, yet %+v", found)
	}
}

// isReason tells whether a reason or a code is in UPPER_SNAKE.
func isReason(reason string) bool {
	return reason != "" && strings.Trim(reason, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

func checkFinding(t *testing.T, id *ententev1.Identifier, found Finding) {
	t.Helper()
	checkForm(t, id, found.Normalized)
	if found.Status < isPassed || found.Status > isUnverifiable {
		t.Fatalf("status %v", found.Status)
	}
	if found.Status == isFailed && len(found.Codes) == 0 {
		t.Fatal("a check failed, and no code says which")
	}
	for _, code := range found.Codes {
		if !isReason(code) {
			t.Fatalf("code %q", code)
		}
	}
	if found.Region != "" && !isRegion(found.Region) {
		t.Fatalf("region %q", found.Region)
	}
	for _, key := range found.Keys {
		space, value := SplitKey(id.GetType(), key)
		if space == "" || key == found.Normalized {
			t.Fatalf("key %q of %q", key, found.Normalized)
		}
		checkForm(t, id, value)
	}
	checkSpaces(t, id.GetType(), found)
	again, err := Understand(identify(id.GetType(), found.Normalized, id.GetRegionCode(), id.GetPlatform(), id.GetNetwork()))
	if err != nil || again.Normalized != found.Normalized {
		t.Fatalf("%q normalises to %q, and that to %q, %v", id.GetRawValue(), found.Normalized, again.Normalized, err)
	}
}

// checkForm wants what may go into an index key and onto a screen.
func checkForm(t *testing.T, id *ententev1.Identifier, form string) {
	t.Helper()
	if form == "" || !utf8.ValidString(form) || len(form) > maxLength {
		t.Fatalf("%s %q has the form %q", Namespace(id.GetType()), id.GetRawValue(), form)
	}
	controls := strings.ContainsFunc(form, func(r rune) bool {
		return unicode.IsControl(r) && (r != '\n' || id.GetType() != typeMRZ)
	})
	if controls {
		t.Fatalf("%s %q: control characters in %q", Namespace(id.GetType()), id.GetRawValue(), form)
	}
}

func FuzzCard(f *testing.F) {
	for _, number := range []string{"4111 1111 1111 1111", "378282246310005", "676100000000", "4111111111111112", "\u0664\u0661"} {
		f.Add(number)
	}
	f.Fuzz(func(t *testing.T, number string) {
		bin, last, digits, err := Card(number)
		if err != nil {
			checkRefusal(t, Finding{Normalized: bin + last + digits}, err)
			return
		}
		if !luhn(digits) || len(digits) < minCard || len(digits) > maxPAN || !strings.HasPrefix(digits, bin) || !strings.HasSuffix(digits, last) {
			t.Fatalf("%q = %q %q %q", number, bin, last, digits)
		}
		mask, err := Understand(identify(typeCard, CardMask(bin, last), "", "", 0))
		if err != nil || mask.Normalized != CardMask(bin, last) {
			t.Fatalf("the mask of %q reads %+v, %v", number, mask, err)
		}
	})
}

func FuzzScanCards(f *testing.F) {
	for _, text := range []string{
		"4111 1111 1111 1111, then 3782 822463 10005.", "card:5555-5555-5555-4444;", "4111\u00a01111\u00a01111\u00a01111", "411111******1111",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range ScanCards(text) {
			if s.Start < end || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %+v behind %d in %d bytes", s, end, len(text))
			}
			end = s.End
			if _, _, digits, err := Card(strings.ReplaceAll(text[s.Start:s.End], ".", "")); err != nil || !isCard(digits) {
				t.Fatalf("%q is taken for a card: %v", text[s.Start:s.End], err)
			}
		}
	})
}

func FuzzPartialDate(f *testing.F) {
	for _, text := range []string{"1987", "1987-03", "1987-03-09", "2023-02-29", "0000", "1987-13"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := PartialDate(text)
		if err != nil {
			checkRefusal(t, Finding{Normalized: d.String()}, err)
			return
		}
		if d.String() != text {
			t.Fatalf("%q reads back as %q", text, d)
		}
		if first, last := d.Earliest().String(), d.Latest().String(); first > last || !strings.HasPrefix(first, text) || !strings.HasPrefix(last, text) {
			t.Fatalf("%q lies between %s and %s", text, first, last)
		}
	})
}

func FuzzName(f *testing.F) {
	for _, text := range []string{"  Ali  \tHassan ", "Jose\u0301", "\u0645\u062d\u0645\u062f", "Al\u0456", "123"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, mixed, err := Name(text)
		if err != nil {
			checkRefusal(t, Finding{Normalized: name}, err)
			return
		}
		again, still, err := Name(name)
		if err != nil || again != name || still != mixed || !utf8.ValidString(name) {
			t.Fatalf("%q = %q %v, and that %q %v, %v", text, name, mixed, again, still, err)
		}
	})
}

// FuzzCodes gives one text to every reader of a code; each either refuses it or
// takes it in the only form that it has.
func FuzzCodes(f *testing.F) {
	for _, text := range []string{"GB", "GB-ENG", "GBDVR", "IRQ", "D<<", "EUR", "HRK", "Arab", "ar-TN", "47dc3f", "zzz", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkCode(t, text, Region(text))
		checkCode(t, text, Script(text))
		_, err := Currency(text)
		checkCode(t, text, err)
		_, err = CellLevel(text)
		checkCode(t, text, err)
		region, err := Subdivision(text)
		checkCode(t, region, err)
		region, err = UNLocode(text)
		checkCode(t, region, err)
		three, err := Nationality(text)
		checkCode(t, three, err)
		tag, err := Language(text)
		checkCode(t, tag, err)
		if again, _ := Language(tag); again != tag {
			t.Fatalf("%q is canonical as %q, and that as %q", text, tag, again)
		}
	})
}

func checkCode(t *testing.T, code string, err error) {
	t.Helper()
	if err != nil {
		checkRefusal(t, Finding{}, err)
		return
	}
	if code == "" || len(code) > maxTag || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		t.Fatalf("code %q is accepted", code)
	}
}

func FuzzDefang(f *testing.F) {
	for _, uri := range []string{"https://evil.example.com/a.b?c=d.e", "tg://resolve?domain=a.b", "evil.example.com", "http://[::1]/"} {
		f.Add(uri)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		found, err := Understand(identify(typeURI, raw, "", "", 0))
		if err != nil {
			checkRefusal(t, found, err)
			return
		}
		again, err := Understand(identify(typeURI, Defang(found.Normalized), "", "", 0))
		if err != nil || again.Normalized != found.Normalized {
			t.Fatalf("%q, defanged as %q, reads %q, %v", found.Normalized, Defang(found.Normalized), again.Normalized, err)
		}
	})
}

func BenchmarkUnderstand(b *testing.B) {
	seen := map[ententev1.IdentifierType]bool{}
	for _, id := range seeds() {
		if seen[id.GetType()] {
			continue
		}
		seen[id.GetType()] = true
		b.Run(Namespace(id.GetType()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Understand(id); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScanCards(b *testing.B) {
	text := strings.Repeat("Paid 300 EUR to +33 6 39 98 12 34 near Calais on 2024-05-17; card 4111 1111 1111 1112. ", 24)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ScanCards(text)
	}
}
