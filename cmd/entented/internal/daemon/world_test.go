package daemon

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a hub's folder, with a clock that the test moves.
type world struct {
	t      *testing.T
	layout setup.Layout
	config config.Config
	log    *lines
	mu     sync.Mutex
	ahead  time.Duration
}

// lines is a log that may be written and read at the same time.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, layout: setup.In(filepath.Join(t.TempDir(), "hub")), log: new(lines)}
	c, err := setup.Make(w.layout.Dir(), setup.Options{
		Hub: "localhost", OperatorDomain: "operator.example", Clock: w.now, Random: rand.Reader, IPs: []net.IP{net.IPv4(127, 0, 0, 1)},
		Listen: config.Listen{Main: "127.0.0.1:0", Bulk: "127.0.0.1:0", Admin: "127.0.0.1:0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.config = c
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

// move sets the clock so far ahead of the machine's.
func (w *world) move(ahead time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead = ahead
}

func (w *world) options() Options {
	w.t.Helper()
	log, err := NewLogger(w.log, w.config.Log)
	if err != nil {
		w.t.Fatal(err)
	}
	return Options{Config: w.config, Version: "v0-test", Clock: w.now, Log: log}
}

// run opens and runs the hub; what it returns stops it and fails the test if that
// went wrong.
func (w *world) run() (*Daemon, func()) {
	w.t.Helper()
	d, err := Open(w.t.Context(), w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				w.t.Error(err)
			}
		})
	}
	w.t.Cleanup(stop)
	return d, stop
}

// page reads a page of the admin listener.
func page(t *testing.T, client *http.Client, url string) (code int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// browser closes its connections with the test.
func browser(t *testing.T, transport *http.Transport) *http.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
