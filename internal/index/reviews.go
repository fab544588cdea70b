package index

import "container/heap"

// reviews keep apart, as time passes, the records whose review time has passed
// and those whose has not. Without them a query would walk past every record
// that is due for review, and a due list past every one that is not.
type reviews struct {
	seconds int64               // review times up to here have passed
	open    bitset              // rows whose review time has not passed
	due     map[uint32][]uint32 // by owner, the numbers whose has, ascending
	waiting schedule            // review times to come; stale ones are ignored
}

// passed tells whether a record's review time has passed at a moment.
func passed(c *Columns, seconds int64) bool {
	return c.ReviewSeconds != 0 && c.ReviewSeconds <= seconds
}

// wholeSeconds is the last whole second that is not after a moment.
func wholeSeconds(micros int64) int64 {
	seconds := micros / 1e6
	if micros%1e6 < 0 {
		seconds--
	}
	return seconds
}

// enter takes a record in.
func (v *reviews) enter(row int, n uint32, c *Columns) {
	if passed(c, v.seconds) {
		v.due[c.Owner] = with(v.due[c.Owner], n)
		return
	}
	v.open.set(row)
	if c.ReviewSeconds != 0 {
		heap.Push(&v.waiting, appointment{c.ReviewSeconds, n})
	}
}

// leave takes a record out.
func (v *reviews) leave(row int, n uint32, c *Columns) {
	v.open.clear(row)
	if passed(c, v.seconds) {
		v.due[c.Owner] = without(v.due[c.Owner], n)
	}
}

// advance lets time pass.
func (v *reviews) advance(seconds int64, r *rows) {
	if seconds <= v.seconds {
		return
	}
	v.seconds = seconds
	for len(v.waiting) > 0 && v.waiting[0].seconds <= seconds {
		n := heap.Pop(&v.waiting).(appointment).number
		if c := r.get(n); c != nil && passed(c, seconds) && v.open.has(r.row(n)) {
			v.open.clear(r.row(n))
			v.due[c.Owner] = with(v.due[c.Owner], n)
		}
	}
}

// appointment says when a record's review time passes.
type appointment struct {
	seconds int64
	number  uint32
}

// schedule is a heap of appointments, the earliest on top.
type schedule []appointment

func (s schedule) Len() int           { return len(s) }
func (s schedule) Less(i, j int) bool { return s[i].seconds < s[j].seconds }
func (s schedule) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

// Push is for container/heap.
func (s *schedule) Push(a any) { *s = append(*s, a.(appointment)) }

// Pop is for container/heap.
func (s *schedule) Pop() any {
	last := len(*s) - 1
	a := (*s)[last]
	*s = (*s)[:last]
	return a
}

// gate walks, from the newest number down, the records that a Review lets
// through as far as the index knows the time.
type gate struct {
	open *bitset // nil where only what is known to be due is asked for
	base uint32
	own  cursor
	rows int
}

func (v *reviews) gate(r *Review, rows *rows) *gate {
	g := &gate{base: rows.base}
	if r.Owner != 0 {
		g.own = newCursor(v.due[r.Owner])
	}
	// What becomes due between the index's time and a later one that is asked
	// for still lies among the open ones: the columns tell them apart.
	if !r.Due || wholeSeconds(r.At) > v.seconds {
		g.open, g.rows = &v.open, rows.count
	}
	return g
}

func (g *gate) size() int { return g.rows + g.own.size() }

func (g *gate) seek(n uint32, cost *Cost) uint32 {
	g.own.seek(n, cost)
	if g.open == nil || n < g.base {
		return g.own.at
	}
	cost.Postings++
	if row := g.open.down(int(n-g.base), cost); row >= 0 {
		return max(g.base+uint32(row), g.own.at)
	}
	return g.own.at
}
