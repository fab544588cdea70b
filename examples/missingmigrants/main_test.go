package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// field is a hub with agencies around it, and files as a partner has them.
type field struct {
	*testnet.Net
	dir string
}

func enter(t *testing.T, agencies ...string) *field {
	t.Helper()
	pki, err := testnet.NewPKI(agencies...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := testnet.Start(t.Context(), testnet.Options{PKI: pki, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := n.Enrol(t.Context(), agencies...); err != nil {
		t.Fatal(err)
	}
	f := &field{Net: n, dir: t.TempDir()}
	f.write(t, "hub-ca.pem", []byte(pki.Bundle("")))
	return f
}

func (f *field) write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// args are the command line of an agency's officer, with some flags changed.
func (f *field) args(t *testing.T, agency string, changed map[string]string) []string {
	t.Helper()
	own, err := f.PKI.Certificate(agency, "/officer/4711")
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]string{
		"csv": "testdata/incidents.csv", "endpoint": f.BulkAddress, "hub-ca": filepath.Join(f.dir, "hub-ca.pem"),
		"cert": f.write(t, agency+".pem", certPEM(own)), "key": f.write(t, agency+".key", keyPEM(t, own)),
		"hub-id": "spiffe://" + testnet.OperatorDomain + identity.HubPath, "purpose": "prevention", "case": "MM-1", "to": "all",
	}
	maps.Copy(flags, changed)
	var args []string
	for name, value := range flags {
		args = append(args, "--"+name, value)
	}
	return args
}

func certPEM(c tls.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})
}

func keyPEM(t *testing.T, c tls.Certificate) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// outcomes counts the lines of a report by their outcome.
func outcomes(report string) map[string]int {
	n := map[string]int{}
	for line := range strings.Lines(report) {
		n[strings.Split(line, "\t")[2]]++
	}
	return n
}

// run runs the program and compares what it reports.
func (f *field) run(t *testing.T, agency string, changed map[string]string, want map[string]int) string {
	t.Helper()
	var out, log bytes.Buffer
	if err := run(t.Context(), f.args(t, agency, changed), &out, &log); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &log)
	}
	if got := outcomes(out.String()); !maps.Equal(got, want) {
		t.Fatalf("%v, want %v\n%s", got, want, &out)
	}
	return log.String()
}

// The play: France hands the incidents over to all, a second run adds nothing,
// Britain finds them by route and month, and what was for France alone stays so.
func TestPlay(t *testing.T) {
	f := enter(t, "fr-ofast", "gb-nca")
	f.run(t, "fr-ofast", nil, map[string]int{"accepted": 12, "not sent": 5})
	log := f.run(t, "fr-ofast", map[string]string{"hub-id": "localhost"}, map[string]int{"unchanged": 12, "not sent": 5})
	if !strings.HasPrefix(log, "17 rows: 12 sent, 12 answered (0 accepted, 12 unchanged, 0 refused), 5 not sent in ") {
		t.Errorf("summary %q", log)
	}
	f.run(t, "gb-nca", map[string]string{"to": ""}, map[string]int{"accepted": 12, "not sent": 5})

	central := ententev1.SmugglingRoute_SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN
	if got := f.found(t, "gb-nca", central, 2019, time.March); len(got) != 4 {
		t.Errorf("Britain finds %q", got) // two of France, two of its own
	}
	got := f.found(t, "fr-ofast", central, 2019, time.March)
	if len(got) != 2 || !strings.HasPrefix(got[0], "agencies/fr-ofast/") || !strings.HasPrefix(got[1], "agencies/fr-ofast/") {
		t.Errorf("France finds %q", got)
	}
	if got := f.found(t, "fr-ofast", central, 2019, time.April); len(got) != 0 {
		t.Errorf("in April France finds %q", got)
	}
}

