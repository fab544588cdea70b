package identifier

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
	"google.golang.org/protobuf/proto"
)

// phonePlan is what the numbering plans of one calling code say of valid numbers: the
// same that the general functions say, which take fifty times as long. A test compares
// the two.
type phonePlan struct {
	code int32
	// prefixed tells that a number begins with the national prefix of the main country;
	// nil if there is none, or literal is all of it.
	prefixed func(string) bool
	literal  string
	// possible are the lengths that numbers have.
	possible [17]bool
	regions  []regionPlan
}

// regionPlan is the plan of one of the regions that share a calling code.
type regionPlan struct {
	id      string
	leading *digitSet // how its numbers begin, if that tells them from those of other regions
	general lengthSet
	kinds   []lengthSet // of which a valid number is in one
}

// lengthSet are numbers of some lengths; of all if none is named.
type lengthSet struct {
	numbers *digitSet
	lengths []int32
}

func (s lengthSet) has(national string) bool {
	return (len(s.lengths) == 0 || slices.Contains(s.lengths, int32(len(national)))) && s.numbers.has(national)
}

func (r *regionPlan) valid(national string) bool {
	return r.general.has(national) && slices.ContainsFunc(r.kinds, func(kind lengthSet) bool { return kind.has(national) })
}

// strips tells that a prefix would be taken off a number, or that the first digit is a
// zero, which numbers in a computer lose.
func (p *phonePlan) strips(national string) bool {
	return national[0] == '0' || p.literal != "" && strings.HasPrefix(national, p.literal) || p.prefixed != nil && p.prefixed(national)
}

// region is whose number a national number is; false if it is not valid there.
func (p *phonePlan) region(national string) (id string, valid bool) {
	if len(national) >= len(p.possible) || !p.possible[len(national)] {
		return "", false
	}
	for i := range p.regions {
		switch r := &p.regions[i]; {
		case len(p.regions) == 1:
			return r.id, r.valid(national)
		case r.leading != nil && r.leading.begins(national):
			return r.id, r.valid(national)
		case r.leading == nil && r.valid(national):
			return r.id, true
		}
	}
	return "", false
}

// phonePlans are the plans by calling code, each made when it is first asked for: nil where
// the tables hold what is not understood here.
var phonePlans = sync.OnceValue(func() map[int32]func() *phonePlan {
	plans := map[int32]func() *phonePlan{}
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return plans // every number goes through the general functions
	}
	regions := map[int32]map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range collection.GetMetadata() {
		if regions[m.GetCountryCode()] == nil {
			regions[m.GetCountryCode()] = map[string]*phonenumbers.PhoneMetadata{}
		}
		regions[m.GetCountryCode()][m.GetId()] = m
	}
	for code, of := range regions {
		plans[code] = sync.OnceValue(func() *phonePlan { return newPhonePlan(code, of) })
	}
	return plans
})

// newPhonePlan makes the plan of a calling code from the tables of its regions; nil if it
// cannot.
func newPhonePlan(code int32, tables map[string]*phonenumbers.PhoneMetadata) *phonePlan {
	p := &phonePlan{code: code}
	ids := phonenumbers.GetRegionCodesForCountryCode(int(code))
	for _, id := range ids {
		r, ok := newRegionPlan(id, tables[id])
		if !ok {
			return nil
		}
		p.regions = append(p.regions, r)
	}
	if len(ids) == 0 {
		return nil
	}
	prefix := tables[ids[0]].GetNationalPrefixForParsing()
	if strings.Trim(prefix, "0123456789") == "" {
		p.literal = prefix
	} else if p.prefixed = beginsWith(prefix); p.prefixed == nil {
		return nil
	}
	value := uint64(1)
	for length := 1; length < len(p.possible); length++ {
		number := &phonenumbers.PhoneNumber{CountryCode: proto.Int32(code), NationalNumber: proto.Uint64(value)}
		p.possible[length] = phonenumbers.IsPossibleNumber(number) // of which nothing but the length counts
		value *= 10
	}
	return p
}

// beginsWith tells of numbers whether they begin with what an expression describes; nil for none that
// can be read.
func beginsWith(expression string) func(string) bool {
	if set, ok := newDigitSet(expression); ok {
		return set.begins
	}
	if anchored, err := regexp.Compile("^(?:" + expression + ")"); err == nil {
		return anchored.MatchString
	}
	return nil
}

func newRegionPlan(id string, m *phonenumbers.PhoneMetadata) (r regionPlan, ok bool) {
	if r.id = id; m == nil {
		return r, false
	}
	if leading := m.GetLeadingDigits(); leading != "" {
		if r.leading, ok = newDigitSet(leading); !ok {
			return r, false
		}
	}
	if r.general, ok = newLengthSet(m.GetGeneralDesc()); !ok {
		return r, false
	}
	kinds := []*phonenumbers.PhoneNumberDesc{
		m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(),
	}
	if !m.GetSameMobileAndFixedLinePattern() {
		kinds = append(kinds, m.GetMobile())
	}
	for _, desc := range kinds {
		kind, ok := newLengthSet(desc)
		if !ok {
			return r, false
		}
		if desc.GetNationalNumberPattern() != "" {
			r.kinds = append(r.kinds, kind)
		}
	}
	return r, true
}

func newLengthSet(desc *phonenumbers.PhoneNumberDesc) (s lengthSet, ok bool) {
	s.lengths = desc.GetPossibleLength()
	s.numbers, ok = newDigitSet(desc.GetNationalNumberPattern())
	return s, ok
}
