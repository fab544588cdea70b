package identity

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Limits of what is looked at before any signature is checked.
const (
	maxChain = 4        // certificates presented, leaf included
	maxCert  = 16 << 10 // bytes of one certificate
	maxNames = 16       // subject alternative names of the leaf
)

// HubPath is the workload path of a hub's own certificate in the operator's
// trust domain. A certificate at or under it is never accepted from a caller:
// whoever steals the hub's key must not become its operator.
const HubPath = "/hub"

// officerPrefix stands before the id in the path of an officer's certificate.
const officerPrefix = "/officer/"

// judge gives the verdict on a peer under one state. It never fails in another
// way than by refusing.
func (v *Verifier) judge(s *state, p *Peer) *verdict {
	j := judgement{trust: s.trust, now: v.clock(), chain: p.chain}
	d := j.run()
	d.state = s
	if r := d.refusal; r != nil {
		r.Time, r.Remote = j.now, p.remote
		r.Agency = j.domain.agency
		if j.uri != "" {
			r.ID = printable(j.uri)
		}
		if len(j.chain) > 0 && serialInRange(j.chain[0].SerialNumber) {
			r.Serial = Serial(j.chain[0])
		}
		r.Detail = printable(r.Detail)
	}
	return d
}

// judgement is one run over one chain: what it is judged by, and what the steps
// so far have found out.
type judgement struct {
	trust *Trust
	now   time.Time
	chain []*x509.Certificate

	uri      string // as it stands in the certificate
	id       ID
	domain   domain
	verified [][]*x509.Certificate // chains up to the domain's roots
}

// domain is the part of a Trust that judges one trust domain.
type domain struct {
	agency      intel.AgencyID // empty for the operator
	roots       *x509.CertPool
	revocations []Revocation
	caller      func(path string) intel.Caller
}

// run takes the steps in order; the cheap ones come before any signature.
func (j *judgement) run() *verdict {
	steps := []func() *Refusal{
		j.presented, j.named, j.used, j.strong, j.enrolled, j.valid, j.chained, j.unrevoked,
	}
	for _, step := range steps {
		if r := step(); r != nil {
			return &verdict{refusal: r}
		}
	}
	return j.accept()
}

func refuse(reason Reason, detail string) *Refusal { return &Refusal{Reason: reason, Detail: detail} }

// presented bounds what the peer sent.
func (j *judgement) presented() *Refusal {
	if len(j.chain) == 0 {
		return refuse(ReasonNoCertificate, "")
	}
	if len(j.chain) > maxChain {
		return refuse(ReasonChainLength, "")
	}
	if slices.ContainsFunc(j.chain, func(c *x509.Certificate) bool { return len(c.Raw) > maxCert }) {
		return refuse(ReasonSize, "")
	}
	return nil
}

// named reads the one URI among the leaf's names, from the raw extension: the
// parsed url.URL has been normalised.
func (j *judgement) named() *Refusal {
	leaf := j.chain[0]
	if !serialInRange(leaf.SerialNumber) {
		return refuse(ReasonSerial, "")
	}
	names, err := readNames(leaf)
	if err != nil {
		return refuse(ReasonNames, err.Error())
	}
	if len(names.uris) != 1 {
		return refuse(ReasonURI, "")
	}
	j.uri = names.uris[0]
	if j.id, err = ParseID(j.uri); err != nil {
		return refuse(ReasonID, err.Error())
	}
	return nil
}

// used holds the leaf to the usages of a caller (X509-SVID §4 and §5).
func (j *judgement) used() *Refusal {
	leaf := j.chain[0]
	if leaf.IsCA || leaf.KeyUsage&(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != 0 {
		return refuse(ReasonAuthority, "")
	}
	if leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return refuse(ReasonUsage, "digitalSignature is missing")
	}
	if slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny) {
		return refuse(ReasonUsage, "anyExtendedKeyUsage is set")
	}
	if !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth) {
		return refuse(ReasonUsage, "clientAuth is missing")
	}
	return nil
}

// strong holds every presented certificate to the accepted keys and signatures.
func (j *judgement) strong() *Refusal {
	for _, c := range j.chain {
		if err := checkKey(c); err != nil {
			return refuse(ReasonKey, err.Error())
		}
		if err := checkSignature(c); err != nil {
			return refuse(ReasonSignature, err.Error())
		}
	}
	return nil
}

// enrolled finds the part of the trust that the ID's trust domain names.
func (j *judgement) enrolled() *Refusal {
	t := j.trust
	if t == nil {
		return refuse(ReasonDomain, "no trust is published")
	}
	if j.id.TrustDomain == t.OperatorDomain {
		j.domain = operatorDomain(t)
		if Covers(HubPath, j.id.Path) {
			return refuse(ReasonHub, "")
		}
		return nil
	}
	m := t.Members[j.id.TrustDomain]
	if m == nil {
		return refuse(ReasonDomain, "")
	}
	j.domain = memberDomain(m)
	return m.admits(j.id.TrustDomain)
}