// found are the names of the items on a route in a month, as an agency sees them.
func (f *field) found(t *testing.T, agency string, route ententev1.SmugglingRoute, year int, month time.Month) (names []string) {
	t.Helper()
	conn, err := f.Dial(agency, "/officer/4711")
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	page, err := ententev1.NewIntelligenceServiceClient(conn).QueryIntelligenceItems(t.Context(), &ententev1.QueryIntelligenceItemsRequest{
		Justification: &ententev1.Justification{Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_PREVENTION, Reason: "incidents of the month"},
		Query: &ententev1.IntelligenceItemQuery{
			Routes:   []ententev1.SmugglingRoute{route},
			Observed: &ententev1.Interval{StartTime: timestamppb.New(first), EndTime: timestamppb.New(first.AddDate(0, 1, 0).Add(-time.Second))},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.GetIntelligenceItems() {
		names = append(names, item.GetMetadata().GetName())
	}
	return names
}

// What the hub refuses is answered too: each row says why, the program ends well.
func TestRefusedRows(t *testing.T) {
	f := enter(t, "fr-ofast")
	f.run(t, "fr-ofast", nil, map[string]int{"accepted": 12, "not sent": 5})
	f.run(t, "fr-ofast", map[string]string{"to": ""}, map[string]int{"refused": 12, "not sent": 5})
	var out bytes.Buffer
	if err := run(t.Context(), f.args(t, "fr-ofast", map[string]string{"to": "agencies/xx-nobody"}), &out, &out); err != nil {
		t.Error(err)
	}
	first, _, _ := strings.Cut(out.String()[strings.Index(out.String(), "refused"):], "\n")
	if !strings.Contains(first, "; ") || strings.Contains(first, "xx-nobody") {
		t.Errorf("refusal %q", first)
	}
}

// Whatever keeps rows from being answered is an error, and nothing hangs.
func TestUnanswered(t *testing.T) {
	f := enter(t, "fr-ofast", "gb-nca")
	other, err := testnet.NewPKI()
	if err != nil {
		t.Fatal(err)
	}
	for name, changed := range map[string]map[string]string{
		"no hub there":             {"endpoint": "127.0.0.1:1"},
		"another hub":              {"hub-id": "spiffe://operator.example/other"},
		"another name":             {"hub-id": "hub.elsewhere.example"},
		"an unknown authority":     {"hub-ca": f.write(t, "other.pem", []byte(other.Bundle("")))},
		"an unknown authority too": {"hub-ca": f.write(t, "other.pem", []byte(other.Bundle(""))), "hub-id": "localhost"},
		"no authority":             {"hub-ca": f.write(t, "empty.pem", nil)},
		"no certificate":           {"cert": f.write(t, "none.pem", nil)},
		"no file":                  {"csv": "testdata/none.csv"},
		"another file":             {"csv": f.write(t, "other.csv", []byte("a,b\n1,2\n"))},
		"no purpose":               {"purpose": "curiosity"},
		"no purpose at all":        {"purpose": ""},
		"nobody":                   {"to": "everyone"},
		"no such flag":             {"speed": "9"},
		"no host":                  {"hub-id": "", "endpoint": "localhost"},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), f.args(t, "fr-ofast", changed), &out, &out); err == nil || strings.Contains(out.String(), "accepted\t") {
			t.Errorf("%s: %v\n%s", name, err, &out)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if err := run(gone, f.args(t, "fr-ofast", nil), &out, &out); err == nil {
		t.Errorf("interrupted, and yet all answered\n%s", &out)
	}
}

// The endpoint's host is the hub's name when nothing else is said.
func TestNameFromTheEndpoint(t *testing.T) {
	f := enter(t, "fr-ofast")
	f.run(t, "fr-ofast", map[string]string{"hub-id": ""}, map[string]int{"accepted": 12, "not sent": 5})
}

// A stream that the hub leaves early is an error that says how far it came.
func TestCheck(t *testing.T) {
	good := &ententev1.BulkSubmitIntelligenceItemsSummary{Received: 2}
	if err := check(good, 2, 2); err != nil {
		t.Error(err)
	}
	for _, c := range [][2]int{{1, 2}, {2, 3}, {2, 1}} {
		if err := check(good, c[0], c[1]); err == nil {
			t.Errorf("%v passes", c)
		}
	}
	r := newReport(new(bytes.Buffer))
	r.accepted = 2
	if r.complete(2) != nil || r.complete(3) == nil {
		t.Error("two answers are not two")
	}
	if got := fmt.Sprint(r.complete(3)); !strings.Contains(got, "1 rows are without") {
		t.Error(got)
	}
}
