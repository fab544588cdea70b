package rpc

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// Authorities lets exchange understand bundles without knowing certificates.
type Authorities struct{}

var _ exchange.Authorities = Authorities{}

// Check says what is wrong with a bundle for a trust domain, by the rules that
// certificates are judged by later; nil when nothing is. The fields are
// trustDomain and bundlePem.
func (Authorities) Check(trustDomain, bundlePEM string) []fault.Violation {
	var found []fault.Violation
	if err := identity.CheckTrustDomain(trustDomain); err != nil {
		found = append(found, fault.Violation{
			Field: "trustDomain", Reason: "TRUST_DOMAIN_INVALID",
			Description: "must be a SPIFFE trust domain: lower-case letters, digits, dots, dashes and underscores, such as police.fr.example",
		})
	}
	certs, err := identity.ParseBundle(bundlePEM)
	if err == nil {
		err = identity.CheckAuthorities(trustDomain, certs)
	}
	if err != nil {
		found = append(found, fault.As(err).Under("bundlePem").Violations...)
	}
	return found
}

// List names the authorities of a bundle in its order; none for one that cannot be
// read.
func (Authorities) List(bundlePEM string) []*ententev1.CertificateAuthority {
	certs, err := identity.ParseBundle(bundlePEM)
	if err != nil {
		return nil
	}
	list := make([]*ententev1.CertificateAuthority, 0, len(certs))
	for _, c := range certs {
		list = append(list, &ententev1.CertificateAuthority{Fingerprint: identity.Fingerprint(c), ExpireTime: timestamppb.New(c.NotAfter)})
	}
	return list
}
