package view

import (
	"fmt"
	"strings"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

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

// Names are those of the last change, and of no snapshot before it.
func TestNameCacheFollowsTheOrder(t *testing.T) {
	c := newNameCache()
	karimi, schmidt := namesOf("Mohammed Karimi"), namesOf("Anna Schmidt")
	has := func(number, ordinal uint64, names *index.Names) bool {
		w, ok := c.get(number, ordinal)
		return ok == (names != nil) && (!ok || w == names.Written())
	}
	c.learn(7, 10, karimi)
	if !has(7, 10, karimi) || !has(7, 11, karimi) || !has(8, 10, nil) || !has(7+neighbours, 10, nil) {
		t.Error("names are not found, or those of another record")
	}
	if c.learn(8, 12, namesOf("Mohammed Karimi")); !has(8, 12, karimi) || len(c.fresh.written) != 1 {
		t.Error("equal names are held twice")
	}
	if c.change(7, 13, schmidt); !has(7, 12, nil) || !has(7, 13, schmidt) {
		t.Error("the names from before a correction are still there, or those of after it before")
	}
	if c.learn(7, 12, karimi); !has(7, 14, schmidt) {
		t.Error("what was read before a correction came after it")
	}
	if c.change(7, 15, nil); !has(7, 15, nil) {
		t.Error("the names from before a recall are still there")
	}
	if c.learn(7, 14, karimi); !has(7, 15, nil) {
		t.Error("what was read before a recall came after it")
	}
	for n := range uint64(2 * changesKnown) {
		c.change(100+n, 16+n, nil)
	}
	if c.learn(7, 14, karimi); !has(7, 1<<20, nil) || !has(8, 14, nil) {
		t.Error("what was read before a recall came after it, once many others had changed")
	}
	if c.learn(8, 1<<20, karimi); !has(8, 1<<20, karimi) || len(c.changed) > changesKnown {
		t.Error("what is read now is not remembered, or all changes are")
	}
}

// Names take so much memory and no more, however many or long they are.
func TestNameCacheForgets(t *testing.T) {
	c := newNameCache()
	const most = namesBytes + 4*neighbours + index.MostNames + 2*namesBeside
	for n := range uint64(2*namesBytes/namesBeside + 1) {
		c.learn(n, 1, namesOf(fmt.Sprint("Somebody ", n)))
		if _, ok := c.get(0, 1); !ok {
			t.Fatalf("forgotten after %d others", n)
		}
		if c.fresh.bytes > most || c.settled.bytes > most {
			t.Fatalf("%d and %d bytes", c.fresh.bytes, c.settled.bytes)
		}
	}
	if _, ok := c.get(1, 1); ok {
		t.Error("what nobody asked for is still there")
	}
	c.learn(1, 1, namesOf(strings.Repeat("x", 2*index.MostNames)))
	if _, ok := c.get(1, 1); ok {
		t.Error("names of any length are kept")
	}
}

func namesOf(name string) *index.Names {
	return (&index.Facts{Item: &ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{
		{Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: name}}},
	}}}).Names()
}
