package proofs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/journal/journaltest"
	"github.com/seed-1d76a664/entente/internal/testnet"
)

// What the child learns from its environment: the folder that it serves, and what is wrong with it.
const (
	envFolder = "ENTENTE_TEST_HUB"
	envFault  = "ENTENTE_TEST_FAULT"
)

// What may be wrong with a hub: nothing, a journal that acknowledges before it commits, or a file that is not synced.
const (
	sound    = ""
	hasty    = "hasty"
	unsynced = "unsynced"
)

// keptBack is how many submits the hasty journal holds when it is killed.
const keptBack = 4

// TestMain is the hub, where the environment says so, and runs the tests otherwise.
func TestMain(m *testing.M) {
	if dir := os.Getenv(envFolder); dir != "" {
		if err := serve(dir, os.Getenv(envFault)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// serve is the child: it says where it listens and serves until its standard input ends, so that it never outlives its parent.
func serve(dir, fault string) error {
	pki, err := testnet.LoadOperator(dir)
	if err != nil {
		return err
	}
	o := testnet.Options{PKI: pki, Dir: filepath.Join(dir, "data"), Limits: unlimited(), NoSync: fault == unsynced}
	if fault == hasty {
		o.Journal = func(j journal.Journal) journal.Journal { return journaltest.NewHasty(j, keptBack) }
	}
	n, err := testnet.Start(context.Background(), o)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, n.Address, n.BulkAddress); err != nil {
		return errors.Join(err, n.Close())
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, n.Close())
}

// hub is a hub in a process of its own, and the folder that it leaves to the next one.
type hub struct {
	t     *testing.T
	dir   string
	pki   *testnet.PKI
	fault string
	// cut and mend, where set, are what happens to the disk before the process is killed, and once it is gone.
	cut, mend func()

	net     *testnet.Net // while it runs
	command *exec.Cmd
	input   io.Closer
}

// newHub is a hub that has not been started, with authorities for the cast.
func newHub(t *testing.T, fault string) *hub {
	t.Helper()
	pki, err := testnet.NewPKI(cast()...)
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{t: t, dir: t.TempDir(), pki: pki, fault: fault}
	if err := pki.SaveOperator(h.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if h.command != nil {
			h.kill()
		}
	})
	return h
}

// data is the folder of the hub.
func (h *hub) data() string { return filepath.Join(h.dir, "data") }

// start brings the hub up and returns once it listens.
func (h *hub) start() {
	h.t.Helper()
	h.command = exec.Command(os.Args[0])
	h.command.Env = append(os.Environ(), envFolder+"="+h.dir, envFault+"="+h.fault)
	h.command.Stderr = os.Stderr
	output, err := h.command.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if h.input, err = h.command.StdinPipe(); err != nil {
		h.t.Fatal(err)
	}
	if err := h.command.Start(); err != nil {
		h.t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { _ = h.command.Process.Kill() })
	defer timer.Stop()
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		h.t.Fatalf("the hub did not come up: %v", err)
	}
	var address, bulk string
	if _, err := fmt.Sscan(line, &address, &bulk); err != nil {
		h.t.Fatal(err)
	}
	h.net = testnet.Away(h.pki, address, bulk)
}

// strike ends the process with SIGKILL and does not wait: those who call it are not spared the moment.
func (h *hub) strike() {
	if h.cut != nil {
		h.cut()
	}
	if err := h.command.Process.Kill(); err != nil {
		h.t.Errorf("kill: %v", err)
	}
}

// bury waits for the end of a hub that was struck, and closes the connections to it.
func (h *hub) bury() {
	h.t.Helper()
	_ = h.command.Wait() // it was killed, and says so
	if err := errors.Join(h.net.Close(), ignoreClosed(h.input.Close())); err != nil {
		h.t.Error(err)
	}
	h.command, h.net = nil, nil
	if h.mend != nil {
		h.mend()
	}
}

func (h *hub) kill() {
	h.t.Helper()
	h.strike()
	if h.net == nil { // it never came up
		_ = h.command.Wait()
		return
	}
	h.bury()
}

// ignoreClosed leaves out that somebody else was quicker: Wait closes the pipes.
func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
