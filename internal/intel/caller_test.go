package intel

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSlugs(t *testing.T) {
	for s, want := range map[string]bool{
		"fr-police": true, "abc": true, "a1b": true, "a--b": true, "a0-": false, "a" + strings.Repeat("b", 39): true,
		"": false, "ab": false, "a" + strings.Repeat("b", 40): false, "1ab": false, "-ab": false, "ab-": false,
		"Abc": false, "aBc": false, "a_b": false, "a.b": false, "a b": false, "a/b": false, "\u0430bc": false, "ab\n": false,
	} {
		if got := AgencyID(s).Valid(); got != want {
			t.Errorf("agency %q: %v", s, got)
		}
		if got := UnitID(s).Valid(); got != want {
			t.Errorf("unit %q: %v", s, got)
		}
		id, ok := ParseAgencyName("agencies/" + s)
		if ok != want || ok && (id != AgencyID(s) || id.Name() != "agencies/"+s) || !ok && id != "" {
			t.Errorf("agencies/%s: %q, %v", s, id, ok)
		}
	}
	for _, name := range []string{"", "agencies", "agencies/", "fr-police", "/agencies/fr-police", "Agencies/fr-police",
		"agencies/fr-police/", "agencies/fr-police/units/aro"} {
		if id, ok := ParseAgencyName(name); ok {
			t.Errorf("%q was read as %q", name, id)
		}
	}
}

func TestRights(t *testing.T) {
	all := []Right{Read, Submit, Supervise, Administer, Operate}
	var set Rights
	for i, r := range all {
		if int(r) != i+1 {
			t.Errorf("%v has number %d on the wire", r, r)
		}
		if set.Has(r) {
			t.Errorf("%v before it was given", r)
		}
		set = set.With(r)
		if !set.Has(r) || !slices.Equal(set.List(), all[:i+1]) {
			t.Errorf("after %v: %v", r, set)
		}
	}
	if set.String() != "READ,SUBMIT,SUPERVISE,ADMINISTER,OPERATE" || set != NewRights(all...) {
		t.Error(set)
	}
	if set.Without(Operate).Has(Operate) || set.Without(Operate) != NewRights(all[:4]...) || set.Without(0) != set {
		t.Error("Without takes the wrong one")
	}
	if Rights(0).String() != "NONE" || len(Rights(0).List()) != 0 {
		t.Error("the empty set is not empty")
	}
}

// What is no right is never held, whatever bits are set.
func TestNoRight(t *testing.T) {
	full := Rights(0xff)
	for _, r := range []Right{0, 6, 7, 8, 9, 255} {
		if full.Has(r) || Rights(0).With(r) != 0 || r.String() != "NONE" {
			t.Errorf("right %d exists", r)
		}
	}
	if got := len(full.List()); got != 5 {
		t.Errorf("%d rights", got)
	}
}

func TestCaller(t *testing.T) {
	var nobody Caller
	for r := range Right(10) {
		if nobody.Has(r) {
			t.Errorf("nobody has %v", r)
		}
	}
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	if got := (Caller{NotAfter: early, AuthorityNotAfter: late}).Until(); !got.Equal(early) {
		t.Errorf("the certificate ends first, not at %v", got)
	}
	if got := (Caller{NotAfter: late, AuthorityNotAfter: early}).Until(); !got.Equal(early) {
		t.Errorf("the authority ends first, not at %v", got)
	}
	if !(Caller{Rights: NewRights(Read)}).Has(Read) {
		t.Error("a right is lost")
	}
}
