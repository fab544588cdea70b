package view

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
)

// TestRowsLieInStretches: however they came, so many to a value, the last few among the ends; each is found from any number on, and a log that lost some
// says so.
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
	if want := len(all) / stretchRows; len(keys) != want || len(all)%stretchRows == 0 {
		t.Errorf("%d stretches of %d rows, want %d and an end", len(keys), len(all), want)
	}
	w.missed(bucketTails, rowsTail(bucketInboxes, inbox), inbox)
	for _, first := range keys {
		w.missed(bucketInboxes, logKey(inbox, first), inbox)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// missed wants rows of an inbox that are gone to be told as damage.
func (w *world) missed(bucket string, key []byte, inbox uint32) {
	w.Helper()
	undo := w.spoilKey(bucket, key, func([]byte) []byte { return nil })
	if err := w.Read(w.allRows(inbox)); fault.KindOf(err) != fault.DataLoss {
		w.Errorf("without %s %x: %v", bucket, key, err)
	}
	undo()
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

// TestRowsOfEarlierFiles: a file that has each row by itself, or the ends of its logs in their places, opens, is read, and goes on as files are today.
func TestRowsOfEarlierFiles(t *testing.T) {
	for name, single := range map[string]bool{"a value a row": true, "stretches in their place": false} {
		t.Run(name, func(t *testing.T) {
			w := populated(t)
			x := w.submit(&item{owner: france, release: to(italy), content: "x"})
			for range 3 {
				w.took(w.consultation(italy, x))
			}
			inbox, readership := w.boxes()[italy], w.Roster().Agency(france).GetOrdinal()
			rows, read := w.rows(inbox, 0), w.readings(france)
			w.age(single)
			if again := w.rows(inbox, 0); !slices.Equal(again, rows) || w.readings(france) != read {
				t.Errorf("%v, were %v", again, rows)
			}
			for range stretchRows {
				w.took(w.consultation(italy, w.submit(&item{owner: france, release: to(italy), content: "y"})))
			}
			if n := len(w.rows(inbox, 0)); n != len(rows)+stretchRows {
				t.Errorf("%d rows", n)
			}
			want := 1
			if single {
				want += len(rows)
			}
			if n := len(w.stretches(inbox)); n != want {
				t.Errorf("%d values for %d rows of which %d were there", n, len(rows)+stretchRows, len(rows))
			}
			w.read(func(s *Snapshot) error {
				if head := s.ReadershipHead(readership); head != 3+stretchRows {
					t.Errorf("readership of %d", head)
				}
				return w.allLeaves()(s)
			})
			if err := w.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// age makes the file one of an earlier build: the ends of its logs lie in their places, and with single each row in a value of its own. Then it is opened again.
func (w *world) age(single bool) {
	w.Helper()
	logs := w.now.Load()
	if err := w.View.Close(); err != nil {
		w.Fatal(err)
	}
	db, err := bolt.Open(w.dir+"/"+FileView, 0o600, nil)
	if err != nil {
		w.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		for log, head := range logs.heads {
			if log.kind == logConsultation {
				continue
			}
			if err := w.settle(tx, logs.roster, log, head, single); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	if err := db.Close(); err != nil {
		w.Fatal(err)
	}
	w.View = w.open(Options{})
}

// settle moves the end of a log to its place.
func (w *world) settle(tx *bolt.Tx, r *Roster, log logRef, head uint64, single bool) error {
	s := store{tx: tx, ring: w.ring}
	bucket, id := log.kind.bucket(), logIDOf(r, log)
	put := func(bucket string, key, value []byte) error {
		return tx.Bucket([]byte(bucket)).Put(key, keyring.SealClear(nil, keyring.At(bucket, key), value))
	}
	part, there, err := s.unfinishedRows(bucket, log.owner)
	if err != nil || !there {
		return err
	}
	index, offset := ledger.Place(head)
	leaves, err := s.tilePiece(nil, id, index, offset/pieceLeaves, head)
	if err != nil {
		return err
	}
	err = errors.Join(put(bucketTiles, tileKey(id, index, offset/pieceLeaves), leaves), put(bucket, logKey(log.owner, part.first), part.encode()))
	for n, row := range part.rows {
		if single {
			err = errors.Join(err, put(bucket, logKey(log.owner, part.first+uint64(n)), bare(log.kind, row)))
		}
	}
	tails := tx.Bucket([]byte(bucketTails))
	return errors.Join(err, tails.Delete(rowsTail(bucket, log.owner)), tails.Delete(leavesTail(id)))
}

// bare is a row as it was before there were stretches.
func bare(kind logKind, f fields) []byte {
	if kind == logReadership {
		row, _ := readingOf(0, f)
		return row.encode()
	}
	row, _ := rowOf(0, f)
	return row.encode()
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
