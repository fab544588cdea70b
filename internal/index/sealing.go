package index

import "slices"

// Sealing replaces neighbouring layers by one segment file: the tail once it
// was frozen, or segments that are merged. It is planned and adopted by whoever
// may change the Layers, and written meanwhile, by one goroutine, while the
// layers go on being searched and their records go on changing.
type Sealing struct {
	inputs []*sealed
	dead   []set // of each input, when the sealing was planned
}

// Freeze seals the tail in memory and begins another. It is nil, and nothing
// happens, where the tail is empty. Only one frozen tail may wait for its file.
func (x *Layers) Freeze() *Sealing {
	t := x.tail
	if t.Len() == 0 {
		return nil
	}
	base := t.rows.base
	if t.rows.count > 0 {
		base = t.rows.newest() + 1
	}
	x.tail = newIndex(base)
	x.tail.patience = t.patience
	x.tail.pass(x.micros)
	s := &sealed{layer: t, keeper: t}
	x.sealed = append(x.sealed, s)
	return newSealing(s)
}

func newSealing(inputs ...*sealed) *Sealing {
	s := &Sealing{inputs: inputs, dead: make([]set, len(inputs))}
	for i, in := range inputs {
		s.dead[i] = *newSet(in.dead.list())
	}
	return s
}

// adopt puts a layer in the place of the sealing's inputs, and takes over who
// has died in them since it was planned.
func (x *Layers) adopt(s *Sealing, l *sealed) {
	for i, in := range s.inputs {
		for _, id := range in.dead.list() {
			if s.dead[i].has(id) {
				continue
			}
			if now, ok := l.id(uint32(in.number(id))); ok {
				l.dead.add(now)
			}
		}
	}
	l.pass(x.micros)
	at := slices.Index(x.sealed, s.inputs[0])
	x.sealed = slices.Replace(x.sealed, at, at+len(s.inputs), l)
}
