package intel

import (
	"strings"
	"time"
)

// AgencyID is the {agency} of agencies/{agency}: a slug of 3 to 40 characters,
// [a-z][a-z0-9-]{1,38}[a-z0-9]. The empty id is nobody.
type AgencyID string

// UnitID is a unit inside an agency, such as an asset-recovery office: a slug
// of the same shape as AgencyID, unique within its agency. Empty is "no unit".
type UnitID string

// Valid tells whether the id has the shape of an agency slug.
func (a AgencyID) Valid() bool { return slug(string(a)) }

// Name is the resource name, agencies/{agency}.
func (a AgencyID) Name() string { return agencyCollection + string(a) }

// Valid tells whether the id has the shape of a unit slug; "no unit" has not.
func (u UnitID) Valid() bool { return slug(string(u)) }

const agencyCollection = "agencies/"

// ParseAgencyName reads agencies/{agency}; ok is false for anything else.
func ParseAgencyName(name string) (id AgencyID, ok bool) {
	rest, found := strings.CutPrefix(name, agencyCollection)
	if !found || !slug(rest) {
		return "", false
	}
	return AgencyID(rest), true
}

func slug(s string) bool {
	if len(s) < 3 || len(s) > 40 || s[0] < 'a' || s[0] > 'z' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// Right is one thing that a caller may do. The numbers are those of the wire's
// Right enum; zero is no right at all.
type Right uint8

// The rights. Every RPC declares the one that it needs.
const (
	// Read: query, get and watch what the agency is entitled to.
	Read Right = 1
	// Submit: hand over, correct and recall the agency's own records.
	Submit Right = 2
	// Supervise: see the own agency's consultations; never content.
	Supervise Right = 3
	// Administer: the own agency's bindings, units and certificates.
	Administer Right = 4
	// Operate: run the hub. Held by the operator's trust domain alone; it
	// gives no right to read any record, inbox, consultation or disclosure.
	Operate Right = 5
)

// String is the right in upper case, as the wire spells it.
func (r Right) String() string {
	switch r {
	case Read:
		return "READ"
	case Submit:
		return "SUBMIT"
	case Supervise:
		return "SUPERVISE"
	case Administer:
		return "ADMINISTER"
	case Operate:
		return "OPERATE"
	default:
		return "NONE"
	}
}

// Rights is a set of rights; bit n stands for Right n. Zero is the empty set.
type Rights uint8

// NewRights is the set of the given rights; what is not a right is left out.
func NewRights(rights ...Right) Rights {
	var set Rights
	for _, r := range rights {
		set = set.With(r)
	}
	return set
}

// Has tells whether the set holds r. Nobody has a right that does not exist.
func (s Rights) Has(r Right) bool {
	return r >= Read && r <= Operate && s&(1<<r) != 0
}

// With is the set and r; what is not a right is left out.
func (s Rights) With(r Right) Rights {
	if r < Read || r > Operate {
		return s
	}
	return s | 1<<r
}

// Without is the set without r.
func (s Rights) Without(r Right) Rights {
	if r < Read || r > Operate {
		return s
	}
	return s &^ (1 << r)
}

// List is the rights of the set in the order of their numbers.
func (s Rights) List() []Right {
	var list []Right
	for r := Read; r <= Operate; r++ {
		if s.Has(r) {
			list = append(list, r)
		}
	}
	return list
}

// String lists the rights as "READ,SUBMIT", or "NONE".
func (s Rights) String() string {
	if len(s.List()) == 0 {
		return Right(0).String()
	}
	var names []string
	for _, r := range s.List() {
		names = append(names, r.String())
	}
	return strings.Join(names, ",")
}

// Caller is who is behind a request, worked out from the certificate of the
// connection and today's trust, and from nothing that the request says. It is
// a value: handed on as an argument, never through a context below rpc, and
// never kept longer than the call or the single stream event that it was made
// for. The zero Caller is nobody and may do nothing.
type Caller struct {
	// Agency is the caller's agency; empty for the operator.
	Agency AgencyID
	// Operator is true for the operator's trust domain, which has Operate and
	// no other right.
	Operator bool
	// Unit is the unit that the longest matching binding names, or empty.
	Unit UnitID
	// Path is the workload path of the certificate, such as "/gateway" or
	// "/officer/7f3a": it begins with a slash and has no empty segment.
	Path string
	// Officer is the {id} of a certificate at exactly /officer/{id}, and
	// empty otherwise. It is never taken from a request.
	Officer string
	// Rights come from the longest matching binding alone. They may be empty.
	Rights Rights
	// Region is the agency's ISO 3166-1 alpha-2 code; empty for the operator.
	Region string
	// Serial is the certificate's serial number in lower-case hex without
	// leading zeros.
	Serial string
	// NotBefore and NotAfter bound the certificate's own validity.
	NotBefore, NotAfter time.Time
	// AuthorityNotAfter is the earliest end of validity among the authorities
	// above the certificate.
	AuthorityNotAfter time.Time
}

// Has tells whether the caller holds the right.
func (c Caller) Has(r Right) bool { return c.Rights.Has(r) }

// Until is when the caller's certificate, or an authority above it, expires.
// A stream that is idle then must end.
func (c Caller) Until() time.Time {
	if c.AuthorityNotAfter.Before(c.NotAfter) {
		return c.AuthorityNotAfter
	}
	return c.NotAfter
}
