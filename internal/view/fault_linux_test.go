package view

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// envFaulty tells the child that it is one: it works on the hub in its working folder.
const envFaulty = "ENTENTE_TEST_FAULTY"

// childRefused is the exit status of a child that was told of a failure, and said so.
const childRefused = 40

// TestFailingCallsChild is what TestDamageByFailingCalls runs in a process of its own: it makes a hub where there is none, and submits. On its own it does
// nothing but say so.
func TestFailingCallsChild(t *testing.T) {
	if os.Getenv(envFaulty) == "" {
		t.Skip("run by TestDamageByFailingCalls")
	}
	if err := workOn(t); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(childRefused)
	}
	os.Exit(0)
}

// workOn makes a hub, or goes on with one, and says which records were acknowledged.
func workOn(t *testing.T) error {
	if err := Prepare("."); err != nil {
		return err
	}
	ring, err := keyring.Open(FolderKeys)
	if errors.Is(err, fs.ErrNotExist) || fault.As(err) != nil && fault.As(err).Reason == "KEYS_ABSENT" {
		ring, err = keyring.Create(FolderKeys, rand.Reader, start)
	}
	if err != nil {
		return err
	}
	v, err := Open(".", ring, Options{Reserve: -1, FlushRecords: 3})
	if err != nil {
		return err
	}
	w := &world{TB: t, View: v, dir: ".", ring: ring, random: rand.Reader, micros: max(start.UnixMicro(), v.Hub().GetTimeMicros())}
	if v.Hub().GetGenesis() == nil {
		if _, err := w.try(w.genesis()); err != nil {
			return err
		}
	}
	for _, id := range []string{france, italy} {
		if v.Roster().Agency(intel.AgencyID(id)) == nil {
			if _, err := w.try(w.enrol(id, "desk")); err != nil {
				return err
			}
		}
	}
	for range 3 {
		outcomes, err := w.try(w.submission(&item{owner: france, release: to(italy), content: "x"}))
		if err != nil {
			return err
		}
		if _, err := fmt.Println("acknowledged", outcomes[0].GetNumber()); err != nil {
			return err // strace counts by thread: the next one might be lost too
		}
	}
	return v.Close()
}

// TestDamageByFailingCalls lets the n-th write, sync, rename and folder of a hub fail, from its making on, for every n that is reached (strace counts them by
// thread): the failure is told, nothing is acknowledged that is not there, and the next start goes on as if nothing had been.
func TestDamageByFailingCalls(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skipf("needs strace: %v", err)
	}
	if status, reached, _, said := faulty(t, t.TempDir(), "fdatasync", 1); !reached && status != childRefused {
		t.Skipf("needs the right to trace a process: %s", said)
	}
	for _, call := range []string{"fdatasync", "fsync", "pwrite64", "write", "renameat,rename", "mkdirat,mkdir"} {
		failures := 0
		for n := 1; ; n++ {
			dir := t.TempDir()
			status, reached, acknowledged, said := faulty(t, dir, call, n)
			if !reached {
				break
			}
			if failures++; status != childRefused && status != 0 && !ofTheRuntime(said) {
				t.Errorf("%s %d: the child ended with %d: %s", call, n, status, said)
			}
			goesOn(t, dir, fmt.Sprint(call, " ", n), acknowledged)
		}
		t.Logf("%s: %d failures", call, failures)
	}
}

// ofTheRuntime tells whether the write that failed was one by which Go's runtime wakes itself, at a timer: it gives up then, as if killed.
func ofTheRuntime(said string) bool { return strings.Contains(said, "netpollBreak write failed") }

// goesOn starts the hub again without faults, and wants what was acknowledged.
func goesOn(t *testing.T, dir, name string, acknowledged []string) {
	t.Helper()
	status, _, more, said := faulty(t, dir, "", 0)
	if status != 0 || len(more) != 3 {
		t.Errorf("%s: the next start ended with %d: %s", name, status, said)
		return
	}
	ring, err := keyring.Open(filepath.Join(dir, FolderKeys))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir, ring, Options{Reserve: -1, FlushRecords: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Check(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	known := int(v.Hub().GetNextRecord())
	if known < len(acknowledged)+len(more) || known > len(acknowledged)+len(more)+1 {
		t.Errorf("%s: %d records, where %v and then %v were acknowledged", name, known, acknowledged, more)
	}
	if err := errors.Join(v.Close(), ring.Close()); err != nil {
		t.Fatal(err)
	}
}

// faulty runs a child of which the n-th call of a kind fails: of odd ones with EIO, of even ones with ENOSPC. It says whether there was an n-th one.
func faulty(t *testing.T, dir, call string, n int) (status int, reached bool, acknowledged []string, said string) {
	t.Helper()
	args := []string{os.Args[0], "-test.run=^TestFailingCallsChild$"}
	trace := filepath.Join(t.TempDir(), "trace")
	if call != "" {
		kind := "EIO"
		if n%2 == 0 {
			kind = "ENOSPC"
		}
		args = append([]string{"strace", "-f", "-qq", "-o", trace, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", call, kind, n)}, args...)
	}
	command := exec.CommandContext(t.Context(), args[0], args[1:]...)
	command.Dir, command.Env = dir, append(os.Environ(), envFaulty+"=1")
	var out, failed bytes.Buffer
	command.Stdout, command.Stderr = &out, &failed
	_ = command.Run() // its status says it
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		if number, ok := strings.CutPrefix(lines.Text(), "acknowledged "); ok {
			acknowledged = append(acknowledged, number)
		}
	}
	log, err := os.ReadFile(trace)
	if call != "" && err != nil {
		return command.ProcessState.ExitCode(), false, nil, failed.String()
	}
	return command.ProcessState.ExitCode(), bytes.Contains(log, []byte("INJECTED")), acknowledged, failed.String()
}
