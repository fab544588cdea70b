package text

import (
	"testing"

	"github.com/hbollon/go-edlib"
)

// FuzzJaroWinkler: the measure is the one that a library of measures has.
func FuzzJaroWinkler(f *testing.F) {
	for _, pair := range [][2]string{{"martha", "marhta"}, {"dixon", "dicksonx"}, {"a", "b"}, {"a", "ab"}, {"mohammed", "muhamad"}, {"", "x"}, {"ahmedahmed", "mahmoudahm"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !ascii(a) || !ascii(b) {
			return
		}
		a, b = a[:min(len(a), wholeLetters)], b[:min(len(b), wholeLetters)]
		if got, want := jaroWinkler(a, b), edlib.JaroWinklerSimilarity(a, b); got != want {
			t.Errorf("%q and %q: %v, not %v", a, b, got, want)
		}
	})
}
