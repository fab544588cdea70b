package identity

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// Limits of a bundle.
const (
	// MaxBundle is the longest bundle in bytes of PEM.
	MaxBundle = 64 << 10
	// MaxAuthorities is the largest number of certificates in it.
	MaxAuthorities = 16
)

// The reasons of the violation that ParseBundle and CheckAuthorities answer with.
const (
	// BundleTooLarge: more than MaxBundle bytes.
	BundleTooLarge = "BUNDLE_TOO_LARGE"
	// BundleEmpty: no certificate at all.
	BundleEmpty = "BUNDLE_EMPTY"
	// BundleMalformed: text outside the blocks, PEM headers, or a block that
	// cannot be read.
	BundleMalformed = "BUNDLE_MALFORMED"
	// BundlePrivateKey: it holds a private key, which is now disclosed.
	BundlePrivateKey = "BUNDLE_PRIVATE_KEY"
	// BundleForeignBlock: a block that is no certificate.
	BundleForeignBlock = "BUNDLE_FOREIGN_BLOCK"
	// BundleTooMany: more than MaxAuthorities certificates.
	BundleTooMany = "BUNDLE_TOO_MANY"
	// BundleNotCertificate: a block whose content is no X.509 certificate.
	BundleNotCertificate = "BUNDLE_NOT_CERTIFICATE"
	// BundleNotAuthority: a certificate that may not sign certificates.
	BundleNotAuthority = "BUNDLE_NOT_AUTHORITY"
	// BundleWeakKey: a key of a kind or size that is not accepted.
	BundleWeakKey = "BUNDLE_WEAK_KEY"
	// BundleWeakSignature: signed with SHA-1 or something else not accepted.
	BundleWeakSignature = "BUNDLE_WEAK_SIGNATURE"
	// BundleDuplicate: the same certificate twice.
	BundleDuplicate = "BUNDLE_DUPLICATE"
	// BundleForeignDomain: an authority that says in its URI that it belongs to
	// another trust domain.
	BundleForeignDomain = "BUNDLE_FOREIGN_DOMAIN"
)

// ParseBundle reads the authorities of one trust domain from PEM: certificates
// and white space, nothing else. Every one must be an authority with an accepted
// key and signature; the order is kept. It does not look at validity, which
// needs a clock. The error is a fault.Invalid with one violation whose Field is
// empty: put it Under the field where the bundle stood.
func ParseBundle(text string) ([]*x509.Certificate, error) {
	if len(text) > MaxBundle {
		return nil, badBundle(BundleTooLarge, "give at most 64 KiB of PEM")
	}
	if strings.Contains(text, "PRIVATE KEY-----") {
		return nil, badBundle(BundlePrivateKey,
			"the text holds a private key; treat it as disclosed, replace it, and give certificates only")
	}
	var certs []*x509.Certificate
	seen := make(map[string]bool)
	for rest := strings.TrimSpace(text); rest != ""; {
		if len(certs) == MaxAuthorities {
			return nil, badBundle(BundleTooMany, "give at most 16 certificates")
		}
		c, after, err := nextAuthority(rest, len(certs)+1)
		if err != nil {
			return nil, err
		}
		if seen[Fingerprint(c)] {
			return nil, badCertificate(BundleDuplicate, len(certs)+1, "stands there twice; give it once")
		}
		seen[Fingerprint(c)] = true
		certs, rest = append(certs, c), after
	}
	if len(certs) == 0 {
		return nil, badBundle(BundleEmpty, "give at least one CERTIFICATE block")
	}
	return certs, nil
}

// nextAuthority takes the n-th certificate (counted from 1) off the text.
func nextAuthority(text string, n int) (*x509.Certificate, string, error) {
	const begin = "-----BEGIN "
	if !strings.HasPrefix(text, begin) {
		return nil, "", badBundle(BundleMalformed, "remove everything that stands outside the CERTIFICATE blocks")
	}
	block, after := pem.Decode([]byte(text))
	// A block that pem cannot read is skipped by it in silence; then more than
	// one beginning is gone.
	if block == nil || strings.Count(text[:len(text)-len(after)], begin) != 1 || len(block.Headers) > 0 {
		return nil, "", badCertificate(BundleMalformed, n, "is not a readable PEM block without headers")
	}
	if block.Type != "CERTIFICATE" {
		return nil, "", badCertificate(BundleForeignBlock, n, "is not a CERTIFICATE block; remove it")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, "", badCertificate(BundleNotCertificate, n, "is not an X.509 certificate")
	}
	if err := checkAuthority(c, n); err != nil {
		return nil, "", err
	}
	return c, strings.TrimSpace(string(after)), nil
}

func checkAuthority(c *x509.Certificate, n int) error {
	if !c.BasicConstraintsValid || !c.IsCA || c.KeyUsage&x509.KeyUsageCertSign == 0 {
		return badCertificate(BundleNotAuthority, n,
			"is not an authority (CA with keyCertSign); give the certificates that sign yours")
	}
	if err := checkKey(c); err != nil {
		return badCertificate(BundleWeakKey, n, "is refused: "+err.Error())
	}
	if err := checkSignature(c); err != nil {
		return badCertificate(BundleWeakSignature, n, "is refused: "+err.Error())
	}
	return nil
}

// CheckAuthorities refuses authorities that name another trust domain than this
// in their own URI, such as another agency's bundle pasted by mistake. One that
// names none passes (X509-SVID §4.1 asks for none in an authority). The error is
// as ParseBundle's.
func CheckAuthorities(trustDomain string, certs []*x509.Certificate) error {
	own := scheme + trustDomain
	for i, c := range certs {
		for _, uri := range c.URIs {
			if s := uri.String(); uri.Scheme == "spiffe" && s != own && s != own+"/" {
				return badCertificate(BundleForeignDomain, i+1, "belongs to another trust domain")
			}
		}
	}
	return nil
}

// Pool is the certificates as roots for a Trust.
func Pool(certs []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

// Fingerprint is the SHA-256 of the certificate in lower-case hex, 64
// characters: what people compare over the telephone.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func badBundle(reason, description string) *fault.Fault {
	return fault.Violated(fault.Violation{Reason: reason, Description: description})
}

func badCertificate(reason string, n int, is string) *fault.Fault {
	return badBundle(reason, fmt.Sprintf("certificate %d of the bundle %s", n, is))
}
