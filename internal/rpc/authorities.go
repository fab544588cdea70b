package rpc

import (
	"sync"

	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// Authorities lets exchange understand bundles without knowing certificates. The
// zero value works; one of NewAuthorities does not read the same bundle twice.
type Authorities struct{ read *memo }

// NewAuthorities remembers the bundles that it has read: every answer that shows an
// agency lists its authorities, and reading certificates costs more than the rest.
func NewAuthorities() Authorities { return Authorities{read: new(memo)} }

// memo keeps what was read, by the text it was read from. It is emptied when it
// grows beyond what a hub can have at one time.
type memo struct {
	mu    sync.Mutex
	lists map[string][]*ententev1.CertificateAuthority
}

// maxMemo is how many bundles are remembered: a few for each agency.
const maxMemo = 1024

// list is what read yields for the text, or has yielded before.
func (m *memo) list(text string, read func(string) []*ententev1.CertificateAuthority) []*ententev1.CertificateAuthority {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.lists[text]; ok {
		return known
	}
	if m.lists == nil || len(m.lists) >= maxMemo {
		m.lists = make(map[string][]*ententev1.CertificateAuthority)
	}
	m.lists[text] = read(text)
	return m.lists[text]
}

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
// read. The list may be shared: it is only read.
func (a Authorities) List(bundlePEM string) []*ententev1.CertificateAuthority {
	if a.read == nil {
		return listOf(bundlePEM)
	}
	return a.read.list(bundlePEM, listOf)
}

func listOf(bundlePEM string) []*ententev1.CertificateAuthority {
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
