// Package clients_test runs the clients of other languages against a hub, where
// their tools are installed.
package clients_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

const title = "Life vests ordered in bulk"

// field starts a hub on which France finds one item of Britain, and returns the
// arguments of a client of France.
func field(t *testing.T) (args []string) {
	t.Helper()
	pki, err := testnet.NewPKI("fr-border", "gb-crime")
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
	if err := n.Enrol(t.Context(), "fr-border", "gb-crime"); err != nil {
		t.Fatal(err)
	}
	submit(t, n)
	own, err := pki.Certificate("fr-border", "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args = append(args, strings.Replace(n.Address, "127.0.0.1", "localhost", 1))
	for _, file := range []struct {
		name string
		text []byte
	}{{"hub-ca.pem", []byte(pki.Bundle(""))}, {"own.pem", certPEM(own)}, {"own.key", keyPEM(t, own)}} {
		path := filepath.Join(dir, file.name)
		if err := os.WriteFile(path, file.text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	return args
}

func submit(t *testing.T, n *testnet.Net) {
	t.Helper()
	conn, err := n.Dial("gb-crime", "/gateway")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ententev1.NewIntelligenceServiceClient(conn).SubmitIntelligenceItem(t.Context(), &ententev1.SubmitIntelligenceItemRequest{
		Justification: &ententev1.Justification{Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_PREVENTION, Reason: "example"},
		Draft: &ententev1.IntelligenceItemDraft{
			Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
				Title: title, LanguageCode: "en", Route: ententev1.SmugglingRoute_SMUGGLING_ROUTE_ENGLISH_CHANNEL,
				CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
				Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Uk{Uk: &ententev1.UkEvaluation{
					Source:     ententev1.UkSourceEvaluation_UK_SOURCE_EVALUATION_1_RELIABLE,
					Assessment: ententev1.UkIntelligenceAssessment_UK_INTELLIGENCE_ASSESSMENT_C_KNOWN_INDIRECTLY,
				}}},
			}},
			Release: &ententev1.Release{
				Audience: &ententev1.Audience{Agencies: []string{"agencies/fr-border"}},
				Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
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

// need skips where a tool is missing, and says which.
func need(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = dir
	if err := c.Run(); err != nil {
		t.Skipf("%s %s: %v", name, strings.Join(args, " "), err)
	}
}

func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = dir
	text, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	return string(text)
}

// checkOutput wants a client to have said who it is and what it found.
func checkOutput(t *testing.T, got string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "agencies/fr-border, certificate valid until 20") ||
		!strings.HasPrefix(lines[1], "agencies/gb-crime/intelligenceItems/") || !strings.HasSuffix(lines[1], title) {
		t.Errorf("the client says\n%s", got)
	}
}

func TestNode(t *testing.T) {
	need(t, "node", "node", "-e", "require('@grpc/grpc-js'), require('@grpc/proto-loader')")
	checkOutput(t, output(t, "node", "node", append([]string{"whoami.js"}, field(t)...)...))
}

func TestPython(t *testing.T) {
	plugin, err := exec.LookPath("grpc_python_plugin")
	if err != nil {
		t.Skip(err)
	}
	need(t, ".", "protoc", "--version")
	need(t, ".", "python3", "-c", "import grpc, google.protobuf")
	dir := t.TempDir()
	output(t, ".", "protoc", append([]string{
		"--descriptor_set_in=../../image.binpb", "--python_out=" + dir, "--grpc_python_out=" + dir, "--plugin=protoc-gen-grpc_python=" + plugin,
	}, schema(t)...)...)
	program, err := os.ReadFile("python/whoami.py")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "whoami.py"), program, 0o600); err != nil {
		t.Fatal(err)
	}
	checkOutput(t, output(t, dir, "python3", append([]string{"whoami.py"}, field(t)...)...))
}

// schema are the files that a client needs, as the image names them.
func schema(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../proto/entente/v1/*.proto")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for i, f := range files {
		files[i] = strings.TrimPrefix(filepath.ToSlash(f), "../../proto/")
	}
	return append(files, "buf/validate/validate.proto", "google/type/latlng.proto", "google/type/money.proto", "google/rpc/status.proto")
}
