package exchange

import (
	"crypto/rand"
	"io"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Source is where time and chance come from; nothing else in the hub may ask for either on behalf of a call.
type Source interface {
	// Now is the hub's clock.
	Now() time.Time
	// Draw is the randomness of one call: ids, salts, keys, nonces. A source that must give the same call the same bytes, whatever other calls
	// there are, keys it by agency and key; key is the request_id, or empty where the caller gave none. Used by one goroutine.
	Draw(agency intel.AgencyID, key string) io.Reader
}

// System is the source of a real hub: the wall clock and the operating system's randomness.
type System struct{}

// Now implements Source.
func (System) Now() time.Time { return time.Now() }

// Draw implements Source.
func (System) Draw(intel.AgencyID, string) io.Reader { return rand.Reader }

// newUID draws an id in the layout of UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds and 74 random bits, so that ids tell nothing of each other.
func newUID(now time.Time, random io.Reader) (uid [16]byte, err error) {
	if _, err := io.ReadFull(random, uid[6:]); err != nil {
		return uid, err
	}
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		uid[i] = byte(ms >> (40 - 8*i))
	}
	uid[6] = uid[6]&0x0f | 0x70
	uid[8] = uid[8]&0x3f | 0x80
	return uid, nil
}
