package keyring

import "encoding/binary"

// Location is the place of a stored value. A value opens only at the location at which it was sealed.
//
// Usually that is the bucket and key under which it is stored. It may be any name that exactly one value has, when the key
// is not known yet at the time of sealing. Locations are not stored and cost nothing on disk.
type Location struct {
	Bucket string
	// Key is only read, and only during the call.
	Key []byte
}

// At is Location{bucket, key}.
func At(bucket string, key []byte) Location {
	return Location{Bucket: bucket, Key: key}
}

// appendTo appends both parts, each after its length, so that no two locations look alike whatever follows them.
func (l Location) appendTo(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(l.Bucket)))
	dst = append(dst, l.Bucket...)
	dst = binary.AppendUvarint(dst, uint64(len(l.Key)))
	return append(dst, l.Key...)
}
