package daemon

import (
	"os"
	"path/filepath"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// partner enrols an agency and returns a certificate of its.
func (w *world) partner(d *Daemon) setup.Pair {
	w.t.Helper()
	ca, err := identity.NewAuthority("police.example", identity.AuthorityOptions{Clock: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	credential, err := ca.Issue("/gateway", identity.IssueOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.layout.Pair("partner")
	if err := os.MkdirAll(filepath.Dir(p.Cert), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := credential.Save(p.Cert, p.Key); err != nil {
		w.t.Fatal(err)
	}
	conn, err := grpc.NewClient(d.Addresses().Main, grpc.WithTransportCredentials(credentials.NewTLS(clientTLS(w.t, w, w.layout.Operator()))))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	_, err = ententev1.NewAgencyServiceClient(conn).EnrolAgency(w.t.Context(), &ententev1.EnrolAgencyRequest{
		AgencyId: "xx-police", Draft: &ententev1.AgencyDraft{DisplayName: "Police", RegionCode: "FR", TrustDomain: "police.example", BundlePem: ca.BundlePEM()},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}
