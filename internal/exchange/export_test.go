package exchange

import (
	"context"
	"fmt"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/view"
)

// Walks is how often the index is asked whom a record meets.
func Walks(h *Hub, number uint64) (int, error) {
	c := &comparing{Due: view.Due{Number: number, Revision: 1}}
	err := h.meets(c)
	return c.walks, err
}

// Understood are the identifiers of a record that are to be compared: as a submit left them, if it did, and as they are read from the record.
func Understood(h *Hub, number uint64) (left bool, remembered, read []string, err error) {
	err = h.View.Read(func(s *view.Snapshot) error {
		x, _, err := s.Compared(number, 1)
		if err != nil {
			return err
		}
		before := h.foreseen.held
		for _, into := range []*[]string{&remembered, &read} { // what is remembered is given once
			list, err := h.probes(x)
			if err != nil {
				return err
			}
			for _, p := range list {
				*into = append(*into, fmt.Sprint(p.kind, p.finding, p.keys, p.terms, p.stated))
			}
			left = left || h.foreseen.held < before
		}
		return nil
	})
	return left, remembered, read, err
}

// Considered is how many standing queries are compared with what a record says, let alone asked of the index. Not while the matcher runs.
func Considered(h *Hub, number uint64) (n int, err error) {
	b := &h.matcher.book
	err = h.View.Read(func(s *view.Snapshot) error {
		looked, err := s.Look(number)
		n = len(b.broad)
		for _, t := range looked.Terms {
			n += len(b.byTerm[t])
		}
		return err
	})
	return n, err
}

// Mistaken is a check of one identifier in which the index takes it for another, as if both had one hash.
func Mistaken(ctx context.Context, h *Hub, call Call, req *ententev1.CheckIdentifiersRequest, other *ententev1.AskedIdentifier) (*ententev1.CheckIdentifiersResponse, error) {
	answer := new(ententev1.CheckIdentifiersResponse)
	err := h.readWith(ctx, call, req, h.View.Query, func(r *reading) (err error) {
		list := h.askedFor(req.GetIdentifiers())
		list[0].terms = h.askedFor([]*ententev1.AskedIdentifier{other})[0].terms
		answer, err = r.checkAll(list)
		return err
	})
	return answer, err
}

// MistakenMeetings is what two records are told of each other where the index gave one for an identifier of the other, as if both had one hash.
func MistakenMeetings(h *Hub, own, other uint64, id *ententev1.Identifier) (rows []*internalv1.Meeting, err error) {
	finding, err := identifier.Understand(id)
	if err != nil {
		return nil, err
	}
	err = h.View.Read(func(s *view.Snapshot) error {
		x, _, err := s.Compared(own, 1)
		if err != nil {
			return err
		}
		c := &comparing{Due: view.Due{Number: own, Revision: 1}, owner: x.Owner()}
		err = h.meetWith(s, c, x, []share{{other, h.probeOf(id.GetType(), finding)}})
		rows = c.rows
		return err
	})
	return rows, err
}

// Forget drops what submits have understood, as a stop does.
func Forget(h *Hub) { h.foreseen = foreseen{} }

// Overtaken tells whether the matcher looks at records with a book of standing queries that something has overtaken. Not while the matcher runs.
func Overtaken(h *Hub, by func()) (bool, error) {
	if err := h.matcher.takeIn(); err != nil {
		return false, err
	}
	by()
	b, err := h.matcher.glance()
	return b != nil, err
}
