package testnet_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/index/segment"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// items is how many records the benchmarks of finding look in: 10000, 100000, 1000000, …
var items = flag.Int("items", 10_000, "records of BenchmarkFind")

// shelf is the index alone over a corpus, in segments as the hub writes them.
type shelf struct {
	layers *index.Layers
	hasher *index.Hasher
	corpus *corpus.Corpus
	cache  *segment.Cache
	dir    string
	files  int
	paths  map[*segment.Reader]string
	bytes  int64 // of contents
	micros int64
}

const (
	item   = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
	active = ententev1.RecordState_RECORD_STATE_ACTIVE
	flush  = 1 << 14
)

var built = sync.OnceValues(func() (*shelf, error) {
	dir, err := os.MkdirTemp("", "entente-find-")
	if err != nil {
		return nil, err
	}
	s := &shelf{
		hasher: index.NewHasher([32]byte{1}), corpus: corpus.New(1), dir: dir, paths: map[*segment.Reader]string{},
		cache: segment.NewCache(192 << 20), micros: corpus.Until().UnixMicro(),
	}
	s.layers = s.hasher.NewLayers()
	return s, s.fill(*items)
})

// fill indexes records, as many at once as there are processors, and seals and merges as the hub does.
func (s *shelf) fill(n int) error {
	const batch = 512
	workers := runtime.GOMAXPROCS(0)
	for first := 0; first < n; first += workers * batch {
		changes := make([][]index.Change, workers)
		sizes := make([]int64, workers)
		var all errgroup.Group
		for w := range workers {
			all.Go(func() error {
				for i := first + w*batch; i < min(n, first+(w+1)*batch); i++ {
					c, size := s.change(i)
					changes[w] = append(changes[w], c)
					sizes[w] += size
				}
				return nil
			})
		}
		_ = all.Wait() // none fails
		for w := range workers {
			s.bytes += sizes[w]
			if err := s.layers.Apply(s.micros, changes[w]); err != nil {
				return err
			}
		}
		if err := s.tend(flush); err != nil {
			return err
		}
	}
	return s.tend(1)
}

// change is record n as it enters the index.
func (s *shelf) change(n int) (index.Change, int64) {
	draft := s.corpus.Item(n)
	content, h := draft.GetPlain(), s.hasher
	keys := index.ContentKeys(content)
	owner := uint32(s.corpus.Owner(n) + 1)
	analysis := h.Analyse(content, keys)
	terms := append(h.ItemTerms(content, keys), analysis.Terms...)
	terms = append(terms, h.Standing(item, active), h.Originator(agency(owner)), h.Audience(string(agency(owner))))
	for _, name := range draft.GetRelease().GetAudience().GetAgencies() {
		id, _ := intel.ParseAgencyName(name)
		terms = append(terms, h.Audience(string(id)))
	}
	if draft.GetRelease().GetAudience().GetAllPartners() {
		terms = append(terms, h.Audience("all"))
	}
	slices.Sort(terms)
	start, end := index.Observed(content.GetObserved())
	return index.Change{Number: index.Number(n + 1), Add: slices.Compact(terms), Columns: index.Columns{
		Kind: item, Owner: owner, CreateMicros: s.micros - int64(1e9) + int64(n), ObservedStart: start, ObservedEnd: end, Spots: analysis.Spots,
	}}, int64(proto.Size(content))
}

func agency(owner uint32) intel.AgencyID { return intel.AgencyID(corpus.Agencies()[owner-1]) }

// tend seals a tail of so many records, and merges.
func (s *shelf) tend(full int) error {
	if s.layers.Tail() < full {
		return nil
	}
	for sealing := s.layers.Freeze(); sealing != nil; sealing = s.layers.Merge() {
		s.files++
		path := filepath.Join(s.dir, strconv.Itoa(s.files))
		if _, err := sealing.Write(context.Background(), path, newSealer()); err != nil {
			return err
		}
		r, err := segment.Open(path, newSealer(), s.cache)
		if err != nil {
			return err
		}
		old := sealing.Replaces()
		s.layers.Adopt(sealing, index.OpenSegment(r, s.micros))
		for _, o := range old {
			if err := errors.Join(o.Close(), os.Remove(s.paths[o])); err != nil {
				return err
			}
			delete(s.paths, o)
		}
		s.paths[r] = path
	}
	return nil
}

type sealer struct{ cipher.AEAD }

func newSealer() sealer {
	block, _ := aes.NewCipher(make([]byte, 32)) // no error of such a key
	aead, _ := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}
}

func (s sealer) Seal(dst, plain []byte, place uint64) []byte {
	return s.AEAD.Seal(dst, nil, plain, binary.BigEndian.AppendUint64(nil, place))
}

func (s sealer) Open(dst, sealed []byte, place uint64) ([]byte, error) {
	return s.AEAD.Open(dst, nil, sealed, binary.BigEndian.AppendUint64(nil, place))
}

// ask is what an agency asks, with the audiences that it belongs to.
func (s *shelf) ask(owner uint32) index.Ask {
	return index.Ask{
		Agency: agency(owner), Owner: owner, NowMicros: s.micros,
		Audience: index.AnyOf{s.hasher.Audience(string(agency(owner))), s.hasher.Audience("all")},
	}
}

// inquiry makes the question of a class, by a record that there is.
type inquiry func(s *shelf, r *rand.Rand) index.Query

