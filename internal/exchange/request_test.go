package exchange

import (
	"bytes"
	"slices"
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

// A content counts as it was handed over: by its bytes where there are some, wherever it stands, and the request stays as it is.
func TestDigestTakesAContentOnce(t *testing.T) {
	plain := &ententev1.IntelligenceContent{Title: "t"}
	draft := func(plain *ententev1.IntelligenceContent, accepted []byte) *ententev1.IntelligenceItemDraft {
		d := &ententev1.IntelligenceItemDraft{PlainBytes: accepted, OriginatorReference: "o"}
		if plain != nil {
			d.Content = &ententev1.IntelligenceItemDraft_Plain{Plain: plain}
		}
		return d
	}
	requests := []proto.Message{
		&ententev1.SubmitIntelligenceItemRequest{Draft: draft(plain, []byte("bytes"))},
		&ententev1.SubmitIntelligenceItemRequest{Draft: draft(nil, []byte("bytes"))},
		&ententev1.SubmitIntelligenceItemRequest{Draft: draft(plain, []byte("other"))},
		&ententev1.SubmitIntelligenceItemRequest{Draft: draft(plain, nil)},
		&ententev1.SubmitIntelligenceItemRequest{Draft: draft(nil, nil)},
		&ententev1.ReviseIntelligenceItemRequest{Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: plain}, PlainBytes: []byte("bytes")},
		&ententev1.ReviseIntelligenceItemRequest{PlainBytes: []byte("bytes")},
	}
	first := []int{0, 0, 2, 3, 4, 5, 5} // that has the same digest
	var sums []string
	for i, m := range requests {
		before := proto.CloneOf(m)
		sum, err := digest("/m", m)
		if err != nil || !proto.Equal(m, before) {
			t.Fatalf("%v, %v", err, m)
		}
		sums = append(sums, string(sum))
		if at := slices.Index(sums, string(sum)); at != first[i] {
			t.Errorf("request %d has the digest of %d, not of %d", i, at, first[i])
		}
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
