package testnet_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// under is a connection of a certificate that an authority issues for a path.
func under(t *testing.T, n *testnet.Net, authority *identity.Authority, path string) *grpc.ClientConn {
	t.Helper()
	own, err := authority.Issue(path, identity.IssueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := own.TLS()
	if err != nil {
		t.Fatal(err)
	}
	roots, err := identity.ParseBundle(n.PKI.OperatorBundle())
	if err != nil {
		t.Fatal(err)
	}
	config, err := identity.ClientConfig(pair, identity.Pool(roots), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("passthrough:///"+n.Address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// steady calls until it is stopped and returns the first failure.
func steady(conn *grpc.ClientConn) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if err := who(context.WithoutCancel(ctx), conn); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	return sync.OnceValue(func() error { cancel(); return <-done })
}

// An agency replaces its authority with an overlap, under load: no call fails, its
// own or another's, until the old authority is out; from then on none of the old
// one is accepted.
func TestAuthorityRotation(t *testing.T) {
	n := newNet(t, func(o *testnet.Options) { o.Limits = unlimited() })
	next, err := identity.NewAuthority(testnet.Domain("fr-ofast"), identity.AuthorityOptions{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	old, british := dial(t, n, "fr-ofast", "/gateway"), dial(t, n, "gb-nca", "/gateway")
	stopOld, stopBritish := steady(old), steady(british)
	watch := watching(t, dial(t, n, "gb-nca", "/gateway"))
	admin := dial(t, n, "fr-ofast", "/admin")
	replace(t, admin, n.PKI.Bundle("fr-ofast")+next.BundlePEM())
	fresh, freshAdmin := under(t, n, next, "/gateway"), under(t, n, next, "/admin")
	stopFresh := steady(fresh)
	if err := who(t.Context(), fresh); err != nil {
		t.Errorf("the new authority in the overlap: %v", err)
	}
	if err := stopOld(); err != nil {
		t.Errorf("the old authority in the overlap: %v", err)
	}
	replace(t, freshAdmin, next.BundlePEM())
	if err := who(t.Context(), old); status.Code(err) != codes.Unauthenticated {
		t.Errorf("the old authority after the overlap: %v", err)
	}
	if err := stopFresh(); err != nil {
		t.Errorf("the new authority: %v", err)
	}
	if err := stopBritish(); err != nil {
		t.Errorf("Britain: %v", err)
	}
	if _, err := watch.Recv(); err != nil {
		t.Errorf("Britain's watch: %v", err)
	}
}

// replace gives the agency another bundle.
func replace(t *testing.T, admin *grpc.ClientConn, bundle string) {
	t.Helper()
	client := ententev1.NewAgencyServiceClient(admin)
	now, err := client.GetAgency(t.Context(), &ententev1.GetAgencyRequest{Name: "agencies/fr-ofast"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.UpdateAgency(t.Context(), &ententev1.UpdateAgencyRequest{Name: "agencies/fr-ofast", Etag: now.GetAgency().GetEtag(), BundlePem: bundle})
	if err != nil {
		t.Fatal(err)
	}
}