// admits refuses a member that takes no part today.
func (m *Member) admits(trustDomain string) *Refusal {
	switch {
	case m.Status == Suspended:
		return refuse(ReasonSuspended, "")
	case m.Status == Expelled:
		return refuse(ReasonExpelled, "")
	case m.Status != Active || m.TrustDomain != trustDomain || !m.Agency.Valid():
		return refuse(ReasonStatus, "")
	}
	return nil
}

func operatorDomain(t *Trust) domain {
	return domain{
		roots:       t.OperatorRoots,
		revocations: t.OperatorRevocations,
		caller: func(string) intel.Caller {
			return intel.Caller{Operator: true, Rights: intel.NewRights(intel.Operate)}
		},
	}
}

func memberDomain(m *Member) domain {
	return domain{
		agency:      m.Agency,
		roots:       m.Roots,
		revocations: m.Revocations,
		caller: func(path string) intel.Caller {
			b := m.binding(path)
			return intel.Caller{
				Agency: m.Agency, Region: m.Region, Unit: b.Unit, Rights: b.Rights, Officer: officer(path),
			}
		},
	}
}

// officer is the id of a path of exactly /officer/{id}. Deeper paths name no
// officer, so that two of them cannot share one id.
func officer(path string) string {
	id, ok := strings.CutPrefix(path, officerPrefix)
	if !ok || strings.Contains(id, "/") {
		return ""
	}
	return id
}

// valid tells the two ordinary ends of a leaf's life apart, for the log.
func (j *judgement) valid() *Refusal {
	leaf := j.chain[0]
	if j.now.Before(leaf.NotBefore) {
		return refuse(ReasonNotYet, "")
	}
	if !j.now.Before(leaf.NotAfter) {
		return refuse(ReasonExpired, "")
	}
	return nil
}

// chained checks signatures, constraints and validity up to the domain's own
// roots. A nil pool would mean the roots of the machine, so it never gets there.
func (j *judgement) chained() *Refusal {
	if j.domain.roots == nil {
		return refuse(ReasonChain, "the trust domain has no roots")
	}
	intermediates := x509.NewCertPool()
	for _, c := range j.chain[1:] {
		intermediates.AddCert(c)
	}
	chains, err := j.chain[0].Verify(x509.VerifyOptions{
		Roots:         j.domain.roots,
		Intermediates: intermediates,
		CurrentTime:   j.now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return refuse(chainReason(err), err.Error())
	}
	j.verified = slices.DeleteFunc(chains, func(chain []*x509.Certificate) bool {
		return len(chain) < 2 || strongChain(chain) != nil
	})
	if len(j.verified) == 0 {
		return refuse(ReasonChain, "no chain is long and strong enough")
	}
	return nil
}

func chainReason(err error) Reason {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return ReasonExpired
	}
	return ReasonChain
}

// strongChain holds the roots to the accepted keys too. A root's own signature
// is not looked at: nothing rests on it.
func strongChain(chain []*x509.Certificate) error {
	for _, c := range chain {
		if err := checkKey(c); err != nil {
			return err
		}
	}
	return nil
}

// unrevoked refuses if a revocation hits any certificate that was presented or
// that any chain leads through. One clean way round a revoked authority does not
// help: its key is the same.
func (j *judgement) unrevoked() *Refusal {
	s := suspect{path: j.id.Path, issued: j.chain[0].NotBefore}
	for _, c := range j.chain {
		s.serials = append(s.serials, Serial(c))
	}
	for _, chain := range j.verified {
		for _, c := range chain[1:] {
			s.serials = append(s.serials, Serial(c))
		}
	}
	for _, r := range j.domain.revocations {
		if r.hits(s) {
			return refuse(ReasonRevoked, "")
		}
	}
	return nil
}

// accept makes the caller, from the chain that lasts longest.
func (j *judgement) accept() *verdict {
	leaf := j.chain[0]
	c := j.domain.caller(j.id.Path)
	c.Path = j.id.Path
	c.Serial = Serial(leaf)
	c.NotBefore, c.NotAfter = leaf.NotBefore, leaf.NotAfter
	for _, chain := range j.verified {
		if end := firstExpiry(chain[1:]); end.After(c.AuthorityNotAfter) {
			c.AuthorityNotAfter = end
		}
	}
	return &verdict{caller: c, until: c.Until()}
}

func firstExpiry(chain []*x509.Certificate) time.Time {
	first := chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotAfter.Before(first) {
			first = c.NotAfter
		}
	}
	return first
}
