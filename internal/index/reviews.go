package index

import "container/heap"

// reviews keep apart, as time passes, the records whose review time has passed
// and those whose has not. Without them a query would walk past every record
// that is due for review, and a due list past every one that is not.
type reviews struct {
	seconds int64           // review times up to here have passed
	open    set             // numbers whose review time has not passed
	due     map[uint32]*set // by owner, the numbers whose has
	waiting schedule        // review times to come; stale ones are ignored
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
func (v *reviews) enter(n uint32, c *Columns) {
	if passed(c, v.seconds) {
		v.dueTo(c.Owner).add(n)
		return
	}
	v.open.add(n)
	if c.ReviewSeconds != 0 {
		heap.Push(&v.waiting, appointment{c.ReviewSeconds, n})
	}
}

// leave takes a record out.
func (v *reviews) leave(n uint32, c *Columns) {
	if passed(c, v.seconds) {
		v.dueTo(c.Owner).remove(n)
		return
	}
	v.open.remove(n)
}

func (v *reviews) dueTo(owner uint32) *set {
	s := v.due[owner]
	if s == nil {
		s = new(set)
		v.due[owner] = s
	}
	return s
}

// advance lets time pass.
func (v *reviews) advance(seconds int64, review func(uint32) (seconds int64, owner uint32, ok bool)) {
	if seconds <= v.seconds {
		return
	}
	v.seconds = seconds
	for len(v.waiting) > 0 && v.waiting[0].seconds <= seconds {
		n := heap.Pop(&v.waiting).(appointment).number //nolint:errcheck // the schedule holds nothing else
		if at, owner, ok := review(n); ok && at != 0 && at <= seconds && v.open.has(n) {
			v.open.remove(n)
			v.dueTo(owner).add(n)
		}
	}
}

// tidy forgets stale appointments once they are most of them.
func (v *reviews) tidy(r *rows) {
	if len(v.waiting) < 2*r.live+1024 {
		return
	}
	fresh := make(schedule, 0, r.live)
	for n, c := range r.older {
		if c.ReviewSeconds > v.seconds {
			fresh = append(fresh, appointment{c.ReviewSeconds, n})
		}
	}
	for row := range r.count {
		if c := r.at(row); c.Kind != 0 && c.ReviewSeconds > v.seconds {
			fresh = append(fresh, appointment{c.ReviewSeconds, r.base + uint32(row)})
		}
	}
	heap.Init(&fresh)
	v.waiting = fresh
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
func (s *schedule) Push(a any) { *s = append(*s, a.(appointment)) } //nolint:errcheck // nothing else is ever pushed

// Pop is for container/heap.
func (s *schedule) Pop() any {
	last := len(*s) - 1
	a := (*s)[last]
	*s = (*s)[:last]
	return a
}

// gate is the condition that lets through what a Review asks for, as far as
// the index knows the time, which is seconds; nil if that is all of so many
// records. exact says that the columns have nothing to add.
func (v *reviews) gate(r *Review, live int) (gate source, exact bool, seconds int64) {
	exact = wholeSeconds(r.At) <= v.seconds
	if !r.Due && v.open.size == live {
		return nil, exact, v.seconds
	}
	u := newUnion(2)
	if own := v.due[r.Owner]; r.Owner != 0 && own != nil && own.size > 0 {
		u.add(own.cursor())
	}
	// What becomes due between the index's time and a later one that is asked
	// for still lies among the open ones: the columns tell them apart.
	if (!r.Due || !exact) && v.open.size > 0 {
		u.add(v.open.cursor())
	}
	u.begin()
	return u, exact, v.seconds
}
