package keyring

import (
	"bytes"
	"crypto/sha256"
)

// A key file on disk:
//
//	magic     8 bytes   says which of the two it is
//	format    1 byte    1
//	ring     16 bytes   the same in both files
//	body
//	checksum 32 bytes   SHA-256 over all before
//
// The checksum finds accidents. Nothing protects a ring from somebody who may write into its folder.
const (
	wrappingFile = "wrapping"
	secretsFile  = "secrets"

	fileFormat = 1
	magicSize  = 8
	fileHead   = magicSize + 1 + len(RingID{})
	// largestFile bounds what is read: a full ring is about a tenth of it.
	largestFile = 1 << 20
)

// RingID tells rings apart. It is random and no secret.
type RingID [16]byte

func magicOf(name string) string {
	if name == wrappingFile {
		return "ENTWRAP\n"
	}
	return "ENTSECR\n"
}

func encodeFile(name string, ring RingID, body []byte) []byte {
	out := make([]byte, 0, fileHead+len(body)+sha256.Size)
	out = append(out, magicOf(name)...)
	out = append(out, fileFormat)
	out = append(out, ring[:]...)
	out = append(out, body...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// decodeFile returns ring and body; the body is a part of data.
func decodeFile(name string, data []byte) (RingID, []byte, error) {
	if len(data) < fileHead+sha256.Size {
		return RingID{}, nil, broken(name + " is cut short")
	}
	if string(data[:magicSize]) != magicOf(name) {
		return RingID{}, nil, foreign(name + " is another kind of file")
	}
	end := len(data) - sha256.Size
	if sum := sha256.Sum256(data[:end]); !bytes.Equal(sum[:], data[end:]) {
		return RingID{}, nil, broken("checksum of " + name)
	}
	if data[magicSize] != fileFormat {
		return RingID{}, nil, foreign(name + " has a newer format")
	}
	return RingID(data[magicSize+1 : fileHead]), data[fileHead:end], nil
}

// field cuts n bytes off the front of a body; ok is false when there are fewer.
func field(body *[]byte, n int) (part []byte, ok bool) {
	if len(*body) < n {
		return nil, false
	}
	part, *body = (*body)[:n], (*body)[n:]
	return part, true
}

// keyField cuts a key, copied, off the front of a body. No key is all zeros.
func keyField(body *[]byte) (*[KeySize]byte, bool) {
	part, ok := field(body, KeySize)
	if !ok {
		return nil, false
	}
	key := [KeySize]byte(part)
	return &key, key != [KeySize]byte{}
}
