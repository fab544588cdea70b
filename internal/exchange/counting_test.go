package exchange

import (
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// TestCountingIsBounded: an answer counts so many values, whether a check asks for one or for a thousand.
func TestCountingIsBounded(t *testing.T) {
	const each = 1000
	counted, next := counting{values: map[uint64]*repetition{}}, uint64(0)
	check := func() *internalv1.CheckState {
		facts := new(internalv1.CheckFacts)
		for range each {
			next++
			facts.Values = append(facts.Values, next)
		}
		return &internalv1.CheckState{Facts: facts}
	}
	for number := uint64(1); ; number++ {
		c := check()
		if counted.full(c) {
			break
		}
		counted.add(number, c)
	}
	if len(counted.values) != valuesAtOnce || counted.checks != valuesAtOnce/each {
		t.Errorf("%d values of %d checks", len(counted.values), counted.checks)
	}
	huge := &internalv1.CheckState{Facts: &internalv1.CheckFacts{Values: make([]uint64, valuesAtOnce+1)}}
	if first := (&counting{}); first.full(huge) {
		t.Error("a check alone is never counted")
	}
}
