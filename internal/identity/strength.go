package identity

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
)

// The accepted RSA sizes: 128 bits of security and more (NIST SP 800-57 part 1,
// table 2), and no key whose size is itself an attack.
const (
	minRSABits = 3072
	maxRSABits = 8192
)

var (
	errKeyKind   = errors.New("the public key is neither RSA, ECDSA nor Ed25519")
	errKeySize   = errors.New("the RSA key has fewer than 3072 or more than 8192 bits")
	errKeyCurve  = errors.New("the curve is not P-256, P-384 or P-521")
	errSignature = errors.New("the signature is not made with SHA-256, SHA-384, SHA-512 or Ed25519")
)

// checkKey says why a certificate's key is not accepted, or nil.
func checkKey(c *x509.Certificate) error {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return errKeySize
		}
	case *ecdsa.PublicKey:
		if !slices.Contains([]elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()}, key.Curve) {
			return errKeyCurve
		}
	case ed25519.PublicKey:
	default:
		return errKeyKind
	}
	return nil
}

// checkSignature says why the algorithm that a certificate is signed with is
// not accepted, or nil. SHA-1 and MD5 are not.
func checkSignature(c *x509.Certificate) error {
	accepted := []x509.SignatureAlgorithm{
		x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
		x509.PureEd25519,
	}
	if !slices.Contains(accepted, c.SignatureAlgorithm) {
		return errSignature
	}
	return nil
}
