package view

import (
	"encoding/binary"
	"errors"
	"math"
	"sort"
	"sync"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// checker is what one asker's checks look for, as the index has it.
type checker struct {
	// holds are the conjuncts of what it may read or get a hit from.
	holds []index.AnyOf
	// where is what they are beside that, where not all agencies are in standing: those that are not give no hits.
	where []index.Clause
	// silent are the terms of what others hold in silence, by the ordinals of their owners.
	silent index.AnyOf
	owners []uint32
}

// checkers are the checkers of one roster, made once an asker and roster. Safe for concurrent use.
type checkers struct {
	mu    sync.Mutex
	kept  map[policy.Reader]*checker
	terms int
}

// of is the checker of an asker. It is shared: read only.
func (c *checkers) of(r policy.Reader, roster *Roster, h *index.Hasher) *checker {
	c.mu.Lock()
	kept := c.kept[r]
	c.mu.Unlock()
	if kept != nil {
		return kept
	}
	made := newChecker(r, roster, h)
	terms := len(made.silent)
	for _, one := range made.holds {
		terms += len(one)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= keptReaders || c.terms+terms > keptTerms {
		c.kept, c.terms = map[policy.Reader]*checker{}, 0
	}
	c.kept[r], c.terms = made, c.terms+terms
	return made
}

func newChecker(r policy.Reader, roster *Roster, h *index.Hasher) *checker {
	reads := roster.finds.of(r, roster, h)
	hits, idle := index.AnyOf{}, index.AnyOf{} // an empty condition is met by nothing, nil by all
	for _, t := range policy.HitReaderTerms(r, roster) {
		hits = append(hits, h.Hit(string(t)))
	}
	for _, a := range roster.agencies {
		if a != nil && !roster.Active(intel.AgencyID(a.GetId())) {
			idle = append(idle, h.Originator(intel.AgencyID(a.GetId())))
		}
	}
	const active = ententev1.RecordState_RECORD_STATE_ACTIVE
	standing := index.AnyOf{
		h.Standing(internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM, active), h.Standing(internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT, active),
	}
	c := &checker{holds: append([]index.AnyOf{append(hits, reads[0]...), standing}, reads[1:]...)}
	if len(idle) > 0 {
		hit := index.Clause{AnyOf: hits, None: []index.Clause{{AnyOf: idle}}}
		c.where = []index.Clause{{Any: []index.Clause{{AnyOf: append(index.AnyOf{}, reads[0]...)}, hit}}}
	}
	for _, owner := range roster.Current(AllPartners) {
		if owner != r.Agency {
			c.silent = append(c.silent, h.Hit(string(policy.SilentTerm(owner))))
			c.owners = append(c.owners, roster.Agency(owner).GetOrdinal())
		}
	}
	return c
}

// Holdings are the numbers, newest first and so many at most, of the records with one of the terms that an asker may read or get a hit from. Its cost
// follows the answer. Each is decided again by Holding.
func (s *Snapshot) Holdings(r policy.Reader, terms index.AnyOf, limit int) []uint64 {
	c := s.state.roster.checks.of(r, s.state.roster, s.v.hasher)
	return s.numbers(r, index.Query{All: append([]index.AnyOf{terms}, c.holds...), Where: c.where}, limit)
}

// Silence visits the owners that hold something with one of the terms in silence, each with the numbers of its newest records, so many at most.
func (s *Snapshot) Silence(r policy.Reader, terms index.AnyOf, limit int, visit func(owner uint32, numbers []uint64) error) error {
	c := s.state.roster.checks.of(r, s.state.roster, s.v.hasher)
	if len(s.numbers(r, index.Query{All: []index.AnyOf{terms, c.silent}}, 1)) == 0 {
		return nil
	}
	for i, owner := range c.owners {
		if numbers := s.numbers(r, index.Query{All: []index.AnyOf{terms, c.silent[i : i+1]}}, limit); len(numbers) > 0 {
			if err := visit(owner, numbers); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Snapshot) numbers(r policy.Reader, q index.Query, limit int) []uint64 {
	q.Review = &index.Review{At: s.Micros(), Owner: s.state.roster.Agency(r.Agency).GetOrdinal()}
	var list []uint64
	s.v.tail.Search(q, limit, func(n index.Number) bool {
		list = append(list, uint64(n))
		return true
	})
	return list
}

// Holding is what a record has to say to the asker of a check.
type Holding struct {
	// Record is set where the asker may read it, and nothing else is.
	Record *Record
	// Hit is set where the asker learns that its owner holds it, or where only the owner learns of the check.
	Hit *internalv1.CheckHit
}

// Comparable is a record while its identifiers are compared with those asked for. Nothing of it may reach the asker.
type Comparable struct {
	s   *Snapshot
	rec *stored
}

// Kind of the record.
func (c Comparable) Kind() internalv1.RecordKind { return c.rec.env.GetKind() }

// Assessment is the encoded assessment; nil when there is none.
func (c Comparable) Assessment() ([]byte, error) {
	return (&Record{s: c.s, rec: c.rec}).Assessment()
}

// Content is the accepted bytes.
func (c Comparable) Content() ([]byte, error) { return (&Record{s: c.s, rec: c.rec}).Content() }

// Holding decides what a record tells an asker; nil is nothing. No record answers before same has compared the identifiers themselves: terms are hashes.
// It is asked only about what would answer.
func (s *Snapshot) Holding(r policy.Reader, number uint64, same func(Comparable) (bool, error)) (*Holding, error) {
	rec, err := s.record(number)
	if err != nil || rec == nil {
		return nil, err
	}
	known := facts(s.state.roster, rec, s.Micros())
	h := new(Holding)
	switch {
	case !known.Recalled && policy.Listed(r, known, s.state.roster):
		h.Record = &Record{s: s, rec: rec, r: r}
	case policy.Hit(r, known, s.state.roster):
		h.Hit = s.checkHit(rec)
	default:
		return nil, nil
	}
	if equal, err := same(Comparable{s: s, rec: rec}); err != nil || !equal {
		return nil, err
	}
	return h, nil
}

// Silent is the notice for the owner of a record that answers in silence; nil where it does not. The asker is told nothing either way, so that the hash of
// the identifier is enough and no time is spent on opening the record.
func (s *Snapshot) Silent(r policy.Reader, number uint64) (*internalv1.CheckHit, error) {
	rec, err := s.record(number)
	if err != nil || rec == nil || !policy.Silent(r, facts(s.state.roster, rec, s.Micros()), s.state.roster) {
		return nil, err
	}
	hit := s.checkHit(rec)
	hit.Silent = true
	return hit, nil
}

func (s *Snapshot) checkHit(rec *stored) *internalv1.CheckHit {
	return &internalv1.CheckHit{Number: rec.env.GetNumber(), Owner: rec.env.GetOwner(), Fresh: Fresh(rec.env, s.Micros())}
}

// Fresh tells whether a record may be bait for all that it says itself: it is younger than a day, and no grading vouches for it. A correction makes it young
// again: an old record that is given the number of today would tell its author the same.
func Fresh(env *internalv1.Envelope, micros int64) bool {
	return env.GetUngraded() && micros-env.GetContentMicros() < dayMicros
}

// Check is what a check came to, with its consultation: for the asking agency's supervisor, and, of its own records, for an originator.
func (s *Snapshot) Check(agency uint32, number uint64) (*internalv1.CheckState, *internalv1.ConsultationState, error) {
	check, c := new(internalv1.CheckState), new(internalv1.ConsultationState)
	if err := s.sealed(bucketChecks, logKey(agency, number), check); err != nil {
		return nil, nil, err
	}
	return check, c, s.sealed(bucketConsultations, logKey(agency, number), c)
}

// Checks visits an agency's checks before a number (0: from the newest), newest first, until visit returns false. For the agency's supervisor alone.
func (s *Snapshot) Checks(agency uint32, before uint64, visit func(number uint64, c *internalv1.CheckState) (bool, error)) error {
	if before == 0 {
		before = ^uint64(0)
	}
	cursor := s.tx.Bucket([]byte(bucketChecks)).Cursor()
	for k, frame := back(cursor, logKey(agency, before)); inLog(k, agency); k, frame = cursor.Prev() {
		state := new(internalv1.CheckState)
		if err := openSealed(s.ring, bucketChecks, k, frame, state); err != nil {
			return err
		}
		if more, err := visit(binary.BigEndian.Uint64(k[4:]), state); err != nil || !more {
			return err
		}
	}
	return nil
}

// HitNames are the names of one owner's records that a check is told of at once, as far as whoever is told may know of them in its own house.
func (s *Snapshot) HitNames(check *internalv1.CheckState, owner uint32, to policy.Reader) ([]string, error) {
	var names []string
	for _, h := range check.GetFacts().GetHits() {
		if h.GetOwner() != owner || h.GetPooled() {
			continue
		}
		rec, err := s.record(h.GetNumber())
		if err != nil {
			return nil, err
		}
		if policy.Own(to, facts(s.state.roster, rec, s.Micros())) {
			names = append(names, nameOf(s.state.roster, rec.env))
		}
	}
	return names, nil
}

// HitPool is who asked, on one day since 1970, for what might be bait of an owner.
func (s *Snapshot) HitPool(owner, day uint32) (*internalv1.HitPool, error) {
	pool := new(internalv1.HitPool)
	return pool, s.sealed(bucketHitPools, poolKey(owner, day), pool)
}

// Benign is the entry of an identifier on the list of known and harmless ones; nil when it is not there.
func (s *Snapshot) Benign(key index.Term) (*internalv1.BenignState, error) {
	at := key8(uint64(key))
	if s.benign == nil {
		s.benign = s.tx.Bucket([]byte(bucketBenign)).Cursor()
	}
	frame := valueAt(s.benign, at)
	if frame == nil {
		return nil, nil
	}
	state := new(internalv1.BenignState)
	return state, openSealed(s.ring, bucketBenign, at, frame, state)
}

// Benigns visits the list after a key, in the order of keys, until visit returns false.
func (s *Snapshot) Benigns(after uint64, visit func(key uint64, b *internalv1.BenignState) (bool, error)) error {
	cursor := s.tx.Bucket([]byte(bucketBenign)).Cursor()
	for k, frame := cursor.Seek(key8(after)); k != nil; k, frame = cursor.Next() {
		key := binary.BigEndian.Uint64(k)
		if key == after {
			continue
		}
		state := new(internalv1.BenignState)
		if err := openSealed(s.ring, bucketBenign, k, frame, state); err != nil {
			return err
		}
		if more, err := visit(key, state); err != nil || !more {
			return err
		}
	}
	return nil
}

// OwnerOf is the agency of an ordinal, by its id.
func (s *Snapshot) OwnerOf(ordinal uint32) intel.AgencyID {
	return intel.AgencyID(s.state.roster.AgencyAt(ordinal).GetId())
}

// ChecksUntil is the number of an agency's first check after a moment: those before it are what Checks visits from there. 0 when there is none.
func (s *Snapshot) ChecksUntil(agency uint32, micros int64) (uint64, error) {
	cursor := s.tx.Bucket([]byte(bucketChecks)).Cursor()
	var failed error
	first := func(n uint64) (uint64, int64) {
		k, frame := cursor.Seek(logKey(agency, n))
		if !inLog(k, agency) {
			return 0, math.MaxInt64
		}
		state := new(internalv1.CheckState)
		failed = errors.Join(failed, openSealed(s.ring, bucketChecks, k, frame, state))
		return binary.BigEndian.Uint64(k[4:]), state.GetMicros()
	}
	head := s.head(bucketChecks, agency)
	after := sort.Search(int(head)+1, func(n int) bool {
		_, at := first(uint64(n))
		return at > micros
	})
	number, _ := first(uint64(after))
	return number, failed
}
