package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// world is a model and what the package is given for it.
type world struct {
	model
	*roster
}

func drawWorld(t *rapid.T) world {
	m := drawModel(t)
	return world{m, replay(m.history, m.protected)}
}

// Read says what the rules say, read one by one off the whole history.
func TestReadIsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		for _, p := range everybody() {
			if got, want := Read(p.reader(purpose), w.record(), w.roster), w.read(p, purpose); got != want {
				t.Fatalf("%+v for %v: %d, want %d\n%v", p, purpose, got, want, w.history)
			}
		}
	})
}

// Nobody is refused for less than the rules say: without audience there is only
// the owner, without standing not even the owner.
func TestNobodyReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		for _, r := range []Reader{
			{}, {Operator: true, Purpose: purpose}, {Agency: owner, Operator: true, Region: "FR", Purpose: purpose},
			{Agency: "fr-two", Operator: true, Region: "FR", Purpose: purpose}, {Agency: "zz-none", Region: "FR", Purpose: purpose},
		} {
			if Read(r, w.record(), w.roster) != Absent || Own(r, w.record()) || found(RecordTerms(w.record(), w.roster), ReaderTerms(r, w.roster)) ||
				Then(r, w.roster.versions, 0, 0, w.roster) {
				t.Fatalf("%+v reads", r)
			}
		}
	})
}

// found tells whether an index that posts the record's terms finds it.
func found(record []Term, reader [][]Term) bool {
	for _, anyOf := range reader {
		if !slices.ContainsFunc(anyOf, func(t Term) bool { return slices.Contains(record, t) }) {
			return false
		}
	}
	return true
}

// The index finds exactly what Read lets read, also with terms that were made when
// the record last changed and memberships have changed since.
func TestTermsAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		for _, p := range everybody() {
			r := p.reader(purpose)
			readable := Read(r, w.record(), w.roster) == Readable
			if got := found(w.terms, ReaderTerms(r, w.roster)); got != readable {
				t.Fatalf("%+v for %v: found %v, readable %v\n%v\n%v", p, purpose, got, readable, w.terms, w.history)
			}
		}
		w.terms = RecordTerms(w.record(), w.roster)
		for _, p := range everybody() {
			r := p.reader(purpose)
			if found(w.terms, ReaderTerms(r, w.roster)) != (Read(r, w.record(), w.roster) == Readable) {
				t.Fatalf("%+v for %v: terms made anew differ from Read\n%v\n%v", p, purpose, w.terms, w.history)
			}
		}
	})
}

// A list shows what is readable, and what is past its review to its owner alone.
func TestListed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		rec := w.record()
		rec.ReviewDue = rapid.Bool().Draw(t, "due")
		for _, p := range everybody() {
			r := p.reader(purpose)
			want := w.read(p, purpose) == Readable && (!rec.ReviewDue || p.agency == owner)
			if got := Listed(r, rec, w.roster); got != want || Read(r, rec, w.roster) != w.read(p, purpose) {
				t.Fatalf("%+v: listed %v, want %v", p, got, want)
			}
		}
	})
}

// Whoever is told can read, and whoever can read as an agency or as a named unit
// is told, in one order, each once.
func TestAddresseesAreReaders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		sameInboxes(t, Addressees(w.record(), w.roster), w.told())
		for _, to := range Addressees(w.record(), w.roster) {
			r := Reader{Agency: to.Agency, Unit: to.Unit, Region: country(to.Agency)}
			if Read(r, w.record(), w.roster) == Absent {
				t.Fatalf("%+v is told and reads nothing", to)
			}
		}
	})
}

// Holders are the addressees that there would be if the suspended came back.
func TestHoldersAreTheReinstated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		holders := Holders(w.record(), w.roster)
		sameInboxes(t, holders, w.reinstated().told())
		for _, to := range Addressees(w.record(), w.roster) {
			if !slices.Contains(holders, to) {
				t.Fatalf("%+v is an addressee and no holder", to)
			}
		}
	})
}

