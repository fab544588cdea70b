package exchange_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/view"
)

// A world that moves: writers submit, correct, narrow, widen and recall, the index seals and merges, and readers ask meanwhile. What a record is at each moment is
// kept beside it by a clock that counts the beginnings and ends of calls: a change is in force from its end on for certain, and before its beginning for certain not.
type moving struct {
	*world
	mu    sync.Mutex
	clock int
	kept  map[string]*life // by name
	asked int
	rows  int
}

var (
	movingAgencies = []string{"fr-ofast", "gb-nca", "de-bka"}
	movingWords    = []string{"harbour", "lantern", "winter", "compass", "mirror", "garden"}
	movingRoutes   = []ententev1.SmugglingRoute{1, 2, 3}
)

// life is what a record was, each state from the beginning of the call that brought it; the first is that it is not there.
type life struct {
	owner  string
	states []state
}

type state struct {
	began, done int // done is 0 while the call runs
	words       []string
	phones      []string
	routes      []ententev1.SmugglingRoute
	audience    []string
	gone        bool
}

// content draws what a record says.
func (s *state) content(r *rand.Rand) *ententev1.IntelligenceContent {
	s.words = pick(r, movingWords, 3)
	s.phones = pick(r, []string{"+33612345601", "+33612345602", "+33612345603", "+33612345604", "+33612345605", "+33612345606", "+33612345607"}, 2)
	s.routes = pick(r, movingRoutes, 1)
	c := about("moving", nil, s.phones...).GetPlain()
	c.Narrative = fmt.Sprint("It was said: ", s.words)
	if len(s.routes) > 0 {
		c.Route = s.routes[0]
	}
	return c
}

// pick draws up to n of a list, each once.
func pick[T any](r *rand.Rand, list []T, n int) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:r.IntN(n+1)]
}

// tick is the next moment.
func (m *moving) tick() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock++
	return m.clock
}

