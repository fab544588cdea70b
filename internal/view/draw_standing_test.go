package view

import (
	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// drawQuery makes, pauses, resumes or deletes a standing query.
func (h *history) drawQuery(t *rapid.T) *internalv1.Command {
	owner := rapid.SampledFrom(cast()).Draw(t, "owner")
	if len(h.queries) == 0 || rapid.Bool().Draw(t, "new") {
		c := h.standingQuery(owner)
		if rapid.IntRange(0, 3).Draw(t, "of the desk") == 0 {
			c.Origin.Unit, c.GetCreateStandingQuery().Unit = "desk", "desk"
		}
		h.queries = append(h.queries, c.GetCreateStandingQuery().GetUid())
		return c
	}
	state := rapid.SampledFrom([]ententev1.StandingQueryState{activeQuery, activeQuery, pausedQuery, pausedQuery, deletedQuery}).Draw(t, "state")
	return h.queryChange(owner, rapid.SampledFrom(h.queries).Draw(t, "query"), state, uint64(rapid.IntRange(1, 3).Draw(t, "version")))
}

// drawMatched says that standing queries found records, as the matcher might, or might not.
func (h *history) drawMatched(t *rapid.T) *internalv1.Command {
	hub := h.Hub()
	from := hub.GetMatched()
	to := &internalv1.Watermark{
		Record:  from.GetRecord() + uint64(rapid.IntRange(0, 3).Draw(t, "records")),
		Ordinal: from.GetOrdinal() + uint64(rapid.IntRange(0, 12).Draw(t, "ordinals")),
	}
	var rows []*internalv1.RecordMatch
	for _, x := range rapid.SliceOfN(rapid.SampledFrom(h.items), 0, 3).Draw(t, "found") {
		env := h.envelope(x)
		r := &internalv1.RecordMatch{
			Number: x.number, Revision: env.GetRevision() - uint32(rapid.IntRange(0, 1).Draw(t, "behind")),
			ReleaseVersion: max(1, env.GetReleaseVersion()-uint32(rapid.IntRange(0, 1).Draw(t, "earlier"))),
			ReleasedAfter:  uint32(rapid.IntRange(0, 1).Draw(t, "released after")),
		}
		for q := range hub.GetNextStandingQuery() {
			r.Queries = append(r.Queries, q+1)
		}
		rows = append(rows, r)
	}
	c := h.matched(from, to, rows...)
	to.Compared = from.GetCompared() + uint64(rapid.IntRange(0, 3).Draw(t, "compared"))
	for range rapid.IntRange(0, 3).Draw(t, "meetings") {
		pick := rapid.SampledFrom(h.items)
		m := h.meets(pick.Draw(t, "own"), pick.Draw(t, "other"), rapid.SliceOfN(rapid.Uint64Range(1, 4), 1, 2).Draw(t, "shared")...)
		m.OtherRevision -= uint32(rapid.IntRange(0, 1).Draw(t, "corrected since"))
		c.GetMatched().Meetings = append(c.GetMatched().GetMeetings(), m)
	}
	return c
}

// drawCompares draws what it costs to compare the identifiers of a content.
func drawCompares(t *rapid.T) (list []*internalv1.CheckSpend) {
	for _, kind := range []ententev1.IdentifierType{phone, iban} {
		if n := rapid.SampledFrom([]uint64{0, 0, 1, 3, 6_000}).Draw(t, "compares"); n > 0 {
			list = append(list, &internalv1.CheckSpend{Type: kind, Count: n})
		}
	}
	return list
}
