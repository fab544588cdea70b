package index

import (
	"math/rand/v2"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// corpus makes records as thirteen agencies would submit them, the same for
// the same number: eight identifiers that recur across agencies, and some
// thirty terms of what the content, the release and the state say.
type corpus struct{ h *Hasher }

const agencies = 13

func newCorpus() corpus { return corpus{NewHasher([32]byte{1})} }

// The fields of the corpus that are asked for by value, above the real ones.
const (
	fieldWord Field = 200 + iota
	fieldRare
	fieldHalf
	fieldPurpose
)

const partnersAll = 100 // the audience of all partners

func (c corpus) agency(a int) Term   { return c.h.number(FieldOriginator, uint64(a)) }
func (c corpus) audience(a int) Term { return c.h.number(FieldAudience, uint64(a)) }
func (c corpus) word(w uint64) Term  { return c.h.number(fieldWord, w) }
func (c corpus) active() Term {
	return c.h.Standing(internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM, ententev1.RecordState_RECORD_STATE_ACTIVE)
}

// identifier is the i-th of a record's identifiers: a third are of its own,
// the others are drawn so that few are shared by many.
func (c corpus) identifier(n, i int, r *rand.Rand) Term {
	value := uint64(n)<<8 | uint64(i)
	if i%3 != 0 {
		value = 1<<40 | uint64(r.IntN(n/2+1000))
	}
	return c.h.number(FieldIdentifier, value)
}

// reader sees what all may see, and what is released to agency 3 alone.
func (c corpus) reader() []AnyOf {
	return []AnyOf{{c.audience(3), c.audience(partnersAll)}, {c.h.number(fieldPurpose, 1), c.h.number(fieldPurpose, 0)}, {c.active()}}
}

func (c corpus) random(n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(n), 7)) }

func (c corpus) terms(n int) []Term {
	r := c.random(n)
	terms := []Term{c.active(), c.agency(n % agencies), c.audience(n % agencies), c.h.number(fieldPurpose, uint64(r.IntN(2)))}
	if r.IntN(10) < 6 {
		terms = append(terms, c.audience(r.IntN(agencies)), c.audience(r.IntN(agencies)))
	} else {
		terms = append(terms, c.audience(partnersAll))
	}
	for i := range 8 {
		terms = append(terms, c.identifier(n, i, r))
	}
	for _, f := range []Field{FieldCrimeArea, FieldRoute, FieldCrossing, FieldUrgency, FieldEvaluation, FieldSubject, FieldSubject} {
		terms = append(terms, c.h.number(f, uint64(r.IntN(12))))
	}
	zipf := rand.NewZipf(r, 1.2, 4, 50_000)
	for range 6 {
		terms = append(terms, c.word(zipf.Uint64()))
	}
	terms = append(terms, c.h.observed(nil, interval(int64(n)*60, int64(n)*60+7200))...)
	if n%1000 == 0 {
		terms = append(terms, c.h.number(fieldRare, 0))
	}
	return unique(append(terms, c.h.number(fieldHalf, uint64(n%2))))
}

func (c corpus) columns(n int) Columns {
	return Columns{
		Kind: item, Owner: uint32(n%agencies) + 1, CreateMicros: int64(n) * 1e6, ReviewSeconds: 1 << 40,
		ObservedStart: int64(n) * 60, ObservedEnd: int64(n)*60 + 7200,
	}
}

func (c corpus) changes(from, to int) []Change {
	changes := make([]Change, 0, to-from)
	for n := from; n < to; n++ {
		changes = append(changes, Change{Number: Number(n), Add: c.terms(n), Columns: c.columns(n)})
	}
	return changes
}

// fill adds the records from one number up to another to an index.
func (c corpus) fill(t testing.TB, x *Index, from, to int) {
	t.Helper()
	for ; from < to; from += 1000 {
		if err := x.Apply(int64(from)*1e6, c.changes(from, min(from+1000, to))); err != nil {
			t.Fatal(err)
		}
	}
}
