package view

import (
	"sync"

	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// keptReaders is for how many readers a roster keeps what they may find.
const keptReaders = 4096

// audiences are what readers may find under one roster, as the index has it. A reader has a term for each generation of each group of its, thousands where
// an owner changes a group all the time: they are made once a reader and roster, not once a query. Safe for concurrent use.
type audiences struct {
	mu   sync.Mutex
	kept map[policy.Reader][]index.AnyOf
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
	made := make([]index.AnyOf, len(conjuncts))
	for i, conjunct := range conjuncts {
		made[i] = make(index.AnyOf, len(conjunct))
		for n, t := range conjunct {
			made[i][n] = h.Audience(string(t))
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil || len(a.kept) >= keptReaders {
		a.kept = map[policy.Reader][]index.AnyOf{}
	}
	a.kept[r] = made
	return made
}
