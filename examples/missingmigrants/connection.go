package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// connection is where the hub is and how each side proves who it is.
type connection struct {
	endpoint, cert, key, authority, id string
}

// Windows of this size keep a stream full over a quarter of a second.
const streamWindow, connWindow = 1 << 20, 4 << 20

// dial prepares the connection; it is made with the first call.
func (c connection) dial() (*grpc.ClientConn, error) {
	config, err := c.tls()
	if err != nil {
		return nil, err
	}
	return grpc.NewClient(c.endpoint, grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithInitialWindowSize(streamWindow), grpc.WithInitialConnWindowSize(connWindow))
}

func (c connection) tls() (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return nil, fmt.Errorf("--cert and --key: %w", err)
	}
	text, err := os.ReadFile(c.authority)
	if err != nil {
		return nil, fmt.Errorf("--hub-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("--hub-ca: the file holds no certificate")
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{own}, RootCAs: roots}
	switch {
	case strings.HasPrefix(c.id, "spiffe://"):
		config.InsecureSkipVerify = true // checkID does it instead: crypto/tls knows only DNS names
		config.VerifyConnection = func(s tls.ConnectionState) error { return checkID(s, roots, c.id) }
	case c.id != "":
		config.ServerName = c.id
	default:
		if config.ServerName, _, err = net.SplitHostPort(c.endpoint); err != nil {
			return nil, fmt.Errorf("--endpoint: %w", err)
		}
	}
	return config, nil
}

// checkID wants a server whose certificate comes from the hub's authority and
// has the id as its one URI.
func checkID(s tls.ConnectionState, roots *x509.CertPool, id string) error {
	leaf := s.PeerCertificates[0] // a TLS server always sends one
	between := x509.NewCertPool()
	for _, c := range s.PeerCertificates[1:] {
		between.AddCert(c)
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err != nil {
		return err
	}
	if len(leaf.URIs) != 1 || leaf.URIs[0].String() != id {
		return errors.New("the server's certificate is from the hub's authority, but has another id than --hub-id")
	}
	return nil
}
