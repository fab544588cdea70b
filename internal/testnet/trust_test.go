package testnet_test

import (
	"context"
	"io"
	"strconv"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// net is a net with France, Britain and Japan enrolled.
func newNet(t *testing.T, change func(*testnet.Options)) *testnet.Net {
	t.Helper()
	ids := []string{"fr-ofast", "gb-nca", "jp-npa"}
	pki, err := testnet.NewPKI(ids...)
	if err != nil {
		t.Fatal(err)
	}
	o := testnet.Options{PKI: pki, Dir: t.TempDir()}
	if change != nil {
		change(&o)
	}
	n, err := testnet.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := n.Enrol(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	return n
}

func dial(t *testing.T, n *testnet.Net, id, path string) *grpc.ClientConn {
	t.Helper()
	conn, err := n.Dial(id, path)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func why() *ententev1.Justification {
	return &ententev1.Justification{Officer: "4711", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, CaseReference: "C-1"}
}

func who(ctx context.Context, conn *grpc.ClientConn) error {
	_, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(ctx, new(ententev1.WhoAmIRequest))
	return err
}

// watching opens a watch and waits until it has caught up with its first event,
// the agency's own enrolment.
func watching(t *testing.T, conn *grpc.ClientConn) grpc.ServerStreamingClient[ententev1.WatchInboxResponse] {
	t.Helper()
	stream, err := ententev1.NewInboxServiceClient(conn).WatchInbox(t.Context(), &ententev1.WatchInboxRequest{Justification: why()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	return stream
}

// ended reads a stream until it ends, and says when and how.
func ended(stream grpc.ServerStreamingClient[ententev1.WatchInboxResponse]) (time.Time, error) {
	for {
		if _, err := stream.Recv(); err != nil {
			return time.Now(), err
		}
	}
}

// ways are the ways in which the API takes trust away, and gives it back.
func ways() map[string]struct {
	take, give func(context.Context, ententev1.AgencyServiceClient) error
} {
	suspend := func(ctx context.Context, c ententev1.AgencyServiceClient) error {
		_, err := c.SuspendAgency(ctx, &ententev1.SuspendAgencyRequest{Name: "agencies/fr-ofast", Reason: "test"})
		return err
	}
	reinstate := func(ctx context.Context, c ententev1.AgencyServiceClient) error {
		_, err := c.ReinstateAgency(ctx, &ententev1.ReinstateAgencyRequest{Name: "agencies/fr-ofast", Reason: "test"})
		return err
	}
	revoke := func(ctx context.Context, c ententev1.AgencyServiceClient) error {
		_, err := c.RevokeCertificate(ctx, &ententev1.RevokeCertificateRequest{
			Name: "agencies/fr-ofast", Reason: "test", Selector: &ententev1.RevokeCertificateRequest_PathPrefix{PathPrefix: "/gateway"},
		})
		return err
	}
	expel := func(ctx context.Context, c ententev1.AgencyServiceClient) error {
		_, err := c.ExpelAgency(ctx, &ententev1.ExpelAgencyRequest{Name: "agencies/fr-ofast", Reason: "test"})
		return err
	}
	return map[string]struct {
		take, give func(context.Context, ententev1.AgencyServiceClient) error
	}{
		"suspended": {suspend, reinstate}, "revoked": {revoke, nil}, "expelled": {expel, nil},
	}
}

// Trust that is taken away through the API is gone on every way in, within a
// second of the operator's call, and for nobody else. The idle watch gets no event
// that could have woken it; the busy one is in the middle of its inbox.
func TestTrustTakenAway(t *testing.T) {
	for name, way := range ways() {
		t.Run(name, func(t *testing.T) {
			n := newNet(t, nil)
			operator := ententev1.NewAgencyServiceClient(dial(t, n, "", "/operator"))
			gateway := dial(t, n, "fr-ofast", "/gateway")
			british := dial(t, n, "gb-nca", "/gateway")
			idle := watching(t, gateway)
			if err := who(t.Context(), british); err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if err := way.take(t.Context(), operator); err != nil {
				t.Fatal(err)
			}
			if err := who(t.Context(), gateway); status.Code(err) != codes.Unauthenticated {
				t.Errorf("the next call: %v", err)
			}
			at, err := ended(idle)
			if status.Code(err) != codes.Unauthenticated {
				t.Errorf("the idle watch: %v", err)
			}
			if took := at.Sub(begun); took > time.Second {
				t.Errorf("the idle watch lived %v longer", took)
			}
			if err := handshake(t, n, "fr-ofast"); err == nil {
				t.Error("a new handshake is accepted")
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("it took %v", took)
			}
			if err := who(t.Context(), british); err != nil {
				t.Errorf("Britain: %v", err)
			}
			if way.give == nil {
				return
			}
			if err := way.give(t.Context(), operator); err != nil {
				t.Fatal(err)
			}
			if err := who(t.Context(), gateway); err != nil {
				t.Errorf("given back: %v", err)
			}
		})
	}
}

// handshake makes a connection of its own and uses it.
func handshake(t *testing.T, n *testnet.Net, id string) error {
	t.Helper()
	conn, err := n.DialBulk(id, "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	conn.Connect()
	for s := conn.GetState(); s != connectivity.Ready; s = conn.GetState() {
		if s == connectivity.TransientFailure {
			return io.ErrUnexpectedEOF
		}
		if !conn.WaitForStateChange(t.Context(), s) {
			return t.Context().Err()
		}
	}
	return nil
}

// A certificate that its own administrator revokes goes by serial number, and only
// that one.
func TestAdministratorRevokesOne(t *testing.T) {
	n := newNet(t, nil)
	one, other := dial(t, n, "fr-ofast", "/gateway"), dial(t, n, "fr-ofast", "/desk/1")
	pair, err := n.PKI.Certificate("fr-ofast", "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	stream := watching(t, one)
	admin := ententev1.NewAgencyServiceClient(dial(t, n, "fr-ofast", "/admin"))
	_, err = admin.RevokeCertificate(t.Context(), &ententev1.RevokeCertificateRequest{
		Name: "agencies/fr-ofast", Reason: "stolen", Selector: &ententev1.RevokeCertificateRequest_Serial{Serial: identity.Serial(pair.Leaf)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ended(stream); status.Code(err) != codes.Unauthenticated {
		t.Error(err)
	}
	if err := who(t.Context(), one); status.Code(err) != codes.Unauthenticated {
		t.Error(err)
	}
	if err := who(t.Context(), other); err != nil {
		t.Errorf("another certificate of the agency: %v", err)
	}
}

// Forty suspensions of a busy stream, the worst counted.
func TestTrustTakenFromBusyWatch(t *testing.T) {
	n := newNet(t, func(o *testnet.Options) { o.Limits = unlimited() })
	operator := ententev1.NewAgencyServiceClient(dial(t, n, "", "/operator"))
	gateway, british := dial(t, n, "fr-ofast", "/gateway"), dial(t, n, "gb-nca", "/gateway")
	ctx, cancel := context.WithCancel(t.Context())
	submitted := make(chan error, 1)
	go func() { submitted <- keepSubmitting(ctx, british) }()
	worst := time.Duration(0)
	for round := range 40 {
		stream := watching(t, gateway)
		begun := time.Now()
		if _, err := operator.SuspendAgency(t.Context(), &ententev1.SuspendAgencyRequest{Name: "agencies/fr-ofast", Reason: "test"}); err != nil {
			t.Fatal(err)
		}
		at, err := ended(stream)
		if status.Code(err) != codes.Unauthenticated {
			t.Fatalf("round %d: %v", round, err)
		}
		worst = max(worst, at.Sub(begun))
		if _, err := operator.ReinstateAgency(t.Context(), &ententev1.ReinstateAgencyRequest{Name: "agencies/fr-ofast", Reason: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-submitted; err != nil {
		t.Errorf("Britain: %v", err)
	}
	t.Logf("worst of 40: %v", worst)
	if worst > time.Second {
		t.Errorf("the worst took %v", worst)
	}
}

// keepSubmitting submits items for France until ctx ends.
func keepSubmitting(ctx context.Context, conn *grpc.ClientConn) error {
	client := ententev1.NewIntelligenceServiceClient(conn)
	for i := 0; ctx.Err() == nil; i++ {
		_, err := client.SubmitIntelligenceItem(context.WithoutCancel(ctx), &ententev1.SubmitIntelligenceItemRequest{
			Justification: why(), Draft: draft("busy "+strconv.Itoa(i), "fr-ofast"),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// draft is an item for some agencies.
func draft(title string, readers ...string) *ententev1.IntelligenceItemDraft {
	release := &ententev1.Release{
		Audience: new(ententev1.Audience), Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
	for _, id := range readers {
		release.Audience.Agencies = append(release.Audience.Agencies, "agencies/"+id)
	}
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
			Title: title, Narrative: "A black inflatable was bought in Lille.", LanguageCode: "en",
			Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
				Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
				Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
			}}},
			CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
		}},
		Release: release,
	}
}
