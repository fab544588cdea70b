package index

import "slices"

// gathered are postings on their way into a table. Nearly every term lies in
// memory that the processor has to wait for: put in together, in the order of
// the terms, the postings of many records share most of the waiting.
type gathered struct {
	postings, room []posting
	read           uint32 // of the memory that was read ahead; nobody needs it
}

type posting struct {
	term Term
	n    uint32
}

// mostGathered bounds the memory; a usual batch is half of it.
const mostGathered = 1 << 17

func (g *gathered) add(terms []Term, n uint32, into *table) {
	for _, t := range terms {
		g.postings = append(g.postings, posting{t, n})
		if len(g.postings) == mostGathered {
			g.put(into)
		}
	}
}

// put puts all postings into a table.
func (g *gathered) put(into *table) {
	g.sort(64 - 2*sortBits)
	g.sort(64 - sortBits)
	for part := range slices.Chunk(g.postings, ahead) {
		g.warm(into, part)
		for len(part) > 0 {
			n := sameTerm(part)
			into.of(part[0].term).add(part[:n])
			part = part[n:]
		}
	}
	g.postings = g.postings[:0]
}

// sameTerm is how many of the first postings are of one term.
func sameTerm(list []posting) int {
	n := 1
	for n < len(list) && list[n].term == list[0].term {
		n++
	}
	return n
}

// ahead is how many postings the memory is read for before they are put in.
const ahead = 128

// warm reads the memory that some postings are about to be put into: first all
// slots, then all ends of lists and sets. None depends on another, so the processor
// waits for them together and not for each.
func (g *gathered) warm(into *table, list []posting) {
	var refs [ahead]uint32
	for i, p := range list {
		if s := into.of(p.term); len(s.slots) > 0 {
			refs[i] = s.slots[s.home(p.term)].ref
		}
	}
	for i, p := range list {
		if s := into.of(p.term); refs[i] != 0 {
			refs[i] = s.slots[s.slot(p.term)].ref
		}
	}
	for i, p := range list {
		g.read += into.of(p.term).end(refs[i])
	}
}

// sortBits is how many bits of the terms the postings are sorted by at a time.
const sortBits = 8

// sort brings the postings into the order of some bits of their terms. Those
// alike stay as they are.
func (g *gathered) sort(shift uint) {
	var next [1 << sortBits]int
	for i := range g.postings {
		next[g.postings[i].term>>shift%(1<<sortBits)]++
	}
	sum := 0
	for i, n := range next {
		next[i], sum = sum, sum+n
	}
	if cap(g.room) < len(g.postings) {
		g.room = make([]posting, cap(g.postings))
	}
	g.room = g.room[:len(g.postings)]
	for _, p := range g.postings {
		at := &next[p.term>>shift%(1<<sortBits)]
		g.room[*at] = p
		*at++
	}
	g.postings, g.room = g.room, g.postings
}
