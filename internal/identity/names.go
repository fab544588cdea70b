package identity

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
)

// The ways in which the names of a certificate cannot be read.
var (
	errNoNames      = errors.New("there are no subject alternative names")
	errNamesForm    = errors.New("the subject alternative names are malformed")
	errTooManyNames = errors.New("there are more than 16 subject alternative names")
)

// names are the subject alternative names of a leaf, as far as they matter.
type names struct {
	uris []string // the bytes of each URI, exactly as they stand
	dns  int      // how many DNS names
}

// readNames reads the subject alternative names (RFC 5280 §4.2.1.6) from the raw
// extension. crypto/x509 keeps URIs only as url.URL, which has already lowered
// the scheme and undone escapes; what is judged here is what was signed.
// Names of every kind count against the limit, also those that x509 skips.
func readNames(c *x509.Certificate) (names, error) {
	var found names
	rest, err := namesExtension(c)
	if err != nil {
		return names{}, err
	}
	for count := 1; len(rest) > 0; count++ {
		var name asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &name); err != nil || name.Class != asn1.ClassContextSpecific {
			return names{}, errNamesForm
		}
		if count > maxNames {
			return names{}, errTooManyNames
		}
		found.add(name)
	}
	return found, nil
}

func (n *names) add(name asn1.RawValue) {
	const dnsName, uri = 2, 6 // the tags of GeneralName
	switch name.Tag {
	case dnsName:
		n.dns++
	case uri:
		n.uris = append(n.uris, string(name.Bytes))
	}
}

// namesExtension is the content of the SEQUENCE OF GeneralName. x509 refuses a
// certificate that has the extension twice.
func namesExtension(c *x509.Certificate) ([]byte, error) {
	subjectAltName := asn1.ObjectIdentifier{2, 5, 29, 17}
	for _, ext := range c.Extensions {
		if !ext.Id.Equal(subjectAltName) {
			continue
		}
		var seq asn1.RawValue
		rest, err := asn1.Unmarshal(ext.Value, &seq)
		if err != nil || len(rest) > 0 || seq.Class != asn1.ClassUniversal ||
			seq.Tag != asn1.TagSequence || !seq.IsCompound {
			return nil, errNamesForm
		}
		return seq.Bytes, nil
	}
	return nil, errNoNames
}
