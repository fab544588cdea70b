package view

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Format is the version of a hub's folder that this build writes. A newer one is refused.
const Format = 1

// Names of what lies in a hub's folder.
const (
	FileView      = "view.db"
	FolderKeys    = "keys"
	folderIndex   = "index"
	folderBlobs   = "blobs"
	FolderBackups = "snapshots"
	fileFormat    = "format"
	fileReserve   = "reserve"
)

// Prepare makes a hub's folder, without view and keys, or checks the one that is there. The format file is written last: a folder without one was
// not finished and is prepared again.
func Prepare(dir string) error {
	if _, err := readFormat(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range []string{"", folderIndex, folderBlobs, FolderBackups} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return fmt.Errorf("view: make the data folder: %w", err)
		}
	}
	return writeWhole(filepath.Join(dir, fileFormat), []byte(strconv.Itoa(Format)+"\n"))
}

// readFormat reads and checks the format file.
func readFormat(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, fileFormat))
	if err != nil {
		return 0, fmt.Errorf("view: read the format of the data folder: %w", err)
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil || version < 1:
		return 0, errors.New("view: the data folder's format file is damaged; restore the folder from a snapshot")
	case version > Format:
		return 0, fmt.Errorf("view: the data folder has format %d, this build knows %d: use a newer build", version, Format)
	}
	return version, nil
}

// writeWhole writes a file so that it exists entirely or not at all: temporary name, fsync, rename, fsync of the folder.
func writeWhole(path string, data []byte) error {
	temp := path + ".new"
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, settle(file, temp, path, err))
}

// settle makes a finished temporary file the real one, or removes it when writing failed.
func settle(file *os.File, temp, path string, failed error) error {
	err := failed
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
