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

// Who asks for one part of a name finds whoever bears it, however many other names they have; it does not go the other way.
func TestOnePartFindsAWholeName(t *testing.T) {
	finds := func(asked, held string) (best float64) {
		for _, a := range NameReadings(asked) {
			for _, h := range NameReadings(held) {
				_, one := ReadName(a)
				_, other := ReadName(h)
				best = max(best, one.Finds(other))
			}
		}
		return best
	}
	for _, row := range []struct {
		asked, held string
		want        bool
	}{
		{"Karimi", "Karimi", true},
		{"Karimi", "Mohammed Ali Hassan Karimi", true},
		{"Munoz", "José Luis Muñoz Núñez", true},
		{"Muhammad", "Mohammed Karimi", true},
		{"Trabelsi", "عبد الرحمن الطرابلسي", true},
		{"Karimi", "Mohammed Ali Hassan Rahimi", false},
		{"Mohammed Ali Hassan Karimi", "Mohammed", false},
	} {
		if got := finds(row.asked, row.held); got >= 0.8 != row.want || got > 1 {
			t.Errorf("%s finds %s by %.3f", row.asked, row.held, got)
		}
	}
	if whole, part := finds("Karimi", "Karimi"), finds("Karimi", "Ali Karimi"); part >= whole {
		t.Errorf("the name itself by %.3f, as a part by %.3f", whole, part)
	}
}
