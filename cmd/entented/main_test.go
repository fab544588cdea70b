package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
)

// entented runs the command line and returns what it wrote.
func entented(ctx context.Context, args ...string) (stdout string, err error) {
	var out, talk bytes.Buffer
	c := root()
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&talk)
	err = c.ExecuteContext(ctx)
	return out.String(), err
}

// freeAddresses are three that nobody listens on. Those that the system gives away, to listeners and to callers, may be taken again before they are used: these
// are below them.
func freeAddresses(t *testing.T) (list [3]string) {
	t.Helper()
	port, found := 20_000+os.Getpid()%5_000, 0
	for ; found < len(list) && port < 32_768; port++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		list[found] = l.Addr().String()
		found++
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if found < len(list) {
		t.Fatal("no address is free")
	}
	return list
}

// initialised is a hub's configuration file.
func initialised(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "hub")
	free := freeAddresses(t)
	out, err := entented(t.Context(), "init", "--dir", dir, "--main", free[0], "--bulk", free[1], "--admin", free[2])
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "hub.yaml")
	for _, want := range []string{"entented serve --config " + file, "entente context add operator --endpoint 127.0.0.1:", "operator-ca.key"} {
		if !strings.Contains(out, want) {
			t.Errorf("init does not say %q:\n%s", want, out)
		}
	}
	return file
}

