package view

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	bolt "go.etcd.io/bbolt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// under gives a command a request_id.
func under(id string, digest byte, c *internalv1.Command) *internalv1.Command {
	c.RequestId, c.RequestDigest = id, []byte{digest}
	return c
}

// count is how many keys a bucket has.
func (w *world) count(bucket string) (n int) {
	w.Helper()
	if err := w.db.View(func(tx *bolt.Tx) error {
		n = tx.Bucket([]byte(bucket)).Stats().KeyN
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	return n
}

func TestARequestTakesEffectOnce(t *testing.T) {
	w := populated(t)
	first := w.took(under("r", 1, w.submission(&item{owner: france, release: to(italy), content: "x"})))
	w.expect(map[string]string{}, func() {
		retry := w.took(under("r", 1, w.submission(&item{owner: france, release: to(italy), content: "x"})))
		if !retry.GetRepeated() {
			t.Error("the retry does not say that it is one")
		}
		retry.Repeated = false
		if !proto.Equal(retry, first) {
			t.Errorf("the outcome was %v, the retry gives %v", first, retry)
		}
		w.refused(under("r", 2, w.submission(&item{owner: france, release: to(italy), content: "y"})), RefusedReused, "")
	})
	if w.Len() != 1 {
		t.Errorf("%d records", w.Len())
	}
	w.read(func(s *Snapshot) error {
		known, err := s.Outcome(s.Roster().Agency(france).GetOrdinal(), "r")
		if err != nil || known.GetOutcome().GetNumber() != 1 || known.GetMicros() == 0 {
			t.Errorf("%v %v", known, err)
		}
		other, err := s.Outcome(s.Roster().Agency(italy).GetOrdinal(), "r")
		if other != nil {
			t.Error("the outcome shows to another agency")
		}
		return err
	})
	// The same id of another agency, and of the operator, is another request.
	w.took(under("r", 2, w.submission(&item{owner: italy, release: to(), content: "y"})))
	w.took(under("r", 3, w.enrol("xx-new")))
	if o := w.took(under("r", 3, w.enrol("xx-new"))); !o.GetRepeated() {
		t.Error("the operator's retry is no retry")
	}
}

// TestARequestTwiceInOneEntry: the second of two in the same batch is the retry.
func TestARequestTwiceInOneEntry(t *testing.T) {
	w := populated(t)
	c := w.submission(&item{owner: france, release: to(), content: "x"})
	got := w.apply(under("r", 1, c), under("r", 1, proto.CloneOf(c)), under("r", 2, proto.CloneOf(c)))
	if got[0].GetRepeated() || !got[1].GetRepeated() || Refusal(got[2].GetRefusal()) != RefusedReused || w.Len() != 1 {
		t.Errorf("%v", got)
	}
}

// TestARefusedRequestMayBeSentAgain: it had no effect, so there is nothing to remember.
func TestARefusedRequestMayBeSentAgain(t *testing.T) {
	w := populated(t)
	w.refused(under("r", 1, w.submission(&item{owner: france, release: to("zz-none")})), RefusedAudience, "AGENCY_UNKNOWN")
	if o := w.took(under("r", 1, w.submission(&item{owner: france, release: to(italy)}))); o.GetRepeated() {
		t.Error("a refusal was remembered")
	}
}

func TestOutcomesExpireAfterThirtyDays(t *testing.T) {
	w := populated(t)
	send := func() *internalv1.Outcome {
		return w.took(under("r", 1, w.submission(&item{owner: france, release: to(), content: "x"})))
	}
	send()
	w.micros += 29 * day
	w.took(w.tick())
	if !send().GetRepeated() {
		t.Error("forgotten before its time")
	}
	w.micros += day
	w.took(w.tick())
	if w.count(bucketRequests) != 0 || w.count(bucketExpiry) != 0 {
		t.Error("kept beyond its time")
	}
	if send().GetRepeated() {
		t.Error("repeated after it was forgotten")
	}
}

// TestExpiryKeepsPace: new outcomes alone keep what has expired from piling up, without any tick.
func TestExpiryKeepsPace(t *testing.T) {
	w := populated(t)
	for i := range 40 {
		w.took(under(fmt.Sprint("old", i), 1, w.submission(&item{owner: france, release: to(), content: "x"})))
	}
	w.micros += 31 * day
	for i := range 20 {
		w.took(under(fmt.Sprint("new", i), 1, w.submission(&item{owner: france, release: to(), content: "x"})))
	}
	if n := w.count(bucketRequests); n != 20 || w.count(bucketExpiry) != 20 {
		t.Errorf("%d outcomes are kept, %d to expire", n, w.count(bucketExpiry))
	}
}
