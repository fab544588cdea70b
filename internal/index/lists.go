package index

import "slices"

// A list that grows longer than longest becomes a set, and a set that shrinks
// to shortest a list.
const (
	longest  = 1<<(smallestRoom+listSizes-1) - 1
	shortest = longest / 2
)

// The sizes of the rooms that lists lie in: 4 words, 8, and so on up to 256.
const (
	smallestRoom = 2
	listSizes    = 7
	sizeShift    = 27      // where in a reference the size stands
	sheetWords   = 1 << 14 // of memory, in which rooms of one size lie side by side
)

// lists keeps ascending lists of numbers, two at least, in which the garbage
// collector has nothing to look at. A list lies in a room, the first word of
// which says how many numbers follow; no room is ever moved. A reference is the
// size, above it nothing, and the room, counted from 1.
type lists struct {
	sheets [listSizes][]*[sheetWords]uint32
	rooms  [listSizes]uint32 // how many there are
	free   [listSizes]uint32 // the first free room of a size, which leads to the next; 0 is none
}

// room is the room of a reference.
func (l *lists) room(ref uint32) []uint32 {
	size := ref >> sizeShift
	at := (ref&(1<<sizeShift-1) - 1) << (smallestRoom + size)
	sheet := l.sheets[size][at/sheetWords]
	at %= sheetWords
	end := at + 1<<(smallestRoom+size)
	return sheet[at:end:end]
}

// at is the list of a reference; good until the next change.
func (l *lists) at(ref uint32) []uint32 {
	room := l.room(ref)
	return room[1 : 1+room[0]]
}

// hold puts a list of no more than longest numbers into a room.
func (l *lists) hold(list ...uint32) uint32 {
	size := uint32(0)
	for len(list) >= 1<<(smallestRoom+size) {
		size++
	}
	ref := l.take(size)
	room := l.room(ref)
	room[0] = uint32(len(list))
	copy(room[1:], list)
	return ref
}

// take finds a room of a size.
func (l *lists) take(size uint32) uint32 {
	ref := l.free[size]
	if ref != 0 {
		l.free[size] = l.room(ref)[0]
		return ref
	}
	if l.rooms[size]<<(smallestRoom+size)%sheetWords == 0 {
		l.sheets[size] = append(l.sheets[size], new([sheetWords]uint32))
	}
	l.rooms[size]++
	return size<<sizeShift | l.rooms[size]
}

// release frees a room.
func (l *lists) release(ref uint32) {
	size := ref >> sizeShift
	l.room(ref)[0], l.free[size] = l.free[size], ref
}

// with puts a number into a list that is shorter than longest; nothing changes
// if it is there. The list may move.
func (l *lists) with(ref, n uint32) uint32 {
	room := l.room(ref)
	list := room[1 : 1+room[0]]
	at := len(list)
	if list[at-1] >= n {
		var found bool
		if at, found = slices.BinarySearch(list, n); found {
			return ref
		}
	}
	if 1+len(list) == len(room) {
		old := ref
		ref = l.take(old>>sizeShift + 1)
		room = l.room(ref)
		copy(room, l.room(old))
		l.release(old)
	}
	room[0]++
	list = room[1 : 1+room[0]]
	copy(list[at+1:], list[at:])
	list[at] = n
	return ref
}

// without takes a number out of a list; nothing changes if it is not there. A
// list that has become much smaller than its room moves to a smaller one.
func (l *lists) without(ref, n uint32) uint32 {
	room := l.room(ref)
	list := room[1 : 1+room[0]]
	at, found := slices.BinarySearch(list, n)
	if !found {
		return ref
	}
	list = slices.Delete(list, at, at+1)
	if room[0]--; len(list) > len(room)/4 || ref>>sizeShift == 0 {
		return ref
	}
	smaller := l.take(ref>>sizeShift - 1)
	copy(l.room(smaller), room[:1+len(list)])
	l.release(ref)
	return smaller
}
