package index

// gathered are postings on their way into a table. Nearly every term lies in
// memory that the processor has to wait for: put in together, in the order of
// the terms, the postings of many records share most of the waiting.
type gathered struct{ postings, room []posting }

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
	for _, p := range g.postings {
		into.of(p.term).add(p.term, p.n)
	}
	g.postings = g.postings[:0]
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
