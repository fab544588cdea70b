package view

import (
	"fmt"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// asBefore changes the file as an earlier build would have written it.
func (w *world) asBefore(change func(b *batch) error) {
	w.Helper()
	err := w.db.Update(func(tx *bolt.Tx) (err error) {
		b := w.newBatch(tx)
		if b.storage, err = w.ring.Storage(1); err != nil {
			return err
		}
		return change(b)
	})
	if err != nil {
		w.Fatal(err)
	}
	w.reopen(Options{})
}

// revisions are what a reader sees of a record's past, the newest first, and since when.
func (w *world) revisions(who string, x *item) string {
	w.Helper()
	var list []string
	w.read(func(s *Snapshot) error {
		r, err := s.Record(w.reader(who), [16]byte(x.uid))
		if err != nil {
			return err
		}
		return r.Revisions(0, func(v Revision) (bool, error) {
			list = append(list, fmt.Sprintf("%d %s %d %d %x", v.Number, v.Content, v.Meta.GetOrdinal(), v.Meta.GetMicros(), v.Meta.GetContentDigest()[:2]))
			return true, nil
		})
	})
	return strings.Join(list, ", ")
}

// TestMetasStandApartWhenOver: what is in force is told by the envelope, what is over by a value of its own; files that have all of them apart are read alike,
// and go on.
func TestMetasStandApartWhenOver(t *testing.T) {
	w := populated(t)
	x := w.submit(&item{owner: france, release: to(italy), content: "x"})
	w.took(w.revision(x, "y"))
	w.took(w.releaseChange(x, to(italy, britain)))
	w.took(w.revision(x, "z"))
	owner, reader, late := w.revisions(france, x), w.revisions(italy, x), w.revisions(britain, x)
	if strings.Count(owner, ",") != 2 || reader != owner || strings.Count(late, ",") != 1 {
		t.Errorf("france %s\nitaly %s\nbritain %s", owner, reader, late)
	}
	apart := func(b *batch, part Part, version uint32) bool {
		return b.bucket(bucketRecords).Get(recordKey(x.number, part, version)) != nil
	}
	w.asBefore(func(b *batch) error {
		for _, c := range []struct {
			part    Part
			version uint32
			want    bool
		}{{PartRevision, 1, true}, {PartRevision, 2, true}, {PartRevision, 3, false}, {PartReleaseMeta, 1, true}, {PartReleaseMeta, 2, false}} {
			if apart(b, c.part, c.version) != c.want {
				t.Errorf("%s %d apart: %v", c.part, c.version, !c.want)
			}
		}
		env, err := b.store().envelope(x.number)
		if err != nil {
			return err
		}
		if err := b.endRevision(env); err != nil {
			return err
		}
		if err := b.endRelease(env); err != nil {
			return err
		}
		env.RevisedOrdinal, env.ReleasedOrdinal, env.ReleasedMicros = 0, 0, 0
		return b.writeEnvelope(env)
	})
	if o, r, l := w.revisions(france, x), w.revisions(italy, x), w.revisions(britain, x); o != owner || r != reader || l != late {
		t.Errorf("as before:\nfrance %s\nitaly %s\nbritain %s", o, r, l)
	}
	w.took(w.revision(x, "again"))
	w.took(w.releaseChange(x, to(italy)))
	if got := w.revisions(france, x); !strings.HasSuffix(got, owner) || strings.Count(got, ",") != 3 {
		t.Errorf("goes on with %s", got)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}
