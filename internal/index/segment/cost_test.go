package segment

import (
	"sync"
	"testing"
)

// wide is a file with a term in every second row, and many in one.
func wide(t *testing.T, c *Cache) (*Reader, sealer, uint64) {
	t.Helper()
	const common = uint64(1) << 40
	m := &model{postings: map[uint64][]uint32{}}
	for i := range uint32(400_000) {
		m.numbers = append(m.numbers, i+1)
		m.columns = append(m.columns, nil)
		if i%2 == 0 {
			m.postings[common] = append(m.postings[common], i)
		}
		if i%20 == 0 {
			m.postings[mix(uint64(i))] = []uint32{i}
		}
	}
	s, path := newSealer(t), file(t)
	m.write(t, path, s)
	r := open(t, path, s, c)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	s.opens.Store(0)
	return r, s, common
}

// TestSeekOpensOneChunk counts the blocks that are opened.
func TestSeekOpensOneChunk(t *testing.T) {
	r, s, common := wide(t, NewCache(1<<24))
	p, _ := r.Posting(common)
	if n := s.opens.Swap(0); n != 1 {
		t.Errorf("%d blocks for the term", n)
	}
	probes, c := 0, p.Cursor()
	for _, row := range []uint32{399_999, 399_990, 70_001, 3} {
		if got, ok := c.Seek(row, &probes); !ok || got != row&^1 {
			t.Fatalf("at or below %d is %d, %v", row, got, ok)
		}
	}
	if n := s.opens.Swap(0); n > 3 {
		t.Errorf("%d blocks for three pages", n)
	}
	if probes > 40 {
		t.Errorf("%d probes for four seeks", probes)
	}
	q, _ := r.Posting(common)
	c = q.Cursor()
	c.Seek(399_999, &probes)
	if n := s.opens.Load(); n != 0 {
		t.Errorf("%d blocks were opened again", n)
	}
}

// TestAbsentTermsOpenNothing counts the blocks that the filter let through.
func TestAbsentTermsOpenNothing(t *testing.T) {
	r, s, _ := wide(t, nil)
	for i := range uint64(10_000) {
		if _, ok := r.Posting(mix(i | 1<<50)); ok {
			t.Fatal("found")
		}
	}
	if n := s.opens.Load(); n > 300 {
		t.Errorf("%d blocks for 10,000 terms that are not there", n)
	}
}

// TestCacheIsBounded reads more than the cache holds, by many at once.
func TestCacheIsBounded(t *testing.T) {
	c := NewCache(100_000)
	r, _, common := wide(t, c)
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			probes := 0
			for i := k; i < 400_000; i += 1311 {
				if _, ok := r.Posting(mix(uint64(i))); ok != (i%20 == 0) {
					t.Errorf("term of row %d: %v", i, ok)
					return
				}
				p, _ := r.Posting(common)
				cur := p.Cursor()
				if got, ok := cur.Seek(uint32(i), &probes); !ok || got != uint32(i)&^1 {
					t.Errorf("at or below %d is %d, %v", i, got, ok)
					return
				}
			}
		})
	}
	wg.Wait()
	if held := c.Bytes(); held == 0 || held > 100_000 {
		t.Errorf("%d bytes are held", held)
	}
}
