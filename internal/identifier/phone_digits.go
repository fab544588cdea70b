package identifier

import (
	"regexp/syntax"
	"slices"
)

// digitSet is a set of numbers that an expression of a numbering plan describes, as an
// automaton over digits: it reads each digit once, which a general expression takes
// fifty times as long for.
type digitSet struct {
	// next leads from a state and a digit to a state. State 0 is the end of all hope,
	// state 1 the beginning.
	next [][10]uint16
	// whole says of which states a number that ends there is in the set.
	whole []bool
}

// maxDigitStates bounds an automaton. The largest of the numbering plans has some hundreds.
const maxDigitStates = 1 << 13

// newDigitSet makes the set of an expression of Go's syntax. It has none for what looks
// beside the digits, such as an end of text, or needs too many states.
func newDigitSet(expression string) (*digitSet, bool) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, false
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, false
	}
	b := &digitBuilder{prog: prog, known: map[string]uint16{}, set: new(digitSet), sound: true}
	b.state(nil)
	b.state([]uint32{uint32(prog.Start)})
	for at := 0; at < len(b.places) && b.sound; at++ {
		for d := range 10 {
			to := b.state(b.after(b.places[at], rune('0'+d)))
			b.set.next[at][d] = to
		}
	}
	return b.set, b.sound
}

// has tells whether a number, all digits, is in the set.
func (s *digitSet) has(number string) bool {
	at := uint16(1)
	for i := range len(number) {
		at = s.next[at][number[i]-'0']
	}
	return s.whole[at]
}

// begins tells whether a number begins with one that is in the set.
func (s *digitSet) begins(number string) bool {
	at := uint16(1)
	for i := range len(number) {
		if s.whole[at] {
			return true
		}
		at = s.next[at][number[i]-'0']
	}
	return s.whole[at]
}

// digitBuilder follows all ways through a program at once.
type digitBuilder struct {
	prog   *syntax.Prog
	set    *digitSet
	places [][]uint32        // of each state: the instructions that wait for a digit, or are the end
	known  map[string]uint16 // the states by their places
	sound  bool
}

// state is that of being at some instructions, of which those that ask for nothing are
// followed.
func (b *digitBuilder) state(at []uint32) uint16 {
	var places []uint32
	whole := false
	seen := map[uint32]bool{}
	for len(at) > 0 {
		pc := at[len(at)-1]
		at = at[:len(at)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch inst := &b.prog.Inst[pc]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			at = append(at, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			at = append(at, inst.Out)
		case syntax.InstMatch:
			places, whole = append(places, pc), true
		case syntax.InstFail:
		case syntax.InstEmptyWidth:
			b.sound = false
		default:
			places = append(places, pc)
		}
	}
	slices.Sort(places)
	var name []byte
	for _, pc := range places {
		name = append(name, byte(pc), byte(pc>>8), byte(pc>>16))
	}
	if s, known := b.known[string(name)]; known {
		return s
	}
	if b.sound = b.sound && len(b.places) < maxDigitStates; !b.sound {
		return 0
	}
	s := uint16(len(b.places))
	b.known[string(name)] = s
	b.places = append(b.places, places)
	b.set.next = append(b.set.next, [10]uint16{})
	b.set.whole = append(b.set.whole, whole)
	return s
}

// after are the instructions behind those that take a digit.
func (b *digitBuilder) after(places []uint32, digit rune) (at []uint32) {
	for _, pc := range places {
		inst := &b.prog.Inst[pc]
		if inst.Op != syntax.InstMatch && inst.MatchRune(digit) {
			at = append(at, inst.Out)
		}
	}
	return at
}
