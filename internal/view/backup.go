package view

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// Backup is a snapshot of the view in a file of its own, which was read back and checked. It holds no keys: those are copied apart, so that no snapshot
// brings back a key that was destroyed.
type Backup struct {
	// Path of the file.
	Path string
	// Position that the snapshot covers.
	Position journal.Position
	// Contents is the hash of its contents, as ContentsHash gives it.
	Contents journal.Hash
	// Bytes is the size of the file.
	Bytes int64
	sum   [sha256.Size]byte // of all of them, as they were written
}

// Backup writes a snapshot of the last durable entry into the folder snapshots. It has its name only once it is on disk, was opened again, checked from
// end to end, and has the contents that the view had. Entries go on being applied meanwhile; what they free is not used again until the copy is done.
func (v *View) Backup() (*Backup, error) {
	if err := v.standing(); err != nil {
		return nil, err
	}
	temp := filepath.Join(v.dir, FolderBackups, "view.db.new")
	want, sum, err := v.copyTo(temp)
	if err == nil {
		err = v.confirm(temp, want)
	}
	if err != nil {
		return nil, errors.Join(storeFault(err), discard(temp))
	}
	path := filepath.Join(v.dir, FolderBackups, fmt.Sprintf("view-%020d.db", want.position.Entry))
	if err := errors.Join(os.Rename(temp, path), syncFolder(filepath.Dir(path))); err != nil {
		return nil, storeFault(err)
	}
	return &Backup{Path: path, Position: want.position, Contents: want.contents, Bytes: want.bytes, sum: sum}, nil
}

func discard(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// copyTo copies the file as it is at one moment, and says what the copy must turn out to be, and the hash of the bytes that were written.
func (v *View) copyTo(path string) (want checked, sum [sha256.Size]byte, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return want, sum, err
	}
	hash := sha256.New()
	err = v.db.View(func(tx *bolt.Tx) error {
		if free, known := freeBytes(v.dir); known && free < tx.Size()+2*v.options.Reserve {
			return full(errReserve) // a snapshot never takes what the hub itself needs
		}
		s := store{tx: tx, ring: v.ring}
		position := new(internalv1.Position)
		if !s.untouched() {
			if err := s.sealed(bucketPosition, stateKey, position); err != nil {
				return err
			}
		}
		want.position, want.bytes = positionOf(position), tx.Size()
		if want.contents, err = contentsHash(tx); err != nil {
			return err
		}
		_, err := tx.WriteTo(io.MultiWriter(file, hash))
		return err
	})
	return want, [sha256.Size]byte(hash.Sum(nil)), errors.Join(err, file.Sync(), file.Close())
}

// unchanged wants a snapshot to be, byte by byte, what was written and then checked from end to end.
func (b *Backup) unchanged() error {
	file, err := os.Open(b.Path)
	if err != nil {
		return err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	if err = errors.Join(err, file.Close()); err == nil && !bytes.Equal(hash.Sum(nil), b.sum[:]) {
		err = damage(errors.New("view: the snapshot is not what was written"))
	}
	return err
}

// confirm reads a copy back. What it was copied from may be damaged too: then both are refused.
func (v *View) confirm(path string, want checked) error {
	got, err := checkFile(path, v.ring, v.hasher)
	if err == nil && got != want {
		err = damage(errors.New("view: the copy is not what was copied"))
	}
	return err
}

// One transaction takes so many entries and pieces of entries off the journal at most, the last entry whole, so that commands do not wait long for it.
const (
	cutBatch  = 256
	cutPieces = 1024
)

// CutJournal takes the entries that a snapshot covers off the old end of the journal, and says how many. Where the snapshot is not of this view's
// history, not there any more or not what it was, nothing is cut. The room is used again; the file does not shrink.
func (v *View) CutJournal(b *Backup) (cut int, err error) {
	if err := v.covers(b); err != nil {
		return 0, err
	}
	for {
		n, err := v.cutSome(b.Position.Entry)
		cut += n
		if err != nil || n == 0 {
			return cut, err
		}
	}
}

// covers checks that a snapshot is one of this view, and still what it was when it was found sound.
func (v *View) covers(b *Backup) error {
	errOther := fault.New(fault.Precondition, "SNAPSHOT_NOT_OURS", "The snapshot is not one of this hub's journal; take a new one.")
	if b == nil || b.Position.Entry == 0 {
		return errOther
	}
	if err := b.unchanged(); err != nil {
		return storeFault(err)
	}
	return v.Read(func(s *Snapshot) error {
		if positionOf(s.state.position) == b.Position {
			return nil
		}
		ours := false
		err := s.entries(b.Position.Entry+1, func(next *internalv1.Entry, _ []byte) (bool, error) {
			ours = next.GetNumber() == b.Position.Entry+1 && string(next.GetPreviousHash()) == string(b.Position.Hash[:])
			return false, nil
		})
		if err == nil && !ours {
			err = errOther
		}
		return err
	})
}

// cutSome cuts entries up to a number, a batch at most.
func (v *View) cutSome(last uint64) (cut int, err error) {
	err = v.amend(func(tx *bolt.Tx, next *published) (changed bool, err error) {
		cut, next.position, err = v.cutIn(tx, next.position, last)
		return cut > 0, err
	})
	if err != nil {
		cut = 0
	}
	return cut, err
}

// amend changes what is no part of the contents, in a transaction of its own between two entries. next is the state that readers start from afterwards;
// where change says that nothing changed, nothing is written.
func (v *View) amend(change func(tx *bolt.Tx, next *published) (changed bool, err error)) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	if err := v.standing(); err != nil {
		return err
	}
	v.db.MaxSize = int(v.options.MaxBytes) // what gives room back may use all there is
	tx, err := v.db.Begin(true)
	if err != nil {
		return storeFault(err)
	}
	defer func() { _ = tx.Rollback() }() // without effect once committed
	next, changed := *v.now.Load(), false
	err = guarded(func() (err error) {
		changed, err = change(tx, &next)
		return err
	})
	if err != nil || !changed {
		return storeFault(err)
	}
	next.txid = uint64(tx.ID())
	if err := v.commit(tx); err != nil {
		return err
	}
	v.now.Store(&next)
	v.readers.advance(next.txid)
	return nil
}

func (v *View) cutIn(tx *bolt.Tx, at *internalv1.Position, last uint64) (cut int, after *internalv1.Position, err error) {
	bucket := tx.Bucket([]byte(bucketJournal))
	first := at.GetFirstKept()
	for pieces := 0; cut < cutBatch && pieces < cutPieces && first <= last; cut++ {
		n, err := deleteEntry(bucket, first)
		if err == nil && n == 0 {
			err = damage(errShort)
		}
		if err != nil {
			return 0, nil, err
		}
		pieces += n
		first++
	}
	after = &internalv1.Position{Entry: at.GetEntry(), EntryHash: at.GetEntryHash(), FirstKept: first}
	return cut, after, v.sealNow(tx, bucketPosition, stateKey, after)
}

// sealNow stores a message that is no part of the contents, under the newest STORAGE secret.
func (v *View) sealNow(tx *bolt.Tx, bucket string, key []byte, m proto.Message) error {
	secret, err := v.ring.Secret(keyring.Storage)
	if err != nil {
		return err
	}
	storage, err := v.ring.Storage(secret.Version)
	if err != nil {
		return err
	}
	plain, err := marshal(m)
	if err != nil {
		return err
	}
	frame, err := storage.Seal(nil, keyring.At(bucket, key), plain, keyring.AsIs)
	if err != nil {
		return err
	}
	return tx.Bucket([]byte(bucket)).Put(key, frame)
}
