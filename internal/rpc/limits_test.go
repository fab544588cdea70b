package rpc

import (
	"crypto/tls"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// No limit may be left out: each one set to zero is refused.
func TestLimitsCheck(t *testing.T) {
	if err := DefaultLimits().Check(); err != nil {
		t.Fatal(err)
	}
	var zero func(v reflect.Value, path string)
	l := DefaultLimits()
	zero = func(v reflect.Value, path string) {
		for i := range v.NumField() {
			f, name := v.Field(i), path+"."+v.Type().Field(i).Name
			if f.Kind() == reflect.Struct {
				zero(f, name)
				continue
			}
			old := reflect.ValueOf(f.Interface())
			f.SetZero()
			if l.Check() == nil {
				t.Errorf("%s may be zero", name)
			}
			f.Set(old)
		}
	}
	zero(reflect.ValueOf(&l).Elem(), "Limits")
	w := newWorld(t, setup{})
	for name, spoil := range map[string]func(*Limits){
		"max deadline":   func(l *Limits) { l.MaxDeadline = l.Deadline - 1 },
		"a row":          func(l *Limits) { l.BulkBytes = l.MessageBytes - 1 },
		"a row's memory": func(l *Limits) { l.BulkMemory = l.MessageBytes },
		"windows":        func(l *Limits) { l.Main.ConnectionWindow = l.Main.StreamWindow - 1 },
	} {
		l := DefaultLimits()
		spoil(&l)
		if l.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
		if _, err := build(Config{Verifier: w.verifier, Certificate: noCertificate, Limits: l}, agreeable()); err == nil {
			t.Errorf("%s: the server starts", name)
		}
	}
}

// Budgets refill by time, apart for each agency and class, and hold what they
// promise in a crowd.
func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rates := DefaultLimits().Budgets
		rates.Reads = Rate{PerSecond: 10, Burst: 20}
		b := must(NewBudgets(rates))(t)
		read, write := ententev1.CallClass_CALL_CLASS_READ, ententev1.CallClass_CALL_CLASS_WRITE
		taken := func(a intel.AgencyID) (n int) {
			var mu sync.Mutex
			var crowd sync.WaitGroup
			for range 50 {
				crowd.Go(func() {
					if _, ok := b.take(a, read); ok {
						mu.Lock()
						n++
						mu.Unlock()
					}
				})
			}
			crowd.Wait()
			return n
		}
		if n := taken("fr-police"); n != 20 {
			t.Errorf("%d of a burst of 20", n)
		}
		wait, ok := b.take("fr-police", read)
		if ok || wait != 100*time.Millisecond {
			t.Errorf("%v, %v", wait, ok)
		}
		if _, ok := b.take("fr-police", write); !ok {
			t.Error("reads used up the writes")
		}
		if n := taken("it-police"); n != 20 {
			t.Errorf("another agency's load left %d", n)
		}
		time.Sleep(wait)
		if _, ok := b.take("fr-police", read); !ok {
			t.Error("the wait was too short")
		}
		time.Sleep(time.Hour)
		if n := taken("fr-police"); n != 20 {
			t.Errorf("an hour later: %d", n)
		}
		left := b.Remaining("fr-police")
		if len(left) != 4 || left[0].GetSubject() != "reads" || left[0].GetRemaining() != 0 || left[0].GetBurst() != 20 || left[1].GetRemaining() != 2000 {
			t.Errorf("%v", left)
		}
	})
	if _, err := NewBudgets(Rates{}); err == nil {
		t.Error("budgets of nothing")
	}
}

