package segment

import (
	"math"
	"slices"
	"testing"
)

// filterOf is the filter of ascending terms.
func filterOf(terms []uint64) (filter []byte) {
	var draft filterDraft
	feed := func(line []byte) { filter = append(filter, line...) }
	for _, term := range terms {
		draft.add(term, feed)
	}
	draft.end(feed)
	return filter
}

// TestFilter writes filters of terms that are spread as hashes are, more of them
// than are waited for and fewer, and of terms that are not.
func TestFilter(t *testing.T) {
	spread := make([]uint64, 5*filterAhead)
	for i := range spread {
		spread[i] = mix(uint64(i) + 1)
	}
	slices.Sort(spread)
	few := slices.Clone(spread[:100])
	for i := range few {
		few[i] = mix(uint64(i) + 1)
	}
	slices.Sort(few)
	for name, terms := range map[string][]uint64{
		"many": spread, "few": few, "one": {0}, "last": {math.MaxUint64}, "close": {0, 1, 2, 1 << 63},
	} {
		filter := filterOf(terms)
		for _, term := range terms {
			if !inFilter(filter, term) {
				t.Fatalf("%s: %#x is missing", name, term)
			}
		}
		want := max(1, len(terms)*filterBits/8/lineBytes)
		if lines := len(filter) / lineBytes; lines < want-want/30 || lines > want+want/30+1 {
			t.Errorf("%s: %d lines for %d terms", name, lines, len(terms))
		}
	}
	if inFilter(nil, 1) {
		t.Error("a filter of nothing lets something through")
	}
	wrong, filter := 0, filterOf(spread)
	for i := range 100_000 {
		if inFilter(filter, mix(1<<40+uint64(i))) {
			wrong++
		}
	}
	if wrong > 2_500 {
		t.Errorf("of 100,000 terms that are not there %d are let through", wrong)
	}
}