func TestInitServeStatusStop(t *testing.T) {
	file := initialised(t)
	if _, err := entented(t.Context(), "status", "--config", file); codeOf(err) != exitUnreachable {
		t.Errorf("before the start: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := entented(ctx, "serve", "--config", file)
		done <- err
	}()
	text := awaitServing(t, file, done)
	var s daemon.Status
	if err := json.Unmarshal([]byte(text), &s); err != nil || s.State != daemon.StateServing || s.Hub != "localhost" {
		t.Errorf("%v: %s", err, text)
	}
	out, err := entented(t.Context(), "status", "--config", file)
	if err != nil || !strings.Contains(out, "serving") || !strings.Contains(out, "certificate until") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := entented(t.Context(), "db", "sizes", "--config", file); err == nil || !strings.Contains(err.Error(), "stop the hub") {
		t.Errorf("sizes of a hub that runs: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if out, err := entented(t.Context(), "db", "sizes", "--config", file); err != nil || !strings.Contains(out, "a record") || !strings.Contains(out, "journal") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := entented(t.Context(), "time", "confirm", "--config", file); err != nil {
		t.Error(err)
	}
}

// awaitServing asks until the hub serves.
func awaitServing(t *testing.T, file string, done <-chan error) string {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		out, err := entented(t.Context(), "status", "--config", file, "-o", "json")
		if err == nil {
			return out
		}
		select {
		case err := <-done:
			t.Fatalf("the hub ended: %v", err)
		case <-deadline:
			t.Fatalf("the hub does not serve: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func codeOf(err error) int {
	var e exit
	if errors.As(err, &e) {
		return e.code
	}
	return -1
}

// What init prints can be used from this machine, whatever the hub listens on.
func TestInitNamesAnAddressOfItsCertificate(t *testing.T) {
	for main, want := range map[string]string{
		"0.0.0.0:7443": "--endpoint 127.0.0.1:7443 ", "[::]:7443": "--endpoint 127.0.0.1:7443 ", ":7443": "--endpoint 127.0.0.1:7443 ",
		"hub.example:7443": "--endpoint hub.example:7443 ", "10.1.2.3:7443": "--endpoint 10.1.2.3:7443 ",
	} {
		out, err := entented(t.Context(), "init", "--dir", filepath.Join(t.TempDir(), "hub"), "--hub", "hub.example", "--main", main)
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v\n%s", main, err, out)
		}
	}
	out, err := entented(t.Context(), "init", "--dir", filepath.Join(t.TempDir(), "hub"), "--hub", "hub.example", "--ip", "10.1.2.3", "--main", ":7443")
	if err != nil || !strings.Contains(out, "--endpoint hub.example:7443 ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A refused init leaves nothing behind.
func TestInitRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hub")
	if _, err := entented(t.Context(), "init", "--dir", dir, "--main", "nonsense"); err == nil {
		t.Error("a hub that listens on nonsense")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder is left: %v", err)
	}
}

func TestCertificates(t *testing.T) {
	file := initialised(t)
	for _, row := range []struct{ want, args string }{
		{"/hub until", "hub"}, {"/operator until", "operator"}, {"/operator/desk-2 until", "operator desk-2 --ttl 12h"},
	} {
		out, err := entented(t.Context(), append([]string{"certificate"}, append(strings.Fields(row.args), "--config", file)...)...)
		if err != nil || !strings.Contains(out, row.want) {
			t.Errorf("%s: %v, %s", row.args, err, out)
		}
	}
	if _, err := entented(t.Context(), "certificate", "hub", "--config", file, "--authority-key", file+".absent"); err == nil || !strings.Contains(err.Error(), "--authority-key") {
		t.Errorf("without the authority's key: %v", err)
	}
}

// A hub that was renamed in its configuration is told that its certificate was not.
func TestTheHubsNameIsThatOfItsCertificate(t *testing.T) {
	file := initialised(t)
	c, err := config.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := named(c); err != nil {
		t.Error(err)
	}
	c.Hub = "renamed.example"
	if err := named(c); err == nil || !strings.Contains(err.Error(), "renamed.example") {
		t.Errorf("got %v", err)
	}
	if c.Certificate = file; named(c) != nil {
		t.Error("what is no certificate is told twice")
	}
}

func TestExitCodesOfStates(t *testing.T) {
	for state, want := range map[string]int{
		daemon.StateStarting: exitNotServing, daemon.StateStopping: exitNotServing, daemon.StateFull: exitFull,
	} {
		if got := codeOf(exitOf(daemon.Status{State: state})); got != want {
			t.Errorf("%s: %d", state, got)
		}
	}
	if err := exitOf(daemon.Status{State: daemon.StateServing}); err != nil {
		t.Error(err)
	}
}

func TestTheTableWarnsOfACertificateThatEnds(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	s := daemon.Status{State: "full", Problem: "no room", Time: now, CertificateExpireTime: now.Add(72 * time.Hour)}
	if err := show(&out, "table", s); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "(3 days left: replace it)") || !strings.Contains(out.String(), "no room") {
		t.Errorf("table\n%s", &out)
	}
	if err := show(&out, "xml", s); codeOf(err) != 2 {
		t.Errorf("got %v", err)
	}
}

func TestMistakesOnTheCommandLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hub.yaml")
	if err := os.WriteFile(file, []byte("hub: hub.example\nlimit: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ line, want string }{
		{"serve --config " + file, "line 2: there is no key limit"},
		{"serve --config " + file + ".absent", "no such file"},
		{"status --config " + file, "line 2"},
		{"time confirm --config " + file, "line 2"},
		{"init --dir " + filepath.Dir(file), "not empty"},
		{"init --dir " + filepath.Join(t.TempDir(), "x") + " --hub 10.0.0.1", "DNS name"},
		{"version -o xml", "text or json"},
		{"fly", "unknown command"},
		{"time fly", "unknown command"},
		{"serve now", "unknown command"},
	} {
		_, err := entented(t.Context(), strings.Fields(row.line)...)
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.line, err, row.want)
		}
	}
}

func TestVersion(t *testing.T) {
	out, err := entented(t.Context(), "version", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	var b build
	if err := json.Unmarshal([]byte(out), &b); err != nil || b.APIRevision == 0 || b.DataFormat == 0 || !strings.HasPrefix(b.Go, "go") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err = entented(t.Context(), "version"); err != nil || !strings.HasPrefix(out, "entented ") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestReport(t *testing.T) {
	for _, row := range []struct {
		err  error
		want int
	}{{nil, 0}, {errors.New("x"), 1}, {exit{code: 3}, 3}, {errors.Join(exit{4, "y"}), 4}} {
		if got := report(row.err); got != row.want {
			t.Errorf("%v: %d", row.err, got)
		}
	}
}

func TestDemoOnceKeepsItsFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	out, err := entented(t.Context(), "demo", "--once", "--dir", dir)
	if err != nil || !strings.Contains(out, "Every step held.") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "agencies", "gb-crime", "gateway.crt")); err != nil {
		t.Error(err)
	}
	if _, err := entented(t.Context(), "demo", "--once", "--dir", dir); err == nil {
		t.Error("a second demo was built over the first")
	}
}

// A demo that stays up says what to try, and ends when it is told to.
func TestDemoStaysUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := &interrupter{on: "Ctrl-C", done: cancel}
	c := root()
	c.SetArgs([]string{"demo", "--dir", filepath.Join(t.TempDir(), "demo")})
	c.SetOut(out)
	if err := c.ExecuteContext(ctx); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.text.String(), "grpcurl -cacert ") {
		t.Errorf("it says\n%s", &out.text)
	}
}

// interrupter interrupts when a text has been written.
type interrupter struct {
	text bytes.Buffer
	on   string
	done func()
}

func (s *interrupter) Write(p []byte) (int, error) {
	s.text.Write(p)
	if strings.Contains(s.text.String(), s.on) {
		s.done()
	}
	return len(p), nil
}
