package identity

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Reason says why a certificate was refused: stable, in UPPER_SNAKE, for the
// log and its alerts. A peer never learns it.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	// ReasonHandshake: TLS itself failed before there was a certificate to
	// judge: an old version, no certificate, one that does not parse.
	ReasonHandshake Reason = "HANDSHAKE_FAILED"
	// ReasonProtocol: not TLS 1.3 with HTTP/2.
	ReasonProtocol Reason = "PROTOCOL"
	// ReasonResumed: the session was resumed, which skips certificates.
	ReasonResumed Reason = "RESUMED_SESSION"
	// ReasonNoCertificate: the chain is empty.
	ReasonNoCertificate Reason = "NO_CERTIFICATE"
	// ReasonChainLength: more than 4 certificates were presented.
	ReasonChainLength Reason = "CHAIN_TOO_LONG"
	// ReasonSize: a certificate of more than 16 KiB.
	ReasonSize Reason = "CERTIFICATE_TOO_LARGE"
	// ReasonNames: more than 16 subject alternative names, or none readable.
	ReasonNames Reason = "SUBJECT_NAMES"
	// ReasonURI: not exactly one URI among the names.
	ReasonURI Reason = "NOT_ONE_URI"
	// ReasonID: the URI is not a SPIFFE ID.
	ReasonID Reason = "MALFORMED_ID"
	// ReasonSerial: the serial number is not 1 to 20 octets, positive.
	ReasonSerial Reason = "SERIAL_NUMBER"
	// ReasonAuthority: an authority's certificate stands where a caller's
	// belongs (CA, or the usages certSign or cRLSign).
	ReasonAuthority Reason = "IS_AUTHORITY"
	// ReasonUsage: digitalSignature or clientAuth is missing, or any usage is
	// allowed.
	ReasonUsage Reason = "KEY_USAGE"
	// ReasonKey: a key of a kind or size that is not accepted.
	ReasonKey Reason = "WEAK_KEY"
	// ReasonSignature: a signature algorithm that is not accepted.
	ReasonSignature Reason = "WEAK_SIGNATURE"
	// ReasonDomain: the trust domain is not enrolled.
	ReasonDomain Reason = "UNKNOWN_TRUST_DOMAIN"
	// ReasonSuspended: the agency is suspended.
	ReasonSuspended Reason = "AGENCY_SUSPENDED"
	// ReasonExpelled: the agency is expelled.
	ReasonExpelled Reason = "AGENCY_EXPELLED"
	// ReasonStatus: the agency is in no known state, or stands under a domain
	// that is not its own.
	ReasonStatus Reason = "AGENCY_UNDETERMINED"
	// ReasonNotYet: the certificate is not valid yet.
	ReasonNotYet Reason = "NOT_YET_VALID"
	// ReasonExpired: the certificate has expired.
	ReasonExpired Reason = "EXPIRED"
	// ReasonChain: no chain leads to the trust domain's own roots.
	ReasonChain Reason = "UNTRUSTED_CHAIN"
	// ReasonRevoked: the certificate or an authority above it is revoked.
	ReasonRevoked Reason = "REVOKED"
	// ReasonHub: the hub's own certificate, which is not an operator's.
	ReasonHub Reason = "HUB_IDENTITY"
)

// Refusal is one refused certificate, for the log. It is complete and bounded;
// every text in it that came from outside is escaped to printable ASCII. What a
// peer claimed in a handshake is not proved: its certificate is judged before
// its signature.
type Refusal struct {
	// Time is the verifier's clock.
	Time time.Time
	// Reason is why.
	Reason Reason
	// Remote is the address of the peer, or empty where there is none.
	Remote string
	// Agency is the agency whose certificate it claims to be, where its trust
	// domain is enrolled.
	Agency intel.AgencyID
	// ID is the SPIFFE ID that it claims, escaped; empty when there is none.
	ID string
	// Serial is the certificate's serial number, or empty.
	Serial string
	// Detail says more for the operator, escaped, at most 256 bytes.
	Detail string
}

// Error is one line for the log.
func (r *Refusal) Error() string {
	text := "certificate refused: " + string(r.Reason)
	if r.ID != "" {
		text += " " + r.ID
	}
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// ReasonNotAccepted is the reason in the fault that a caller gets, whatever
// happened to its certificate.
const ReasonNotAccepted = "CALLER_NOT_ACCEPTED"

// fault is what the caller learns: the same for every reason.
func (r *Refusal) fault() *fault.Fault {
	return fault.Wrap(r, fault.Unauthenticated, ReasonNotAccepted,
		"The hub does not accept this certificate; ask your agency's administrator for a current one.")
}

const maxDetail = 256

// printable is text as printable ASCII of at most maxDetail bytes, so that
// nobody writes lines, colours or directions into the log.
func printable(text string) string {
	cut := text
	if len(cut) > maxDetail {
		cut = cut[:maxDetail]
	}
	plain := true
	for i := range len(cut) {
		plain = plain && cut[i] >= ' ' && cut[i] < utf8.RuneSelf && cut[i] != 0x7f
	}
	if !plain {
		cut = strconv.QuoteToASCII(cut)
	}
	if len(cut) > maxDetail {
		cut = cut[:maxDetail]
	}
	return cut
}
