package view

import internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"

// checkAwaits wants a record that waits to be looked at again to be on the list.
func (s store) checkAwaits(env *internalv1.Envelope, to *internalv1.Watermark) error {
	if env.GetAwaitsOrdinal() <= to.GetOrdinal() {
		return nil
	}
	w, err := s.awaiting(env.GetAwaitsOrdinal())
	if err == nil && w.number != env.GetNumber() {
		err = damage(errShort)
	}
	return err
}

// checkQueries wants every standing query to be whole, to be found by all that leads to it, and to be counted.
func (s store) checkQueries(state *published) error {
	sums, live := map[uint32]tally{}, uint32(0)
	for ordinal := uint32(1); ordinal <= state.hub.GetNextStandingQuery(); ordinal++ {
		q, err := s.wholeQuery(ordinal)
		if err != nil {
			return err
		}
		found, err := s.queryOrdinal(queryUIDKey(q.State.GetUid()))
		if err != nil || found != ordinal {
			return damage(errShort)
		}
		if q.State.GetState() == deletedQuery {
			continue // several may have been deleted by one command, of which one is found by it
		}
		if found, err = s.queryOrdinal(queryChangedKey(q.State.GetChangedOrdinal())); err != nil || found != ordinal {
			return damage(errShort)
		}
		agency := state.roster.Agency(ownerOf(q.State)).GetOrdinal()
		adds, err := s.tallyAt(queryAgencyKey(agency, ordinal))
		if err != nil || adds.all != 1 {
			return damage(errShort)
		}
		sums[agency], live = sums[agency].plus(adds), live+1
	}
	return s.checkTallies(state, sums, live)
}

func (s store) checkTallies(state *published, sums map[uint32]tally, live uint32) error {
	for _, a := range state.roster.agencies[1:] {
		sum, err := s.tallyAt(queryKey(queryTally, a.GetOrdinal()))
		if err != nil || sum != sums[a.GetOrdinal()] {
			return damage(errShort)
		}
	}
	if live != state.hub.GetStandingQueries() {
		return damage(errShort)
	}
	return nil
}
