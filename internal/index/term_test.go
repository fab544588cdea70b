package index

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// TestPack takes lists to their stored form and back.
func TestPack(t *testing.T) {
	for _, terms := range [][]Term{{}, {0}, {1, 2, math.MaxUint64}} {
		back, err := Unpack(Pack(terms))
		if err != nil || !slices.Equal(back, terms) {
			t.Errorf("%v: %v, %v", terms, back, err)
		}
	}
}

// TestPackCopies says that what is stored does not change with the list.
func TestPackCopies(t *testing.T) {
	terms := []Term{1, 2}
	stored := Pack(terms)
	terms[0] = 9
	if stored.GetTerms()[0] != 1 {
		t.Error("the list is shared")
	}
}

// TestUnpackRefuses says which lists have to be made again.
func TestUnpackRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		stored *internalv1.Terms
		want   error
	}{
		"nil":           {nil, ErrAnalyser},
		"no version":    {&internalv1.Terms{Terms: []uint64{1}}, ErrAnalyser},
		"another":       {&internalv1.Terms{AnalyserVersion: AnalyserVersion + 1, Terms: []uint64{1}}, ErrAnalyser},
		"falling":       {&internalv1.Terms{AnalyserVersion: AnalyserVersion, Terms: []uint64{2, 1}}, ErrTermList},
		"twice":         {&internalv1.Terms{AnalyserVersion: AnalyserVersion, Terms: []uint64{1, 1}}, ErrTermList},
		"twice, at end": {&internalv1.Terms{AnalyserVersion: AnalyserVersion, Terms: []uint64{0, 7, 7}}, ErrTermList},
	} {
		if terms, err := Unpack(tc.stored); !errors.Is(err, tc.want) || terms != nil {
			t.Errorf("%s: %v, %v", name, terms, err)
		}
	}
}

// FuzzUnpack reads any bytes as a stored list: it is refused, or is what Pack
// makes of the terms that it gives.
func FuzzUnpack(f *testing.F) {
	for _, terms := range [][]Term{nil, {1}, {1, 2, 3}} {
		stored, err := proto.Marshal(Pack(terms))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(stored)
	}
	f.Add([]byte{8, 1, 18, 16, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		stored := new(internalv1.Terms)
		if proto.Unmarshal(b, stored) != nil {
			return
		}
		terms, err := Unpack(stored)
		if err != nil {
			if !errors.Is(err, ErrAnalyser) && !errors.Is(err, ErrTermList) || terms != nil {
				t.Fatal(terms, err)
			}
			return
		}
		if again := Pack(terms); !slices.Equal(again.GetTerms(), stored.GetTerms()) || again.GetAnalyserVersion() != stored.GetAnalyserVersion() {
			t.Fatal("another list")
		}
		if !slices.Equal(unique(slices.Clone(terms)), terms) {
			t.Fatal("not sorted and unique")
		}
	})
}

// FuzzChanges reads any bytes as changes, most of which contradict the index:
// those are refused alike by the model, and what is left answers alike.
func FuzzChanges(f *testing.F) {
	f.Add([]byte{1, 0, 1, 2, 0, 2, 0, 3, 4, 1})
	f.Add([]byte{9, 0, 1, 2, 3, 9, 1, 1, 1, 0, 10, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		x, m := New(), new(model)
		for len(b) >= 5 {
			c := Change{
				Number: Number(b[0]), Gone: b[1]&1 != 0, Add: []Term{Term(b[2] % 8)}, Remove: []Term{Term(b[3] % 8)},
				Columns: Columns{Kind: internalv1.RecordKind(b[1] >> 1 % 3), CreateMicros: int64(b[1] >> 3), Owner: uint32(b[4] % 4), ReviewSeconds: int64(b[4])},
			}
			if c.Gone {
				c.Remove = []Term{0, 1, 2, 3, 4, 5, 6, 7}
			}
			clock := int64(binary.LittleEndian.Uint16(b[3:])) * 5000
			if got, want := x.Apply(clock, []Change{c}), m.Apply(clock, []Change{c}); !errors.Is(got, want) {
				t.Fatalf("%+v: %v, want %v", c, got, want)
			}
			b = b[5:]
		}
		for _, q := range []Query{{}, {All: []AnyOf{{1, 2}, {2, 3}}}, {Review: &Review{}}, {Review: &Review{Owner: 1, Due: true}}} {
			if got, want := numbers(x, q, 300), numbers(m, q, 300); !slices.Equal(got, want) {
				t.Fatalf("%+v: %v, want %v", q, got, want)
			}
		}
	})
}
