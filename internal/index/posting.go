package index

import "slices"

// A posting of two numbers or more is a list, ascending and without repetition.

// with is a list and n. The list may be changed in place.
func with(list []uint32, n uint32) []uint32 {
	if last := len(list) - 1; last < 0 || list[last] < n {
		return append(list, n)
	}
	i, found := slices.BinarySearch(list, n)
	if found {
		return list
	}
	return slices.Insert(list, i, n)
}

// without is a list but for n. The list may be changed in place.
func without(list []uint32, n uint32) []uint32 {
	if i, found := slices.BinarySearch(list, n); found {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// cursor walks a posting from its newest number down.
type cursor struct {
	at   uint32   // the number it stands at; 0 behind the last
	rest []uint32 // the numbers below it, ascending
}

// newCursor stands at the newest number of a list.
func newCursor(list []uint32) cursor {
	last := len(list) - 1
	if last < 0 {
		return cursor{}
	}
	return cursor{at: list[last], rest: list[:last]}
}

func (c *cursor) size() int {
	if c.at == 0 {
		return 0
	}
	return 1 + len(c.rest)
}

// seek moves down to the newest number that is not above n. It looks close by
// first, then in strides that double, so that its cost follows the distance.
func (c *cursor) seek(n uint32, cost *Cost) {
	if c.at <= n {
		return
	}
	cost.Postings++
	above, below := len(c.rest), len(c.rest)-1
	for stride := 1; below >= 0 && c.rest[below] > n; stride *= 2 {
		cost.Probes++
		above, below = below, below-stride
	}
	for low := max(below, -1) + 1; low < above; {
		cost.Probes++
		if middle := int(uint(low+above) / 2); c.rest[middle] > n {
			above = middle
		} else {
			low = middle + 1
		}
	}
	*c = newCursor(c.rest[:above])
}
