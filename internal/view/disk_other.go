//go:build !linux

package view

import (
	"errors"
	"os"
)

// allocate is for Linux; elsewhere blocks are written.
func allocate(*os.File, int64) error { return errors.ErrUnsupported }

// freeBytes is for Linux; elsewhere trying tells.
func freeBytes(string) (free int64, known bool) { return 0, false }
