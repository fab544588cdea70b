package index

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// holder is what may hold the numbers of a posting, with a cursor from the top.
type holder interface {
	add(n uint32)
	remove(n uint32)
	cursor() *cursor
}

// tabled is the posting of a term in a table, whatever its form.
type tabled struct{ s shard }

func (p *tabled) add(n uint32)    { p.s.add([]posting{{7, n}}) }
func (p *tabled) remove(n uint32) { p.s.remove(7, n) }
func (p *tabled) cursor() *cursor {
	c, _ := p.s.posting(7)
	return &c
}

// TestPostings holds sets, and postings in a table, against a plain map while
// stretches of numbers come and go, through all the forms that they take.
func TestPostings(t *testing.T) {
	for name, fresh := range map[string]func() holder{
		"set":   func() holder { return new(set) },
		"table": func() holder { return &tabled{shard{lists: new(lists)}} },
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h, want := fresh(), map[uint32]bool{}
				for range rapid.IntRange(1, 6).Draw(t, "stretches") {
					stretch(t, h, want)
					numbers := slices.Sorted(maps.Keys(want))
					walkDown(t, *h.cursor(), numbers)
					markAll(t, *h.cursor(), numbers)
				}
			})
		})
	}
}

// stretch adds or removes some numbers in a row.
func stretch(t *rapid.T, h holder, want map[uint32]bool) {
	n := rapid.OneOf(rapid.Uint32Range(1, 200_000), rapid.Uint32Range(65_000, 66_000), rapid.Just(uint32(1<<31-9000))).Draw(t, "start")
	step := rapid.SampledFrom([]uint32{1, 1, 2, 7, 300}).Draw(t, "step")
	adds := rapid.IntRange(0, 2).Draw(t, "adds") > 0
	for range rapid.SampledFrom([]int{1, 2, 100, 300, 5000, 9000}).Draw(t, "many") {
		if adds {
			h.add(n)
			want[n] = true
		} else {
			h.remove(n)
			delete(want, n)
		}
		if n += step; n > uint32(MaxNumber) {
			return
		}
	}
}

// walkDown seeks by strides of all sizes, from the top to the end.
func walkDown(t *rapid.T, c cursor, numbers []uint32) {
	if c.total != len(numbers) {
		t.Fatalf("%d numbers, want %d", c.total, len(numbers))
	}
	var cost Cost
	n := uint32(MaxNumber)
	for {
		c.seek(n, &cost)
		i, found := slices.BinarySearch(numbers, n)
		if found {
			i++
		}
		want := uint32(0)
		if i > 0 {
			want = numbers[i-1]
		}
		if c.at != want {
			t.Fatalf("down to %d: at %d, want %d", n, c.at, want)
		}
		if want == 0 {
			return
		}
		n = want - min(want, uint32(rapid.SampledFrom([]int{0, 1, 1, 2, 60, 500, 5000, 70_000}).Draw(t, "stride")))
		if rapid.IntRange(0, 40).Draw(t, "leave") == 0 {
			return
		}
	}
}

// markAll reads whole pages.
func markAll(t *rapid.T, c cursor, numbers []uint32) {
	var cost Cost
	for _, high := range []uint32{0, 1, 2, uint32(MaxNumber) >> pageBits} {
		var got, want words
		some := c.mark(&got, high, &cost)
		for _, n := range numbers {
			if n>>pageBits == high {
				want[uint16(n)/64] |= 1 << (n % 64)
			}
		}
		if got != want || some != (want != words{}) {
			t.Fatalf("page %d: %v, %d bits, want %d", high, some, got.count(), want.count())
		}
	}
}

// TestBetween cuts a page at both ends.
func TestBetween(t *testing.T) {
	for _, ends := range [][2]uint16{{0, 65535}, {0, 0}, {65535, 65535}, {63, 64}, {64, 127}, {100, 5000}, {9, 8}} {
		var w words
		for i := range w {
			w[i] = ^uint64(0)
		}
		w.between(ends[0], ends[1])
		if want := max(int(ends[1])-int(ends[0])+1, 0); w.count() != want {
			t.Errorf("%v: %d bits, want %d", ends, w.count(), want)
		}
		if size := w.count(); size > 0 {
			if list := w.members(size); list[0] != ends[0] || list[size-1] != ends[1] {
				t.Errorf("%v: from %d to %d", ends, list[0], list[size-1])
			}
		}
	}
}

// TestBitmapBecomesAListAgain says that a page which has lost most of its
// numbers gives its bitmap back.
func TestBitmapBecomesAListAgain(t *testing.T) {
	s := new(set)
	for n := range uint32(bitmapFrom) {
		s.add(n)
	}
	if s.pages[0].bits == nil || s.pages[0].list != nil {
		t.Fatal("no bitmap")
	}
	for n := range uint32(bitmapFrom - listAgain) {
		s.remove(n)
	}
	if s.pages[0].bits != nil || len(s.pages[0].list) != listAgain || s.size != listAgain {
		t.Fatalf("%d numbers, and still a bitmap", s.size)
	}
}
