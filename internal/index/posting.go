package index

import "slices"

// ordered is what a posting is a list of: whole numbers, or their lower halves.
type ordered interface{ ~uint16 | ~uint32 }

// with is an ascending list and n, once. The list may be changed in place.
func with[E ordered](list []E, n E) []E {
	if last := len(list) - 1; last < 0 || list[last] < n {
		return append(list, n)
	}
	i, found := slices.BinarySearch(list, n)
	if found {
		return list
	}
	return slices.Insert(list, i, n)
}

// without is an ascending list but for n. The list may be changed in place;
// one that has become much smaller than its room moves to a smaller room.
func without[E ordered](list []E, n E) []E {
	i, found := slices.BinarySearch(list, n)
	if !found {
		return list
	}
	if list = slices.Delete(list, i, i+1); cap(list) > 16 && cap(list) > 4*len(list) {
		list = slices.Clone(list)
	}
	return list
}

// upTo is how many of an ascending list are not above n. It looks at the end
// first, then in strides that double, so that its cost follows the distance.
func upTo[E ordered](list []E, n E, cost *Cost) int {
	above, below := len(list), len(list)-1
	for stride := 1; below >= 0 && list[below] > n; stride *= 2 {
		cost.Probes++
		above, below = below, below-stride
	}
	low := max(below, -1) + 1
	for low < above {
		cost.Probes++
		if middle := int(uint(low+above) / 2); list[middle] > n {
			above = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
