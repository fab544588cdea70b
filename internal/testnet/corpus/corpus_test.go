package corpus_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

func encoded(t testing.TB, m proto.Message) []byte {
	t.Helper()
	out, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSameBytes pins what figures are measured over: whoever changes the corpus
// has to say so, and to measure anew.
func TestSameBytes(t *testing.T) {
	sum := sha256.New()
	c := corpus.New(1)
	for n := range 500 {
		if c.IsSeizure(n) {
			sum.Write(encoded(t, c.Seizure(n)))
		} else {
			sum.Write(encoded(t, c.Item(n)))
		}
	}
	const want = "accbddd5421fdef4"
	if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != want {
		t.Errorf("the corpus is %s, and was %s", got, want)
	}
	if proto.Equal(corpus.New(2).Item(1), c.Item(1)) {
		t.Error("another seed makes the same item")
	}
}

// TestShapes looks at what the benchmarks rely on.
func TestShapes(t *testing.T) {
	c := corpus.New(1)
	const count = 5000
	all, bytes := 0, 0
	owners, words := map[string]map[int]bool{}, map[string]int{}
	languages := map[string]int{}
	for n := count; n < 2*count; n++ {
		d := c.Item(n)
		bytes += proto.Size(d.GetPlain())
		languages[d.GetPlain().GetLanguageCode()]++
		if d.GetRelease().GetAudience().GetAllPartners() {
			all++
		} else if named := d.GetRelease().GetAudience().GetAgencies(); len(named) == 0 || slices.Contains(named, "agencies/"+corpus.Agencies()[c.Owner(n)]) {
			t.Fatalf("item %d is released to %v", n, named)
		}
		for _, s := range d.GetPlain().GetSubjects() {
			for _, id := range s.GetIdentifiers() {
				if owners[id.GetRawValue()] == nil {
					owners[id.GetRawValue()] = map[int]bool{}
				}
				owners[id.GetRawValue()][c.Owner(n)] = true
			}
		}
		for w := range strings.FieldsSeq(d.GetPlain().GetNarrative()) {
			words[w]++
		}
	}
	if mean := bytes / count; mean < 1900 || mean > 2200 {
		t.Errorf("an item takes %d bytes", mean)
	}
	if all < count*36/100 || all > count*44/100 {
		t.Errorf("%d of %d are released to all", all, count)
	}
	shared := 0
	for _, o := range owners {
		if len(o) > 1 {
			shared++
		}
	}
	if shared < count {
		t.Errorf("%d of %d values recur across agencies", shared, len(owners))
	}
	if len(languages) != 7 || len(words) < 40_000 || words["the"] < 10*words["hotel"] {
		t.Errorf("languages %v, %d words, the is said %d times and hotel %d", languages, len(words), words["the"], words["hotel"])
	}
}

// TestAccepted holds the drafts against the rules of the wire, and the
// identifiers against those of their kinds.
func TestAccepted(t *testing.T) {
	c := corpus.New(1)
	rules, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for n := range 500 {
		var draft proto.Message = c.Item(n)
		subjects := c.Item(n).GetPlain().GetSubjects()
		if c.IsSeizure(n) {
			draft, subjects = c.Seizure(n), c.Seizure(n).GetPlain().GetSubjects()
		}
		if err := rules.Validate(draft); err != nil {
			t.Fatalf("record %d: %v", n, err)
		}
		for _, s := range subjects {
			for _, id := range s.GetIdentifiers() {
				f, err := identifier.Understand(id)
				if err != nil {
					t.Fatalf("record %d: %v: %v", n, id, err)
				}
				if f.Status == ententev1.CheckStatus_CHECK_STATUS_FAILED {
					failed++ // some ranges of telephone numbers are not given out
				}
			}
		}
	}
	if failed > 20 {
		t.Errorf("%d of 4,000 identifiers fail their check", failed)
	}
}

func BenchmarkItem(b *testing.B) {
	c := corpus.New(1)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		c.Item(n)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "items/s")
}

func ExampleCorpus_Item() {
	c := corpus.New(1)
	fmt.Println(corpus.Agencies()[c.Owner(12)], c.Item(12).GetPlain().GetLanguageCode(), len(c.Item(12).GetPlain().GetSubjects()))
	// Output: tr-coast es 7
}