// Who is over its budget is told whose budget, and how long to wait; what it
// suspends and revokes with is another one.
func TestOverBudget(t *testing.T) {
	w := newWorld(t, setup{bound: agreeable(), limits: func(l *Limits) { l.Budgets.Reads = Rate{PerSecond: 0.5, Burst: 1} }})
	conn := w.dial("fr.example", "/gateway")
	if err := askUnary(conn, probe{}); err != nil {
		t.Fatal(err)
	}
	err := askUnary(conn, probe{})
	if status.Code(err) != codes.ResourceExhausted || reason(err) != "RATE_EXCEEDED" {
		t.Fatal(err)
	}
	var retry *errdetails.RetryInfo
	var quota *errdetails.QuotaFailure
	for _, d := range status.Convert(err).Details() {
		switch d := d.(type) {
		case *errdetails.RetryInfo:
			retry = d
		case *errdetails.QuotaFailure:
			quota = d
		}
	}
	if wait := retry.GetRetryDelay().AsDuration(); wait <= 0 || wait > 2*time.Second {
		t.Errorf("the wait is %v", wait)
	}
	if len(quota.GetViolations()) != 1 || quota.GetViolations()[0].GetSubject() != "agency.reads" {
		t.Errorf("%v", quota)
	}
	admin := ententev1.NewAgencyServiceClient(w.dial("fr.example", "/admin"))
	if _, err := admin.RevokeCertificate(w.ctx(), new(ententev1.RevokeCertificateRequest)); err != nil {
		t.Errorf("revoking: %v", err)
	}
	if err := askUnary(w.dial("it.example", "/gateway"), probe{}); err != nil {
		t.Errorf("another agency: %v", err)
	}
}

// A message that is too large, as it is or once unpacked, is refused by size; a
// bomb costs no more than the limit.
func TestMessageSize(t *testing.T) {
	w := newWorld(t, setup{})
	client := ententev1.NewIntelligenceServiceClient(w.dial("fr.example", "/gateway"))
	request := getRequest()
	for _, size := range []int{DefaultLimits().MessageBytes + 1, 64 << 20} {
		request.Justification.Reason = strings.Repeat("r", size)
		for _, packed := range []bool{false, true} {
			if _, err := client.GetIntelligenceItem(w.ctx(), request, compressed(packed)...); status.Code(err) != codes.ResourceExhausted {
				t.Errorf("%d bytes, packed %v: %v", size, packed, err)
			}
		}
	}
	request.Justification.Reason = strings.Repeat("r", 100<<10)
	if _, err := client.GetIntelligenceItem(w.ctx(), request, compressed(true)...); status.Code(err) != codes.InvalidArgument {
		t.Errorf("a packed message that is small enough: %v", err)
	}
}

// A process with one of gRPC's experiments on does not become a hub.
func TestExperimentsAreRefused(t *testing.T) {
	w := newWorld(t, setup{})
	t.Setenv("GRPC_GO_EXPERIMENTAL_ANYTHING", "true")
	if _, err := build(Config{Verifier: w.verifier, Certificate: noCertificate, Limits: DefaultLimits()}, agreeable()); err == nil || !strings.Contains(err.Error(), "ANYTHING") {
		t.Error(err)
	}
}

// What WhoAmI tells of limits is what is enforced.
func TestLimitsOnTheWire(t *testing.T) {
	l := DefaultLimits()
	got := l.Wire()
	if got.GetMaxMessageBytes() != 1<<20 || got.GetMaxConnections() != 8 || got.GetMaxStreams() != 200 || got.GetMaxPageSize() != 200 || got.GetMaxContentBytes() != 256<<10 {
		t.Error(got)
	}
}

func noCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errLost }

// A server lacks nothing that it needs.
func TestNewRefuses(t *testing.T) {
	w := newWorld(t, setup{})
	for name, c := range map[string]Config{
		"no hub":         {Verifier: w.verifier, Certificate: noCertificate, Limits: DefaultLimits()},
		"no verifier":    {Hub: &hubStub{}, Certificate: noCertificate, Limits: DefaultLimits()},
		"no certificate": {Hub: &hubStub{}, Verifier: w.verifier, Limits: DefaultLimits()},
		"no limits":      {Hub: &hubStub{}, Verifier: w.verifier, Certificate: noCertificate},
		"metrics twice":  {Hub: &hubStub{}, Verifier: w.verifier, Certificate: noCertificate, Limits: DefaultLimits(), Registry: w.registry},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: the server was made", name)
		}
	}
	s := must(New(Config{Hub: &hubStub{}, Verifier: w.verifier, Certificate: noCertificate, Limits: DefaultLimits()}))(t)
	s.Stop(t.Context()) // one that never served
}
