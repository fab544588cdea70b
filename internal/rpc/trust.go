package rpc

import (
	"crypto/x509"
	"fmt"
	"sync"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Operator is the operator's trust domain, as entented init fixed it.
type Operator struct {
	// Domain is the name of the trust domain.
	Domain string
	// BundlePEM holds its authorities.
	BundlePEM string
}

// Publisher turns what the view knows of the agencies into what certificates are
// judged by. The applier calls Publish before it acknowledges the command that
// changed something, so a suspension that was acknowledged is in force: on the
// next handshake, the next call, and, at once, on every open stream.
type Publisher struct {
	verifier *identity.Verifier
	domain   string
	roots    *x509.CertPool
	report   func(error)

	mu      sync.Mutex
	members map[string]*made // by agency id; the state it was made from, and the member
}

type made struct {
	from   *internalv1.AgencyState
	member *identity.Member
}

// NewPublisher checks the operator's bundle. report is told of an agency whose
// state cannot be judged by; nobody of that agency is accepted then, and all the
// others are.
func NewPublisher(v *identity.Verifier, operator Operator, report func(error)) (*Publisher, error) {
	certs, err := identity.ParseBundle(operator.BundlePEM)
	if err != nil {
		return nil, fmt.Errorf("rpc: the operator's bundle: %w", err)
	}
	if err := identity.CheckTrustDomain(operator.Domain); err != nil {
		return nil, fmt.Errorf("rpc: the operator's trust domain: %w", err)
	}
	return &Publisher{verifier: v, domain: operator.Domain, roots: identity.Pool(certs), report: report, members: map[string]*made{}}, nil
}

// Publish puts a picture of the agencies in force. It has taken effect when it
// returns. version rises with every change; an older picture changes nothing. The
// states are only read, must not change afterwards, and an agency whose state is
// the same as before is not worked out again.
func (p *Publisher) Publish(version uint64, agencies []*internalv1.AgencyState, operator []*internalv1.Revocation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := make(map[string]*made, len(agencies))
	trust := &identity.Trust{
		Version: version, OperatorDomain: p.domain, OperatorRoots: p.roots, Members: make(map[string]*identity.Member, len(agencies)),
	}
	for _, r := range operator {
		trust.OperatorRevocations = append(trust.OperatorRevocations, revocationOf(r))
	}
	for _, a := range agencies {
		m := p.members[a.GetId()]
		if m == nil || m.from != a {
			m = &made{from: a, member: p.memberOf(a)}
		}
		next[a.GetId()] = m
		trust.Members[m.member.TrustDomain] = preferred(trust.Members[m.member.TrustDomain], m.member)
	}
	p.members = next
	p.verifier.Publish(trust)
}

// preferred of two agencies that have had one trust domain: an expelled one gives
// way to the one that was enrolled after it.
func preferred(a, b *identity.Member) *identity.Member {
	if a != nil && a.Status != identity.Expelled {
		return a
	}
	return b
}

// memberOf is an agency as certificates are judged by it. Without a readable
// bundle it has no roots, which accepts nobody.
func (p *Publisher) memberOf(a *internalv1.AgencyState) *identity.Member {
	m := &identity.Member{
		Agency: intel.AgencyID(a.GetId()), Status: statusIn(a.GetStatus()), Region: a.GetRegionCode(), TrustDomain: a.GetTrustDomain(),
	}
	certs, err := identity.ParseBundle(a.GetBundlePem())
	if err != nil {
		p.report(fmt.Errorf("rpc: the bundle of %s: %w", a.GetId(), err))
	} else {
		m.Roots = identity.Pool(certs)
	}
	for _, b := range a.GetBindings() {
		m.Bindings = append(m.Bindings, bindingOf(b))
	}
	for _, r := range a.GetRevocations() {
		m.Revocations = append(m.Revocations, revocationOf(r))
	}
	return m
}

func statusIn(s ententev1.AgencyStatus) identity.Status {
	switch s {
	case ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE:
		return identity.Active
	case ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED:
		return identity.Suspended
	case ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED:
		return identity.Expelled
	default:
		return 0 // undetermined, which refuses
	}
}

func bindingOf(b *ententev1.Binding) identity.Binding {
	rights := make([]intel.Right, 0, len(b.GetRights()))
	for _, r := range b.GetRights() {
		rights = append(rights, intel.Right(r))
	}
	return identity.Binding{PathPrefix: b.GetPathPrefix(), Rights: intel.NewRights(rights...), Unit: intel.UnitID(b.GetUnit())}
}

func revocationOf(r *internalv1.Revocation) identity.Revocation {
	out := identity.Revocation{Serial: r.GetSerial(), PathPrefix: r.GetPathPrefix()}
	if micros := r.GetIssuedBeforeMicros(); micros != 0 {
		out.IssuedBefore = time.UnixMicro(micros)
	}
	return out
}