// query is the wire's query as one of the agencies asks it.
func (s *shelf) query(r *rand.Rand, q *ententev1.IntelligenceItemQuery) index.Query {
	ask := s.ask(1 + uint32(r.IntN(len(corpus.Agencies()))))
	for _, id := range q.GetIdentifiers() {
		if f, err := identifier.Understand(id); err == nil {
			ask.Identifiers = append(ask.Identifiers, index.IdentifierKeys(id.GetType(), f)...)
		}
	}
	filter, err := s.hasher.ItemFilter(q)
	if err != nil {
		panic(err)
	}
	ask.Filter = filter
	return s.hasher.ItemQuery(q, ask)
}

func (s *shelf) some(r *rand.Rand) *ententev1.IntelligenceContent {
	return s.corpus.Item(r.IntN(*items)).GetPlain()
}

func classes() map[string]inquiry {
	return map[string]inquiry{
		"identifier": func(s *shelf, r *rand.Rand) index.Query {
			return s.query(r, &ententev1.IntelligenceItemQuery{Identifiers: oneIdentifier(s, r)})
		},
		"two_words":  func(s *shelf, r *rand.Rand) index.Query { return s.query(r, twoWords(s, r)) },
		"beginning":  func(s *shelf, r *rand.Rand) index.Query { return s.query(r, beginning(s, r)) },
		"newest":     func(s *shelf, r *rand.Rand) index.Query { return s.query(r, nil) },
		"page_20000": func(s *shelf, r *rand.Rand) index.Query { return s.deep(r) },
		"name": func(s *shelf, r *rand.Rand) index.Query {
			return s.query(r, &ententev1.IntelligenceItemQuery{Names: []string{aName(s, r)}})
		},
		"near_week": func(s *shelf, r *rand.Rand) index.Query { return s.query(r, nearWeek(s, r)) },
	}
}

func oneIdentifier(s *shelf, r *rand.Rand) []*ententev1.Identifier {
	for {
		for _, subject := range s.some(r).GetSubjects() {
			if list := subject.GetIdentifiers(); len(list) > 0 {
				return list[:1]
			}
		}
	}
}

func twoWords(s *shelf, r *rand.Rand) *ententev1.IntelligenceItemQuery {
	for {
		c := s.some(r)
		words := strings.Fields(c.GetNarrative())
		if one, two := words[r.IntN(len(words))], words[r.IntN(len(words))]; c.GetLanguageCode() != "ja" {
			return &ententev1.IntelligenceItemQuery{Text: strings.Trim(one, ".,*") + " " + strings.Trim(two, ".,*")}
		}
	}
}

// beginning is how a word begins, in three letters or five.
func beginning(s *shelf, r *rand.Rand) *ententev1.IntelligenceItemQuery {
	n := 3 + 2*r.IntN(2)
	for {
		word, _, _ := strings.Cut(twoWords(s, r).GetText(), " ")
		if letters := []rune(word); len(letters) >= n {
			return &ententev1.IntelligenceItemQuery{Text: string(letters[:n]) + "*"}
		}
	}
}

func aName(s *shelf, r *rand.Rand) string {
	for {
		for _, subject := range s.some(r).GetSubjects() {
			if names := subject.GetPerson().GetNames(); len(names) > 0 {
				return names[0].GetFullName()
			}
		}
	}
}

func nearWeek(s *shelf, r *rand.Rand) *ententev1.IntelligenceItemQuery {
	c := s.some(r)
	from := c.GetObserved().GetStartTime().AsTime().Add(-84 * time.Hour)
	return &ententev1.IntelligenceItemQuery{
		Places: []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{
			Center: c.GetPlaces()[0].GetPoint(), RadiusMeters: 25_000,
		}}}},
		Observed: &ententev1.Interval{StartTime: timestamppb.New(from), EndTime: timestamppb.New(from.Add(7 * 24 * time.Hour))},
	}
}

// deep goes on where the last of 20,000 pages of 50 ended, or in the middle where there are fewer.
func (s *shelf) deep(r *rand.Rand) index.Query {
	q := s.query(r, nil)
	q.Before = index.Number(max(*items-1_000_000, *items/2))
	return q
}

// BenchmarkFind asks the index in this process, with visibility, one goroutine. Run it as
//
//	go test ./internal/testnet -run xxx -bench Find -items 1000000 -timeout 1h
func BenchmarkFind(b *testing.B) {
	start := time.Now()
	s, err := built()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(s.dir) })
	b.Run("build", func(b *testing.B) { s.report(b, time.Since(start)) })
	for _, name := range slices.Sorted(maps.Keys(classes())) {
		b.Run(name, func(b *testing.B) { s.time(b, classes()[name], func(q index.Query) { s.layers.Search(q, 50, taken) }) })
	}
	for _, name := range []string{"two_words", "beginning", "newest"} {
		b.Run("count_"+name, func(b *testing.B) { s.time(b, classes()[name], func(q index.Query) { s.layers.Count(q, 10_000_000) }) })
	}
}

func taken(index.Number) bool { return true }

// report tells what the index came to.
func (s *shelf) report(b *testing.B, took time.Duration) {
	var size int64
	files, _ := filepath.Glob(filepath.Join(s.dir, "*"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			size += info.Size()
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(*items)/took.Seconds(), "items/s")
	b.ReportMetric(float64(size)/float64(s.bytes), "bytes/byte")
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MB")
}

// time asks b.N questions of a class, after as many to warm up, and tells the median and the worst in a hundred.
func (s *shelf) time(b *testing.B, class inquiry, do func(index.Query)) {
	r := rand.New(rand.NewPCG(1, 2))
	questions := make([]index.Query, 512)
	for i := range questions {
		questions[i] = class(s, r)
		do(questions[i])
	}
	times := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		begun := time.Now()
		do(questions[i%len(questions)])
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-us")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-us")
}
