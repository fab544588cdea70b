package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/daemon"
	"github.com/seed-1d76a664/entente/cmd/entented/internal/setup"
)

// hubName is what the demo's hub certificate is for, beside 127.0.0.1.
const hubName = "localhost"

// hub is the demo's hub: the one that entented init makes and entented serve runs,
// in this process.
type hub struct {
	layout setup.Layout
	daemon *daemon.Daemon
	log    *os.File
	stop   context.CancelFunc
	ended  chan struct{}
	result error // of the run; good once ended is closed
}

// startHub makes a hub in dir and starts it.
func startHub(ctx context.Context, dir string, listen config.Listen, version string) (_ *hub, err error) {
	h := &hub{layout: setup.In(dir), ended: make(chan struct{})}
	c, err := setup.Make(dir, setup.Options{
		Hub: hubName, OperatorDomain: "operator.example", IPs: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		Listen: listen, Clock: time.Now, Random: rand.Reader,
	})
	if err != nil {
		return nil, err
	}
	if h.log, err = os.OpenFile(h.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	logger, err := daemon.NewLogger(h.log, c.Log)
	if err != nil {
		return nil, errors.Join(err, h.log.Close())
	}
	if h.daemon, err = daemon.Open(ctx, daemon.Options{Config: c, Version: version, Clock: time.Now, Log: logger}); err != nil {
		return nil, errors.Join(err, h.log.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = cancel
	go func() {
		defer close(h.ended)
		h.result = h.daemon.Run(running)
	}()
	return h, nil
}

// logFile is where the hub logs, so that the play stays readable.
func (h *hub) logFile() string { return filepath.Join(h.layout.Dir(), "hub.log") }

// close stops the hub as SIGTERM would.
func (h *hub) close() error {
	h.stop()
	<-h.ended
	return errors.Join(h.result, h.log.Close())
}

// door leads to one of the hub's listeners.
func (h *hub) door(address string) door {
	return door{address: address, hub: hubName, authority: h.layout.HubAuthority().Cert}
}
