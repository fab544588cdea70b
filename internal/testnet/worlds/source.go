package worlds

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// Source is an exchange.Source that gives the same call the same bytes, whatever
// other calls there are: by agency, request_id, and how often the two came
// together before. Its clock stands until it is set.
type Source struct {
	mu    sync.Mutex
	now   time.Time
	drawn map[string]int
}

// NewSource is a source whose clock stands at a moment.
func NewSource(now time.Time) *Source {
	return &Source{now: now, drawn: map[string]int{}}
}

// Now implements exchange.Source.
func (s *Source) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Pass lets time pass.
func (s *Source) Pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Draw implements exchange.Source.
func (s *Source) Draw(agency intel.AgencyID, key string) io.Reader {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("%s\x00%s", agency, key)
	s.drawn[id]++
	return Stream(fmt.Sprintf("%s\x00%d", id, s.drawn[id]))
}

// Stream is endless bytes that follow from a seed.
func Stream(seed string) io.Reader {
	key := sha256.Sum256([]byte(seed))
	block, err := aes.NewCipher(key[:])
	if err != nil { // the key has the right length
		panic("worlds: " + err.Error())
	}
	return stream{cipher.NewCTR(block, make([]byte, aes.BlockSize))}
}

type stream struct{ cipher.Stream }

func (s stream) Read(p []byte) (int, error) {
	clear(p)
	s.XORKeyStream(p, p)
	return len(p), nil
}