func sameInboxes(t *rapid.T, got []Addressee, want map[Addressee]bool) {
	t.Helper()
	for i, to := range got {
		if !want[to] {
			t.Fatalf("%+v is told, want %v", to, want)
		}
		if i > 0 && (got[i-1].Agency > to.Agency || got[i-1].Agency == to.Agency && got[i-1].Unit >= to.Unit) {
			t.Fatalf("out of order or twice: %v", got)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("told %v, want %v", got, want)
	}
}

// Then says what reading the history moment by moment says.
func TestThenIsTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		from, until := drawTime(t, w.history)
		for _, p := range everybody() {
			r := p.reader(drawPurpose(t))
			if got, want := Then(r, w.roster.versions, from, until, w.roster), w.then(p, from, until); got != want {
				t.Fatalf("%+v in [%d, %d): %v, want %v\n%v", p, from, until, got, want, w.history)
			}
		}
	})
}

func drawTime(t *rapid.T, h history) (from, until uint64) {
	from = rapid.Uint64Range(1, h.now()).Draw(t, "from")
	if rapid.Bool().Draw(t, "ended") {
		until = rapid.Uint64Range(from, h.now()+1).Draw(t, "until")
	}
	return from, until
}

// A longer time shows no less; all of the time until now shows whatever can be
// read now.
func TestThenGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		from, until := drawTime(t, w.history)
		for _, p := range everybody() {
			r := p.reader(ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION)
			part := Then(r, w.roster.versions, from, until, w.roster)
			for _, longer := range [][2]uint64{{from, 0}, {0, until}, {0, 0}, {from, max(until, w.now()+1)}} {
				if until != 0 && part && !Then(r, w.roster.versions, longer[0], longer[1], w.roster) {
					t.Fatalf("%+v: in [%d, %d), not in %v", p, from, until, longer)
				}
			}
			if Read(r, w.record(), w.roster) != Absent && !Then(r, w.roster.versions, w.now(), 0, w.roster) {
				t.Fatalf("%+v reads now, and was not entitled just now", p)
			}
		}
	})
}

// Each marking can only take readers away, and existence moves nobody.
func TestMarkingsOnlyRestrict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		bare := w.record()
		bare.Release = &ententev1.Release{Audience: bare.Release.GetAudience()}
		bare.Protected = false
		for _, p := range everybody() {
			r := p.reader(purpose)
			if marked, free := Read(r, w.record(), w.roster), Read(r, bare, w.roster); marked > free {
				t.Fatalf("%+v: %d marked, %d without", p, marked, free)
			}
		}
	})
}

// Nothing is changed by asking, and asking twice answers the same.
func TestPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, purpose := drawWorld(t), drawPurpose(t)
		before := w.record().Release.String()
		for _, p := range everybody() {
			r := p.reader(purpose)
			if !slices.EqualFunc(ReaderTerms(r, w.roster), ReaderTerms(r, w.roster), slices.Equal[[]Term]) {
				t.Fatal("a reader's terms change from one asking to the next")
			}
		}
		if !slices.Equal(RecordTerms(w.record(), w.roster), RecordTerms(w.record(), w.roster)) ||
			!slices.Equal(Holders(w.record(), w.roster), Holders(w.record(), w.roster)) {
			t.Fatal("terms or holders change from one asking to the next")
		}
		if w.record().Release.String() != before {
			t.Fatal("the release was changed")
		}
	})
}

// The drawn worlds are worth something: each verdict, and each way to be let in or
// kept out, comes up. Some do in one of a hundred, so that these are drawn alike
// each time.
func TestWorldsAreVaried(t *testing.T) {
	seen := map[string]int{}
	look := rapid.Custom(func(t *rapid.T) bool {
		w := drawWorld(t)
		purpose := drawPurpose(t)
		for _, p := range everybody() {
			if p.agency == owner {
				continue
			}
			switch Read(p.reader(purpose), w.record(), w.roster) {
			case Readable:
				seen["readable"]++
			case WrongPurpose:
				seen["purpose"]++
			case Absent:
				seen["absent"]++
			}
		}
		for _, s := range w.record().Stamps {
			if slices.ContainsFunc(cast(), func(a intel.AgencyID) bool {
				return w.MemberNow(s.GetGroup(), a) && !w.MemberAt(s.GetGroup(), a, s.GetGeneration())
			}) {
				seen["newcomer"]++
			}
		}
		if len(w.Suspended()) > 0 && len(Holders(w.record(), w.roster)) > len(Addressees(w.record(), w.roster)) {
			seen["suspended holder"]++
		}
		return true
	})
	for seed := range 500 {
		look.Example(seed)
	}
	for _, what := range []string{"readable", "purpose", "absent", "newcomer", "suspended holder"} {
		if seen[what] == 0 {
			t.Errorf("no drawn world has: %s (%v)", what, seen)
		}
	}
}
