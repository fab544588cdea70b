package view

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// The layout of bbolt's pages, in the byte order of the machine:
//
//	page      number 8 | kind 2 | elements 2 | pages that it goes on over 4 | elements | keys and values
//	branch    of each element: place 4 | key 4 | page 8
//	leaf      of each element: flags 4 | place 4 | key 4 | value 4
//	list      of free pages: number 8 each; how many is in the first where 2 bytes are too few
//	bucket    a value: root 8 | sequence 8 | where there is no root, a leaf
//
// Places count from their element. What the elements point to stands in one run behind the last of them, in their order: so bbolt writes it, and so a
// page tells how many elements it has twice. bbolt follows all of it as it stands; its own check does so in a goroutine of its own, where a number that leads out of
// the file ends the process.
const (
	pageHead      = 16
	elementSize   = 16
	bucketHead    = 16
	pageBranch    = 1
	pageLeaf      = 2
	pageFreeList  = 16
	elementBucket = 1
	countedInside = 0xffff
)

// pages are those of a file, as one transaction sees them.
type pages struct {
	file  *os.File
	size  int
	count uint64
	met   []bool // which of them something led to
}

// checkPages wants every page to be what one other leads to, or free; and what stands in it to lie in it, in order.
func checkPages(tx *bolt.Tx) error {
	file, err := os.Open(tx.DB().Path())
	if err != nil {
		return err
	}
	size := tx.DB().Info().PageSize
	p := &pages{file: file, size: size, count: uint64(tx.Size()) / uint64(size)}
	p.met = make([]bool, p.count)
	err = p.tree(uint64(tx.Cursor().Bucket().Root()), nil, nil)
	if err == nil {
		err = p.rest(tx)
	}
	return errors.Join(err, file.Close())
}

// damagedPage says which page is not what it should be, and in what.
func damagedPage(id uint64, what string) error {
	return damage(fmt.Errorf("view: page %d: %s", id, what))
}

// load reads a page and those that it goes on over, to which nothing else may have led.
func (p *pages) load(id uint64) ([]byte, error) {
	head := make([]byte, pageHead)
	if id < 2 || id >= p.count {
		return nil, damagedPage(id, "out of the file")
	}
	if err := p.read(id, head); err != nil {
		return nil, err
	}
	more := uint64(binary.NativeEndian.Uint32(head[12:]))
	if binary.NativeEndian.Uint64(head) != id || more >= p.count-id {
		return nil, damagedPage(id, "head")
	}
	for n := id; n <= id+more; n++ {
		if p.met[n] {
			return nil, damagedPage(n, "is led to twice")
		}
		p.met[n] = true
	}
	page := make([]byte, (more+1)*uint64(p.size))
	return page, p.read(id, page)
}

func (p *pages) read(id uint64, into []byte) error {
	_, err := p.file.ReadAt(into, int64(id)*int64(p.size))
	if errors.Is(err, io.EOF) {
		return damagedPage(id, "the file is too short")
	}
	return err
}

// tree checks a page and all below it: their keys are from one on, and below another; nil is no bound.
func (p *pages) tree(id uint64, from, to []byte) error {
	page, err := p.load(id)
	if err != nil {
		return err
	}
	branch := kindOf(page) == pageBranch
	list, err := elementsOf(page)
	if err != nil {
		return damagedPage(id, err.Error())
	}
	if len(list) == 0 { // bbolt keeps an empty bucket in its value
		return damagedPage(id, "without elements")
	}
	for i, e := range list {
		if i > 0 && bytes.Compare(list[i-1].key, e.key) >= 0 || from != nil && bytes.Compare(from, e.key) > 0 || to != nil && bytes.Compare(e.key, to) >= 0 {
			return damagedPage(id, "keys out of order")
		}
	}
	for i, e := range list {
		end := to
		if i+1 < len(list) {
			end = list[i+1].key
		}
		switch {
		case branch:
			err = p.tree(e.page, e.key, end)
		case e.bucket:
			err = p.bucket(id, e.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bucket checks what a bucket's value leads to, or holds.
func (p *pages) bucket(id uint64, value []byte) error {
	if len(value) < bucketHead {
		return damagedPage(id, "bucket")
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return p.tree(root, nil, nil)
	}
	inside := value[bucketHead:]
	if len(inside) < pageHead || kindOf(inside) != pageLeaf {
		return damagedPage(id, "bucket")
	}
	list, err := elementsOf(inside)
	if err != nil {
		return damagedPage(id, err.Error())
	}
	if len(list) == 0 && len(inside) > pageHead {
		return damagedPage(id, "bucket without what it holds")
	}
	return nil
}

// element is what a page has of one key.
type element struct {
	key    []byte
	page   uint64 // of a branch
	value  []byte // of a leaf
	bucket bool
}

func kindOf(page []byte) uint16 { return binary.NativeEndian.Uint16(page[8:]) }

// elementsOf reads the elements of a branch or a leaf.
func elementsOf(page []byte) ([]element, error) {
	kind, count := kindOf(page), int(binary.NativeEndian.Uint16(page[10:]))
	if kind != pageBranch && kind != pageLeaf {
		return nil, errors.New("kind")
	}
	if pageHead+count*elementSize > len(page) {
		return nil, errors.New("more elements than have room")
	}
	list := make([]element, count)
	next := pageHead + count*elementSize // where what the next element points to begins
	for i := range list {
		at := page[pageHead+i*elementSize:]
		e, place, key, value := &list[i], binary.NativeEndian.Uint32(at), binary.NativeEndian.Uint32(at[4:]), uint32(0)
		if kind == pageBranch {
			e.page = binary.NativeEndian.Uint64(at[8:])
		} else {
			e.bucket = place&elementBucket != 0
			place, key, value = key, binary.NativeEndian.Uint32(at[8:]), binary.NativeEndian.Uint32(at[12:])
		}
		if uint64(place)+uint64(key)+uint64(value) > uint64(len(at)) {
			return nil, errors.New("an element reaches out of it")
		}
		if len(page)-len(at)+int(place) != next {
			return nil, errors.New("an element that is not behind the one before it")
		}
		next += int(key) + int(value)
		e.key, e.value = at[place:][:key:key], at[place+key:][:value:value]
	}
	return list, nil
}

// rest wants what nothing led to to be free, and one list of these.
func (p *pages) rest(tx *bolt.Tx) error {
	lists := 0
	for id := uint64(2); id < p.count; id++ {
		info, err := tx.Page(int(id))
		if err != nil {
			return err
		}
		free := info.Type == "free"
		switch {
		case p.met[id] && free:
			return damagedPage(id, "is free and in use")
		case p.met[id] || free:
			continue
		}
		if err := p.freeList(id); err != nil {
			return err
		}
		lists++
	}
	if lists != 1 {
		return damage(fmt.Errorf("view: %d lists of free pages", lists))
	}
	return nil
}

// freeList checks a list of free pages.
func (p *pages) freeList(id uint64) error {
	page, err := p.load(id)
	if err != nil {
		return err
	}
	count, ids := uint64(binary.NativeEndian.Uint16(page[10:])), page[pageHead:]
	if count == countedInside {
		count, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if kindOf(page) != pageFreeList || count > uint64(len(ids)/8) {
		return damagedPage(id, "is neither led to nor free")
	}
	last := uint64(1)
	for i := range count {
		free := binary.NativeEndian.Uint64(ids[i*8:])
		if free <= last || free >= p.count {
			return damagedPage(id, "list of free pages")
		}
		last = free
	}
	return nil
}
