package index

// pool keeps things in places, counted from 1, and uses places again.
type pool[T any] struct {
	things []T
	free   []uint32
}

// at is what is in a place; good until the next hold.
func (p *pool[T]) at(place uint32) *T { return &p.things[place-1] }

// hold gives a thing a place.
func (p *pool[T]) hold(thing T) uint32 {
	if last := len(p.free) - 1; last >= 0 {
		place := p.free[last]
		p.free = p.free[:last]
		*p.at(place) = thing
		return place
	}
	p.things = append(p.things, thing)
	return uint32(len(p.things))
}

// release frees a place.
func (p *pool[T]) release(place uint32) {
	var none T
	*p.at(place) = none
	p.free = append(p.free, place)
}
