// Package keyring holds every secret of a hub and seals every value that the hub stores.
//
// # What lies on disk
//
// A ring is a folder (mode 0700) with two files (mode 0600), each replaced as a whole by write to a temporary name, fsync,
// rename, fsync of the folder:
//
//	keys/wrapping   256 wrapping keys, one a slot, each with its generation
//	keys/secrets    the named hub secrets, each with all its versions
//
// Both carry a format byte, the id of their ring and a SHA-256 checksum over all the rest. The folder is made under the name
// keys.new and renamed when it is whole, so that it exists entirely or not at all. Opening never makes a key: what is missing,
// damaged, foreign or readable by others is an error. One process at a time has a ring open.
// Each file stands for itself, so a copy of the two, taken file by file at any time, is a usable copy of the ring.
//
// # Three kinds of key
//
//   - Hub secrets ([Ring.Secret]) are named and versioned. A new version does not end the old ones: whatever was made under a
//     version names it, and is opened with it, until the version is retired.
//   - Wrapping keys never leave this package. Each record has a key of its own ([RecordKey]), which is stored in the view wrapped by the
//     wrapping key of its slot; the slot is the low byte of the key's id. [Ring.ReplaceSlot] destroys a wrapping key after its
//     neighbours have been wrapped anew; a wrapped key that was left out is then dead, in every old page and backup too.
//   - Record keys seal the parts of one record.
//
// # The frame of a stored value
//
//	format   1 byte    1
//	codec    1 byte    0 as is, 1 zstd
//	key id   uvarint   0 clear, 1..255 version of the STORAGE secret, 256 and more a record key
//	checksum 4 bytes   CRC-32C, big endian, over location, the three fields before, and the payload
//	payload            clear: the value; sealed: nonce (12 bytes), AES-256-GCM ciphertext and tag
//
// The location ([Location]) is the value's own place. It is not stored; it goes into the checksum and into the additional data
// of the seal, so that a value that was moved elsewhere is damaged. Values are compressed first and sealed then.
//
//	SealClear, OpenClear       values without content; anyone can read them, bit rot is noticed
//	Ring.Seal, Ring.Open       content that is no record's own; same input, same bytes, on every hub of the same ring
//	RecordKey.Seal, .Open      parts of a record; the nonce comes from the caller's random source
//	Verify                     the checksum alone, without any key, for offline checks
//
// All of them append to a buffer that the caller passes and never keep or return memory of their arguments, so frames may be slices of a
// memory-mapped file. On error the buffer comes back with its old length.
//
// # Failures
//
// [ErrDamaged]: the bytes are not what was written, or stand elsewhere. [ErrDestroyed]: they are intact, their key was
// destroyed on purpose. Both are DATA_LOSS. Nothing here ever falls back to a new key, an empty value or an older one.
package keyring
