package view

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// busy is a world in which something of everything happened.
func busy(t testing.TB) *world {
	t.Helper()
	w := populated(t)
	uid, group := w.group(france, italy)
	x := w.submit(&item{owner: france, release: to(group, japan), content: "boat lille", reference: "R", ownCase: "C"})
	y := w.submit(&item{
		owner: italy, release: to("all"), content: "asset", links: []string{x.name()},
		stages: []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED},
	})
	w.took(under("r", 1, w.revision(x, "boat calais")))
	w.took(w.releaseChange(x, to(group, britain)))
	w.took(w.stepOf(y, ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED, 0))
	w.took(w.linksChange(y, nil))
	w.took(w.consultation(italy, x))
	w.took(w.consultation(britain, x, y))
	w.took(w.members(france, uid, []string{japan}, []string{italy}))
	w.took(w.standing(britain, suspended))
	w.took(w.standingQuery(italy))
	w.took(w.matched(w.mark(), w.beyond(), w.foundBy(y, 1)))
	w.took(w.releaseChange(y, to("all", france)))
	w.took(w.recallOf(w.submit(&item{owner: japan, release: to(france), content: "gone"})))
	w.took(w.tick())
	return w
}

func (w *world) backup() *Backup {
	w.Helper()
	b, err := w.Backup()
	if err != nil {
		w.Fatal(err)
	}
	return b
}

// entriesKept are the numbers of the entries in the file.
func (w *world) entriesKept() (list []uint64) {
	w.Helper()
	w.read(func(s *Snapshot) error {
		return s.Entries(0, func(e *internalv1.Entry, _ []byte) (bool, error) {
			list = append(list, e.GetNumber())
			return true, nil
		})
	})
	return list
}

func TestASnapshotIsTheView(t *testing.T) {
	w := busy(t)
	b := w.backup()
	if b.Position != w.Position() || b.Contents != w.hash() || filepath.Dir(b.Path) != filepath.Join(w.dir, FolderBackups) {
		t.Errorf("%+v", b)
	}
	before := w.hash()
	w.submit(&item{owner: france, release: to(), content: "later"})
	// Restored into a folder of its own, beside the same keys, it is the hub of that moment and goes on from there.
	other := &world{TB: t, dir: t.TempDir(), ring: w.ring, random: w.random, micros: w.micros}
	if err := errors.Join(Prepare(other.dir), os.Rename(b.Path, filepath.Join(other.dir, FileView))); err != nil {
		t.Fatal(err)
	}
	other.View = other.open(Options{})
	defer other.Close()
	if other.hash() != before || other.Position() != b.Position || other.Check() != nil {
		t.Error("the snapshot is another hub")
	}
	other.submit(&item{owner: france, release: to(), content: "later"})
}

func TestTheJournalIsCutBehindASnapshot(t *testing.T) {
	w := busy(t)
	if list := w.entriesKept(); uint64(len(list)) != w.Position().Entry || list[0] != 1 {
		t.Fatalf("entries %v", list)
	}
	b := w.backup()
	w.submit(&item{owner: france, release: to(), content: "after"})
	w.submit(&item{owner: france, release: to(), content: "after"})
	before := w.hash()
	cut, err := w.CutJournal(b)
	if err != nil || uint64(cut) != b.Position.Entry {
		t.Errorf("cut %d of %d, %v", cut, b.Position.Entry, err)
	}
	if cut, err := w.CutJournal(b); cut != 0 || err != nil {
		t.Errorf("cut %d again, %v", cut, err)
	}
	if list := w.entriesKept(); !slices.Equal(list, []uint64{b.Position.Entry + 1, b.Position.Entry + 2}) {
		t.Errorf("entries %v", list)
	}
	if w.hash() != before || w.Check() != nil {
		t.Errorf("a cut changed the contents: %v", w.Check())
	}
	w.reopen(Options{})
	w.submit(&item{owner: france, release: to(), content: "after"})
	if list := w.entriesKept(); len(list) != 3 || w.Check() != nil {
		t.Errorf("entries %v, %v", list, w.Check())
	}
	// A newer snapshot cuts what was kept.
	if cut, err := w.CutJournal(w.backup()); cut != 3 || err != nil {
		t.Errorf("cut %d, %v", cut, err)
	}
	w.reopen(Options{})
	w.submit(&item{owner: france, release: to(), content: "after"})
}

