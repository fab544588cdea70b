package identifier

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// forms are all that an identifier is compared by, each with its namespace.
func forms(t *testing.T, of ententev1.IdentifierType, f Finding) map[string]bool {
	t.Helper()
	all := map[string]bool{Namespace(of) + ":" + f.Normalized: true}
	for _, key := range f.Keys {
		space, value := SplitKey(of, key)
		if space == "" || value == "" {
			t.Errorf("%s: key %q has no namespace or no value", Namespace(of), key)
		}
		all[space+":"+value] = true
	}
	return all
}

func share(a, b map[string]bool) bool {
	for form := range a {
		if b[form] {
			return true
		}
	}
	return false
}

func matches(t *testing.T, ofA ententev1.IdentifierType, a string, ofB ententev1.IdentifierType, b string) bool {
	t.Helper()
	return matchesStated(t, identify(ofA, a, "", "", 0), identify(ofB, b, "", "", 0))
}

func matchesStated(t *testing.T, a, b *ententev1.Identifier) bool {
	t.Helper()
	fa, err := Understand(a)
	if err != nil {
		t.Fatalf("%s: %v", a.GetRawValue(), err)
	}
	fb, err := Understand(b)
	if err != nil {
		t.Fatalf("%s: %v", b.GetRawValue(), err)
	}
	return share(forms(t, a.GetType(), fa), forms(t, b.GetType(), fb))
}

// What one agency writes one way and another the other must meet.
func TestIdentifiersMeetAcrossWritings(t *testing.T) {
	const passport = "P<TURYILDIZ<<AYSE<<<<<<<<<<<<<<<<<<<<<<<<<<<\nU123456784TUR9001011F300101912345678901<<<08"
	for _, pair := range []struct{ a, b *ententev1.Identifier }{
		{identify(typeURI, "https://t.me/Boats_2024/17", "", "", 0), identify(typeHandle, "@boats_2024", "", "telegram", 0)},
		{identify(typeURI, "tg://resolve?domain=Boats_2024", "", "", 0), identify(typeHandle, "boats_2024", "", "telegram", 0)},
		{identify(typeURI, "hxxps://www[.]facebook[.]com/profile.php?id=100012345678901", "", "", 0),
			identify(typeAccountID, "100012345678901", "", "facebook", 0)},
		{identify(typeURI, "https://wa.me/442079460958", "", "", 0), identify(typePhone, "020 7946 0958", "GB", "", 0)},
		{identify(typeURI, "https://api.whatsapp.com/send?phone=442079460958&text=hi", "", "", 0), identify(typePhone, "+442079460958", "", "", 0)},
		{identify(typeURI, "https://wa.me/4402079460958", "", "", 0), identify(typePhone, "+44 20 7946 0958", "", "", 0)},
		{identify(typeURI, "https://wa.me/00442079460958", "", "", 0), identify(typePhone, "+44 20 7946 0958", "", "", 0)},
		{identify(typeURI, "https://api.whatsapp.com/send/?phone=%2b442079460958&text", "", "", 0), identify(typePhone, "+442079460958", "", "", 0)},
		{identify(typeURI, "http://www.boats.example.com/a", "", "", 0), identify(typeURI, "https://shop.example.com/b", "", "", 0)},
		{identify(typeURI, "http://example.com/a#x", "", "", 0), identify(typeURI, "example.com/a", "", "", 0)},
		{identify(typeMRZ, passport, "", "", 0), identify(typeDocument, "u 12345678", "TR", "", 0)},
		{identify(typeMRZ, passport, "", "", 0), identify(typeNational, "12345678901", "TR", "", 0)},
		{identify(typeIBAN, "TN5910006035183598478831", "", "", 0), identify(typeAccount, "10 006 0351835984788 31", "TN", "", 0)},
		{identify(typeCIN, "US-ABC12345D404", "", "", 0), identify(typeCIN, "ABC12345D404", "", "", 0)},
		{identify(typeBIC, "BARCGB22XXX", "", "", 0), identify(typeBIC, "BARCGB22", "", "", 0)},
		{identify(typeEmail, "Ali.Boats@Example.COM", "", "", 0), identify(typeEmail, "ali.boats@example.com", "", "", 0)},
		{identify(typeEmail, "\u200eali.boats@example.com\ufeff", "", "", 0), identify(typeEmail, "ali.\u00adboats@example.com", "", "", 0)},
		{identify(typeURI, "\u200ehttps://example.com/a\u200f", "", "", 0), identify(typeURI, "https://example.com/a", "", "", 0)},
		{identify(typeAccountID, "\u2066UCabc\u2069", "", "youtube", 0), identify(typeAccountID, "UCabc", "", "youtube", 0)},
		{identify(typeOther, "\u200f AB-12 \u200f", "", "", 0), identify(typeOther, "AB-12", "", "", 0)},
		{identify(typeCrypto, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "", "", onEthereum),
			identify(typeCrypto, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "", "", onOtherEVM)},
		{identify(typePlate, "ab-123-cd", "FR", "", 0), identify(typePlate, "AB 123 CD", "FR", "", 0)},
		{identify(typeCard, "4111 11xx xxxx 1111", "", "", 0), identify(typeCard, "411111******1111", "", "", 0)},
	} {
		if !matchesStated(t, pair.a, pair.b) || !matchesStated(t, pair.b, pair.a) {
			t.Errorf("%s %q does not meet %s %q", Namespace(pair.a.Type), pair.a.RawValue, Namespace(pair.b.Type), pair.b.RawValue)
		}
	}
}

