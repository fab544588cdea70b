package testnet_test

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/view"
)

// unlimited are limits that nobody meets, however fast the machine.
func unlimited() *rpc.Limits {
	l := rpc.DefaultLimits()
	many := rpc.Rate{PerSecond: 1e9, Burst: 1e9}
	l.Budgets = rpc.Rates{Reads: many, Writes: many, Rows: many, Reserved: many}
	return &l
}

// benchNet is a net with two agencies.
func benchNet(b *testing.B) *testnet.Net {
	b.Helper()
	pki, err := testnet.NewPKI("fr-ofast", "gb-nca")
	if err != nil {
		b.Fatal(err)
	}
	n, err := testnet.Start(b.Context(), testnet.Options{PKI: pki, Dir: b.TempDir(), Limits: unlimited(), FlushRecords: view.FlushRecords})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := n.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := n.Enrol(b.Context(), "fr-ofast", "gb-nca"); err != nil {
		b.Fatal(err)
	}
	return n
}

// crowd makes b.N calls from 64 callers.
func crowd(b *testing.B, call func(context.Context) error) {
	b.Helper()
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := call(b.Context()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	callers.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkEdge is a call that does almost nothing behind the edge, beside a bare
// gRPC server that does nothing at all over the same TLS.
func BenchmarkEdge(b *testing.B) {
	n := benchNet(b)
	conn, err := n.Dial("gb-nca", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("hub", func(b *testing.B) {
		client := ententev1.NewAgencyServiceClient(conn)
		crowd(b, func(ctx context.Context) error {
			_, err := client.GetAgency(ctx, &ententev1.GetAgencyRequest{Name: "agencies/fr-ofast"})
			return err
		})
	})
	b.Run("bare", func(b *testing.B) {
		client := ententev1.NewAgencyServiceClient(bare(b, n))
		crowd(b, func(ctx context.Context) error {
			_, err := client.GetAgency(ctx, &ententev1.GetAgencyRequest{Name: "agencies/fr-ofast"})
			return err
		})
	})
}

type echo struct {
	ententev1.UnimplementedAgencyServiceServer
	answer *ententev1.GetAgencyResponse
}

func (e echo) GetAgency(context.Context, *ententev1.GetAgencyRequest) (*ententev1.GetAgencyResponse, error) {
	return e.answer, nil
}

// bare is a connection to gRPC alone, which answers what the hub would.
func bare(b *testing.B, n *testnet.Net) *grpc.ClientConn {
	b.Helper()
	hub, err := n.Dial("gb-nca", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	answer, err := ententev1.NewAgencyServiceClient(hub).GetAgency(b.Context(), &ententev1.GetAgencyRequest{Name: "agencies/fr-ofast"})
	if err != nil {
		b.Fatal(err)
	}
	own, err := n.PKI.Certificate("gb-nca", "/echo")
	if err != nil {
		b.Fatal(err)
	}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert})))
	ententev1.RegisterAgencyServiceServer(server, echo{answer: answer})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	b.Cleanup(server.Stop)
	// The echo proves nothing about identity, so nobody checks its certificate.
	config := &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}
	conn, err := grpc.NewClient("passthrough:///"+l.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return conn
}

// BenchmarkBulk is rows a second through everything, on one stream.
func BenchmarkBulk(b *testing.B) {
	n := benchNet(b)
	conn, err := n.DialBulk("fr-ofast", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	stream, err := ententev1.NewIntelligenceServiceClient(conn).BulkSubmitIntelligenceItems(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	err = stream.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
		Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why()},
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	go func() {
		for i := range b.N {
			d := draft("row "+strconv.Itoa(i), "gb-nca")
			m := &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: d}}}
			if stream.Send(m) != nil {
				return // the reader learns why
			}
		}
		_ = stream.CloseSend()
	}()
	for range b.N {
		m, err := stream.Recv()
		if err != nil || m.GetResult().GetReceipt() == nil {
			b.Fatalf("%v, %v", m, err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
