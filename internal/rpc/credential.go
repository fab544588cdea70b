package rpc

import (
	"context"
	"errors"
	"net"
	"time"

	"google.golang.org/grpc/credentials"

	"github.com/seed-1d76a664/entente/internal/identity"
)

// credential does the handshake of a door's connections: identity's TLS, then a
// seat for the caller. It is a server's only.
type credential struct {
	verifier *identity.Verifier
	own      identity.CertSource
	door     *door
}

// link is a connection whose caller is known; the calls on it find it as their
// peer's AuthInfo.
type link struct {
	credentials.CommonAuthInfo
	peer     *identity.Peer
	identity string // of the certificate, for counting
	since    time.Time
	door     *door
}

// AuthType names the way in which the caller was identified.
func (*link) AuthType() string { return "tls" }

// The reasons why a handshake ends, beside those of identity.
var (
	errNotOurs    = errors.New("rpc: the connection did not come through a door")
	errNoSeat     = errors.New("rpc: the identity has all its connections already")
	errServerOnly = errors.New("rpc: these credentials are a server's")
)

// ServerHandshake returns the connection as a caller's, or an error; gRPC then
// closes raw. The peer sees a bare TLS alert or the end of the connection.
func (c credential) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	guarded, ok := raw.(*guardedConn)
	if !ok {
		return nil, nil, errNotOurs
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.door.limits.HandshakeTimeout)
	defer cancel()
	conn, peer, err := c.verifier.Handshake(ctx, raw, c.own)
	if err != nil {
		c.door.turned(turnedHandshake)
		return nil, nil, err
	}
	caller, err := c.verifier.Caller(peer)
	if err != nil {
		return nil, nil, err
	}
	s := seat{agency: string(caller.Agency), identity: string(caller.Agency) + caller.Path}
	if !guarded.arrived(s) {
		return nil, nil, errNoSeat
	}
	return conn, &link{
		CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity},
		peer:           peer, identity: s.identity, since: time.Now(), door: c.door,
	}, nil
}

// ClientHandshake is not a server's business.
func (credential) ClientHandshake(context.Context, string, net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errServerOnly
}

// Info names the protocol.
func (credential) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls"}
}

// Clone returns the same: nothing in it changes.
func (c credential) Clone() credentials.TransportCredentials { return c }

// OverrideServerName is deprecated and a client's.
func (credential) OverrideServerName(string) error { return errServerOnly }
