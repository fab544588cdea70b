package testnet_test

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// A net comes up, agencies are enrolled through its API, and each is who its certificate says.
func TestNet(t *testing.T) {
	pki, err := testnet.NewPKI("fr-ofast", "gb-nca")
	if err != nil {
		t.Fatal(err)
	}
	n, err := testnet.Start(t.Context(), testnet.Options{PKI: pki, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := n.Enrol(t.Context(), "fr-ofast", "gb-nca"); err != nil {
		t.Fatal(err)
	}
	conn, err := n.Dial("gb-nca", "/desk/1")
	if err != nil {
		t.Fatal(err)
	}
	me, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(t.Context(), &ententev1.WhoAmIRequest{})
	if err != nil || me.GetAgency() != "agencies/gb-nca" || me.GetUnit() != "agencies/gb-nca/units/desk" || len(me.GetInboxes()) != 2 {
		t.Errorf("%v, %v", me, err)
	}
}
