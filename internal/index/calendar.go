package index

import "time"

// day counts days since 1970-01-01, UTC.
type day int64

const secondsADay = 86400

// The calendar that terms know. A moment outside counts as its nearest day: a
// rough answer, which the columns make exact.
const (
	firstDay day = -25567 // 1900-01-01
	lastDay  day = 47481  // 2099-12-31
)

func dayOf(unixSeconds int64) day {
	d := day(unixSeconds / secondsADay)
	if unixSeconds%secondsADay < 0 {
		d--
	}
	return min(max(d, firstDay), lastDay)
}

// level is how much of the calendar a node spans. A node of one level is made
// up of whole nodes of the level below.
type level uint8

// The levels. The numbers go into terms: never reuse or renumber one.
const (
	levelDay level = iota
	levelThird
	levelMonth
	levelYear
	levelDecade
	levelCentury
)

// node is a stretch of the calendar: a day, a third of a month (from the 1st,
// the 11th, the 21st on), a month, a year, a decade or a century. Keys of one
// level are dense and in the order of time.
type node struct {
	level level
	key   int64
}

// nodeAt is the node of a level that a day lies in.
func nodeAt(l level, d day) node {
	if l == levelDay {
		return node{l, int64(d)}
	}
	year, month, date := time.Unix(int64(d)*secondsADay, 0).UTC().Date()
	y, m := int64(year), int64(month)-1
	switch l {
	case levelThird:
		return node{l, (y*12+m)*3 + int64(min((date-1)/10, 2))}
	case levelMonth:
		return node{l, y*12 + m}
	case levelYear:
		return node{l, y}
	case levelDecade:
		return node{l, y / 10}
	default:
		return node{l, y / 100}
	}
}

// first is the node's first day.
func (n node) first() day {
	var months int64
	date := 1
	switch n.level {
	case levelDay:
		return day(n.key)
	case levelThird:
		months, date = n.key/3, 1+10*int(n.key%3)
	case levelMonth:
		months = n.key
	case levelYear:
		months = n.key * 12
	case levelDecade:
		months = n.key * 120
	default:
		months = n.key * 1200
	}
	t := time.Date(int(months/12), time.Month(months%12+1), date, 0, 0, 0, 0, time.UTC)
	return day(t.Unix() / secondsADay)
}

// last is the node's last day.
func (n node) last() day { return node{n.level, n.key + 1}.first() - 1 }

// cover is the shortest list of nodes, none below the finest level, that
// together are the days from and to and all between. Both must begin and end a
// node of the finest level.
func cover(from, to day, finest level) []node {
	var nodes []node
	for d := from; d <= to; {
		n := largestFrom(d, to, finest)
		nodes = append(nodes, n)
		d = n.last() + 1
	}
	return nodes
}

// largestFrom is the largest node that begins on a day and ends by another.
func largestFrom(d, to day, finest level) node {
	for l := levelCentury; l > finest; l-- {
		if n := nodeAt(l, d); n.first() == d && n.last() <= to {
			return n
		}
	}
	return nodeAt(finest, d)
}

// ancestors are the nodes above the given ones, each once.
func ancestors(nodes []node) []node {
	seen := map[node]bool{}
	var above []node
	for _, n := range nodes {
		for l := n.level + 1; l <= levelCentury; l++ {
			if a := nodeAt(l, n.first()); !seen[a] {
				seen[a] = true
				above = append(above, a)
			}
		}
	}
	return above
}
