//go:build unix

package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// exposed tells whether others than the owner may do anything with a file or folder.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// own takes the folder for this Ring alone, until the returned file is closed or the process ends.
func own(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("keyring: open: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("keyring: open: %w", ErrInUse)
		}
		return nil, fmt.Errorf("keyring: lock: %w", err)
	}
	return f, nil
}
