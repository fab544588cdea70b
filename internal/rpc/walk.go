package rpc

import (
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// maxDepth is how deep messages may nest, the request itself included.
const maxDepth = 64

// maxParts is how many messages and elements of lists a request may have in all. An
// empty message is two bytes on the wire and hundreds in memory, so that the size of
// a request bounds neither what it holds nor what its rules cost.
const maxParts = 20_000

// The reasons for which bytes are refused before they are a message.
const (
	// reasonUnknownField: a field, or a spelling of one, that the hub does not
	// know. It could be a restriction of a later revision, so it is not skipped.
	reasonUnknownField = "UNKNOWN_FIELD"
	// reasonNotUTF8: a text that is not UTF-8.
	reasonNotUTF8 = "NOT_UTF8"
	// reasonMalformed: bytes that are no protocol buffer of this type.
	reasonMalformed = "MALFORMED"
	// reasonTooDeep: nesting deeper than maxDepth.
	reasonTooDeep = "TOO_DEEP"
	// reasonTooManyParts: more than maxParts.
	reasonTooManyParts = "TOO_MANY_PARTS"
)

// walker checks the bytes of one request against its layout, in one pass and
// without decoding them. It finds what decoding would hide: unknown fields,
// contents that would be merged from several places, and the place of a
// content's bytes.
type walker struct {
	// plain and twin are the bytes of a content as it was given in its two
	// fields, aliasing the request.
	plain, twin []byte
	// hasPlain and hasTwin tell an empty content from none.
	hasPlain, hasTwin bool
	// parts are the messages and elements of lists so far.
	parts int
}

// message checks one message; depth is how many levels may still be entered. A
// violation comes back without the path above this message.
func (w *walker) message(l *layout, b []byte, depth int) *fault.Fault {
	if depth == 0 {
		return refused(reasonTooDeep, "nest messages less deeply")
	}
	var given uint64 // numbers below 64 of carriers and twins seen so far
	for rest := b; len(rest) > 0; {
		num, typ, n := protowire.ConsumeTag(rest)
		if n < 0 {
			return malformed()
		}
		s := l.slot(num)
		if s == nil || !s.accepts(typ) {
			return refused(reasonUnknownField, "leave out what this revision of the API does not define; WhoAmI tells the revision")
		}
		value := rest[n:]
		if typ != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(num, typ, value); n < 0 {
				return malformed().Under(s.name)
			}
			if s.list && !w.count(1) {
				return tooManyParts().Under(s.name)
			}
			rest = value[n:]
			continue
		}
		v, n := protowire.ConsumeBytes(value)
		if n < 0 {
			return malformed().Under(s.name)
		}
		if !w.count(s.parts(v)) {
			return tooManyParts().Under(s.name)
		}
		if f := w.value(l, s, num, v, depth, &given); f != nil {
			return f.Under(s.place(b, num, len(b)-len(rest)))
		}
		rest = value[n:]
	}
	return nil
}

// count counts parts; false when they are too many.
func (w *walker) count(n int) bool {
	w.parts += n
	return w.parts <= maxParts
}

// parts is how many a field of bytes is at most: an element of a packed list takes
// one byte or more.
func (s *slot) parts(v []byte) int {
	switch {
	case s.packable:
		return len(v)
	case s.list || s.message != nil:
		return 1
	default:
		return 0
	}
}

// value checks what lies inside a field of bytes.
func (w *walker) value(l *layout, s *slot, num protowire.Number, v []byte, depth int, given *uint64) *fault.Fault {
	switch {
	case s.text && !utf8.Valid(v):
		return refused(reasonNotUTF8, "encode the text as UTF-8")
	case l.twin != nil && (num == l.twin.plain || num == l.twin.bytes):
		return w.content(l, num, v, depth, given)
	case s.message == nil:
		return nil
	case s.carrier && !once(given, num):
		return refused(reasonGivenTwice, "give it once; parts are not merged")
	}
	return w.message(s.message, v, depth-1)
}

// content notes where a content stands and checks what is inside it.
func (w *walker) content(l *layout, num protowire.Number, v []byte, depth int, given *uint64) *fault.Fault {
	if !once(given, num) {
		return refused(reasonGivenTwice, "give the content once; parts are not merged")
	}
	if num == l.twin.plain {
		w.plain, w.hasPlain = v, true
	} else if len(v) > 0 { // empty is how proto3 spells "not given"
		w.twin, w.hasTwin = v, true
	}
	return w.message(l.slot(l.twin.plain).message, v, depth-1)
}

// once marks a number as given; false if it was before. Numbers from 64 on
// share one mark, which refuses too much rather than too little.
func once(given *uint64, num protowire.Number) bool {
	bit := uint64(1) << min(uint(num), 63)
	fresh := *given&bit == 0
	*given |= bit
	return fresh
}

// place is the field's part of a path, with its index where it is a list: how
// often the number came before this offset. It runs on failure only.
func (s *slot) place(b []byte, num protowire.Number, end int) string {
	if !s.list {
		return s.name
	}
	index := 0
	for rest := b[:end]; len(rest) > 0; {
		n, _, size := protowire.ConsumeField(rest)
		if size < 0 {
			break
		}
		if n == num {
			index++
		}
		rest = rest[size:]
	}
	return s.name + "[" + strconv.Itoa(index) + "]"
}

// refused is a violation of the message in which it was found.
func refused(reason, description string) *fault.Fault {
	return fault.Violated(fault.Violation{Reason: reason, Description: description})
}

func tooManyParts() *fault.Fault {
	return refused(reasonTooManyParts, "give fewer elements; a request has 20000 messages and list elements at most")
}

func malformed() *fault.Fault {
	return refused(reasonMalformed, "send a message of the type that the method declares")
}
