package view

import (
	"errors"
	"os"
	"syscall"
)

// allocate takes up blocks for a file without writing them; ErrUnsupported where the filesystem does not know how.
func allocate(file *os.File, size int64) error {
	err := syscall.Fallocate(int(file.Fd()), 0, 0, size)
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}

// freeBytes is how much room the folder's filesystem has.
func freeBytes(dir string) (free int64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, false
	}
	return int64(stat.Bavail) * stat.Bsize, true
}
