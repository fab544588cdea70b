package main

import (
	"context"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc/credentials"
)

// alerted is TLS that tells why the hub hung up. With TLS 1.3 the hub judges a
// certificate after the client thinks that the handshake is over: the refusal waits to
// be read while gRPC is writing, and a broken pipe is all that it would hear of.
type alerted struct {
	credentials.TransportCredentials
}

func (c alerted) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn, info, err := c.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err != nil {
		return nil, nil, err
	}
	return &alertedConn{conn}, info, nil
}

func (c alerted) Clone() credentials.TransportCredentials {
	return alerted{c.TransportCredentials.Clone()}
}

type alertedConn struct{ net.Conn }

// lastWords is how long a connection that cannot be written to is listened to.
const lastWords = time.Second

func (c *alertedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil || c.SetReadDeadline(time.Now().Add(lastWords)) != nil {
		return n, err
	}
	if _, alert := c.Read(make([]byte, 1)); alert != nil && strings.Contains(alert.Error(), "remote error: tls: ") {
		return n, alert
	}
	return n, err
}
