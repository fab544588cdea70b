package view

import (
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const pausedQuery = ententev1.StandingQueryState_STANDING_QUERY_STATE_PAUSED

// standingQuery makes the command of a new standing query of an agency.
func (w *world) standingQuery(owner string) *internalv1.Command {
	w.Helper()
	draft, err := proto.Marshal(&ententev1.StandingQueryDraft{DisplayName: "Boats"})
	if err != nil {
		w.Fatal(err)
	}
	c := w.command(owner)
	c.Kind = &internalv1.Command_CreateStandingQuery{CreateStandingQuery: &internalv1.CreateStandingQuery{Uid: w.uid(), Draft: draft, Identifiers: 1}}
	return c
}

func (w *world) queryChange(owner string, uid []byte, state ententev1.StandingQueryState, version uint64) *internalv1.Command {
	c := w.command(owner)
	c.Kind = &internalv1.Command_UpdateStandingQuery{UpdateStandingQuery: &internalv1.UpdateStandingQuery{Uid: uid, ExpectedVersion: version, State: state}}
	return c
}

// matched makes the command of what the matcher found.
func (w *world) matched(from, to *internalv1.Watermark, rows ...*internalv1.RecordMatch) *internalv1.Command {
	c := w.command("")
	c.Origin = &internalv1.Origin{Hub: true}
	c.Kind = &internalv1.Command_Matched{Matched: &internalv1.Matched{From: from, To: to, Records: rows}}
	return c
}

// foundBy is a row that says that the standing queries found a record as it stands.
func (w *world) foundBy(x *item, queries ...uint32) *internalv1.RecordMatch {
	env := w.envelope(x)
	return &internalv1.RecordMatch{Number: x.number, Revision: env.GetRevision(), ReleaseVersion: env.GetReleaseVersion(), Queries: queries}
}
