package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// query is the flags of a list, which are the fields of the query message.
type query struct {
	originators, routes, crimeAreas, crossings, subjects, urgencies, states, labels, identifiers, stages, assets []string
	ownCase, linkedTo, since, until, observedSince, observedUntil, graded                                        string
	reviewDue, full, total, best                                                                                 bool
	limit                                                                                                        int
	fields                                                                                                       []string
	finding
}

func (a *app) listCommand(n noun) *cobra.Command { return a.listing(n, &query{}) }

// listing is the list command, whose flags are those of a query.
func (a *app) listing(n noun, q *query) *cobra.Command {
	c := &cobra.Command{
		Use: "list", Aliases: []string{"query"}, Short: "Find records, newest first", Args: cobra.NoArgs,
		Long: "Finds records, newest first, or by how well they match. Flags given are all required; values of one flag are alternatives.\n" +
			"docs/queries.md tells what can be asked.",
		Example: "  entente " + n.use + " list --route CENTRAL_MEDITERRANEAN --observed-since 2026-10-01T00:00:00Z\n  entente " + n.use + " list --identifier PHONE_NUMBER=+33612345678 --total\n" +
			"  entente " + n.use + " list --text 'boat \"black engine\" warehou*' --near 50.99,2.13,25 --best\n  entente " + n.use + " list --name 'Mohammed Karimi' --any text=calais --any originator=fr-ofast",
		RunE: func(cmd *cobra.Command, _ []string) error {
			asked, err := q.body(n)
			if err != nil {
				return err
			}
			body := map[string]any{"query": asked, "includeTotal": q.total}
			if q.full {
				body["view"] = "RECORD_VIEW_FULL"
			}
			if q.best {
				body["order"] = "QUERY_ORDER_BEST_MATCH_FIRST"
			}
			if len(q.fields) > 0 {
				body["readMask"] = camel(strings.Join(q.fields, ","))
			}
			columns, err := q.columns(n)
			if err != nil {
				return err
			}
			a.hint(q.text)
			return a.pages(cmd.Context(), n.service+"/Query"+n.many, n.listField, body, q.limit, view{rows: n.listField, columns: columns, empty: q.wider()})
		},
	}
	q.asks(c, n)
	f := c.Flags()
	f.BoolVar(&q.full, "full", false, "everything, not only summaries: it counts as read")
	f.BoolVar(&q.total, "total", false, "also count all that match")
	f.BoolVar(&q.best, "best", false, "the best match first, not the newest")
	f.StringSliceVar(&q.fields, "fields", nil, "only these fields of a record, as in metadata.name,plain.title")
	f.IntVar(&q.limit, "limit", 50, "records at most; 0 is all")
	return c
}

// columns are those of the table: of the fields that are picked, else the usual ones; in front of them how well a record matches, and by which name where
// the rows tell it.
func (q *query) columns(n noun) (columns []column, err error) {
	if q.best || len(q.names) > 0 {
		columns = append(columns, column{"SCORE", "match.score"})
	}
	if q.full && len(q.names) > 0 {
		columns = append(columns, column{"BY NAME", "match.matchedForm"})
	}
	switch {
	case len(q.fields) > 0:
		picked, err := q.picked()
		return append(columns, picked...), err
	case q.full:
		return append(columns, n.fullColumns...), nil
	default:
		return append(columns, n.columns...), nil
	}
}

// picked are the columns of the fields that are picked, which must be such as the rows have.
func (q *query) picked() (columns []column, err error) {
	for _, field := range q.fields {
		switch first, _, _ := strings.Cut(field, "."); {
		case first == "summary" && q.full:
			return nil, usage("--full shows no summary: give " + strings.Replace(field, "summary", "plain", 1) + ", or leave --full out")
		case (first == "plain" || first == "assessment") && !q.full:
			return nil, usage("only --full shows " + field + ", and it counts as read: give it too, or fields of summary and metadata")
		}
		path := camel(field)
		columns = append(columns, column{strings.ToUpper(path[strings.LastIndex(path, ".")+1:]), path})
	}
	return columns, nil
}

