package view

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// BenchmarkApply applies entries of submits as bulk loading makes them: 2 KB and some four hundred terms of words each, identifiers that are to be compared, six
// of ten to one or two agencies and the rest to all.
func BenchmarkApply(b *testing.B) {
	w := newWorld(b, Options{FlushRecords: FlushRecords})
	w.populate()
	w.took(w.declared("", 0, 1<<40))
	const commands = 64
	random := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(random, 1.1, 8, 1<<20)
	for b.Loop() {
		b.StopTimer()
		list := make([]*internalv1.Command, commands)
		for i := range list {
			list[i] = w.bulky(random, words)
		}
		entry, encoded := w.entry(list...)
		b.StartTimer()
		if _, err := w.Apply(entry, encoded); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(commands*b.N), "µs/record")
}

// bulky is a submit as bulk loading makes it.
func (w *world) bulky(random *rand.Rand, words *rand.Zipf) *internalv1.Command {
	audience := []string{"all"}
	if random.IntN(10) < 6 {
		audience = []string{cast()[random.IntN(4)], cast()[random.IntN(4)]}
	}
	content := make([]byte, 1900)
	for i := range content {
		content[i] = byte('a' + random.IntN(26))
	}
	x := &item{owner: cast()[random.IntN(4)], release: to(audience...), content: string(content)}
	for i := range 30 {
		x.content += fmt.Sprintf(" %d", i*random.IntN(1000))
	}
	c := w.submission(x)
	s := c.GetSubmitRecord()
	s.Compares = []*internalv1.CheckSpend{
		{Type: phone, Count: 3},
		{Type: iban, Count: 2},
		{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_EMAIL_ADDRESS, Count: 2},
	}
	terms := make([]index.Term, 450)
	for i := range terms {
		terms[i] = w.Hasher().Term(index.FieldStem, fmt.Sprint(words.Uint64()))
	}
	slices.Sort(terms)
	w.Expect(s.GetContentDigest(), index.Analysis{Terms: slices.Compact(terms)})
	return c
}
