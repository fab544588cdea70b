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

// expectedAnalyses is how many contents may be on their way to the applier, and expectedTerms how many terms they may have together; of more, the words are
// told there. Both bound the memory: a usual content has some hundred terms, one that is made for it a hundred thousand, and those of a command that is refused
// are left behind.
const (
	expectedAnalyses = 1 << 14
	expectedTerms    = 8 << 20
)

// analyses are the terms of texts whose contents are about to be applied, by content digest. Safe for concurrent use.
type analyses struct {
	mu    sync.Mutex
	terms map[[32]byte][]index.Term
	held  int // terms of all
	// order is a ring, for those that never come.
	order        [expectedAnalyses][32]byte
	oldest, next uint64
}

// Expect tells the terms of a content's texts before the command that brings it. digest is the content's salted digest; the terms are those that
// index.Hasher's TextTerms gives, and are not changed any more.
func (v *View) Expect(digest []byte, terms []index.Term) {
	if len(digest) != 32 {
		return
	}
	a := &v.analyses
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.terms == nil {
		a.terms = map[[32]byte][]index.Term{}
	}
	key := [32]byte(digest)
	a.drop(key)
	for a.oldest < a.next && (a.next-a.oldest == expectedAnalyses || a.held+len(terms) > expectedTerms) {
		a.drop(a.order[a.oldest%expectedAnalyses])
		a.oldest++
	}
	a.terms[key], a.order[a.next%expectedAnalyses] = terms, key
	a.held += len(terms)
	a.next++
}

// drop gives the terms of a content up.
func (a *analyses) drop(key [32]byte) {
	a.held -= len(a.terms[key])
	delete(a.terms, key)
}

// take gives the terms of a content that was expected, once.
func (a *analyses) take(digest []byte) ([]index.Term, bool) {
	if len(digest) != 32 {
		return nil, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := [32]byte(digest)
	terms, ok := a.terms[key]
	a.drop(key)
	return terms, ok
}

// texts are the terms of the texts of a record's current content.
func (d describer) texts(rec *stored) ([]index.Term, error) {
	if d.bare {
		return nil, nil
	}
	if d.expected != nil {
		if terms, ok := d.expected.take(rec.env.GetContentDigest()); ok {
			return terms, nil
		}
	}
	stored, err := d.partBytes(rec, PartContent, rec.env.GetRevision(), rec.env.GetRevision())
	if err != nil {
		return nil, err
	}
	return d.hasher.TextTerms(contentOf(rec.env.GetKind(), stored)), nil
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
