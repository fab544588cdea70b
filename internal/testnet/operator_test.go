package testnet_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
)

// A certificate of the operator that was lost is refused at once, by another one's word alone, and for good.
func TestOperatorRevokesItsOwn(t *testing.T) {
	n := newNet(t, nil)
	lost, other := dial(t, n, "", "/operator"), dial(t, n, "", "/deputy")
	pair, err := n.PKI.Certificate("", "/operator")
	if err != nil {
		t.Fatal(err)
	}
	revoke := func(conn *ententev1.RevokeCertificateRequest, by ententev1.AgencyServiceClient) codes.Code {
		_, err := by.RevokeCertificate(t.Context(), conn)
		return status.Code(err)
	}
	serial := &ententev1.RevokeCertificateRequest{Name: "operator", Reason: "lost", Selector: &ententev1.RevokeCertificateRequest_Serial{Serial: identity.Serial(pair.Leaf)}}
	all := &ententev1.RevokeCertificateRequest{Name: "operator", Reason: "all", Selector: &ententev1.RevokeCertificateRequest_PathPrefix{PathPrefix: "/"}}
	agencies, operator, deputy := ententev1.NewAgencyServiceClient(dial(t, n, "fr-ofast", "/admin")), ententev1.NewAgencyServiceClient(lost), ententev1.NewAgencyServiceClient(other)
	if code := revoke(serial, agencies); code != codes.PermissionDenied {
		t.Errorf("an agency's administrator: %v", code)
	}
	if code := revoke(serial, operator); code != codes.FailedPrecondition {
		t.Errorf("the very certificate: %v", code)
	}
	if code := revoke(all, deputy); code != codes.FailedPrecondition {
		t.Errorf("everybody: %v", code)
	}
	if code := revoke(serial, deputy); code != codes.OK {
		t.Fatalf("another one: %v", code)
	}
	if err := who(t.Context(), lost); status.Code(err) != codes.Unauthenticated {
		t.Errorf("the lost one: %v", err)
	}
	if err := who(t.Context(), other); err != nil {
		t.Errorf("the other one: %v", err)
	}
	if err := who(t.Context(), dial(t, n, "", "/operator")); status.Code(err) == codes.OK {
		t.Error("the lost one, on a new connection")
	}
}
