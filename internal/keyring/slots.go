package keyring

import (
	"encoding/binary"
	"io"
)

// slots are the 256 wrapping keys. Body of the file wrapping:
//
//	256 ×  generation (4 bytes, from 1), key (32 bytes)
//	count  (2 bytes) of slots that are being replaced, in ascending order, each
//	       slot (1 byte), key (32 bytes) of the generation before
type slots [256]slot

func newSlots(random io.Reader) (*slots, error) {
	s := new(slots)
	for i := range s {
		key, err := drawKey(random)
		if err != nil {
			return nil, err
		}
		s[i].current = newWrapper(1, key)
	}
	return s, nil
}

func (s *slots) encode() []byte {
	var out, olds []byte
	for i, one := range s {
		out = binary.BigEndian.AppendUint32(out, one.current.generation)
		out = append(out, one.current.key[:]...)
		if one.old != nil {
			olds = append(append(olds, byte(i)), one.old.key[:]...)
		}
	}
	out = binary.BigEndian.AppendUint16(out, uint16(len(olds)/(1+KeySize)))
	return append(out, olds...)
}

func decodeSlots(body []byte) (*slots, error) {
	s := new(slots)
	for i := range s {
		head, ok := field(&body, 4)
		if !ok {
			return nil, broken("wrapping: too few keys")
		}
		key, ok := keyField(&body)
		generation := binary.BigEndian.Uint32(head)
		if !ok || generation == 0 {
			return nil, broken("wrapping: no key in a slot")
		}
		s[i].current = newWrapper(generation, key)
	}
	return s, s.decodeOld(body)
}

func (s *slots) decodeOld(body []byte) error {
	count, ok := field(&body, 2)
	if !ok {
		return broken("wrapping: no list of replacements")
	}
	last := -1
	for range binary.BigEndian.Uint16(count) {
		number, ok := field(&body, 1)
		if !ok || int(number[0]) <= last {
			return broken("wrapping: list of replacements")
		}
		last = int(number[0])
		key, ok := keyField(&body)
		generation := s[last].current.generation - 1
		if !ok || generation == 0 {
			return broken("wrapping: key of a replacement")
		}
		s[last].old = newWrapper(generation, key)
	}
	if len(body) > 0 {
		return broken("wrapping: more than belongs there")
	}
	return nil
}
