package proofs_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/view"
)

// TestKillByPowerCut: the same loop, and with each kill the disk loses whatever was not synced: nothing acknowledged is among it.
func TestKillByPowerCut(t *testing.T) {
	h, b := founded(t, onDisk(t, sound))
	c := newCrew(b)
	n := min(rounds(t), perHub)
	for round := range n {
		b.killed(t, h, c)
		b.wrong = nil // in its last moment a hub whose disk is gone may say so in other words
		whole(t, h)
		h.start()
		b.readAll(t.Context(), h, round == n-1)
		for _, text := range append(b.lost, b.wrong...) {
			t.Errorf("round %d: %s", round, text)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d power cuts, %d records and %d reads acknowledged, none lost", n, len(b.records), len(b.reads))
}

// TestKillByPowerCutFindsNoSync: over a file that is not synced the same loop finds a loss, or a file that does not open.
func TestKillByPowerCutFindsNoSync(t *testing.T) {
	h, b := founded(t, onDisk(t, unsynced))
	c := newCrew(b)
	for round := range 10 {
		b.killed(t, h, c)
		if err := opened(h, func(_ *keyring.Ring, v *view.View) error { return v.Check() }); err != nil {
			t.Logf("found in round %d: %v", round, err)
			return
		}
		h.start()
		b.readBack(t.Context(), h)
		if len(b.lost) > 0 {
			t.Logf("found in round %d: %s, and %d more", round, b.lost[0], len(b.lost)-1)
			return
		}
	}
	t.Error("a file that is not synced was not found out in ten rounds")
}

// onDisk is a hub on a filesystem of its own, whose power can be cut: ext4 on a loop device, shut down without writing anything that it holds back.
func onDisk(t *testing.T, fault string) *hub {
	t.Helper()
	h := newHub(t, fault)
	image := filepath.Join(h.dir, "disk")
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, 256<<20), os.Mkdir(h.data(), 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"mkfs.ext4", "-q", "-F", image}, {"mount", "-o", "loop", image, h.data()}} {
		if said, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Skipf("needs a loop device, ext4 and the right to mount: %s: %v %s", command[0], err, said)
		}
	}
	t.Cleanup(func() {
		if h.command != nil { // before the disk goes
			h.kill()
		}
		if err := syscall.Unmount(h.data(), 0); err != nil {
			t.Error(err)
		}
	})
	if err := os.Remove(filepath.Join(h.data(), "lost+found")); err != nil {
		t.Fatal(err)
	}
	h.cut = func() { shutDown(t, h.data()) }
	h.mend = func() {
		if err := syscall.Unmount(h.data(), 0); err != nil {
			t.Error(err)
		}
		if said, err := exec.Command("mount", "-o", "loop", image, h.data()).CombinedOutput(); err != nil {
			t.Errorf("mount: %v %s", err, said)
		}
	}
	return h
}

// shutDown stops a filesystem where it is, as a power cut would: not even its own log is written out.
func shutDown(t *testing.T, dir string) {
	t.Helper()
	const (
		request    = 0x8004587d // EXT4_IOC_SHUTDOWN
		noLogFlush = 2
	)
	root, err := os.Open(dir)
	if err != nil {
		t.Error(err)
		return
	}
	how := uint32(noLogFlush)
	if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, root.Fd(), request, uintptr(unsafe.Pointer(&how))); failed != 0 {
		t.Errorf("shut down: %v", failed)
	}
	if err := root.Close(); err != nil {
		t.Error(err)
	}
}
