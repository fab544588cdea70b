package proofs_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/seed-1d76a664/entente/internal/testnet"
)

// TestFullDisk: a disk without room does the same as a bound, and once there is room again the hub goes on by itself.
func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	pki, err := testnet.NewPKI(france, britain, italy, "de-bka")
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	f := fill(t, start(t, testnet.Options{PKI: pki, Dir: filepath.Join(dir, "data"), Reserve: 1 << 20}))
	f.isFull()
	f.takesAway()
	f.isFull()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	f.goesOn()
}

// smallDisk is a filesystem of 12 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("proofs", dir, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, "size=12m,mode=0700")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip("needs the right to mount a small filesystem")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}