// TestACutOfManyEntries takes more than one transaction.
func TestACutOfManyEntries(t *testing.T) {
	w := newWorld(t, Options{NoSync: true})
	w.took(w.genesis())
	for range 2*cutBatch + 10 {
		w.took(w.tick())
	}
	if cut, err := w.CutJournal(w.backup()); cut != 2*cutBatch+11 || err != nil || len(w.entriesKept()) != 0 {
		t.Errorf("cut %d, %v", cut, err)
	}
}

// TestNothingIsCutBehindAnUnsoundSnapshot: not behind none, one that is gone, damaged, or of another history.
func TestNothingIsCutBehindAnUnsoundSnapshot(t *testing.T) {
	w := busy(t)
	kept := len(w.entriesKept())
	sound := w.backup()
	gone, foreign := *sound, *sound
	gone.Path += ".gone"
	foreign.Position.Hash[0] ^= 1
	for name, b := range map[string]*Backup{"none": nil, "empty": {}, "gone": &gone, "foreign": &foreign} {
		if cut, err := w.CutJournal(b); cut != 0 || err == nil {
			t.Errorf("%s: cut %d, %v", name, cut, err)
		}
	}
	spoilSnapshot(t, sound.Path)
	if cut, err := w.CutJournal(sound); cut != 0 || fault.KindOf(err) != fault.DataLoss {
		t.Errorf("behind a damaged snapshot: cut %d, %v", cut, err)
	}
	data, err := os.ReadFile(sound.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sound.Path, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if cut, err := w.CutJournal(sound); cut != 0 || fault.KindOf(err) != fault.DataLoss {
		t.Errorf("cut short: cut %d, %v", cut, err)
	}
	if n := len(w.entriesKept()); n != kept {
		t.Errorf("%d of %d entries are left", n, kept)
	}
}

// spoilSnapshot flips a bit of a value that is not in the contents hash.
func spoilSnapshot(t *testing.T, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		k, v := tx.Bucket([]byte(bucketKeys)).Cursor().First()
		v = slices.Clone(v)
		v[len(v)-1] ^= 1
		return tx.Bucket([]byte(bucketKeys)).Put(slices.Clone(k), v)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestADamagedViewMakesNoSnapshot: a copy is as damaged as its original, and gets no name.
func TestADamagedViewMakesNoSnapshot(t *testing.T) {
	w := busy(t)
	w.spoil(bucketKeys, func(v []byte) []byte { v[len(v)-1] ^= 1; return v })
	if _, err := w.Backup(); fault.KindOf(err) != fault.DataLoss {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(filepath.Join(w.dir, FolderBackups)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// spoil changes the first value of a bucket behind the view's back.
func (w *world) spoil(bucket string, edit func([]byte) []byte) {
	w.Helper()
	w.spoilAt(bucket, 0, edit)
}

// spoilAt changes the value at a place in a bucket, counted from 0, and opens the view's readers anew.
func (w *world) spoilAt(bucket string, place int, edit func([]byte) []byte) {
	w.Helper()
	err := w.db.Update(func(tx *bolt.Tx) error {
		c := tx.Bucket([]byte(bucket)).Cursor()
		k, v := c.First()
		for range place {
			k, v = c.Next()
		}
		k, v = slices.Clone(k), edit(slices.Clone(v))
		if v == nil {
			return tx.Bucket([]byte(bucket)).Delete(k)
		}
		return tx.Bucket([]byte(bucket)).Put(k, v)
	})
	if err != nil {
		w.Fatal(err)
	}
	next := *w.now.Load()
	next.txid = uint64(w.txid())
	w.now.Store(&next)
	w.readers.advance(next.txid)
	w.cache = newRecordCache()
}

// txid is the state that the file shows.
func (w *world) txid() uint64 {
	id, err := w.shows()
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func TestADiskThatHasNoRoomForASnapshotKeepsItsRoom(t *testing.T) {
	w := newWorld(t, Options{Reserve: 1 << 60})
	w.took(w.genesis())
	if _, err := w.Backup(); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("%v", err)
	}
}
