// Package identity turns a client certificate into an intel.Caller.
//
// Every agency is one SPIFFE trust domain with authorities of its own. A
// certificate is accepted only if it chains to the roots of the very trust
// domain that its single URI names, so a French authority can never mint a
// British caller. Who is trusted is a Trust: an immutable picture that the
// applier publishes whenever the journal changes it. A Verifier judges
// certificates against the latest one, three times over: in the handshake,
// again on each call, and again on each event of a stream. A handshake alone
// says nothing about a stream that has been open for an hour.
//
//	handshake ── Verifier.Handshake ──► Peer (the chain, as it was presented)
//	each call ── Verifier.Caller(Peer) ──► intel.Caller, or a refusal
//	each event ─ the same; Verifier.Changed wakes those that sit idle
//
// Nothing undetermined is ever allowed: no trust published yet, an unknown
// status, a member without roots and a revocation without a criterion all
// refuse. A refused peer gets a TLS alert or one fixed text; the reason goes to
// the log.
//
// The room also makes authorities and certificates, for agencies that have no
// PKI of their own, for the hub's first start, for the demo and for tests.
//
// It stands beside rpc and knows nothing of gRPC.
package identity
