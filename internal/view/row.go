package view

import (
	"encoding/binary"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Row is one inbox event: a reference, never content. What it may still show is decided when it is read. Its leaf is made of
//
//	kind 1 | ref 8 | revision 4 | journal time in milliseconds 6 | ordinal of the command 6 [| other 6]
type Row struct {
	// Number in the inbox, from 1; the key, not part of the row.
	Number uint64
	Kind   ententev1.EventKind
	// Ref is what the event is about: a record number, an agency or group ordinal, a readership number.
	Ref uint64
	// Revision of the record; for a trust change the kind of change; for a membership 1 joined, 0 left.
	Revision uint32
	// Millis is journal time, Unix milliseconds.
	Millis int64
	// Ordinal of the command that wrote the event.
	Ordinal uint64
	// Other is the second thing that the event is about, where there is one: the ordinal of the standing query that found the record.
	Other uint64
}

const (
	rowSize      = 25
	rowSizeOther = 31
)

func (r Row) encode() []byte {
	b := make([]byte, rowSize, rowSizeOther)
	if r.Other != 0 {
		b = b[:rowSizeOther]
		put48(b[rowSize:], r.Other)
	}
	b[0] = byte(r.Kind)
	binary.BigEndian.PutUint64(b[1:], r.Ref)
	binary.BigEndian.PutUint32(b[9:], r.Revision)
	put48(b[13:], uint64(r.Millis))
	put48(b[19:], r.Ordinal)
	return b
}

// fields are what it is stored by.
func (r Row) fields() fields {
	return fields{uint64(r.Kind), r.Ref, uint64(r.Revision), uint64(r.Millis), r.Ordinal, r.Other}
}

// rowOf is the row that has the fields; false where no row has.
func rowOf(number uint64, f fields) (Row, bool) {
	r := Row{Number: number, Kind: ententev1.EventKind(f[0]), Ref: f[1], Revision: uint32(f[2]), Millis: int64(f[3]), Ordinal: f[4], Other: f[5]}
	return r, f[0] <= 0xff && f[2] <= 0xffff_ffff && max(f[3], f[4], f[5]) < 1<<48
}

func decodeRow(number uint64, b []byte) (Row, bool) {
	if len(b) != rowSize && len(b) != rowSizeOther {
		return Row{}, false
	}
	r := Row{
		Number: number, Kind: ententev1.EventKind(b[0]), Ref: binary.BigEndian.Uint64(b[1:]),
		Revision: binary.BigEndian.Uint32(b[9:]), Millis: int64(get48(b[13:])), Ordinal: get48(b[19:]),
	}
	if len(b) == rowSizeOther {
		r.Other = get48(b[rowSize:])
	}
	return r, true
}

// Reading is one readership row: it points to the reader's consultation and says how much was shown. Its leaf is made of
//
//	reader 4 | consultation 8 | kind 1 | purpose 1 | journal time in microseconds 8
type Reading struct {
	// Number in the originator's readership, from 1; the key, not part of the row.
	Number uint64
	// Reader is the ordinal of the reading agency.
	Reader uint32
	// Consultation is the number in the reading agency's log.
	Consultation uint64
	Kind         ententev1.DisclosureKind
	Purpose      ententev1.ProcessingPurpose
	// Micros is journal time, Unix microseconds.
	Micros int64
}

const readingSize = 22

func (r Reading) encode() []byte {
	b := make([]byte, readingSize)
	binary.BigEndian.PutUint32(b, r.Reader)
	binary.BigEndian.PutUint64(b[4:], r.Consultation)
	b[12] = byte(r.Kind)
	b[13] = byte(r.Purpose)
	binary.BigEndian.PutUint64(b[14:], uint64(r.Micros))
	return b
}

// fields are what it is stored by.
func (r Reading) fields() fields {
	return fields{uint64(r.Reader), r.Consultation, uint64(r.Kind), uint64(r.Purpose), uint64(r.Micros)}
}

// readingOf is the row that has the fields; false where no row has.
func readingOf(number uint64, f fields) (Reading, bool) {
	r := Reading{
		Number: number, Reader: uint32(f[0]), Consultation: f[1], Kind: ententev1.DisclosureKind(f[2]), Purpose: ententev1.ProcessingPurpose(f[3]), Micros: int64(f[4]),
	}
	return r, f[0] <= 0xffff_ffff && max(f[2], f[3]) <= 0xff && f[5] == 0
}

func decodeReading(number uint64, b []byte) (Reading, bool) {
	if len(b) != readingSize {
		return Reading{}, false
	}
	return Reading{
		Number: number, Reader: binary.BigEndian.Uint32(b), Consultation: binary.BigEndian.Uint64(b[4:]),
		Kind: ententev1.DisclosureKind(b[12]), Purpose: ententev1.ProcessingPurpose(b[13]),
		Micros: int64(binary.BigEndian.Uint64(b[14:])),
	}, true
}

func put48(b []byte, v uint64) {
	b[0], b[1] = byte(v>>40), byte(v>>32)
	binary.BigEndian.PutUint32(b[2:], uint32(v))
}

func get48(b []byte) uint64 {
	return uint64(b[0])<<40 | uint64(b[1])<<32 | uint64(binary.BigEndian.Uint32(b[2:]))
}
