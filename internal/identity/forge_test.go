package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"
)

// now is the time of all tests of certificates; a Verifier under test is given
// it as its clock.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func clockNow() time.Time { return now }

// keys are made once: what is tested is certificates, not key generation.
var keys = struct {
	leaf, other, p224, p384, p521, ed25519, rsa2048, rsa3072 func() crypto.Signer
}{
	leaf:    ecKey(elliptic.P256()),
	other:   ecKey(elliptic.P256()),
	p224:    ecKey(elliptic.P224()),
	p384:    ecKey(elliptic.P384()),
	p521:    ecKey(elliptic.P521()),
	ed25519: sync.OnceValue(edKey),
	rsa2048: rsaKey(2048),
	rsa3072: rsaKey(3072),
}

func ecKey(curve elliptic.Curve) func() crypto.Signer {
	return sync.OnceValue(func() crypto.Signer {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
}

func freshKey() crypto.Signer { return ecKey(elliptic.P256())() }

func rsaKey(bits int) func() crypto.Signer {
	return sync.OnceValue(func() crypto.Signer {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		return key
	})
}

func edKey() crypto.Signer {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// pair is a certificate and the key that belongs to it, or claims to.
type pair struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// change bends a template before it is signed.
type change func(*x509.Certificate)

// forgeDER signs a certificate as the template says, sound or not.
func forgeDER(t testing.TB, template *x509.Certificate, issuer pair, key crypto.Signer, changes []change) []byte {
	t.Helper()
	for _, c := range changes {
		c(template)
	}
	if issuer.key == nil {
		issuer = pair{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.cert, key.Public(), issuer.key)
	if err != nil {
		t.Fatalf("forge: %v", err)
	}
	return der
}

func mustParse(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatalf("parse what was forged: %v", err)
	}
	return c
}

// forgeAuthority makes an authority; a zero issuer makes it a root.
func forgeAuthority(t testing.TB, name string, issuer pair, key crypto.Signer, changes ...change) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: forgeSerial(), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(30 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, MaxPathLen: 2,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return pair{mustParse(t, forgeDER(t, template, issuer, key, changes)), key}
}

// forgeLeaf makes a caller's certificate for the URI, exactly as spelled.
func forgeLeaf(t testing.TB, uri string, issuer pair, changes ...change) []byte {
	t.Helper()
	return forgeLeafKey(t, uri, issuer, keys.leaf(), changes...)
}

func forgeLeafKey(t testing.TB, uri string, issuer pair, key crypto.Signer, changes ...change) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: forgeSerial(), Subject: pkix.Name{CommonName: "workload"},
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(time.Hour),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	return forgeDER(t, template, issuer, key, slices.Concat([]change{sans(uriName(uri))}, changes))
}

func forgeSerial() *big.Int {
	n, err := newSerial()
	if err != nil {
		panic(err)
	}
	return n
}

// A generalName is one subject alternative name, as its tag and bytes.
type generalName struct {
	tag   int
	bytes []byte
}

func uriName(uri string) generalName  { return generalName{6, []byte(uri)} }
func dnsName(name string) generalName { return generalName{2, []byte(name)} }

func sanExtension(all ...generalName) pkix.Extension {
	var values []asn1.RawValue
	for _, n := range all {
		values = append(values, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: n.tag, Bytes: n.bytes})
	}
	der, err := asn1.Marshal(values)
	if err != nil {
		panic(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: der}
}

// sans replaces the subject alternative names; none leaves the extension out.
func sans(all ...generalName) change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = nil
		if len(all) > 0 {
			c.ExtraExtensions = []pkix.Extension{sanExtension(all...)}
		}
	}
}

func extension(oid asn1.ObjectIdentifier, critical bool, value []byte) change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: oid, Critical: critical, Value: value})
	}
}

func validity(from, to time.Time) change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
}

func usage(u x509.KeyUsage) change { return func(c *x509.Certificate) { c.KeyUsage = u } }

func extUsage(u ...x509.ExtKeyUsage) change {
	return func(c *x509.Certificate) { c.ExtKeyUsage = u }
}

func algorithm(a x509.SignatureAlgorithm) change {
	return func(c *x509.Certificate) { c.SignatureAlgorithm = a }
}

func serial(n *big.Int) change { return func(c *x509.Certificate) { c.SerialNumber = n } }
