package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// crawl follows links and shared identifiers from one record. It asks for no more than it needs: only records whose neighbours it looks for are read in full,
// the last ones are listed.
type crawl struct {
	a     *app
	limit int

	records map[string]*found // by name
	order   []*found          // as they were found
	marks   map[markKey]*mark
	edges   map[edge]bool
	left    map[string]bool // names that the limit left out
	more    int64           // matches beyond a page, which nobody saw by name
}

// found is one record.
type found struct {
	glimpse
	step    int
	through string // how it was found
	full    bool   // read in full
	known   bool   // at least listed
}

// markKey is an identifier as the hub compares it.
type markKey struct {
	kind  ententev1.IdentifierType
	value string
}

// mark is an identifier, and who has it.
type mark struct {
	markKey
	id      *ententev1.Identifier
	step    int
	holders map[string]bool
}

// edge is a link from one record to another; a kind of zero is one that was seen from its other end only.
type edge struct {
	from, to string
	kind     ententev1.LinkType
}

func newCrawl(a *app, limit int) *crawl {
	return &crawl{a: a, limit: limit, records: map[string]*found{}, marks: map[markKey]*mark{}, edges: map[edge]bool{}, left: map[string]bool{}}
}

// run follows everything from a record for some steps.
func (c *crawl) run(ctx context.Context, name string, steps int) error {
	c.meet(name, 0, "")
	if err := c.open(ctx, c.order, true); err != nil {
		return err
	}
	for step := range steps {
		var frontier []*found
		for _, f := range c.order {
			if f.step == step && f.known {
				frontier = append(frontier, f)
			}
		}
		if step > 0 {
			if err := c.open(ctx, frontier, true); err != nil {
				return err
			}
		}
		if err := c.around(ctx, frontier, step+1); err != nil {
			return err
		}
	}
	var unknown []*found
	for _, f := range c.order {
		if !f.known {
			unknown = append(unknown, f)
		}
	}
	return c.open(ctx, unknown, false)
}

// meet takes a record in, if there is room; nil says that there is none.
func (c *crawl) meet(name string, step int, through string) *found {
	if f := c.records[name]; f != nil {
		return f
	}
	if len(c.order) >= c.limit {
		c.left[name] = true
		return nil
	}
	f := &found{glimpse: glimpse{name: name}, step: step, through: through}
	c.records[name], c.order = f, append(c.order, f)
	return f
}

// open reads records: in full, or as a list shows them. What is not there for us any more is dropped, but for the record that was asked for.
func (c *crawl) open(ctx context.Context, list []*found, full bool) error {
	for _, n := range []noun{items(), reports()} {
		var names []any
		for _, f := range list {
			if nounOf(f.name).use == n.use && !f.full {
				names = append(names, f.name)
			}
		}
		for len(names) > 0 {
			answered, err := c.batch(ctx, n, names[:min(len(names), batchMost)], full)
			if err != nil {
				return err
			}
			if answered == 0 {
				return errors.New("the hub answered for none of the records")
			}
			names = names[answered:]
		}
	}
	return nil
}

// batchMost is how many records a call reads.
const batchMost = 100

func (c *crawl) batch(ctx context.Context, n noun, names []any, full bool) (answered int, err error) {
	view := "RECORD_VIEW_SUMMARY"
	if full {
		view = "RECORD_VIEW_FULL"
	}
	got, err := c.ask(ctx, n.service+"/BatchGet"+n.many, map[string]any{"names": names, "view": view})
	if err != nil {
		return 0, err
	}
	for _, row := range rowsOf(got) {
		answered++
		f := c.records[row.name]
		switch {
		case f == nil:
		case row.err != nil && f.step == 0:
			return 0, status.FromProto(row.err).Err()
		case row.err != nil:
			c.drop(f)
		default:
			f.take(row.record)
			f.full, f.known = full, true
		}
	}
	return answered, nil
}

func (c *crawl) drop(f *found) {
	delete(c.records, f.name)
	c.order = slices.DeleteFunc(c.order, func(o *found) bool { return o == f })
}

