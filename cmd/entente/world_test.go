package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crypto/x509"

	"github.com/seed-1d76a664/entente/internal/testnet"
)

// world is a hub with two agencies, and a client with a context for each.
type world struct {
	t   *testing.T
	net *testnet.Net
	dir string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t)
}

// newWorldWith is newWorld with more agencies, each with a context of its country's name.
func newWorldWith(t *testing.T, more ...string) *world {
	t.Helper()
	agencies := append([]string{"fr-ofast", "gb-nca"}, more...)
	pki, err := testnet.NewPKI(agencies...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := testnet.Start(t.Context(), testnet.Options{PKI: pki, Dir: filepath.Join(t.TempDir(), "hub")})
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
	w := &world{t: t, net: n, dir: t.TempDir()}
	w.write("hub-ca.pem", []byte(pki.OperatorBundle()))
	people := []struct{ context, agency, path string }{
		{"fr", "fr-ofast", "/gateway"}, {"gb", "gb-nca", "/gateway"}, {"boss", "gb-nca", "/supervisor"}, {"admin", "fr-ofast", "/admin"}, {"op", "", "/operator"},
	}
	for _, id := range more {
		people = append(people, struct{ context, agency, path string }{id[:2], id, "/gateway"})
	}
	for _, who := range people {
		w.certificate(pki, who.context, who.agency, who.path)
		w.ok("context", "add", who.context, "--endpoint", n.Address, "--bulk-endpoint", n.BulkAddress, "--server-name", "localhost", "--hub-ca", w.file("hub-ca.pem"),
			"--cert", w.file(who.context+".pem"), "--key", w.file(who.context+".key"), "--purpose", "investigation", "--case", "C-7")
	}
	return w
}

// certificate writes an agency's certificate and key.
func (w *world) certificate(pki *testnet.PKI, name, agency, path string) {
	w.t.Helper()
	own, err := pki.Certificate(agency, path)
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		w.t.Fatal(err)
	}
	var certs []byte
	for _, c := range own.Certificate {
		certs = append(certs, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
	}
	w.write(name+".pem", certs)
	w.write(name+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
}

func (w *world) file(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name string, text []byte) string {
	w.t.Helper()
	if err := os.WriteFile(w.file(name), text, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.file(name)
}

// run runs the program.
func (w *world) run(in string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(w.t.Context(), args, strings.NewReader(in), &o, &e, func(name string) string {
		return map[string]string{"ENTENTE_CONFIG": filepath.Join(w.dir, "contexts.yaml")}[name]
	})
	return code, o.String(), e.String()
}

// ok runs it and wants it to end well.
func (w *world) ok(args ...string) string {
	w.t.Helper()
	code, out, errs := w.run("", args...)
	if code != exitOK {
		w.t.Fatalf("entente %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// fails runs it and wants an exit code, and a word in what is said.
func (w *world) fails(want int, word string, args ...string) {
	w.t.Helper()
	code, out, errs := w.run("", args...)
	if code != want || !strings.Contains(errs, word) {
		w.t.Errorf("entente %s: exit %d, not %d; %q is not in\n%s%s", strings.Join(args, " "), code, want, word, out, errs)
	}
}

// json runs it with -o json and reads what it prints.
func (w *world) json(args ...string) map[string]any {
	w.t.Helper()
	got := map[string]any{}
	if err := json.Unmarshal([]byte(w.ok(append(args, "-o", "json")...)), &got); err != nil {
		w.t.Fatal(err)
	}
	return got
}
