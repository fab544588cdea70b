package identity_test

import (
	"crypto/x509"
	"fmt"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// An agency's authority, its certificate, and what the hub makes of it before
// and after the agency is suspended.
func Example() {
	clock := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	authority, _ := identity.NewAuthority("police.fr.example", identity.AuthorityOptions{Clock: clock})
	credential, _ := authority.Issue("/officer/7f3a", identity.IssueOptions{TTL: time.Hour})
	pair, _ := credential.TLS()

	roots, _ := identity.ParseBundle(authority.BundlePEM())
	member := identity.Member{
		Agency: "fr-police", Status: identity.Active, Region: "FR", TrustDomain: "police.fr.example",
		Roots:    identity.Pool(roots),
		Bindings: []identity.Binding{{PathPrefix: "/", Rights: intel.NewRights(intel.Read, intel.Submit)}},
	}
	trust := identity.Trust{Version: 1, Members: map[string]*identity.Member{member.TrustDomain: &member}}

	verifier, _ := identity.New(clock, func(r identity.Refusal) { fmt.Println("log:", r.Reason, r.ID) })
	verifier.Publish(&trust)
	peer, _ := verifier.Verify([]*x509.Certificate{pair.Leaf})
	caller, _ := verifier.Caller(peer)
	fmt.Println("caller:", caller.Agency, caller.Officer, caller.Rights)

	suspended := member
	suspended.Status = identity.Suspended
	verifier.Publish(&identity.Trust{Version: 2, Members: map[string]*identity.Member{member.TrustDomain: &suspended}})
	_, err := verifier.Caller(peer)
	fmt.Println("told:", fault.As(err).Reason)
	// Output:
	// caller: fr-police 7f3a READ,SUBMIT
	// log: AGENCY_SUSPENDED spiffe://police.fr.example/officer/7f3a
	// told: CALLER_NOT_ACCEPTED
}
