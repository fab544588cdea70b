package rpc

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// Authorities reads the bundles of agencies for exchange, which does not know
// certificates.
type Authorities struct{}

// Check tells what is wrong with a bundle, or with the trust domain that it is
// for.
func (Authorities) Check(trustDomain, bundlePEM string) []fault.Violation {
	var violations []fault.Violation
	if identity.CheckTrustDomain(trustDomain) != nil {
		violations = append(violations, fault.Violation{
			Field: "trustDomain", Reason: "TRUST_DOMAIN_MALFORMED", Description: "give a DNS name in lower case, as SPIFFE has it",
		})
	}
	certs, err := identity.ParseBundle(bundlePEM)
	if err == nil {
		err = identity.CheckAuthorities(trustDomain, certs)
	}
	if err != nil {
		violations = append(violations, fault.As(err).Under("bundlePem").Violations...)
	}
	return violations
}

// List names the certificates of a bundle; one that cannot be read has none.
func (Authorities) List(bundlePEM string) []*ententev1.CertificateAuthority {
	certs, err := identity.ParseBundle(bundlePEM)
	if err != nil {
		return nil
	}
	list := make([]*ententev1.CertificateAuthority, len(certs))
	for i, c := range certs {
		list[i] = &ententev1.CertificateAuthority{Fingerprint: identity.Fingerprint(c), ExpireTime: timestamppb.New(c.NotAfter)}
	}
	return list
}