// write is one writer's work on its own records.
func (m *moving) write(owner string, r *rand.Rand, rounds int) error {
	mine := map[string]*ententev1.Receipt{}
	for range rounds {
		names := slices.Sorted(keysOf(mine))
		var err error
		switch what := r.IntN(10); {
		case what < 4 || len(names) == 0:
			err = m.begin(owner, r, mine)
		default:
			err = m.change(owner, names[r.IntN(len(names))], what, r, mine)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (m *moving) begin(owner string, r *rand.Rand, mine map[string]*ententev1.Receipt) error {
	s := state{began: m.tick()}
	s.audience = pick(r, slices.DeleteFunc(slices.Clone(movingAgencies), func(id string) bool { return id == owner }), 2)
	d := item("moving", to(s.audience...))
	d.Content = &ententev1.IntelligenceItemDraft_Plain{Plain: s.content(r)}
	answer, err := m.SubmitIntelligenceItem(m.t.Context(), call(owner), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: d})
	if err != nil {
		return err
	}
	name := answer.GetReceipt().GetName()
	mine[name] = answer.GetReceipt()
	s.done = m.tick()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[name] = &life{owner: owner, states: []state{{gone: true}, s}}
	return nil
}

// change corrects a record, releases it to others, or recalls it.
func (m *moving) change(owner, name string, what int, r *rand.Rand, mine map[string]*ententev1.Receipt) error {
	m.mu.Lock()
	l := m.kept[name]
	next := l.states[len(l.states)-1]
	m.mu.Unlock()
	next.began, next.done = m.tick(), 0
	before := mine[name]
	var send func() (*ententev1.Receipt, error)
	switch {
	case what < 7:
		content := next.content(r)
		send = func() (*ententev1.Receipt, error) {
			answer, err := m.ReviseIntelligenceItem(m.t.Context(), call(owner), &ententev1.ReviseIntelligenceItemRequest{
				Justification: why(), Name: name, Etag: before.GetEtag(), Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: content},
			})
			return answer.GetReceipt(), err
		}
	case what < 9:
		next.audience = pick(r, slices.DeleteFunc(slices.Clone(movingAgencies), func(id string) bool { return id == owner }), 2)
		send = func() (*ententev1.Receipt, error) {
			answer, err := m.UpdateIntelligenceItemRelease(m.t.Context(), call(owner), &ententev1.UpdateIntelligenceItemReleaseRequest{
				Justification: why(), Name: name, ReleaseEtag: before.GetReleaseEtag(), Release: to(next.audience...),
			})
			return answer.GetReceipt(), err
		}
	default:
		next.gone = true
		delete(mine, name)
		send = func() (*ententev1.Receipt, error) {
			answer, err := m.RecallIntelligenceItem(m.t.Context(), call(owner), &ententev1.RecallIntelligenceItemRequest{Justification: why(), Name: name, Etag: before.GetEtag()})
			return answer.GetReceipt(), err
		}
	}
	m.mu.Lock()
	l.states = append(l.states, next)
	m.mu.Unlock()
	receipt, err := send()
	if err != nil {
		return err
	}
	if !next.gone {
		mine[name] = receipt
	}
	done := m.tick()
	m.mu.Lock()
	defer m.mu.Unlock()
	l.states[len(l.states)-1].done = done
	return nil
}

// question is a query and what it finds.
type question struct {
	query *ententev1.IntelligenceItemQuery
	finds func(owner string, s state) bool
}

// ask draws a question: words, an identifier, a route, an originator, and conditions of conditions.
func ask(r *rand.Rand) question {
	q := question{query: new(ententev1.IntelligenceItemQuery), finds: func(string, state) bool { return true }}
	and := func(holds func(string, state) bool) {
		before := q.finds
		q.finds = func(owner string, s state) bool { return before(owner, s) && holds(owner, s) }
	}
	says := func(word string) func(string, state) bool {
		return func(_ string, s state) bool { return slices.Contains(s.words, word) }
	}
	if r.IntN(2) == 0 {
		word := movingWords[r.IntN(len(movingWords))]
		q.query.Text = word
		and(says(word))
	}
	if r.IntN(4) == 0 {
		number := fmt.Sprintf("+3361234560%d", 1+r.IntN(7))
		q.query.Identifiers = []*ententev1.Identifier{phone(number)}
		and(func(_ string, s state) bool { return slices.Contains(s.phones, number) })
	}
	if r.IntN(4) == 0 {
		route := movingRoutes[r.IntN(len(movingRoutes))]
		q.query.Routes = []ententev1.SmugglingRoute{route}
		and(func(_ string, s state) bool { return slices.Contains(s.routes, route) })
	}
	if r.IntN(5) == 0 {
		id := movingAgencies[r.IntN(3)]
		q.query.Originators = []string{"agencies/" + id}
		and(func(owner string, _ state) bool { return owner == id })
	}
	a, b := movingWords[r.IntN(len(movingWords))], movingWords[r.IntN(len(movingWords))]
	switch r.IntN(4) {
	case 0:
		q.query.AnyOf = []*ententev1.Filter{{Text: a}, {Text: b}}
		and(func(owner string, s state) bool { return says(a)(owner, s) || says(b)(owner, s) })
	case 1:
		q.query.NoneOf = []*ententev1.Filter{{Text: a}}
		and(func(owner string, s state) bool { return !says(a)(owner, s) })
	case 2: // compared with the contents
		q.query.Text += ` "` + a + " " + b + `"`
		and(func(_ string, s state) bool {
			i := slices.Index(s.words, a)
			return i >= 0 && i+1 < len(s.words) && s.words[i+1] == b
		})
	}
	return q
}

// possible are the states that a record may have been in between two moments.
func (l *life) possible(from, to int) (list []state) {
	for i, s := range l.states {
		over := i+1 < len(l.states) && l.states[i+1].done > 0 && l.states[i+1].done < from
		if s.began <= to && !over {
			list = append(list, s)
		}
	}
	return list
}

// read asks once, and holds the answer against what may have been and what was for certain.
func (m *moving) read(reader string, r *rand.Rand) error {
	q := ask(r)
	from := m.tick()
	answer, err := m.QueryIntelligenceItems(m.t.Context(), call(reader), &ententev1.QueryIntelligenceItemsRequest{Justification: why(), Query: q.query, PageSize: 1000, IncludeTotal: true})
	if err != nil && fault.As(err).Reason == "READ_OVERTAKEN" { // what it found was restricted while it was put on record, again and again
		return nil
	}
	if err != nil {
		return err
	}
	until := m.tick()
	var got []string
	for _, x := range received(m.t, answer).GetIntelligenceItems() {
		got = append(got, x.GetMetadata().GetName())
	}
	if twice := slices.Compact(slices.Sorted(slices.Values(got))); len(twice) != len(got) || int(answer.GetTotalSize()) != len(got) || answer.GetNextPageToken() != "" {
		return fmt.Errorf("%s, %v: %d of %d are shown, %d different", reader, q.query, len(got), answer.GetTotalSize(), len(twice))
	}
	return m.judge(reader, q, got, from, until)
}

func (m *moving) judge(reader string, q question, got []string, from, until int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked, m.rows = m.asked+1, m.rows+len(got)
	var wrong error
	for name, l := range m.kept {
		all, any := true, false
		for _, s := range l.possible(from, until) {
			found := !s.gone && (l.owner == reader || slices.Contains(s.audience, reader)) && q.finds(l.owner, s)
			all, any = all && found, any || found
		}
		if is := slices.Contains(got, name); all && !is || !any && is {
			wrong = errors.Join(wrong, fmt.Errorf("%s, %v, from %d to %d: %s is found is %v; it was %+v", reader, q.query, from, until, name, is, l.states))
		}
	}
	return wrong
}

// TestAnswersInAMovingWorld: whatever is asked while records come, change and go, and segments are written and merged, is answered as a plain scan with policy decided
// for each record answers at some moment of the call: nothing that was there all the time is missed, nothing that was not there at any time is found.
func TestAnswersInAMovingWorld(t *testing.T) {
	seed := rand.Uint64()
	w := newWorldOver(t, exchange.Config{}, view.Options{FlushRecords: 8})
	w.enrol(movingAgencies...)
	m := &moving{world: w, kept: map[string]*life{}}
	var writing, reading errgroup.Group
	over := make(chan struct{})
	for i, id := range []string{"fr-ofast", "gb-nca", "de-bka", "fr-ofast"} {
		writing.Go(func() error { return m.write(id, rand.New(rand.NewPCG(seed, uint64(i))), 70) })
	}
	for i, id := range movingAgencies {
		reading.Go(func() error {
			for r := rand.New(rand.NewPCG(seed, uint64(100+i))); ; {
				select {
				case <-over:
					return nil
				default:
					if err := m.read(id, r); err != nil {
						return err
					}
				}
			}
		})
	}
	err := writing.Wait()
	close(over)
	if err = errors.Join(err, reading.Wait()); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	r := rand.New(rand.NewPCG(seed, 200))
	for n := range 60 { // at rest they are exact
		if err := m.read(movingAgencies[n%3], r); err != nil {
			t.Fatalf("seed %d, at rest: %v", seed, err)
		}
	}
	files, err := os.ReadDir(filepath.Join(w.dir, "index"))
	if err != nil || len(files) == 0 {
		t.Errorf("nothing was sealed: %v %v", files, err)
	}
	t.Logf("%d records, %d questions found %d; the newest of %d segments is %s", len(m.kept), m.asked, m.rows, len(files), files[len(files)-1].Name())
	if m.rows < m.asked {
		t.Error("hardly anything was found")
	}
}
