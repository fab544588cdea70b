package view

import (
	"encoding/binary"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// The rows of a log lie in stretches of neighbours: a value, under the number of its first row, holds
//
//	255 | how many rows 1 | of each row its fields, less those of the row before, as varints
//
// A row takes seven bytes so instead of sixty, which is what one of its own takes with key, frame and place on a page. A stretch ends at a number that 32
// divides, however the rows came. A value that does not begin with 255 is one row, as files had it before there were stretches.
const (
	stretchMark = 255
	stretchRows = 32
)

// stretch is some neighbouring rows of a log.
type stretch struct {
	first uint64 // number of the first
	rows  []fields
	bare  bool // one row as it was before there were stretches
}

// fields are what a row consists of.
type fields [6]uint64

// end is the number behind the last row.
func (s stretch) end() uint64 { return s.first + uint64(len(s.rows)) }

func (s stretch) encode() []byte {
	b := make([]byte, 0, 2+12*len(s.rows))
	b = append(b, stretchMark, byte(len(s.rows)))
	var before fields
	for _, row := range s.rows {
		for i := range row {
			b = binary.AppendVarint(b, int64(row[i]-before[i]))
		}
		before = row
	}
	return b
}

// decode reads the rows; false where they are not as they were written.
func (s *stretch) decode(b []byte) bool {
	if len(b) < 2 || b[0] != stretchMark || b[1] == 0 || b[1] > stretchRows {
		return false
	}
	s.rows = make([]fields, b[1])
	b = b[2:]
	var row fields
	for n := range s.rows {
		for i := range row {
			step, size := binary.Varint(b)
			if size <= 0 {
				return false
			}
			row[i] += uint64(step)
			b = b[size:]
		}
		s.rows[n] = row
	}
	return len(b) == 0
}

// openStretch opens a stretch of a log that is at hand.
func openStretch(bucket string, key, frame []byte) (s stretch, err error) {
	plain, err := openClear(bucket, key, frame)
	if err != nil {
		return s, err
	}
	s.first = binary.BigEndian.Uint64(key[4:])
	if len(plain) > 0 && plain[0] == stretchMark {
		if !s.decode(plain) {
			return s, damage(errDamaged)
		}
		return s, nil
	}
	row, ok := bareFields(bucket, plain)
	if !ok {
		return s, damage(errDamaged)
	}
	return stretch{first: s.first, rows: []fields{row}, bare: true}, nil
}

func bareFields(bucket string, plain []byte) (fields, bool) {
	if bucket == bucketReaderships {
		row, ok := decodeReading(0, plain)
		return row.fields(), ok
	}
	row, ok := decodeRow(0, plain)
	return row.fields(), ok
}

// stretchWith finds the stretch of an owner's log that a row is in, or that follows where it is in none: the cursor stands there.
func stretchWith(c *bolt.Cursor, owner uint32, number uint64) (k, v []byte) {
	key := logKey(owner, number)
	if k, v = c.Seek(key); k != nil && string(k) == string(key) {
		return k, v
	}
	if k, v = back(c, key); inLog(k, owner) {
		return k, v
	}
	return c.Seek(key)
}

// eachRow visits the rows of an owner's log after a number and up to the last, oldest first, until visit returns false. Logs are dense: a row that is not
// there is damage.
func (s store) eachRow(bucket string, owner uint32, after, last uint64, visit func(number uint64, row fields) (bool, error)) error {
	c := s.tx.Bucket([]byte(bucket)).Cursor()
	next := after + 1
	for k, v := stretchWith(c, owner, next); next <= last; k, v = c.Next() {
		part, err := s.stretchAt(bucket, owner, k, v)
		if err != nil {
			return err
		}
		if part.first > next || !inLog(k, owner) && part.end() <= next {
			return damage(errShort)
		}
		for ; next < min(part.end(), last+1); next++ {
			if more, err := visit(next, part.rows[next-part.first]); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// stretchAt opens the stretch at which a cursor stands, and behind the last one of the log its unfinished end.
func (s store) stretchAt(bucket string, owner uint32, k, v []byte) (stretch, error) {
	if inLog(k, owner) {
		return openStretch(bucket, k, v)
	}
	part, there, err := s.unfinishedRows(bucket, owner)
	if err == nil && !there {
		err = damage(errShort)
	}
	return part, err
}

// rowAt reads one row of a log, which must be there.
func (s store) rowAt(bucket string, owner uint32, number uint64) (row fields, err error) {
	err = s.eachRow(bucket, owner, number-1, number, func(_ uint64, r fields) (bool, error) {
		row = r
		return true, nil
	})
	return row, err
}

// rowHead is the number of the last row of an owner's log; 0 when it is empty.
func (s store) rowHead(bucket string, owner uint32) (uint64, error) {
	if part, there, err := s.unfinishedRows(bucket, owner); there {
		return part.end() - 1, err
	}
	first := s.head(bucket, owner)
	if first == 0 {
		return 0, nil
	}
	key := logKey(owner, first)
	last, err := openStretch(bucket, key, s.get(bucket, key))
	return last.end() - 1, err
}

// unfinished is the stretch that the row of a number goes on; an empty one where it begins a new one.
func (s store) unfinished(bucket string, owner uint32, number uint64) (stretch, error) {
	begun := stretch{first: number}
	if (number-1)%stretchRows == 0 {
		return begun, nil
	}
	if part, there, err := s.unfinishedRows(bucket, owner); there {
		if err == nil && part.end() != number {
			err = damage(errShort)
		}
		return part, err
	}
	k, v := stretchWith(s.tx.Bucket([]byte(bucket)).Cursor(), owner, number)
	if !inLog(k, owner) {
		return begun, damage(errShort)
	}
	last, err := openStretch(bucket, slices.Clone(k), v)
	if err == nil && last.end() != number {
		err = damage(errShort)
	}
	if last.bare {
		return begun, err
	}
	return last, err
}

// writeRows stores what is new of each log, once a log and entry, whatever the number of rows.
func (b *batch) writeRows() error {
	for _, log := range sortedLogs(b.rows) {
		rows := b.rows[log]
		bucket := log.kind.bucket()
		part, err := b.store().unfinished(bucket, log.owner, b.heads[log]-uint64(len(rows))+1)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if part.rows = append(part.rows, row); (part.end()-1)%stretchRows != 0 {
				continue
			}
			if err := b.putClear(bucket, logKey(log.owner, part.first), part.encode()); err != nil {
				return err
			}
			part = stretch{first: part.end()}
		}
		if err := b.putUnfinishedRows(bucket, log.owner, part); err != nil {
			return err
		}
	}
	return nil
}

// bucket is where the rows of such a log are.
func (k logKind) bucket() string {
	if k == logReadership {
		return bucketReaderships
	}
	return bucketInboxes
}
