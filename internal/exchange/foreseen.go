package exchange

import (
	"sync"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// What is remembered takes no more than so many bytes, of so many contents: a usual one has eight identifiers and takes 3 KB.
const foreseenBytes, foreseenContents = 8 << 20, 1 << 13

// foreseen remembers the identifiers of contents that are about to be compared with those of others: a submit has just understood them, and the matcher need
// not open the record for them a moment later. They are known by content digest, which is salted and of no other content. What is forgotten is read from the
// record. Safe for concurrent use.
type foreseen struct {
	mu    sync.Mutex
	of    map[[32]byte][]foreseenIdentifier
	order [][32]byte // the oldest first, some of them taken already
	held  int        // bytes, about
}

// foreseenIdentifier is an identifier as it was understood, and as its content has it.
type foreseenIdentifier struct {
	intel.Identified
	stated []byte
}

// add remembers the identifiers of a content, and forgets the oldest for them.
func (f *foreseen) add(digest []byte, list []foreseenIdentifier) {
	size := weightOf(list)
	if len(digest) != 32 || len(list) == 0 || size > foreseenBytes {
		return
	}
	key := [32]byte(digest)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[[32]byte][]foreseenIdentifier{}
	}
	f.drop(key)
	for len(f.order) > 0 && (len(f.order) >= foreseenContents || f.held+size > foreseenBytes) {
		f.drop(f.order[0])
		f.order = f.order[1:]
	}
	f.of[key], f.order = list, append(f.order, key)
	f.held += size
}

// weightOf is about how many bytes identifiers take: what was understood of one is no longer than what was stated, a few times over.
func weightOf(list []foreseenIdentifier) (bytes int) {
	for _, id := range list {
		bytes += 256 + 3*len(id.stated)
	}
	return bytes
}

// take gives the identifiers of a content, once; nil for none that is remembered.
func (f *foreseen) take(digest []byte) []foreseenIdentifier {
	if len(digest) != 32 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.of[[32]byte(digest)]
	f.drop([32]byte(digest))
	return list
}

func (f *foreseen) drop(key [32]byte) {
	f.held -= weightOf(f.of[key])
	delete(f.of, key)
}

// foresee remembers the identifiers of a content that a command is about to bring, where they are to be compared.
func (h *Hub) foresee(digest []byte, c content, compares []*internalv1.CheckSpend) {
	if len(compares) == 0 {
		return
	}
	all, sound := statedWithin(c.kind, c.bytes)
	all = asRead(all)
	if !sound || len(all) != len(c.Findings) {
		return
	}
	size := 0
	for _, s := range all {
		size += len(s.encoded)
	}
	list, own := make([]foreseenIdentifier, len(all)), make([]byte, 0, size) // the content is not held for them
	for i, s := range all {
		from := len(own)
		own = append(own, s.encoded...)
		list[i] = foreseenIdentifier{c.Findings[i], own[from:len(own):len(own)]}
	}
	h.foreseen.add(digest, list)
}
