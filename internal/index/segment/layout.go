package segment

// The clear frame of a file; everything between is sealed.
const (
	magic      = "entseg\x00\x03" // in front and at the end; the last byte is the format
	headBytes  = 8 + 8            // magic, name of the file
	tailBytes  = 4 + 8            // length of the sealed footer, magic
	idBits     = 40
	blockBits  = 24
	footerSlot = 1<<blockBits - 1 // the footer's place
	maxBlock   = 1<<24 - 1        // bytes of a sealed block
)

const (
	// MaxRows is how many rows a file has at most.
	MaxRows = 1 << 28
	// NoRow is the place of no row, see [Reader.Row].
	NoRow = 1<<32 - 1

	maxColumns     = 64
	tableEntries   = pieceBytes / 8 // of a piece of the table
	columnRows     = 4096           // of a block of a column
	chunkTarget    = 8 << 10        // from which on a block of chunks is closed
	dictionarySize = 8 << 10        // from which on a block of terms is closed
	pieceBytes     = 64 << 10       // of a stream
	chunkRows      = 1024           // the fewest rows that are a chunk, but for the last
	entryBytes     = 12             // of a directory: first row 4, block 4, offset 4
	columnHead     = 17             // of a block of a column: base 8, unit 8, width 1
)

// The streams: what the reader keeps in memory, in pieces wherever the writer
// had gathered enough.
const (
	streamRuns    = iota // of rows whose numbers follow each other
	streamColumns        // the blocks of columns
	streamTerms          // the blocks of terms
	streamFilter         // of all terms
	streams
)

// Info is what a file is.
type Info struct {
	Rows        int
	First, Last uint32 // numbers; 0 without rows
	Terms       int
	Bytes       int64    // of the whole file
	Sum         [32]byte // of the footer, which has the sum of everything before it
	Version     uint32   // of the analyser, as given to Create
	Columns     int
}

// place binds a block to its file and its slot.
func place(id uint64, block int) uint64 { return id<<blockBits | uint64(block) }
