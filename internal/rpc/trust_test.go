package rpc

import (
	"strconv"
	"strings"
	"testing"
	"time"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// trusted is a publisher with an operator, and two authorities to enrol.
func trusted(t *testing.T) (*identity.Verifier, *Publisher, map[string]*identity.Authority, *[]error) {
	t.Helper()
	authorities := map[string]*identity.Authority{}
	for _, d := range []string{"operator.example", "fr.example", "it.example"} {
		authorities[d] = must(identity.NewAuthority(d, identity.AuthorityOptions{Clock: time.Now}))(t)
	}
	v := must(identity.New(time.Now, nil))(t)
	var reported []error
	p := must(NewPublisher(v, Operator{Domain: "operator.example", BundlePEM: authorities["operator.example"].BundlePEM()}, func(err error) { reported = append(reported, err) }))(t)
	return v, p, authorities, &reported
}

// judged is the caller that a fresh certificate makes, or why none.
func judged(t *testing.T, v *identity.Verifier, a *identity.Authority, path string) (intel.Caller, error) {
	t.Helper()
	pair := must(must(a.Issue(path, identity.IssueOptions{}))(t).TLS())(t)
	peer, err := v.Verify(certsOf(pair.Leaf))
	if err != nil {
		return intel.Caller{}, err
	}
	return v.Caller(peer)
}

func TestPublisher(t *testing.T) {
	v, p, authorities, reported := trusted(t)
	fr := &internalv1.AgencyState{
		Id: "fr-police", RegionCode: "FR", TrustDomain: "fr.example", BundlePem: authorities["fr.example"].BundlePEM(),
		Status: ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE,
		Bindings: []*ententev1.Binding{
			{PathPrefix: "/", Rights: []ententev1.Right{ententev1.Right_RIGHT_READ}},
			{PathPrefix: "/aro", Rights: []ententev1.Right{ententev1.Right_RIGHT_SUBMIT, ententev1.Right_RIGHT_OPERATE}, Unit: "aro"},
		},
	}
	p.Publish(1, []*internalv1.AgencyState{fr}, nil)
	c, err := judged(t, v, authorities["fr.example"], "/aro/x")
	if err != nil || c.Agency != "fr-police" || c.Unit != "aro" || c.Region != "FR" || c.Rights != intel.NewRights(intel.Submit) {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := judged(t, v, authorities["operator.example"], "/ops"); err != nil || !c.Operator || c.Agency != "" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := judged(t, v, authorities["it.example"], "/x"); err == nil {
		t.Error("a stranger is accepted")
	}
	revoked := &internalv1.AgencyState{Id: fr.Id, TrustDomain: fr.TrustDomain, BundlePem: fr.BundlePem, Status: fr.Status, Bindings: fr.Bindings,
		Revocations: []*internalv1.Revocation{{IssuedBeforeMicros: time.Now().Add(time.Hour).UnixMicro()}}}
	p.Publish(2, []*internalv1.AgencyState{revoked}, nil)
	if _, err := judged(t, v, authorities["fr.example"], "/x"); err == nil || !strings.Contains(err.Error(), string(identity.ReasonRevoked)) {
		t.Errorf("revoked by time: %v", err)
	}
	p.Publish(1, []*internalv1.AgencyState{fr}, nil)
	if _, err := judged(t, v, authorities["fr.example"], "/x"); err == nil {
		t.Error("an older picture revived a revoked certificate")
	}
	broken := &internalv1.AgencyState{Id: "xx-broken", TrustDomain: "it.example", BundlePem: "no bundle", Status: fr.Status}
	p.Publish(3, []*internalv1.AgencyState{fr, broken}, nil)
	if _, err := judged(t, v, authorities["it.example"], "/x"); err == nil || len(*reported) != 1 {
		t.Errorf("an agency without a readable bundle: %v, %v", err, *reported)
	}
	if _, err := judged(t, v, authorities["fr.example"], "/x"); err != nil {
		t.Errorf("one broken agency took the others down: %v", err)
	}
}

// A state that is the same is not worked out again; one that changed is.
func TestPublisherKeepsWhatDidNotChange(t *testing.T) {
	_, p, authorities, _ := trusted(t)
	fr := &internalv1.AgencyState{Id: "fr-police", TrustDomain: "fr.example", BundlePem: authorities["fr.example"].BundlePEM()}
	it := &internalv1.AgencyState{Id: "it-police", TrustDomain: "it.example", BundlePem: authorities["it.example"].BundlePEM()}
	p.Publish(1, []*internalv1.AgencyState{fr, it}, nil)
	old := p.members["fr-police"]
	changed := &internalv1.AgencyState{Id: "it-police", TrustDomain: "it.example"}
	itBefore := p.members["it-police"]
	p.Publish(2, []*internalv1.AgencyState{fr, changed}, nil)
	if p.members["fr-police"] != old || p.members["it-police"] == itBefore {
		t.Error("the wrong one was worked out again")
	}
}

// An expelled agency does not stand in the way of its successor, nor the successor
// in the way of the truth about it.
func TestSuccessorOfAnExpelledAgency(t *testing.T) {
	v, p, authorities, _ := trusted(t)
	state := func(id string, s ententev1.AgencyStatus) *internalv1.AgencyState {
		return &internalv1.AgencyState{Id: id, TrustDomain: "fr.example", BundlePem: authorities["fr.example"].BundlePEM(), Status: s}
	}
	gone, now := state("fr-old", ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED), state("fr-new", ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE)
	for version, order := range [][]*internalv1.AgencyState{{gone, now}, {now, gone}} {
		p.Publish(uint64(version), order, nil)
		if c, err := judged(t, v, authorities["fr.example"], "/x"); err != nil || c.Agency != "fr-new" {
			t.Errorf("%+v, %v", c, err)
		}
	}
	p.Publish(9, []*internalv1.AgencyState{gone}, nil)
	if _, err := judged(t, v, authorities["fr.example"], "/x"); err == nil || !strings.Contains(err.Error(), string(identity.ReasonExpelled)) {
		t.Error(err)
	}
}

func TestNewPublisherRefuses(t *testing.T) {
	v := must(identity.New(time.Now, nil))(t)
	good := must(identity.NewAuthority("operator.example", identity.AuthorityOptions{Clock: time.Now}))(t).BundlePEM()
	for _, o := range []Operator{{}, {Domain: "operator.example"}, {Domain: "Operator.Example", BundlePEM: good}, {Domain: "operator.example", BundlePEM: "x"}} {
		if _, err := NewPublisher(v, o, nil); err == nil {
			t.Errorf("%q is an operator", o.Domain)
		}
	}
}

func TestAuthorities(t *testing.T) {
	own := must(identity.NewAuthority("fr.example", identity.AuthorityOptions{Clock: time.Now}))(t)
	var a Authorities
	if v := a.Check("fr.example", own.BundlePEM()); v != nil {
		t.Error(v)
	}
	for _, c := range []struct{ domain, bundle, field, reason string }{
		{"FR.example", own.BundlePEM(), "trustDomain", "TRUST_DOMAIN_INVALID"},
		{"fr.example", "", "bundlePem", identity.BundleEmpty},
		{"it.example", own.BundlePEM(), "bundlePem", identity.BundleForeignDomain},
	} {
		v := a.Check(c.domain, c.bundle)
		if len(v) == 0 || v[0].Field != c.field || v[0].Reason != c.reason {
			t.Errorf("%s: %v", c.domain, v)
		}
	}
	list := a.List(own.BundlePEM())
	if len(list) != 1 || list[0].GetFingerprint() != identity.Fingerprint(own.Certificate()) || !list[0].GetExpireTime().AsTime().Equal(own.Certificate().NotAfter) {
		t.Error(list)
	}
	if a.List("nothing") != nil {
		t.Error("authorities of nothing")
	}
}

// A bundle is read once, and no more are remembered than there is room for.
func TestAuthoritiesAreRemembered(t *testing.T) {
	var m memo
	reads := 0
	read := func(text string) []*ententev1.CertificateAuthority {
		reads++
		return []*ententev1.CertificateAuthority{{Fingerprint: text}}
	}
	for i := range 3 * maxMemo {
		text := strconv.Itoa(i)
		for range 2 {
			if got := m.list(text, read); len(got) != 1 || got[0].GetFingerprint() != text {
				t.Fatal(got)
			}
		}
	}
	if reads != 3*maxMemo || len(m.lists) > maxMemo {
		t.Errorf("%d reads, %d remembered", reads, len(m.lists))
	}
	own := must(identity.NewAuthority("fr.example", identity.AuthorityOptions{Clock: time.Now}))(t)
	if list := NewAuthorities().List(own.BundlePEM()); len(list) != 1 {
		t.Error(list)
	}
}
