package view

import (
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// document is a record as the index knows it.
type document struct {
	number  index.Number
	content []uint64     // terms of the content, as stored with it
	terms   []index.Term // all terms, sorted
	columns index.Columns
	names   *index.Names // of the content, while somebody may find it by them
}

// tailBatch gathers what an entry changes in the index.
type tailBatch struct {
	changes  []index.Change
	names    []*index.Names // that go with the changes
	postings int
}

func (t *tailBatch) add(d document) {
	t.postings += len(d.terms)
	t.changes = append(t.changes, index.Change{Number: d.number, Add: d.terms, Columns: d.columns})
	t.names = append(t.names, d.names)
}

// replaced notes that a record changed. All of its terms are told: it may lie in a segment.
func (b *batch) replaced(before, after document) error {
	b.tail.changes = append(b.tail.changes, index.Change{
		Number: after.number, Remove: without(before.terms, after.terms), Add: after.terms, Columns: after.columns,
	})
	b.tail.names = append(b.tail.names, after.names)
	return b.changedInIndex(uint64(after.number))
}

// without returns what of the sorted list a is not in the sorted list b.
func without(a, b []index.Term) []index.Term {
	var rest []index.Term
	for _, t := range a {
		if _, found := slices.BinarySearch(b, t); !found {
			rest = append(rest, t)
		}
	}
	return rest
}

// joined merges two sorted lists without repeats into one, behind what is in all.
func joined(all, a, b []index.Term) []index.Term {
	all = slices.Grow(all, len(a)+len(b))
	for _, t := range b {
		n, found := slices.BinarySearch(a, t)
		all = append(all, a[:n]...)
		if a = a[n:]; !found {
			all = append(all, t)
		}
	}
	return append(all, a...)
}

// describer makes documents: from what apply has just written, and at start from what is stored.
type describer struct {
	store
	hasher   *index.Hasher
	roster   *Roster
	analyses *analyses // nil where nothing is remembered
	bare     bool      // leave the texts out: what is stored is to be looked at, not posted
	room     *termRoom // for the lists of terms; nil where each has its own
}

// termRoom is memory for the lists of terms of an entry. They are not needed once it is posted, and are most of what applying it would leave behind.
type termRoom struct{ terms []index.Term }

// mostRoom is how many terms the memory that is used again may have room for.
const mostRoom = 1 << 19

// clear makes room for another entry.
func (r *termRoom) clear() {
	if r.terms = r.terms[:0]; cap(r.terms) > mostRoom {
		r.terms = nil
	}
}

// joined merges two sorted lists without repeats into one that is good for the entry.
func (r *termRoom) joined(a, b []index.Term) []index.Term {
	if r == nil {
		return joined(nil, a, b)
	}
	from := len(r.terms)
	r.terms = joined(r.terms, a, b)
	return r.terms[from:len(r.terms):len(r.terms)]
}

func (b *batch) describer() describer {
	return describer{store: b.store(), hasher: b.v.hasher, roster: b.roster, analyses: &b.v.analyses, room: &b.v.terms}
}

// document describes a record whose links and content terms are at hand. Reference parts must have been written.
func (b *batch) document(rec *stored, links []*ententev1.Link, terms *internalv1.Terms) (document, error) {
	return b.describer().describe(rec, links, terms)
}

// stand describes a record as it is stored now.
func (b *batch) stand(rec *stored) (document, error) { return b.describer().stand(rec) }

func (d describer) stand(rec *stored) (document, error) {
	links, err := d.links(rec)
	if err != nil {
		return document{}, err
	}
	terms := new(internalv1.Terms)
	if err := d.part(rec, PartTerms, 0, rec.env.GetRevision(), terms); err != nil {
		return document{}, err
	}
	return d.describe(rec, links, terms)
}

func (d describer) describe(rec *stored, links []*ententev1.Link, content *internalv1.Terms) (document, error) {
	refs, err := d.references(rec)
	if err != nil {
		return document{}, err
	}
	analysis, err := d.analyse(rec)
	if err != nil {
		return document{}, err
	}
	env := rec.env
	facts := joined(nil, contentTerms(content), d.around(rec, links, refs))
	names := analysis.Names
	if env.GetState() == ententev1.RecordState_RECORD_STATE_RECALLED {
		names = nil
	}
	return document{
		number: index.Number(env.GetNumber()), content: content.GetTerms(), terms: d.room.joined(analysis.Terms, facts), names: names,
		columns: index.Columns{
			Kind: env.GetKind(), Owner: env.GetOwner(), CreateMicros: env.GetCreateMicros(), ReviewSeconds: env.GetReviewSeconds(),
			ObservedStart: env.GetObservedStart(), ObservedEnd: env.GetObservedEnd(), Spots: analysis.Spots,
		},
	}, nil
}

// contentTerms are the terms that were stored with a content, which made them in order already.
func contentTerms(stored *internalv1.Terms) []index.Term {
	terms := make([]index.Term, len(stored.GetTerms()))
	for i, t := range stored.GetTerms() {
		terms[i] = index.Term(t)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// around are the terms of what stands around a content, sorted and unique: the record's state, its audience, its links, its steps and its case.
func (d describer) around(rec *stored, links []*ententev1.Link, refs *internalv1.OwnReferences) []index.Term {
	env := rec.env
	owner := intel.AgencyID(d.roster.AgencyAt(env.GetOwner()).GetId())
	terms := append(make([]index.Term, 0, 16), d.hasher.Standing(env.GetKind(), env.GetState()), d.hasher.Originator(owner))
	facts := factsOf(d.roster, env, rec.release, env.GetStamps(), 0)
	for _, t := range policy.RecordTerms(facts, d.roster) {
		terms = append(terms, d.hasher.Audience(string(t)))
	}
	for _, t := range policy.HitTerms(facts, d.roster) {
		terms = append(terms, d.hasher.Hit(string(t)))
	}
	for _, l := range links {
		terms = append(terms, d.hasher.Link(l.GetTarget()))
	}
	for _, stage := range stages(env.GetSteps()) {
		terms = append(terms, d.hasher.Stage(stage))
	}
	if reference := refs.GetCaseReference(); reference != "" {
		terms = append(terms, d.hasher.Case(owner, reference))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// stages lists the stages at which assets stand, each once.
func stages(steps []*internalv1.StepMark) []ententev1.RecoveryStage {
	last := map[uint64]ententev1.RecoveryStage{}
	for _, s := range steps {
		if !s.GetVoided() && s.GetStage() != 0 {
			last[s.GetAssetKey()] = ententev1.RecoveryStage(s.GetStage())
		}
	}
	var list []ententev1.RecoveryStage
	for _, stage := range last {
		list = append(list, stage)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
