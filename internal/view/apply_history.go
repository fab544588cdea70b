package view

import (
	"encoding/binary"
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// When an inbox is told of what an agency loads of its past: once nothing more of it has come for a while, or when it has gone on for long. Microseconds of
// journal time, at the next tick.
const (
	historyQuiet = 60 * 1_000_000
	historyLong  = 3_600 * 1_000_000
)

// past is what an inbox is still to be told of one owner's: records 8 | first 8 | last 8, times in microseconds.
type past struct {
	records     uint64
	first, last int64
}

func (p past) encode() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key8(p.records), uint64(p.first)), uint64(p.last))
}

func decodePast(b []byte) (past, bool) {
	if len(b) != 24 {
		return past{}, false
	}
	return past{binary.BigEndian.Uint64(b), int64(binary.BigEndian.Uint64(b[8:])), int64(binary.BigEndian.Uint64(b[16:]))}, true
}

// pastOf is an inbox and whose past it is to be told of.
type pastOf struct{ inbox, owner uint32 }

func (p pastOf) key() []byte { return ownedKey(p.inbox, key4(p.owner)) }

// noteHistory counts a record for the inbox of an addressee; one that has no such inbox is passed over.
func (b *batch) noteHistory(to policy.Addressee, owner uint32) error {
	inbox, ok := b.roster.InboxOf(to.Agency, to.Unit)
	if !ok {
		return nil
	}
	p, err := b.past(pastOf{inbox, owner})
	if err == nil {
		p.records, p.last = p.records+1, b.now()
	}
	return err
}

// past is what an inbox is still to be told of, here and now. It is looked up once an entry, and written once.
func (b *batch) past(of pastOf) (*past, error) {
	if known := b.pasts[of]; known != nil {
		return known, nil
	}
	plain, err := b.store().clear(bucketHistories, of.key())
	if err != nil {
		return nil, err
	}
	p := past{first: b.now()}
	if plain != nil {
		var ok bool
		if p, ok = decodePast(plain); !ok {
			return nil, damage(errDamaged)
		}
	}
	b.pasts[of] = &p
	return &p, nil
}

// writePasts writes what was counted.
func (b *batch) writePasts() error {
	for of, p := range b.pasts {
		if err := b.putClear(bucketHistories, of.key(), p.encode()); err != nil {
			return err
		}
	}
	clear(b.pasts)
	return nil
}

// tellHistories tells those for whom it is time, each by one event. Whoever is suspended is told once reinstated, whoever was expelled never.
func (b *batch) tellHistories() error {
	if err := b.writePasts(); err != nil {
		return err
	}
	type due struct {
		key []byte
		past
	}
	var list []due
	c := b.bucket(bucketHistories).Cursor()
	for k, frame := c.First(); k != nil; k, frame = c.Next() {
		plain, err := openClear(bucketHistories, k, frame)
		if err != nil {
			return err
		}
		p, ok := decodePast(plain)
		if !ok || len(k) != 8 {
			return damage(errDamaged)
		}
		if b.now()-p.last >= historyQuiet || b.now()-p.first >= historyLong {
			list = append(list, due{slices.Clone(k), p})
		}
	}
	for _, d := range list {
		if err := b.tellHistory(binary.BigEndian.Uint32(d.key), binary.BigEndian.Uint32(d.key[4:]), d.key, d.past); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) tellHistory(inbox, owner uint32, key []byte, p past) error {
	to, _ := b.roster.InboxOwner(inbox)
	status := b.roster.Agency(to.Agency).GetStatus()
	if status == ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED {
		return nil
	}
	if status == ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
		row := Row{Kind: ententev1.EventKind_EVENT_KIND_HISTORY, Ref: uint64(owner), Revision: uint32(min(p.records, 1<<32-1))}
		if _, err := b.event(inbox, row); err != nil {
			return err
		}
	}
	return b.bucket(bucketHistories).Delete(key)
}
