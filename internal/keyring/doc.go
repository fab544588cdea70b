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
//     version names it, and is opened with it, until the version is retired ([Ring.Retire]).
//   - Wrapping keys never leave this package. Each record has a key of its own ([RecordKey]), which is stored in the view wrapped
//     by the wrapping key of its slot; the slot is the low byte of the key's id. [Ring.ReplaceSlot] destroys a wrapping key after its
//     neighbours have been wrapped anew; a wrapped key that was left out is then dead, in every old page and backup too.
//   - Record keys seal the parts of one record.
//
// Keys are in the memory of the process while it runs. Keeping it out of core dumps and swap is the service manager's part.
//
// # Applying the journal
//
// Applying must give the same bytes on every hub and in every replay. So it takes the version of a secret from the entry and
// never asks for the current one ([Ring.Storage], [Ring.SecretAt]), seals with synthetic nonces ([StorageKey.Seal],
// [RecordKey.SealSame]), and packs nothing that is part of the contents hash: another version of the compressor packs otherwise.
// Whatever needs randomness ([Ring.NewRecordKey], [RecordKey.Seal]) happens before, and its result stands in the command.
//
// # The frame of a stored value
//
//	format   1 byte    1
//	codec    1 byte    0 as is, 1 an S2 block
//	key id   uvarint   0 clear, 1..255 version of the STORAGE secret, 256 and more a record key
//	checksum 4 bytes   CRC-32C, big endian, over location, the three fields before, and the payload
//	payload            clear: the value; sealed: nonce (12 bytes), AES-256-GCM ciphertext and tag
//
// The location ([Location]) is the value's own place. It is not stored; it goes into the checksum and into the additional data
// of the seal, so that a value that was moved elsewhere is damaged. Values are compressed first and sealed then.
//
//	SealClear, OpenClear        values without content; anyone can read them, bit rot is noticed
//	StorageKey.Seal, Ring.Open  content that is no record's own
//	RecordKey.Seal, .SealSame, .Open   parts of a record
//	Verify                      the checksum alone, without any key, for offline checks
//
// All of them append to a buffer that the caller passes, which must not overlap the other arguments, and never keep or return
// memory of those, so frames may be slices of a memory-mapped file. On error the buffer comes back with its old length.
//
// AES-GCM gets its nonces from here. The FIPS 140-3 module allows that in its mode "on" and forbids it in its mode "only", in
// which no ring can be opened.
//
// # Failures
//
// [ErrDamaged]: the bytes are not what was written, or stand elsewhere. [ErrDestroyed]: they are intact, their key was
// destroyed on purpose. Both are DATA_LOSS. Nothing here ever falls back to a new key, an empty value or an older one.
package keyring