// ask makes a call. A crawl makes many, so when the agency's budget is used up it waits as long as the hub says, and goes on.
func (c *crawl) ask(ctx context.Context, method string, body map[string]any) (proto.Message, error) {
	for waited := 0; ; waited++ {
		got, err := c.a.ask(ctx, method, body)
		pause := retryDelay(status.Convert(err))
		if status.Code(err) != codes.ResourceExhausted || pause <= 0 || pause > time.Minute || waited == waitsMost {
			return got, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// waitsMost is how often a call waits for the budget.
const waitsMost = 20

// around finds the neighbours of records that were read in full.
func (c *crawl) around(ctx context.Context, frontier []*found, step int) error {
	var fresh []*mark
	for _, f := range frontier {
		for _, l := range f.links {
			if c.meet(l.GetTarget(), step, linkName(l.GetType())+" of "+f.title) != nil {
				c.edges[edge{f.name, l.GetTarget(), l.GetType()}] = true
			}
		}
		if err := c.linkedTo(ctx, f, step); err != nil {
			return err
		}
		for key, id := range f.marks {
			m := c.marks[key]
			if m == nil {
				m = &mark{markKey: key, id: id, step: step, holders: map[string]bool{}}
				c.marks[key] = m
				fresh = append(fresh, m)
			}
			m.holders[f.name] = true
		}
	}
	slices.SortFunc(fresh, func(a, b *mark) int { return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.value, b.value)) })
	for part := range slices.Chunk(fresh, identifiersMost) {
		if err := c.shared(ctx, part, step); err != nil {
			return err
		}
	}
	return nil
}

// identifiersMost is how many identifiers a query takes.
const identifiersMost = 50

// linkedTo finds who has a link to a record.
func (c *crawl) linkedTo(ctx context.Context, f *found, step int) error {
	rows, err := c.query(ctx, map[string]any{"linkedTo": f.name})
	for _, r := range rows {
		if o := c.meet(r.name, step, "linked to "+f.title); o != nil {
			o.take(r)
			o.known = true
			c.edges[edge{r.name, f.name, 0}] = true
		}
	}
	return err
}

// shared finds who else has some identifiers. Who was read in full has told already; where somebody else has one of them, the question is put again with half of
// them, until it is about one.
func (c *crawl) shared(ctx context.Context, marks []*mark, step int) error {
	var asked []any
	for _, m := range marks {
		id, err := plain(m.id)
		if err != nil {
			return err
		}
		asked = append(asked, id)
	}
	rows, err := c.query(ctx, map[string]any{"identifiers": asked})
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(rows, func(r glimpse) bool { f := c.records[r.name]; return f != nil && f.full })
	if len(others) == 0 {
		return nil
	}
	if len(marks) > 1 {
		if err := c.shared(ctx, marks[:len(marks)/2], step); err != nil {
			return err
		}
		return c.shared(ctx, marks[len(marks)/2:], step)
	}
	for _, r := range others {
		if o := c.meet(r.name, step, marks[0].String()); o != nil {
			o.take(r)
			o.known = true
			marks[0].holders[r.name] = true
		}
	}
	return nil
}

// query lists what matches, of both kinds, as far as there could be room for it.
func (c *crawl) query(ctx context.Context, asked map[string]any) (rows []glimpse, err error) {
	for _, n := range []noun{items(), reports()} {
		got, err := c.ask(ctx, n.service+"/Query"+n.many, map[string]any{"query": asked, "pageSize": min(c.limit+1, queryMost), "includeTotal": true})
		if err != nil {
			return nil, err
		}
		page, total := pageOf(got)
		rows = append(rows, page...)
		c.more = max(c.more, total-int64(len(page)))
	}
	return rows, nil
}

// queryMost is how many rows a page has at most.
const queryMost = 200

// links are the edges that are drawn: those whose ends are there, and of one that was seen from both ends the better known.
func (c *crawl) links() (list []edge) {
	typed := map[edge]bool{}
	for e := range c.edges {
		if e.kind != 0 {
			typed[edge{e.from, e.to, 0}] = true
		}
	}
	for e := range c.edges {
		if c.records[e.from] != nil && c.records[e.to] != nil && (e.kind != 0 || !typed[e]) {
			list = append(list, e)
		}
	}
	at := c.places()
	slices.SortFunc(list, func(a, b edge) int {
		return cmp.Or(cmp.Compare(at[a.from], at[b.from]), cmp.Compare(at[a.to], at[b.to]), cmp.Compare(a.kind, b.kind))
	})
	return list
}

// places are where the records stand in order.
func (c *crawl) places() map[string]int {
	at := make(map[string]int, len(c.order))
	for i, f := range c.order {
		at[f.name] = i
	}
	return at
}

// sharedMarks are the identifiers that two records or more have, in order, each with its holders in theirs.
func (c *crawl) sharedMarks() (list []*mark) {
	for _, m := range c.marks {
		for name := range m.holders {
			if c.records[name] == nil {
				delete(m.holders, name)
			}
		}
		if len(m.holders) > 1 {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *mark) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.kind, b.kind), strings.Compare(a.value, b.value))
	})
	return list
}

// missing says what the picture does not show; empty when it shows all.
func (c *crawl) missing() string {
	switch {
	case len(c.left) == 0 && c.more <= 0:
		return ""
	case c.more > 0:
		return fmt.Sprintf("Left out: %d records that were seen, and more that were not; shown are %d.", len(c.left), len(c.order))
	}
	return fmt.Sprintf("Left out: %s beyond the %d shown.", several(int64(len(c.left)), "record", "records"), len(c.order))
}

// String is an identifier as people read it.
func (m *mark) String() string { return kindName(m.kind) + " " + m.value }

func kindName(t ententev1.IdentifierType) string {
	return strings.TrimPrefix(t.String(), "IDENTIFIER_TYPE_")
}

func linkName(t ententev1.LinkType) string {
	if t == 0 {
		return ""
	}
	return strings.TrimPrefix(t.String(), "LINK_TYPE_")
}
