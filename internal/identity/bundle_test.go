package identity

import (
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
)

func pemOf(certs ...*x509.Certificate) string {
	var b strings.Builder
	for _, c := range certs {
		b.Write(certPEM(c.Raw))
	}
	return b.String()
}

func TestParseBundle(t *testing.T) {
	w := newWorld(t)
	both := pemOf(w.fr.cert, w.frNext.cert)
	for name, text := range map[string]string{
		"plain":            both,
		"CRLF":             strings.ReplaceAll(both, "\n", "\r\n"),
		"white space":      "\n\t " + strings.ReplaceAll(both, "-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\n\n  \n"),
		"no last new line": strings.TrimSpace(both),
	} {
		certs, err := ParseBundle(text)
		if err != nil || len(certs) != 2 || !certs[0].Equal(w.fr.cert) || !certs[1].Equal(w.frNext.cert) {
			t.Errorf("%s: %d certificates, %v", name, len(certs), err)
		}
	}
	if got := Fingerprint(w.fr.cert); len(got) != 64 || got == Fingerprint(w.frNext.cert) || strings.ToLower(got) != got {
		t.Errorf("fingerprint %q", got)
	}
}

func TestParseBundleRefuses(t *testing.T) {
	w := newWorld(t)
	root := pemOf(w.fr.cert)
	private, err := keyPEM(mustAuthority(t).key)
	if err != nil {
		t.Fatal(err)
	}
	leaf := mustParse(t, forgeLeaf(t, frGateway, w.fr))
	noSign := forgeAuthority(t, "x", pair{}, freshKey(), usage(x509.KeyUsageCRLSign))
	sha1 := forgeAuthority(t, "x", pair{}, freshKey(), algorithm(x509.ECDSAWithSHA1))
	p224 := forgeAuthority(t, "x", pair{}, keys.p224())
	var many []*x509.Certificate
	for range MaxAuthorities + 1 {
		many = append(many, forgeAuthority(t, "x", pair{}, freshKey()).cert)
	}
	headers := string(pem.EncodeToMemory(&pem.Block{
		Type: "CERTIFICATE", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: w.fr.cert.Raw,
	}))
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	for _, c := range []struct{ name, text, reason string }{
		{"empty", "", BundleEmpty},
		{"white space", " \n\t", BundleEmpty},
		{"text", "hello", BundleMalformed},
		{"text before", "# ours\n" + root, BundleMalformed},
		{"text between", root + "x\n" + root, BundleMalformed},
		{"text behind", root + "x", BundleMalformed},
		{"broken block skipped", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n" + root, BundleMalformed},
		{"cut off", root[:len(root)/2], BundleMalformed},
		{"two on one line", strings.TrimSpace(root) + root, BundleMalformed},
		{"headers", headers, BundleMalformed},
		{"private key", root + string(private), BundlePrivateKey},
		{"private key of another kind", "-----BEGIN EC PRIVATE KEY-----", BundlePrivateKey},
		{"request", block("CERTIFICATE REQUEST", w.fr.cert.Raw), BundleForeignBlock},
		{"public key", block("PUBLIC KEY", []byte{1}), BundleForeignBlock},
		{"not a certificate", block("CERTIFICATE", []byte{0x30, 0}), BundleNotCertificate},
		{"bytes behind", block("CERTIFICATE", append(append([]byte{}, w.fr.cert.Raw...), 0)), BundleNotCertificate},
		{"leaf", pemOf(leaf), BundleNotAuthority},
		{"no keyCertSign", pemOf(noSign.cert), BundleNotAuthority},
		{"RSA 2048", pemOf(w.weak.cert), BundleWeakKey},
		{"P-224", pemOf(p224.cert), BundleWeakKey},
		{"SHA-1", pemOf(sha1.cert), BundleWeakSignature},
		{"twice", root + pemOf(w.gb.cert) + root, BundleDuplicate},
		{"too many", pemOf(many...), BundleTooMany},
		{"too large", root + strings.Repeat("\n", MaxBundle), BundleTooLarge},
	} {
		certs, err := ParseBundle(c.text)
		f := fault.As(err)
		if certs != nil || f == nil || f.Kind != fault.Invalid || len(f.Violations) != 1 {
			t.Errorf("%s: %d certificates, %v", c.name, len(certs), err)
			continue
		}
		v := f.Under("agency.bundle").Violations[0]
		if v.Reason != c.reason || v.Field != "agency.bundle" || v.Description == "" {
			t.Errorf("%s: %+v, want %s", c.name, v, c.reason)
		}
	}
}

func TestCheckAuthorities(t *testing.T) {
	named := func(uri string) *x509.Certificate {
		return forgeAuthority(t, "x", pair{}, freshKey(), func(c *x509.Certificate) {
			u, err := url.Parse(uri)
			if err != nil {
				t.Fatal(err)
			}
			c.URIs = []*url.URL{u}
		}).cert
	}
	none := forgeAuthority(t, "x", pair{}, freshKey()).cert
	for uri, ok := range map[string]bool{
		"spiffe://police.fr.example": true, "spiffe://police.fr.example/": true, "https://crl.example/x": true,
		"spiffe://nca.gb.example": false, "spiffe://police.fr.example.x": false, "spiffe://police.fr.example:1": false,
	} {
		err := CheckAuthorities(frDomain, []*x509.Certificate{none, named(uri)})
		if (err == nil) != ok {
			t.Errorf("%s: %v", uri, err)
		}
		if !ok && (len(fault.As(err).Violations) != 1 || fault.As(err).Violations[0].Reason != BundleForeignDomain) {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// FuzzParseBundle: whatever is read survives being written and read again, and
// only authorities come out.
func FuzzParseBundle(f *testing.F) {
	w := newWorld(f)
	root := pemOf(w.fr.cert)
	for _, seed := range []string{
		root, root + pemOf(w.frNext.cert), "", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		root[:200], strings.ReplaceAll(root, "\n", "\r\n"), "x" + root, pemOf(w.weak.cert),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		certs, err := ParseBundle(text)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid {
				t.Fatalf("kind %v", k)
			}
			return
		}
		if len(certs) == 0 || len(certs) > MaxAuthorities {
			t.Fatalf("%d certificates", len(certs))
		}
		again, err := ParseBundle(pemOf(certs...))
		if err != nil || len(again) != len(certs) {
			t.Fatalf("read again: %d, %v", len(again), err)
		}
		for i, c := range certs {
			if !c.IsCA || !c.Equal(again[i]) {
				t.Fatalf("certificate %d is no authority, or not the same", i)
			}
		}
	})
}
