package view

import (
	"sync"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
)

// The words of a content are no part of what is stored: they are told anew whenever a record comes into the index. Whoever makes the command of a new
// content has it open and tells them beforehand, on its own time: the applier, who is alone, then need not.

// How many contents may be on their way to the applier, and how many that were just applied are remembered, for whoever looks at each new record; and how
// many terms either may have together. Of more, the words are told where they are needed. Both bound the memory: a usual content has some hundred terms, one
// that is made for it a hundred thousand, and those of a command that is refused are left behind.
const (
	expectedAnalyses, expectedTerms = 1 << 14, 8 << 20
	recentAnalyses, recentTerms     = 1 << 11, 1 << 20
)

// analyses are the terms of texts by content digest, which is salted and of no other content: of those about to be applied, and of those that have just
// been. Safe for concurrent use.
type analyses struct {
	mu       sync.Mutex
	expected ring
	recent   ring
}

// ring remembers the last of many.
type ring struct {
	terms map[[32]byte][]index.Term
	held  int        // terms of all
	order [][32]byte // the oldest first, some of them dropped already
}

// add remembers the terms of a content, and forgets the oldest for it.
func (r *ring) add(key [32]byte, terms []index.Term, mostContents, mostTerms int) {
	if r.terms == nil {
		r.terms = map[[32]byte][]index.Term{}
	}
	r.drop(key)
	for len(r.order) > 0 && (len(r.order) >= mostContents || r.held+len(terms) > mostTerms) {
		r.drop(r.order[0])
		r.order = r.order[1:]
	}
	r.terms[key], r.order = terms, append(r.order, key)
	r.held += len(terms)
}

// drop gives the terms of a content up.
func (r *ring) drop(key [32]byte) {
	r.held -= len(r.terms[key])
	delete(r.terms, key)
}

// Expect tells the terms of a content's texts before the command that brings it. digest is the content's salted digest; the terms are those that
// index.Hasher's TextTerms gives, and are not changed any more.
func (v *View) Expect(digest []byte, terms []index.Term) {
	if len(digest) != 32 {
		return
	}
	v.analyses.mu.Lock()
	defer v.analyses.mu.Unlock()
	v.analyses.expected.add([32]byte(digest), terms, expectedAnalyses, expectedTerms)
}

// of gives the terms of a content that was expected, or applied not long ago.
func (a *analyses) of(digest []byte) ([]index.Term, bool) {
	if len(digest) != 32 {
		return nil, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := [32]byte(digest)
	if terms, ok := a.recent.terms[key]; ok {
		return terms, true
	}
	terms, ok := a.expected.terms[key]
	if ok {
		a.expected.drop(key)
		a.recent.add(key, terms, recentAnalyses, recentTerms)
	}
	return terms, ok
}

// texts are the terms of the texts of a record's current content.
func (d describer) texts(rec *stored) ([]index.Term, error) {
	if d.bare {
		return nil, nil
	}
	if d.analyses != nil {
		if terms, ok := d.analyses.of(rec.env.GetContentDigest()); ok {
			return terms, nil
		}
	}
	stored, err := d.partBytes(rec, PartContent, rec.env.GetRevision(), rec.env.GetRevision())
	if err != nil {
		return nil, err
	}
	terms := d.hasher.TextTerms(contentOf(rec.env.GetKind(), stored))
	if d.analyses != nil {
		d.analyses.remember(rec.env.GetContentDigest(), terms) // a change asks twice: before and after
	}
	return terms, nil
}

// remember remembers what was worked out after all.
func (a *analyses) remember(digest []byte, terms []index.Term) {
	if len(digest) != 32 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recent.add([32]byte(digest), terms, recentAnalyses, recentTerms)
}

// Foresee works out the terms of the record's texts before a command that changes something of it, on the time of whoever makes that command: those of a text
// that is made for it take a fifth of a second, for which the applier would keep everybody waiting.
func (x *Record) Foresee() error {
	digest := x.rec.env.GetContentDigest()
	terms, known := x.s.v.analyses.of(digest)
	if !known {
		var err error
		if terms, err = (describer{store: x.s.store, hasher: x.s.v.hasher, roster: x.s.state.roster}).texts(x.rec); err != nil {
			return err
		}
	}
	x.s.v.Expect(digest, terms)
	return nil
}

// contentOf is a content as far as the hub can read it: what it cannot has no words for it.
func contentOf(kind internalv1.RecordKind, stored []byte) proto.Message {
	var content proto.Message = new(ententev1.IntelligenceContent)
	if kind == internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT {
		content = new(ententev1.SeizureContent)
	}
	if proto.Unmarshal(stored, content) != nil {
		proto.Reset(content)
	}
	return content
}
