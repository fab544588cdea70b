package view

import "testing"

// A record is found beside the frame that it was opened from, and beside no other.
func TestRecordCacheFollowsTheFrame(t *testing.T) {
	c := newRecordCache()
	rec := &stored{}
	frame := []byte("one")
	c.keep(7, frame, rec)
	frame[0] = 'O' // the file's page may change under it
	if c.get(7, []byte("one")) != rec || c.get(7, []byte("two")) != nil || c.get(8, []byte("one")) != nil || c.get(7, nil) != nil {
		t.Error("a record was found beside another frame, or not beside its own")
	}
}

// What is asked for stays, what is not goes, and there are never more than two generations.
func TestRecordCacheForgets(t *testing.T) {
	c := newRecordCache()
	for n := range uint64(3 * cacheSize) {
		c.keep(n, []byte("f"), &stored{})
		if c.get(0, []byte("f")) == nil {
			t.Fatalf("forgotten after %d others", n)
		}
		if len(c.fresh)+len(c.settled) > 2*cacheSize {
			t.Fatalf("%d records are kept", len(c.fresh)+len(c.settled))
		}
	}
	if c.get(1, []byte("f")) != nil {
		t.Error("what nobody asked for is still there")
	}
}
