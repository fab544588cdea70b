package exchange

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func request(id string) *ententev1.RecallIntelligenceItemRequest {
	return &ententev1.RecallIntelligenceItemRequest{
		Justification: &ententev1.Justification{Reason: "r"}, Name: "agencies/fr-ofast/intelligenceItems/x", Etag: "e", RequestId: id,
	}
}

// A retry has the digest of the first request; any other field, and the method, make another.
func TestDigestTellsRetryFromReuse(t *testing.T) {
	sum := func(method string, m proto.Message) string {
		t.Helper()
		d, err := digest(method, m)
		if err != nil {
			t.Fatal(err)
		}
		return string(d)
	}
	first := sum("/m", request("1"))
	if sum("/m", request("2")) != first {
		t.Error("the request_id is part of the digest")
	}
	other := request("1")
	other.Etag = "f"
	if sum("/m", other) == first || sum("/n", request("1")) == first {
		t.Error("another request has the same digest")
	}
}

// Leaving fields out of what is encoded leaves the request as it is.
func TestEncodeWithoutChangesNothing(t *testing.T) {
	req := request("1")
	before := proto.CloneOf(req)
	encoded, err := encodeWithout(req, fieldJustification, fieldRequestID)
	if err != nil || !proto.Equal(req, before) {
		t.Fatalf("%v, %v", err, req)
	}
	want, err := proto.MarshalOptions{Deterministic: true}.Marshal(&ententev1.RecallIntelligenceItemRequest{Name: req.GetName(), Etag: "e"})
	if err != nil || !bytes.Equal(encoded, want) {
		t.Errorf("%x, not %x", encoded, want)
	}
}
