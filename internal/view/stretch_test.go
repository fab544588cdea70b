package view

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// TestRowsLieInStretches: however they came, so many to a value; each is found from any number on, and a log that lost its end says so.
func TestRowsLieInStretches(t *testing.T) {
	w := populated(t)
	const many = 2*stretchRows + 5
	for range many {
		w.submit(&item{owner: france, release: to(italy), content: "x"})
	}
	inbox := w.boxes()[italy]
	all := w.rows(inbox, 0)
	head := uint64(len(all))
	if head < many {
		t.Fatalf("%d rows", head)
	}
	for after := range head + 2 {
		if rest := w.rows(inbox, after); !slices.Equal(rest, all[min(after, head):]) {
			t.Errorf("after %d: %d rows", after, len(rest))
		}
	}
	keys := w.stretches(inbox)
	for i, first := range keys {
		if first != uint64(i*stretchRows+1) {
			t.Errorf("stretch %d begins at %d", i, first)
		}
	}
	if want := (len(all) + stretchRows - 1) / stretchRows; len(keys) != want {
		t.Errorf("%d stretches, want %d", len(keys), want)
	}
	for _, first := range keys {
		undo := w.spoilKey(bucketInboxes, logKey(inbox, first), func([]byte) []byte { return nil })
		err := w.Read(func(s *Snapshot) error { return s.Rows(inbox, 0, func(Row) (bool, error) { return true, nil }) })
		if fault.KindOf(err) != fault.DataLoss {
			t.Errorf("without the stretch at %d: %v", first, err)
		}
		undo()
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// stretches lists where the stretches of an inbox begin.
func (w *world) stretches(inbox uint32) (list []uint64) {
	w.Helper()
	if err := w.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketInboxes)).ForEach(func(k, _ []byte) error {
			if inLog(k, inbox) {
				list = append(list, binary.BigEndian.Uint64(k[4:]))
			}
			return nil
		})
	}); err != nil {
		w.Fatal(err)
	}
	return list
}

// TestRowsOfEarlierFiles: a file that has each row by itself opens, is read, and goes on in stretches.
func TestRowsOfEarlierFiles(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	for range 3 {
		w.took(w.consultation(italy, x))
	}
	inbox, readership := w.boxes()[italy], w.Roster().Agency(france).GetOrdinal()
	rows, read := w.rows(inbox, 0), w.readings(france)
	if err := w.View.Close(); err != nil {
		t.Fatal(err)
	}
	w.unpack(bucketInboxes, func(f fields) []byte { row, _ := rowOf(0, f); return row.encode() })
	w.unpack(bucketReaderships, func(f fields) []byte { row, _ := readingOf(0, f); return row.encode() })
	w.View = w.open(Options{})
	if again := w.rows(inbox, 0); !slices.Equal(again, rows) || w.readings(france) != read {
		t.Errorf("%v, were %v", again, rows)
	}
	for range stretchRows {
		w.took(w.consultation(italy, w.submit(&item{owner: france, release: to(italy), content: "y"})))
	}
	if n := len(w.rows(inbox, 0)); n != len(rows)+stretchRows {
		t.Errorf("%d rows", n)
	}
	if n := len(w.stretches(inbox)); n != len(rows)+2 {
		t.Errorf("%d values for %d rows of which %d were there", n, len(rows)+stretchRows, len(rows))
	}
	w.read(func(s *Snapshot) error {
		if head := s.ReadershipHead(readership); head != 3+stretchRows {
			t.Errorf("readership of %d", head)
		}
		return nil
	})
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// unpack puts each row of a bucket into a value of its own, as files had them.
func (w *world) unpack(bucket string, encode func(fields) []byte) {
	w.Helper()
	db, err := bolt.Open(w.dir+"/"+FileView, 0o600, nil)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		var all []stretch
		var keys [][]byte
		if err := b.ForEach(func(k, v []byte) error {
			s, err := openStretch(bucket, k, v)
			all, keys = append(all, s), append(keys, bytes.Clone(k))
			return err
		}); err != nil {
			return err
		}
		for i, s := range all {
			for n, row := range s.rows {
				key := logKey(binary.BigEndian.Uint32(keys[i]), s.first+uint64(n))
				if err := b.Put(key, keyring.SealClear(nil, keyring.At(bucket, key), encode(row))); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		w.Fatal(err)
	}
}

// FuzzStretch: what decodes is what encodes to it, and nothing else makes it fail.
func FuzzStretch(f *testing.F) {
	f.Add(stretch{rows: []fields{{2, 7, 1, 1 << 40, 9}, {12, 7, 1, 1 << 40, 10, 3}, {3, 1, 0, 1<<40 - 5, 11}}}.encode())
	f.Add(stretch{rows: make([]fields, stretchRows)}.encode())
	f.Add([]byte{stretchMark, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s, again stretch
		if !s.decode(b) {
			return
		}
		if !again.decode(s.encode()) || !slices.Equal(again.rows, s.rows) {
			t.Errorf("%x", b)
		}
	})
}
