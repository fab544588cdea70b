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
	return h.matched(from, to, rows...)
}
