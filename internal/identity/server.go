package identity

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
)

// http2 is the one protocol that is negotiated (ALPN, RFC 7301).
const http2 = "h2"

// CertSource gives the server's own certificate for a handshake;
// Reloader.Certificate is one.
type CertSource func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// ServerConfig is the configuration of a listener that only accepts callers:
// TLS 1.3, HTTP/2, a client certificate always, judged in VerifyConnection, no
// session ever resumed, no names of authorities sent. Use it where a Peer is not
// needed, as on the admin listener; a listener whose calls go on to Caller uses
// Handshake.
func (v *Verifier) ServerConfig(own CertSource) *tls.Config {
	return serverConfig(own, func(cs tls.ConnectionState) error {
		_, err := v.verifyConnection(cs, "")
		return err
	})
}

func serverConfig(own CertSource, verify func(tls.ConnectionState) error) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		MaxVersion:     tls.VersionTLS13,
		NextProtos:     []string{http2},
		GetCertificate: own,
		// The chain is judged by us, not by crypto/tls, which would send the
		// names of all agencies' authorities to whoever connects. Verify-
		// Connection also runs on resumption; VerifyPeerCertificate does not.
		ClientAuth:             tls.RequireAnyClientCert,
		VerifyConnection:       verify,
		SessionTicketsDisabled: true,
		CurvePreferences:       curves(),
	}
}

// curves are the key exchanges on offer, the post-quantum hybrid first.
func curves() []tls.CurveID {
	return []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384}
}

// Handshake does the server's side of TLS on raw as ServerConfig describes it,
// and returns the connection with its Peer, who has proved that it holds the
// certificate's key. Every failure is told to the refused callback once, with
// the remote address; the peer sees a bare TLS alert. raw is the caller's to
// close when there is an error, and to give a deadline beforehand, unless ctx
// has one.
func (v *Verifier) Handshake(ctx context.Context, raw net.Conn, own CertSource) (*tls.Conn, *Peer, error) {
	remote := raw.RemoteAddr().String()
	var peer *Peer
	conn := tls.Server(raw, serverConfig(own, func(cs tls.ConnectionState) (err error) {
		peer, err = v.verifyConnection(cs, remote)
		return err
	}))
	err := conn.HandshakeContext(ctx)
	if err == nil && peer == nil {
		err = errors.New("identity: the handshake ended without a verdict")
	}
	if err != nil {
		v.handshakeFailed(err, remote)
		return nil, nil, err
	}
	return conn, peer, nil
}

// handshakeFailed reports what verifyConnection has not reported already.
func (v *Verifier) handshakeFailed(err error, remote string) {
	var judged *Refusal
	if errors.As(err, &judged) {
		return
	}
	v.refused(Refusal{
		Time: v.clock(), Reason: ReasonHandshake, Remote: remote, Detail: printable(err.Error()),
	})
}

// verifyConnection judges one handshake, resumed or not, and reports a refusal.
func (v *Verifier) verifyConnection(cs tls.ConnectionState, remote string) (*Peer, error) {
	peer, err := v.verifyState(cs, remote)
	var r *Refusal
	if errors.As(err, &r) {
		v.refused(*r)
	}
	return peer, err
}

func (v *Verifier) verifyState(cs tls.ConnectionState, remote string) (*Peer, error) {
	early := func(reason Reason) error {
		return &Refusal{Time: v.clock(), Reason: reason, Remote: remote}
	}
	if cs.DidResume {
		return nil, early(ReasonResumed)
	}
	if cs.Version != tls.VersionTLS13 || cs.NegotiatedProtocol != http2 {
		return nil, early(ReasonProtocol)
	}
	return v.verify(cs.PeerCertificates, remote)
}

// ClientConfig is the client's side: TLS 1.3, HTTP/2, its own certificate, and a
// server that must have serverName and chain to roots (the operator's bundle).
// roots must not be nil: nil would mean the roots of the machine.
func ClientConfig(own tls.Certificate, roots *x509.CertPool, serverName string) (*tls.Config, error) {
	if roots == nil || serverName == "" || len(own.Certificate) == 0 {
		return nil, errors.New("identity: a client needs its certificate, the hub's roots and the hub's name")
	}
	return &tls.Config{
		MinVersion:       tls.VersionTLS13,
		MaxVersion:       tls.VersionTLS13,
		NextProtos:       []string{http2},
		Certificates:     []tls.Certificate{own},
		RootCAs:          roots,
		ServerName:       serverName,
		CurvePreferences: curves(),
	}, nil
}
