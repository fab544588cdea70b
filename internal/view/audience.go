package view

import (
	"sync"

	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// What a roster keeps of what readers may find: for so many of them, and so many terms in all (8 MB). Agencies make certificates as they like, and a
// member of many groups has tens of thousands of terms.
const (
	keptReaders = 4096
	keptTerms   = 1 << 20
)

// audiences are what readers may find under one roster, as the index has it. A reader has a term for each generation of each group of its, thousands where
// an owner changes a group all the time: they are made once a reader and roster, not once a query. Safe for concurrent use.
type audiences struct {
	mu    sync.Mutex
	kept  map[policy.Reader][]index.AnyOf
	terms int // in kept
}

// of are the reader's conjuncts, the audiences first. They are shared: read only.
func (a *audiences) of(r policy.Reader, roster *Roster, h *index.Hasher) []index.AnyOf {
	a.mu.Lock()
	kept, ok := a.kept[r]
	a.mu.Unlock()
	if ok {
		return kept
	}
	conjuncts := policy.ReaderTerms(r, roster)
	made, terms := make([]index.AnyOf, len(conjuncts)), 0
	for i, conjunct := range conjuncts {
		made[i], terms = make(index.AnyOf, len(conjunct)), terms+len(conjunct)
		for n, t := range conjunct {
			made[i][n] = h.Audience(string(t))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil || len(a.kept) >= keptReaders || a.terms+terms > keptTerms {
		a.kept, a.terms = map[policy.Reader][]index.AnyOf{}, 0
	}
	a.kept[r], a.terms = made, a.terms+terms
	return made
}
