package text

import (
	"strings"
	"testing"
)

func meet(a, b string) bool {
	for _, one := range NameReadings(a) {
		for _, other := range NameReadings(b) {
			if FormOf(one).Meets(FormOf(other)) {
				return true
			}
		}
	}
	return false
}

func TestNamesMeet(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"محمد", "Mohammed", true},
		{"محمد", "Muhamad", true},
		{"حسين", "Hussein", true},
		{"عبد الرحمن", "Abdulrahman", true},
		{"Abd al-Rahman", "Abdulrahman", true},
		{"Мухаммед", "Mohammed", true},
		{"يوسف", "Youssef", true},
		{"کریمی", "Karimi", true},
		{"رضا", "Reza", true},
		{"\ufeae\ufebf\ufe8e", "Reza", true}, // in forms by place in the word, as old systems print
		{"مرتضی رضایی", "Morteza Rezaei", true},
		{"رمضان", "Ramazan", true},
		{"رمضان", "Ramadan", true},
		{"رضا", "Rada", true},
		{"رضا", "Rana", false},
		{"Karimi, Ali", "Ali Karimi", true},
		{"عبد الرحمن الطرابلسي", "Abdulrahman Trabelsi", true},
		{"Abd al-Rahman al-Tarabulsi", "Abdulrahman Trabelsi", true},
		{"سالم الطرابلسي", "Salem Trabelsi", true},
		{"الطرابلسي", "Trabelsi", true},
		{"AL-TARABULSI", "trabelsi", true},
		{"Omar Al Bashir", "Omar Bashir", true},
		{"رمضان الفقيه", "Ramazan Fakih", true},
		{"Salah ad\u2011Din", "Salahuddin", true},
		{"Al Capone", "Mario Capone", false}, // not each Capone that there is
		{"Elena Rossi", "Na Rossi", false},
		{"Khaled", "Haled", true},
		{"Müller", "Muller", true},
		{"Qassem", "Kasim", true},
		{"Schmidt", "Smit", false},
		{"Anna", "Mohammed", false},
		{"", "", false},
	} {
		if got := meet(row.a, row.b); got != row.want {
			t.Errorf("%s %v, %s %v: %v", row.a, FormOf(row.a), row.b, FormOf(row.b), got)
		}
	}
}

func TestNameScore(t *testing.T) {
	for _, row := range []struct {
		a, b        []string
		least, most float64
	}{
		{[]string{"Mohammed Ali"}, []string{"Mohammed Ali"}, 1, 1},
		{[]string{"Ali Karimi"}, []string{"KARIMI, Ali"}, 1, 1},
		{[]string{"Mohammed"}, []string{"Muhammad"}, 0.8, 0.99},
		{[]string{"Müller"}, []string{"Muller"}, 1, 1},
		{[]string{"رضا"}, []string{"Reza"}, 0.9, 1},
		{[]string{"محمد", "Mohammed"}, []string{"Mohamed"}, 0.95, 1},
		{[]string{"Mohammed Ali Karimi"}, []string{"Mohammed Karimi"}, 0.9, 0.99},
		{[]string{"Abd al-Rahman"}, []string{"Abdulrahman"}, 0.85, 1},
		{[]string{"سالم الطرابلسي"}, []string{"Salem Trabelsi"}, 0.9, 1},
		{[]string{"Abdulrahman Trabelsi"}, []string{"عبد الرحمن الطرابلسي"}, 0.8, 1},
		{[]string{"Anna Schmidt"}, []string{"Mohammed Ali"}, 0, 0.6},
		{nil, []string{"Anna"}, 0, 0},
		{[]string{"..."}, []string{"Anna"}, 0, 0},
	} {
		got := NameScore(row.a, row.b)
		if got < row.least || got > row.most || got != NameScore(row.b, row.a) {
			t.Errorf("%v and %v: %.3f, and %.3f the other way", row.a, row.b, got, NameScore(row.b, row.a))
		}
	}
}

// FuzzName: every name is as like itself as can be, and likeness goes both ways.
func FuzzName(f *testing.F) {
	for _, name := range []string{"محمد", "Abd al-Rahman", "Мухаммед", "李小龍", "O'Neill", "\xff", "Ǣ ʼ", "al", "الـ ال- -", "عبد ال el- e"} {
		f.Add(name, "Mohammed")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		one, two := NameScore([]string{a}, []string{b}), NameScore([]string{b}, []string{a})
		if one < 0 || one > 1.0001 || one != two {
			t.Errorf("%f, %f", one, two)
		}
		if own := NameScore([]string{a}, []string{a}); len(nameParts(a)) > 0 && own < 0.9999 {
			t.Errorf("%q is like itself by %f", a, own)
		}
	})
}

// TestNameScoreIsBounded: what a comparison costs is not the writer's to choose.
func TestNameScoreIsBounded(t *testing.T) {
	cost := func(a, b string) float64 {
		return testing.AllocsPerRun(1, func() { NameScore([]string{a}, []string{b}) })
	}
	many := cost(strings.Repeat("ab ", 85), strings.Repeat("ac ", 85))
	if few := cost(strings.Repeat("ab ", scoredParts), strings.Repeat("ac ", scoredParts)); many > 2*few {
		t.Errorf("names of 85 parts take %.0f allocations to compare, of %d parts %.0f", many, scoredParts, few)
	}
	if score := NameScore([]string{strings.Repeat("Mohammed ", 40)}, []string{strings.Repeat("Mohammed ", 40)}); score < 1 {
		t.Errorf("a long name scores %.3f with itself", score)
	}
}
