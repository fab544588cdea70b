package view

import (
	"sync"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// The words and names of a content are no part of what is stored beside it: they are told anew whenever a record comes into the index. Whoever makes the
// command of a new content has it open and tells them beforehand, on its own time: the applier, who is alone, then need not.

// How many contents may be on their way to the applier, and how many that were just applied are remembered, for whoever looks at each new record; and how
// many terms either may have together, names counted as what they take. Of more, the words are told where they are needed. Both bound the memory: a usual
// content has some hundred terms, one that is made for it a hundred thousand, and those of a command that is refused are left behind.
const (
	expectedAnalyses, expectedTerms = 1 << 14, 8 << 20
	recentAnalyses, recentTerms     = 1 << 11, 1 << 20
)

// analyses are those of contents by content digest, which is salted and of no other content: of those about to be applied, and of those that have just
// been. Safe for concurrent use.
type analyses struct {
	mu       sync.Mutex
	expected ring
	recent   ring
}

// ring remembers the last of many.
type ring struct {
	of    map[[32]byte]expectation
	held  int        // what all of them hold
	order [][32]byte // the oldest first, some of them dropped already
}

// expectation is what is known of a content before the command that brings it is applied.
type expectation struct {
	index.Analysis
	opened *Opened // nil where nobody told
}

// Opened is what a submit has sealed, as whoever made its command has it at hand: the applier need not open it. Nothing of it may change any more.
type Opened struct {
	Key     *keyring.RecordKey
	Release *ententev1.Release
	Links   []*ententev1.Link
	Terms   *internalv1.Terms

	of *internalv1.SubmitRecord
}

// weight is about how much is held, in terms: a key, and messages that take four times what they do encoded.
func (o *Opened) weight() int {
	if o == nil {
		return 0
	}
	return 200 + (len(o.of.GetSealedRelease())+len(o.of.GetSealedLinks()))/2 + len(o.Terms.GetTerms())
}

// add remembers what is known of a content, and forgets the oldest for it.
func (r *ring) add(key [32]byte, a expectation, mostContents, mostTerms int) {
	if r.of == nil {
		r.of = map[[32]byte]expectation{}
	}
	r.drop(key)
	for len(r.order) > 0 && (len(r.order) >= mostContents || r.held+weight(a) > mostTerms) {
		r.drop(r.order[0])
		r.order = r.order[1:]
	}
	r.of[key], r.order = a, append(r.order, key)
	r.held += weight(a)
}

// drop gives the analysis of a content up.
func (r *ring) drop(key [32]byte) {
	r.held -= weight(r.of[key])
	delete(r.of, key)
}

// weight is what an expectation holds, in terms.
func weight(e expectation) int { return len(e.Terms) + e.Names.Size()/termSize + e.opened.weight() }

// termSize is how many bytes a term takes.
const termSize = 8

// Expect tells the analysis of a content before the command that brings it. digest is the content's salted digest; the analysis is what index.Hasher's
// Analyse gives.
func (v *View) Expect(digest []byte, analysis index.Analysis) {
	v.analyses.expect(digest, expectation{Analysis: analysis})
}

// ExpectRecord is Expect of a new record's content, and tells what else the command holds. It is that very message which the journal gets: one that was read
// from an entry is opened.
func (v *View) ExpectRecord(s *internalv1.SubmitRecord, analysis index.Analysis, opened Opened) {
	opened.of = s
	v.analyses.expect(s.GetContentDigest(), expectation{analysis, &opened})
}

func (a *analyses) expect(digest []byte, e expectation) {
	if len(digest) != 32 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.expected.add([32]byte(digest), e, expectedAnalyses, expectedTerms)
}

// opened is what was told of a command; nil where nothing was.
func (a *analyses) opened(s *internalv1.SubmitRecord) *Opened {
	if len(s.GetContentDigest()) != 32 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o := a.expected.of[[32]byte(s.GetContentDigest())].opened; o != nil && o.of == s {
		return o
	}
	return nil
}

// of gives the analysis of a content that was expected, or applied not long ago.
func (a *analyses) of(digest []byte) (index.Analysis, bool) {
	if len(digest) != 32 {
		return index.Analysis{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := [32]byte(digest)
	if known, ok := a.recent.of[key]; ok {
		return known.Analysis, true
	}
	known, ok := a.expected.of[key]
	if ok {
		a.expected.drop(key)
		a.recent.add(key, expectation{Analysis: known.Analysis}, recentAnalyses, recentTerms)
	}
	return known.Analysis, ok
}

// analyse is the analysis of a record's current content.
func (d describer) analyse(rec *stored) (index.Analysis, error) {
	if d.bare {
		return index.Analysis{}, nil
	}
	if d.analyses != nil {
		if analysis, ok := d.analyses.of(rec.env.GetContentDigest()); ok {
			return analysis, nil
		}
	}
	stored, err := d.partBytes(rec, PartContent, rec.env.GetRevision(), rec.env.GetRevision())
	if err != nil {
		return index.Analysis{}, err
	}
	content := contentOf(rec.env.GetKind(), stored)
	analysis := d.hasher.Analyse(content, index.ContentKeys(content))
	if d.analyses != nil {
		d.analyses.remember(rec.env.GetContentDigest(), analysis) // a change asks twice: before and after
	}
	return analysis, nil
}

// remember remembers what was worked out after all.
func (a *analyses) remember(digest []byte, analysis index.Analysis) {
	if len(digest) != 32 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recent.add([32]byte(digest), expectation{Analysis: analysis}, recentAnalyses, recentTerms)
}

// Foresee works out the terms of the record's texts before a command that changes something of it, on the time of whoever makes that command: those of a text
// that is made for it take a fifth of a second, for which the applier would keep everybody waiting.
func (x *Record) Foresee() error {
	digest := x.rec.env.GetContentDigest()
	analysis, known := x.s.v.analyses.of(digest)
	if !known {
		var err error
		if analysis, err = (describer{store: x.s.store, hasher: x.s.v.hasher, roster: x.s.state.roster}).analyse(x.rec); err != nil {
			return err
		}
	}
	x.s.v.Expect(digest, analysis)
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
