package view

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// shelf keeps the segment files of the index and the manifest that names them. What it does is done by one goroutine at a time: the one that opens the
// view, then the one that tends the index.
//
// The bucket index holds, and the contents hash leaves out:
//
//	"state"    IndexManifest
//	number 8   ordinal 8 of the last command that changed the record since it was last sealed into a segment
//	"changed"  how many of those there are
//
// Whatever is lost of it, or of the files, is made again from the records.
type shelf struct {
	dir      string
	ring     *keyring.Ring
	cache    *segment.Cache
	manifest *internalv1.IndexManifest
	readers  []*segment.Reader // those of the manifest, in its order
	frozen   *index.Sealing    // a tail that waits for its file
	since    uint64            // ordinal up to which frozen has changes
}

const (
	// FlushRecords is how many records the tail holds before it is sealed into a segment, unless Options say otherwise: about 100 ms of work beside the hub's own.
	FlushRecords = 1 << 14
	// flushPostings bounds the tail where records are large.
	flushPostings = 12 << 20
	// defaultIndexCache is how much of the segments is kept open in memory.
	defaultIndexCache = 192 << 20
	segmentSuffix     = ".segment"
)

var changedKey = []byte("changed")

func newShelf(dir string, ring *keyring.Ring, options Options) *shelf {
	return &shelf{
		dir: filepath.Join(dir, folderIndex), ring: ring, cache: segment.NewCache(options.IndexCache),
		manifest: &internalv1.IndexManifest{Version: index.Version},
	}
}

func (s *shelf) path(file uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%012d%s", file, segmentSuffix))
}

// load reads the manifest and opens the files that it names. Where anything about them is not as it should be, the shelf is empty and an error says why.
func (s *shelf) load(from store, nowMicros int64) (segments []*index.Segment, err error) {
	m := new(internalv1.IndexManifest)
	if from.tx.Bucket([]byte(bucketIndex)).Get(stateKey) == nil {
		return nil, nil
	}
	if err := from.sealed(bucketIndex, stateKey, m); err != nil {
		return nil, err
	}
	if m.GetVersion() != index.Version {
		return nil, fmt.Errorf("view: the index has version %d, this build makes %d", m.GetVersion(), index.Version)
	}
	for _, named := range m.GetSegments() {
		r, err := s.open(named)
		if err != nil {
			s.closeAll()
			return nil, err
		}
		s.readers = append(s.readers, r)
		segments = append(segments, index.OpenSegment(r, nowMicros))
	}
	s.manifest = m
	return segments, nil
}

func (s *shelf) open(named *internalv1.IndexSegment) (*segment.Reader, error) {
	sealer, err := newBlockSealer(s.ring)
	if err != nil {
		return nil, err
	}
	r, err := segment.Open(s.path(named.GetFile()), sealer, s.cache)
	if err != nil {
		return nil, err
	}
	if sum := r.Info().Sum; string(sum[:]) != string(named.GetSum()) {
		return nil, errors.Join(errForeign, r.Close())
	}
	return r, nil
}

var errForeign = errors.New("view: a segment is not the one that the manifest names")

func (s *shelf) closeAll() {
	for _, r := range s.readers {
		_ = r.Close() // was only read
	}
	s.readers = nil
}

