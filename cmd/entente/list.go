package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

// query is the flags of a list, which are the fields of the query message.
type query struct {
	originators, routes, crimeAreas, subjects, urgencies, states, labels, identifiers, stages, assets []string
	ownCase, linkedTo, since, until, observedSince, observedUntil                                     string
	reviewDue, full, total                                                                            bool
	limit                                                                                             int
}

func (a *app) listCommand(n noun) *cobra.Command {
	q := &query{}
	c := &cobra.Command{
		Use: "list", Aliases: []string{"query"}, Short: "Find records, newest first", Args: cobra.NoArgs,
		Long:    "Finds records, newest first. Flags given are all required; values of one flag are alternatives.",
		Example: "  entente " + n.use + " list --route CENTRAL_MEDITERRANEAN --observed-since 2026-10-01T00:00:00Z\n  entente " + n.use + " list --identifier PHONE_NUMBER=+33612345678 --total",
		RunE: func(cmd *cobra.Command, _ []string) error {
			body := map[string]any{"query": q.body(n), "includeTotal": q.total}
			v := view{rows: n.listField, columns: n.columns}
			if q.full {
				body["view"] = "RECORD_VIEW_FULL"
			}
			return a.pages(cmd.Context(), n.service+"/Query"+n.many, n.listField, body, q.limit, v)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&q.originators, "originator", nil, "by these agencies, as in fr-ofast")
	f.StringSliceVar(&q.routes, "route", nil, "on these routes")
	f.StringSliceVar(&q.crimeAreas, "crime-area", nil, "in these crime areas")
	f.StringSliceVar(&q.subjects, "subject", nil, "with a subject of these types")
	f.StringSliceVar(&q.states, "state", nil, "in these states: ACTIVE, RECALLED")
	f.StringSliceVar(&q.labels, "label", nil, "with these other_labels")
	f.StringArrayVar(&q.identifiers, "identifier", nil, "TYPE=VALUE of an identifier, as in PHONE_NUMBER=+33612345678")
	f.StringVar(&q.ownCase, "own-case", "", "of the own agency's case")
	f.StringVar(&q.linkedTo, "linked-to", "", "with a link to this record")
	f.StringVar(&q.since, "since", "", "first submitted from this time on, RFC 3339")
	f.StringVar(&q.until, "until", "", "first submitted before this time")
	f.StringVar(&q.observedSince, "observed-since", "", "observed from this time on")
	f.StringVar(&q.observedUntil, "observed-until", "", "observed before this time")
	f.BoolVar(&q.reviewDue, "review-due", false, "own records whose review is due")
	f.BoolVar(&q.full, "full", false, "everything, not only summaries: it counts as read")
	f.BoolVar(&q.total, "total", false, "also count all that match")
	f.IntVar(&q.limit, "limit", 50, "records at most; 0 is all")
	if n.use == "item" {
		f.StringSliceVar(&q.urgencies, "urgency", nil, "of these urgencies")
	} else {
		f.StringSliceVar(&q.stages, "stage", nil, "with an asset at these stages")
		f.StringSliceVar(&q.assets, "asset-type", nil, "with assets of these types")
	}
	return c
}

// body is the query message in JSON spelling.
func (q *query) body(n noun) map[string]any {
	body := map[string]any{}
	enum := func(field, prefix string, values []string) {
		for _, v := range values {
			list, _ := body[field].([]any)
			body[field] = append(list, prefix+strings.TrimPrefix(strings.ToUpper(v), prefix))
		}
	}
	enum("routes", "SMUGGLING_ROUTE_", q.routes)
	enum("crimeAreas", "CRIME_AREA_", q.crimeAreas)
	enum("subjectTypes", "SUBJECT_TYPE_", q.subjects)
	enum("states", "RECORD_STATE_", q.states)
	enum("urgencies", "URGENCY_", q.urgencies)
	enum("stages", "RECOVERY_STAGE_", q.stages)
	enum("assetTypes", "ASSET_TYPE_", q.assets)
	for _, id := range q.originators {
		list, _ := body["originators"].([]any)
		body["originators"] = append(list, "agencies/"+strings.TrimPrefix(id, "agencies/"))
	}
	for _, id := range q.identifiers {
		kind, raw, _ := strings.Cut(id, "=")
		list, _ := body["identifiers"].([]any)
		body["identifiers"] = append(list, map[string]any{"type": "IDENTIFIER_TYPE_" + strings.ToUpper(kind), "rawValue": raw})
	}
	if len(q.labels) > 0 {
		body["otherLabels"] = q.labels
	}
	body["caseReference"], body["linkedTo"], body["reviewDue"] = q.ownCase, q.linkedTo, q.reviewDue
	interval(body, "received", q.since, q.until)
	interval(body, "observed", q.observedSince, q.observedUntil)
	return body
}

func interval(body map[string]any, field, since, until string) {
	i := map[string]any{}
	if since != "" {
		i["startTime"] = since
	}
	if until != "" {
		i["endTime"] = until
	}
	if len(i) > 0 {
		body[field] = i
	}
}

// pages asks for page after page, until there are limit rows (0: all), and prints them together.
func (a *app) pages(ctx context.Context, method, field string, body map[string]any, limit int, v view) error {
	all := map[string]any{}
	rows := []any{}
	for {
		if left := limit - len(rows); limit > 0 {
			body["pageSize"] = min(left, pageSize)
		}
		got, err := a.call(ctx, method, body)
		if err != nil {
			return err
		}
		page, _ := got[field].([]any)
		rows = append(rows, page...)
		delete(all, "nextPageToken") // that of the page before
		for name, value := range got {
			all[name] = value
		}
		token, _ := got["nextPageToken"].(string)
		if token == "" || limit > 0 && len(rows) >= limit {
			break
		}
		body["pageToken"] = token
	}
	all[field] = rows
	if err := a.print(all, v); err != nil {
		return err
	}
	if total := cell(all, "totalSize"); total != "" && a.output == "table" {
		more := ""
		if cell(all, "totalCapped") == "true" {
			more = "more than "
		}
		a.say("%d shown of %s%s", len(rows), more, total)
	}
	return nil
}

// pageSize is how many rows are asked for at once.
const pageSize = 50
