package segment

import "encoding/binary"

// Posting is the rows of a term. It is valid as long as its reader is open.
type Posting struct {
	reader    *Reader
	blocks    *held // nil: by way of the cache
	n         int
	own       int      // rows that lie here, and not with its parts
	parts     []uint64 // see Writer.Compound
	one       list     // where its own rows are a single list
	directory []byte   // where they lie in chunks
}

// Len is how many rows there are, never none; of a compound, about how many.
func (p *Posting) Len() int { return p.n }

// Cursor stands above the newest row; that of a compound walks only the rows of its own.
func (p *Posting) Cursor() Cursor {
	c := Cursor{reader: p.reader, blocks: p.blocks, directory: p.directory, at: NoRow, done: p.own == 0}
	if c.directory == nil && !c.done {
		c.first = p.one.first()
		c.enter(p.one)
	}
	return c
}

// Cursor walks a posting from its newest row down. It opens no block before it
// needs it. A cursor is not safe for concurrent use; a copy of it walks on its
// own.
type Cursor struct {
	reader    *Reader
	blocks    *held
	directory []byte // of the chunk it is in, and those below
	list      list   // the posting, or the chunk
	first     uint32 // row of list
	inside    bool   // list is there
	done      bool
	stand     stand
	at        uint32 // the row it stands at
}

func (c *Cursor) enter(l list) {
	c.list, c.inside, c.stand = l, true, l.top()
}

// Seek moves down to the newest row that is not above row and returns it;
// false if there is none. row must not rise from call to call. probes is
// raised by the steps that it took.
func (c *Cursor) Seek(row uint32, probes *int) (uint32, bool) {
	if c.done {
		return 0, false
	}
	if c.at <= row && c.at != NoRow {
		return c.at, true
	}
	if !c.inside || row < c.first {
		c.done = !c.descend(row, probes)
	}
	if c.done {
		return 0, false
	}
	at, ok := c.list.down(row, &c.stand, probes)
	if !ok || at > row {
		panic(c.reader.damage("rows of a posting", -1, nil))
	}
	c.at = at
	return at, true
}

// descend enters the last chunk that begins at or below a row; false if there
// is none.
func (c *Cursor) descend(row uint32, probes *int) bool {
	k := chunksUpTo(c.directory, row, probes)
	if k == 0 {
		return false
	}
	c.directory = c.directory[:k*entryBytes]
	c.first = binary.LittleEndian.Uint32(c.directory[(k-1)*entryBytes:])
	c.enter(c.reader.chunk(c.directory[(k-1)*entryBytes:], c.blocks))
	return true
}

// chunksUpTo is how many chunks of a directory begin at or below a row.
func chunksUpTo(directory []byte, row uint32, probes *int) int {
	low, high := 0, len(directory)/entryBytes
	for low < high {
		*probes++
		mid := int(uint(low+high) >> 1)
		if binary.LittleEndian.Uint32(directory[mid*entryBytes:]) <= row {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// Mark sets in w the bits of the rows that have the upper 16 bits, and leaves
// the others as they are; false if there are none. Rows above the last that
// was sought may be missing or not. The cursor stays where it is.
func (c *Cursor) Mark(w *[1024]uint64, high uint32, probes *int) bool {
	l := &c.list
	if c.directory == nil && !c.inside {
		return false
	}
	if c.directory != nil {
		k := chunksUpTo(c.directory, high<<pageBits|(pageRows-1), probes)
		if k == 0 {
			return false
		}
		if !c.inside || k*entryBytes < len(c.directory) {
			other := c.reader.chunk(c.directory[(k-1)*entryBytes:], c.blocks)
			l = &other
		}
	}
	marked, ok := l.mark(w, high, probes)
	if !ok {
		panic(c.reader.damage("rows of a posting", -1, nil))
	}
	return marked
}
