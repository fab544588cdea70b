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

// Names are found beside the frame that they were read from, and equal ones are held once.
func TestNameCacheFollowsTheFrame(t *testing.T) {
	c := newNameCache()
	names := namesOf("Mohammed Karimi")
	c.keep(7, []byte("one"), names)
	if c.get(7, []byte("one")) != names || c.get(7, []byte("two")) != nil || c.get(8, []byte("one")) != nil || c.get(7, nil) != nil {
		t.Error("names were found beside another frame, or not beside their own")
	}
	if c.keep(8, []byte("other"), namesOf("Mohammed Karimi")) != names || c.get(8, []byte("other")) != names {
		t.Error("equal names are held twice")
	}
	c.keep(7, []byte("two"), namesOf("Anna Schmidt"))
	if c.get(7, []byte("one")) != nil || c.get(7, []byte("two")) == names {
		t.Error("the names from before a correction are still there")
	}
}

// Names take so much memory and no more, however many or long they are.
func TestNameCacheForgets(t *testing.T) {
	c := newNameCache()
	const most = namesBytes + namesOfOne + rememberedAs
	for n := range uint64(3 * namesBytes / 500) {
		c.keep(n, []byte("f"), namesOf(fmt.Sprint("Somebody ", n)))
		if c.get(0, []byte("f")) == nil {
			t.Fatalf("forgotten after %d others", n)
		}
		if c.fresh.bytes > most || c.settled.bytes > most {
			t.Fatalf("%d and %d bytes", c.fresh.bytes, c.settled.bytes)
		}
	}
	if c.get(1, []byte("f")) != nil {
		t.Error("what nobody asked for is still there")
	}
	if c.keep(1, []byte("f"), namesOf(strings.Repeat("x", 2*namesOfOne))); c.get(1, []byte("f")) != nil {
		t.Error("names of any length are kept")
	}
}

func namesOf(name string) *index.Names {
	return (&index.Facts{Item: &ententev1.IntelligenceContent{Subjects: []*ententev1.Subject{
		{Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: name}}},
	}}}).Names()
}
