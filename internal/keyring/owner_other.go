//go:build !unix

package keyring

import (
	"fmt"
	"io/fs"
	"os"
)

// exposed cannot be told from mode bits here; the folder's access list is the operator's to set.
func exposed(fs.FileInfo) bool { return false }

// own holds the folder open, which here keeps nobody out.
func own(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("keyring: open: %w", err)
	}
	return f, nil
}