// What only looks alike must stay apart.
func TestIdentifiersKeepApart(t *testing.T) {
	for _, pair := range []struct{ a, b *ententev1.Identifier }{
		{identify(typePlate, "AB123CD", "FR", "", 0), identify(typePlate, "AB123CD", "IT", "", 0)},
		{identify(typeNational, "123", "FR", "", 0), identify(typeCompany, "123", "FR", "", 0)},
		{identify(typeHandle, "boats", "", "telegram", 0), identify(typeHandle, "boats", "", "tiktok", 0)},
		{identify(typeHandle, "boats", "", "telegram", 0), identify(typeHandle, "boats", "", "", 0)},
		{identify(typeURI, "https://www.facebook.com/one", "", "", 0), identify(typeURI, "https://www.facebook.com/two", "", "", 0)},
		{identify(typeURI, "https://t.me/joinchat/AAAA", "", "", 0), identify(typeURI, "https://t.me/joinchat/BBBB", "", "", 0)},
		{identify(typeURI, "https://one.github.io/", "", "", 0), identify(typeURI, "https://two.github.io/", "", "", 0)},
		{identify(typeURI, "http://192.0.2.1/", "", "", 0), identify(typeURI, "http://192.0.2.2/", "", "", 0)},
		{identify(typeURI, "https://wa.me/015123456789", "", "", 0), identify(typePhone, "+1 512 345 6789", "", "", 0)}, // a German number is none of Texas
		{identify(typeBIC, "DEUTDEFF500", "", "", 0), identify(typeBIC, "DEUTDEFF600", "", "", 0)},
		{identify(typeCrypto, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "", "", onBitcoin),
			identify(typeCrypto, "1a1zp1ep5qgefi2dmptftl5slmv7divfna", "", "", onOther)},
		{identify(typeOther, "AB12", "", "", 0), identify(typeOther, "ab12", "", "", 0)},
	} {
		if matchesStated(t, pair.a, pair.b) {
			t.Errorf("%s %q meets %s %q", Namespace(pair.a.Type), pair.a.RawValue, Namespace(pair.b.Type), pair.b.RawValue)
		}
	}
}

func TestSplitKey(t *testing.T) {
	for _, c := range []struct{ key, space, value string }{
		{"490154203237518", "IMEI", "490154203237518"},
		{"DOCUMENT_NUMBER:L898902C3", "DOCUMENT_NUMBER", "L898902C3"},
		{"NATIONAL_ID:TR:123", "NATIONAL_ID", "TR:123"},
		{"DOMAIN:example.com", "DOMAIN", "example.com"},
	} {
		space, value := SplitKey(typeIMEI, c.key)
		if space != c.space || value != c.value {
			t.Errorf("%q = %q %q", c.key, space, value)
		}
	}
	if got := Namespace(ententev1.IdentifierType(50)); got != "" {
		t.Errorf("unknown type is called %q", got)
	}
}
