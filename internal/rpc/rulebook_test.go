package rpc

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// sameVerdict holds the rulebook and the validator side by side.
func sameVerdict(t *testing.T, s *shape, m proto.Message) (met bool) {
	t.Helper()
	met = s.rules.surely(m)
	if err := s.validator.Validate(m); met != (err == nil) {
		t.Errorf("%s: the rulebook says %v, the validator %v", m.ProtoReflect().Descriptor().FullName(), met, err)
	}
	return met
}

// inventor makes messages that meet most of their rules.
type inventor struct{ *rand.Rand }

// texts are what fields of text hold; lengths are those around the rules' bounds.
var (
	texts = []string{
		"", "x", "FR", "FRA", "en", "+33", "Latn", "0612345678", "fr-police", "agencies/fr-police", "agencies/fr-police/inbox", "a\x00b", "\u0301é東京", "GB-KEN",
		"agencies/fr-police/intelligenceItems/00000000-0000-4000-8000-000000000000", "agencies/fr-police/seizureReports/00000000-0000-4000-8000-000000000000",
		"agencies/fr-police/standingQueries/00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000", "2026-11-26", "2026", "1.5", "operator",
	}
	lengths = []int{2, 3, 8, 16, 32, 63, 64, 65, 128, 129, 256, 257, 512, 513, 2000, 4096, 20001}
	numbers = []int64{0, 1, 2, 3, -1, 10, 50, 100, 200, 1000, 1001, 5000, 100_000, math.MaxInt32, math.MinInt32}
	floats  = []float64{0, 1, -1, 45, 90, 90.5, -180, 180, 181, 1e7, math.Inf(1), math.NaN()}
)

func (c inventor) value(m protoreflect.Message, f protoreflect.FieldDescriptor, deep int) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.MessageKind:
		v := m.NewField(f)
		if f.IsList() {
			v = v.List().NewElement()
		}
		c.fill(v.Message(), deep-1)
		return v
	case protoreflect.StringKind:
		if c.IntN(4) == 0 {
			return protoreflect.ValueOfString(strings.Repeat([]string{"a", "é", "7"}[c.IntN(3)], lengths[c.IntN(len(lengths))]))
		}
		return protoreflect.ValueOfString(texts[c.IntN(len(texts))])
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(make([]byte, []int{0, 1, 16, 32, 33, 70_000}[c.IntN(6)]))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(c.IntN(2) == 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(c.IntN(f.Enum().Values().Len()+1) - c.IntN(30)/29))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(numbers[c.IntN(len(numbers))]))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(numbers[c.IntN(len(numbers))])
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(floats[c.IntN(len(floats))])
	default:
		return f.Default()
	}
}

// fill sets some of the fields of a message.
func (c inventor) fill(m protoreflect.Message, deep int) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		if f.IsMap() || f.Message() != nil && deep == 0 || c.IntN(3) == 0 {
			continue
		}
		if f.IsList() {
			list := m.Mutable(f).List()
			for range []int{0, 1, 1, 2, 3, 4}[c.IntN(6)] {
				list.Append(c.value(m, f, min(deep, 2)))
			}
			continue
		}
		m.Set(f, c.value(m, f, deep))
	}
}

// messageTypes are those that the rulebook knows.
func (s *shape) messageTypes(t *testing.T) (types []protoreflect.MessageType) {
	for name := range s.rules {
		of, err := protoregistry.GlobalTypes.FindMessageByName(name)
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, of)
	}
	return types
}

func TestRulebookAndValidatorAgree(t *testing.T) {
	s := must(newShape(requestTypes(services())))(t)
	c := inventor{rand.New(rand.NewPCG(1, 2))}
	met, broken := map[protoreflect.FullName]int{}, map[protoreflect.FullName]int{}
	for _, of := range s.messageTypes(t) {
		if s.rules[of.Descriptor().FullName()].unsure {
			t.Errorf("%s has rules that the rulebook does not know", of.Descriptor().FullName())
		}
		for n := range 40 {
			m := of.New()
			c.fill(m, n%3)
			if sameVerdict(t, s, m.Interface()) {
				met[of.Descriptor().FullName()]++
			} else {
				broken[of.Descriptor().FullName()]++
			}
		}
	}
	if len(met) < len(s.rules)/3 || len(broken) < len(s.rules)/4 {
		t.Errorf("of %d types %d met their rules and %d broke them", len(s.rules), len(met), len(broken))
	}
}

// corpusRows are rows of a bulk stream as they come.
func corpusRows(n int) (rows []*ententev1.BulkSubmitIntelligenceItemsRow) {
	c := corpus.New(1)
	for i := range n {
		rows = append(rows, &ententev1.BulkSubmitIntelligenceItemsRow{RequestId: "00000000-0000-4000-8000-000000000000", Draft: c.Item(i)})
	}
	return rows
}

// change sets one field somewhere in a message to something else.
func (c inventor) change(m protoreflect.Message) {
	var below []protoreflect.Message
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil || f.IsMap():
		case f.IsList():
			for i := range v.List().Len() {
				below = append(below, v.List().Get(i).Message())
			}
		default:
			below = append(below, v.Message())
		}
		return true
	})
	if len(below) > 0 && c.IntN(4) > 0 {
		c.change(below[c.IntN(len(below))])
		return
	}
	fields := m.Descriptor().Fields()
	switch f := fields.Get(c.IntN(fields.Len())); {
	case f.IsMap() || f.IsList() && c.IntN(3) == 0:
		m.Clear(f)
	case f.IsList():
		for range 1 + c.IntN(2)*40 {
			m.Mutable(f).List().Append(c.value(m, f, 1))
		}
	default:
		m.Set(f, c.value(m, f, 1))
	}
}

// The rulebook is sure of what agencies mostly send, and whatever is changed in it, it says
// what the validator says.
func TestRulebookOfRows(t *testing.T) {
	s := must(newShape(requestTypes(services())))(t)
	c := inventor{rand.New(rand.NewPCG(3, 4))}
	broken := 0
	for _, row := range corpusRows(60) {
		if !sameVerdict(t, s, row) {
			t.Error("it is not sure of a row")
		}
		for range 20 {
			other := proto.CloneOf(row)
			if c.change(other.ProtoReflect()); !sameVerdict(t, s, other) {
				broken++
			}
		}
	}
	if broken < 150 || broken > 1050 {
		t.Errorf("of 1200 rows %d break their rules", broken)
	}
}

// FuzzRulebook looks for a row of which the rulebook says something else than the validator.
func FuzzRulebook(f *testing.F) {
	for _, row := range corpusRows(20) {
		wire, err := proto.Marshal(row)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
	}
	s, err := newShape(requestTypes(services()))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		row := new(ententev1.BulkSubmitIntelligenceItemsRow)
		if proto.Unmarshal(wire, row) == nil {
			sameVerdict(t, s, row)
		}
	})
}

func BenchmarkShapeOfRows(b *testing.B) {
	s, err := newShape(requestTypes(services()))
	if err != nil {
		b.Fatal(err)
	}
	rows := corpusRows(500)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := s.check(rows[n%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
}
