package identity

import (
	"crypto/x509"
	"slices"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Status says whether an agency takes part. Zero is none of them and refuses.
type Status uint8

// The states of an agency.
const (
	// Active: calls are accepted.
	Active Status = 1
	// Suspended: no call, until reinstated.
	Suspended Status = 2
	// Expelled: no call, for ever.
	Expelled Status = 3
)

// Trust is everything that a certificate is judged by: one picture of the
// journal. It is immutable once published, with all that it points to; a change
// is a new Trust (members that did not change may be shared between two).
type Trust struct {
	// Version rises with every change. Publish ignores a lower one than it has,
	// so that two publishers cannot bring an older picture back.
	Version uint64
	// OperatorDomain is the trust domain fixed by entented init. It wins over a
	// member of the same name.
	OperatorDomain string
	// OperatorRoots are the authorities of that domain; nil accepts nobody.
	OperatorRoots *x509.CertPool
	// OperatorRevocations apply to that domain.
	OperatorRevocations []Revocation
	// Members are the agencies, by trust domain; also the suspended and the
	// expelled, so that their refusal has its true reason.
	Members map[string]*Member
}

// Member is one agency as far as its certificates go.
type Member struct {
	Agency intel.AgencyID
	// Status: only Active is accepted.
	Status Status
	// Region is the agency's ISO 3166-1 alpha-2 code.
	Region string
	// TrustDomain is the key under which the member stands; another refuses.
	TrustDomain string
	// Roots are this agency's own authorities; nil accepts nobody.
	Roots *x509.CertPool
	// Bindings give rights by path; none gives no right.
	Bindings []Binding
	// Revocations are all in force; one match is enough to refuse.
	Revocations []Revocation
}

// Binding gives rights, and perhaps a unit, to the paths under a prefix. The
// binding with the longest prefix that covers the path decides alone: bindings
// do not add up. (Of two with the same prefix, the first.)
type Binding struct {
	// PathPrefix is "/" or a path without a slash at its end, compared by whole
	// segments.
	PathPrefix string
	// Rights never include Operate; it is ignored here.
	Rights intel.Rights
	// Unit is the unit inside the agency, or empty.
	Unit intel.UnitID
}

// Revocation refuses the certificates that meet all the criteria that it sets.
// One that sets none refuses everything: it was meant to refuse something.
type Revocation struct {
	// Serial, as ParseSerial returns it, hits the certificate itself and every
	// authority above it. It is matched within the whole trust domain, whichever
	// of its authorities issued the certificate.
	Serial string
	// PathPrefix hits the workload paths under it, by whole segments.
	PathPrefix string
	// IssuedBefore hits certificates whose NotBefore is earlier. X.509 counts
	// whole seconds, so a certificate made in the same second is earlier.
	IssuedBefore time.Time
}

// binding is the one that decides for path; zero (no rights) without any.
func (m *Member) binding(path string) Binding {
	var best Binding
	for _, b := range m.Bindings {
		if Covers(b.PathPrefix, path) && len(b.PathPrefix) > len(best.PathPrefix) {
			best = b
		}
	}
	best.Rights = best.Rights.Without(intel.Operate)
	return best
}

// suspect is what revocations are compared with: a caller's certificate, and the
// serial numbers of all that it rests on, its own among them.
type suspect struct {
	path    string
	issued  time.Time
	serials []string
}

// hits tells whether the revocation refuses the suspect. A criterion that is not
// spelled as it should be counts as met: it was meant to refuse, and the mistake
// shows at once.
func (r Revocation) hits(s suspect) bool {
	path := r.PathPrefix == "" || Covers(r.PathPrefix, s.path) || CheckPrefix(r.PathPrefix) != nil
	issued := r.IssuedBefore.IsZero() || s.issued.Before(r.IssuedBefore)
	serial := r.Serial == "" || slices.Contains(s.serials, r.Serial) || !spelledSerial(r.Serial)
	return path && issued && serial
}
