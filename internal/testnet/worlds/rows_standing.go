package worlds

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// queryRows are those of standing queries. What they find shows in the prober's inbox, which the rows of the logs read.
func queryRows() map[string]*row {
	return map[string]*row{
		"StandingQueryService/CreateStandingQuery": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			d := lookFor("Probe", hiddenPhone)
			if n%2 == 0 {
				d.Subject = &ententev1.StandingQueryDraft_IntelligenceItems{IntelligenceItems: itemQuery(w, n/2)}
			}
			return &ententev1.CreateStandingQueryRequest{Justification: why(), Draft: d, RequestId: fmt.Sprint("stand-", n), ValidateOnly: n%3 == 0}
		})},
		"StandingQueryService/GetStandingQuery": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.GetStandingQueryRequest{Justification: why(), Name: w.aQuery(n)}
		})},
		"StandingQueryService/ListStandingQueries": {callers: readers(), base: one(func(_ *World, n int) proto.Message {
			return &ententev1.ListStandingQueriesRequest{Justification: why(), PageSize: int32(n % 3)}
		})},
		"StandingQueryService/PauseStandingQuery": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.PauseStandingQueryRequest{Justification: why(), Name: w.aQuery(n), Etag: w.query["own-query"].GetEtag(), RequestId: fmt.Sprint("pause-", n), ValidateOnly: true}
		})},
		"StandingQueryService/ResumeStandingQuery": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.ResumeStandingQueryRequest{Justification: why(), Name: w.aQuery(n), Etag: w.query["own-query"].GetEtag(), RequestId: fmt.Sprint("resume-", n)}
		})},
		"StandingQueryService/DeleteStandingQuery": {callers: readers(), base: one(func(w *World, n int) proto.Message {
			return &ententev1.DeleteStandingQueryRequest{Justification: why(), Name: w.aQuery(n), Etag: w.query["own-query"].GetEtag(), RequestId: fmt.Sprint("delete-", n), ValidateOnly: true}
		})},
	}
}

// aQuery is one of the prober's, or one that is not.
func (w *World) aQuery(n int) string {
	labels := []string{"own-query", "hidden-query", "own-words"}
	if q := w.query[labels[n%len(labels)]]; q != nil {
		return q.GetName()
	}
	return "agencies/" + Insider + "/standingQueries/01930000-0000-7000-8000-000000000000"
}