// camel is a path in the spelling of JSON: fields may be given in that of the proto files.
func camel(path string) string {
	words := strings.Split(path, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// asks makes the flags of the fields of the query message.
func (q *query) asks(c *cobra.Command, n noun) {
	f := c.Flags()
	for _, e := range q.enums() {
		if enum := n.asked(e.field); enum != nil {
			f.StringSliceVar(e.given, e.flag, nil, e.help)
			complete(c, e.flag, enum)
		}
	}
	f.StringSliceVar(&q.originators, "originator", nil, "by these agencies, as in fr-ofast")
	f.StringSliceVar(&q.labels, "label", nil, "with these other_labels")
	f.StringArrayVar(&q.identifiers, "identifier", nil, "[TYPE=]VALUE of an identifier, as in +33612345678 or IMEI=490154203237518")
	f.StringVar(&q.ownCase, "own-case", "", "of the own agency's case")
	f.StringVar(&q.linkedTo, "linked-to", "", "with a link to this record")
	f.StringVar(&q.since, "since", "", "first submitted from this time on: RFC 3339, or a day")
	f.StringVar(&q.until, "until", "", "first submitted before this time")
	f.StringVar(&q.observedSince, "observed-since", "", "observed from this time on")
	f.StringVar(&q.observedUntil, "observed-until", "", "observed before this time")
	f.BoolVar(&q.reviewDue, "review-due", false, "own records whose review is due")
	q.flags(c, n)
	if n.use == "item" {
		f.StringVar(&q.graded, "graded", "", "graded at least so well in this scheme: europol:B2, uk:2B or admiralty:C3")
	}
}

// enumFlag is a flag with the names of an enum: it goes into a field of the query message.
type enumFlag struct {
	flag, field, help string
	given             *[]string
}

// enums are these flags. Not every kind of record has all of the fields.
func (q *query) enums() []enumFlag {
	return []enumFlag{
		{flag: "route", field: "routes", help: "on these routes", given: &q.routes},
		{flag: "crime-area", field: "crimeAreas", help: "in these crime areas", given: &q.crimeAreas},
		{flag: "crossing", field: "crossingMethods", help: "with these crossing methods", given: &q.crossings},
		{flag: "subject", field: "subjectTypes", help: "with a subject of these types", given: &q.subjects},
		{flag: "urgency", field: "urgencies", help: "of these urgencies", given: &q.urgencies},
		{flag: "state", field: "states", help: "in these states", given: &q.states},
		{flag: "stage", field: "stages", help: "with an asset at these stages", given: &q.stages},
		{flag: "asset-type", field: "assetTypes", help: "with assets of these types", given: &q.assets},
	}
}

// asked is the enum in a field of the query message, nil where there is no such field.
func (n noun) asked(field string) protoreflect.EnumDescriptor {
	_, in, _, err := methodOf(n.service + "/Query" + n.many)
	if err != nil {
		return nil
	}
	f := in.Descriptor().Fields().ByName("query").Message().Fields().ByJSONName(field)
	if f == nil {
		return nil
	}
	return f.Enum()
}

// body is the query message in JSON spelling.
func (q *query) body(n noun) (_ map[string]any, err error) {
	body := map[string]any{}
	for _, e := range q.enums() {
		if len(*e.given) == 0 {
			continue
		}
		names, err := chosen(e.flag, n.asked(e.field), *e.given)
		if err != nil {
			return nil, err
		}
		body[e.field] = names
	}
	for _, id := range q.originators {
		list, _ := body["originators"].([]any)
		body["originators"] = append(list, "agencies/"+strings.TrimPrefix(id, "agencies/"))
	}
	if q.graded != "" {
		grading, err := gradingOf(q.graded)
		if err != nil {
			return nil, err
		}
		body["evaluationAtLeast"] = grading
	}
	if len(q.identifiers) > 0 {
		list, err := identifiersOf(q.identifiers)
		if err != nil {
			return nil, err
		}
		body["identifiers"] = list
	}
	if len(q.labels) > 0 {
		body["otherLabels"] = q.labels
	}
	body["caseReference"], body["linkedTo"], body["reviewDue"] = q.ownCase, q.linkedTo, q.reviewDue
	if body["received"], err = interval("", q.since, q.until); err != nil {
		return nil, err
	}
	if body["observed"], err = interval("observed-", q.observedSince, q.observedUntil); err != nil {
		return nil, err
	}
	return body, q.into(n, body)
}

// identifiersOf reads identifiers as the flags have them: the type may be left out where it is plain.
func identifiersOf(given []string) ([]any, error) {
	var list []any
	for _, id := range given {
		kind, raw, found := strings.Cut(id, "=")
		kinds, err := chosen("identifier", ententev1.IdentifierType(0).Descriptor(), []string{kind})
		if plain := plainly(id); err != nil && plain != "" {
			kinds, err = chosen("identifier", ententev1.IdentifierType(0).Descriptor(), []string{plain})
			raw, found = id, true
		}
		if !found {
			return nil, usage("an identifier is TYPE=VALUE, as in IMEI=490154203237518, or plain, as in +33612345678")
		}
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"type": kinds[0], "rawValue": raw})
	}
	return list, nil
}

// interval is what a pair of flags says, nil where neither is given.
func interval(prefix, since, until string) (any, error) {
	i := map[string]any{}
	for _, end := range []struct{ field, flag, text string }{{"startTime", prefix + "since", since}, {"endTime", prefix + "until", until}} {
		at, err := moment(end.flag, end.text)
		if err != nil {
			return nil, err
		}
		if at != "" {
			i[end.field] = at
		}
	}
	if len(i) == 0 {
		return nil, nil //nolint:nilnil // null, as JSON has it
	}
	if from, err := time.Parse(time.DateOnly, since); err == nil && since == until {
		return nil, usage("--" + prefix + "until is the beginning of that day: for the whole day it is " + from.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return i, nil
}

// pages asks for page after page, until there are limit rows (0: all), and prints them together.
func (a *app) pages(ctx context.Context, method, field string, body map[string]any, limit int, v view) error {
	all := map[string]any{}
	rows, matches := []any{}, []any{}
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
		of, _ := got["matches"].([]any)
		matches = append(matches, of...)
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
	if len(matches) > 0 {
		all["matches"] = matches
	}
	if a.output == "table" {
		scored(rows, all["matches"])
	}
	if err := a.print(all, v); err != nil {
		return err
	}
	if a.output == "table" {
		a.sayShown(len(rows), all)
		if len(rows) == 0 && v.empty != "" {
			a.say("%s", v.empty)
		}
	}
	return nil
}

// sayShown says how many rows there are beyond those shown, as far as that is known.
func (a *app) sayShown(shown int, last map[string]any) {
	total := cell(last, "totalSize")
	switch {
	case total != "" && cell(last, "totalCapped") == "true":
		a.say("%d shown of more than %s", shown, total)
	case total != "":
		a.say("%d shown of %s", shown, total)
	case cell(last, "nextPageToken") != "":
		a.say("%d shown, and there are more: --limit 0 shows all", shown)
	case shown == 0:
		a.say("Nothing found.")
	}
}

// pageSize is how many rows are asked for at once.
const pageSize = 50