// sweep removes files that no manifest names: what was left of a crash, and what was merged.
func (s *shelf) sweep() error {
	named := map[string]bool{}
	for _, f := range s.manifest.GetSegments() {
		named[filepath.Base(s.path(f.GetFile()))] = true
	}
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		ours := strings.HasSuffix(strings.TrimSuffix(e.Name(), ".new"), segmentSuffix)
		if ours && !named[e.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}

// write writes a sealing's file and opens it, and gives the manifest that names it. Nothing is changed yet.
func (s *shelf) write(ctx context.Context, sealing *index.Sealing, nowMicros int64) (r *segment.Reader, opened *index.Segment, next *internalv1.IndexManifest, err error) {
	sealer, err := newBlockSealer(s.ring)
	if err != nil {
		return nil, nil, nil, err
	}
	next = proto.CloneOf(s.manifest)
	file := next.GetNextFile()
	next.NextFile++
	info, err := sealing.Write(ctx, s.path(file), sealer)
	if err != nil {
		return nil, nil, nil, err
	}
	named := &internalv1.IndexSegment{File: file, Sum: info.Sum[:]}
	if r, err = s.open(named); err != nil {
		return nil, nil, nil, err
	}
	at, n := s.place(sealing)
	next.Segments = append(append(append([]*internalv1.IndexSegment(nil), next.GetSegments()[:at]...), named), next.GetSegments()[at+n:]...)
	next.Through = max(next.GetThrough(), uint64(info.Last))
	return r, index.OpenSegment(r, nowMicros), next, nil
}

// place is where among the files those of a sealing lie: behind all others, and none, for a frozen tail.
func (s *shelf) place(sealing *index.Sealing) (at, n int) {
	replaced := sealing.Replaces()
	if len(replaced) == 0 {
		return len(s.readers), 0
	}
	for s.readers[at] != replaced[0] {
		at++
	}
	return at, len(replaced)
}

// keep makes a manifest that is durable the shelf's own, and closes and removes the files that it no longer names.
func (s *shelf) keep(sealing *index.Sealing, r *segment.Reader, next *internalv1.IndexManifest) error {
	at, n := s.place(sealing)
	old := append([]*segment.Reader(nil), s.readers[at:at+n]...)
	s.readers = append(append(append([]*segment.Reader(nil), s.readers[:at]...), r), s.readers[at+n:]...)
	s.manifest = next
	var err error
	for _, o := range old {
		err = errors.Join(err, o.Close())
	}
	return errors.Join(err, s.sweep())
}

// changed notes that a record is not any more as a segment may have it.
func (b *batch) changedInIndex(number uint64) error {
	bucket := b.bucket(bucketIndex)
	if bucket.Get(key8(number)) == nil {
		n, err := b.store().changed()
		if err != nil {
			return err
		}
		if err := b.putClear(bucketIndex, changedKey, key8(n+1)); err != nil {
			return err
		}
	}
	return b.putClear(bucketIndex, key8(number), key8(b.hub.GetOrdinal()))
}

// changed is how many records are noted as changed.
func (s store) changed() (uint64, error) {
	if s.tx.Bucket([]byte(bucketIndex)).Get(changedKey) == nil {
		return 0, nil
	}
	n, err := s.clear(bucketIndex, changedKey)
	if err == nil && len(n) != 8 {
		err = damage(errDamaged)
	}
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(n), nil
}

// eachChanged visits the records noted as changed. Where there are not as many as there should be, it fails.
func (s store) eachChanged(visit func(number, ordinal uint64) error) error {
	want, err := s.changed()
	if err != nil {
		return err
	}
	found := uint64(0)
	err = s.tx.Bucket([]byte(bucketIndex)).ForEach(func(k, frame []byte) error {
		if len(k) != 8 {
			return nil
		}
		ordinal, err := openClear(bucketIndex, k, frame)
		if err != nil {
			return err
		}
		if len(ordinal) != 8 {
			return damage(errDamaged)
		}
		found++
		return visit(binary.BigEndian.Uint64(k), binary.BigEndian.Uint64(ordinal))
	})
	if err == nil && found != want {
		err = damage(errShort)
	}
	return err
}

// forgetChanged forgets the notes of changes up to an ordinal, which a segment has now.
func forgetChanged(tx *bolt.Tx, ordinal uint64) error {
	s := store{tx: tx}
	var keys [][]byte
	left := uint64(0)
	err := s.eachChanged(func(number, at uint64) error {
		if at <= ordinal {
			keys = append(keys, key8(number))
		} else {
			left++
		}
		return nil
	})
	if err != nil || len(keys) == 0 {
		return err
	}
	bucket := tx.Bucket([]byte(bucketIndex))
	for _, k := range keys {
		if err := bucket.Delete(k); err != nil {
			return err
		}
	}
	return bucket.Put(changedKey, keyring.SealClear(nil, keyring.At(bucketIndex, changedKey), key8(left)))
}

// forgetIndex forgets the manifest and all notes.
func forgetIndex(tx *bolt.Tx) error {
	if err := tx.DeleteBucket([]byte(bucketIndex)); err != nil {
		return err
	}
	_, err := tx.CreateBucket([]byte(bucketIndex))
	return err
}

// blockSealer seals a segment's blocks under the STORAGE secret.
type blockSealer struct {
	ring *keyring.Ring
	key  *keyring.StorageKey
}

func newBlockSealer(ring *keyring.Ring) (blockSealer, error) {
	secret, err := ring.Secret(keyring.Storage)
	if err != nil {
		return blockSealer{}, err
	}
	key, err := ring.Storage(secret.Version)
	return blockSealer{ring, key}, err
}

// Seal implements segment.Sealer.
func (b blockSealer) Seal(dst, plain []byte, place uint64) []byte {
	frame, err := b.key.Seal(dst, keyring.At(bucketIndex, key8(place)), plain, keyring.AsIs)
	if err != nil {
		panic(fault.Wrap(err, fault.Internal, "STORE_FAILED", "The hub could not store the change; repeat the call with the same request_id, and tell the operator if it fails again."))
	}
	return frame
}

// Open implements segment.Sealer.
func (b blockSealer) Open(dst, sealed []byte, place uint64) ([]byte, error) {
	return b.ring.Open(dst, keyring.At(bucketIndex, key8(place)), sealed)
}
