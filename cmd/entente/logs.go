package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func eventColumns() []column {
	return []column{{"NUMBER", "number"}, {"TIME", "eventTime"}, {"KIND", "kind"}, {"RECORD", "name"}, {"REVISION", "revision"}, {"ABOUT", "about"}, {"CHANGE", "change"}}
}

// eventRow is an event with whom it is about and what has changed, for a table.
func eventRow(event any) any {
	e, ok := event.(map[string]any)
	if !ok {
		return event
	}
	row := maps.Clone(e)
	switch {
	case e["trust"] != nil:
		row["about"], row["change"] = cell(e, "trust.agency"), cell(e, "trust.change")
	case e["membership"] != nil:
		row["about"], row["change"] = cell(e, "membership.group"), "LEFT"
		if cell(e, "membership.joined") == "true" {
			row["change"] = "JOINED"
		}
	case e["standingQuery"] != nil:
		row["about"] = e["standingQuery"]
	case e["history"] != nil:
		row["about"], row["change"] = cell(e, "history.agency"), cell(e, "history.records")+" records"
	case e["deconfliction"] != nil:
		row["about"], row["change"] = cell(e, "deconfliction.agency"), "shares "+columnOf(e, "normalizedValue", "deconfliction", "shared")
		if other := cell(e, "deconfliction.otherName"); other != "" {
			row["about"] = other
		}
	case e["readership"] != nil:
		row["change"] = cell(e, "readership.newRows") + " reads"
	case e["hit"] != nil:
		row["about"], row["name"], row["change"] = cell(e, "hit.agency"), cell(e, "hit.names"), "checked"
		if day := cell(e, "hit.poolDay"); day != "" {
			row["about"], row["change"] = agenciesOf(e, "hit", "askers"), "checked until "+day
		}
	}
	return row
}

// agenciesOf are the agencies in a list of rows.
func agenciesOf(row any, path ...string) string { return columnOf(row, "agency", path...) }

// columnOf is one field of the rows of a list.
func columnOf(row any, field string, path ...string) string {
	for _, part := range path {
		m, _ := row.(map[string]any)
		row = m[part]
	}
	list, _ := row.([]any)
	values := make([]string, len(list))
	for i, each := range list {
		values[i] = cell(each, field)
	}
	return strings.Join(values, ",")
}

func (a *app) inboxCommand() *cobra.Command {
	c := parent("inbox", "What came in: releases, corrections, recalls, trust changes")
	var inbox string
	c.PersistentFlags().StringVar(&inbox, "inbox", "", "agencies/…/inbox or agencies/…/units/…/inbox; the own agency's where not given")
	c.AddCommand(&cobra.Command{Use: "head", Short: "Where the inbox stands", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.answer(cmd.Context(), "InboxService/GetInboxHead", "head", map[string]any{"inbox": inbox})
	}}, a.readCommand(&inbox), a.watchCommand(&inbox))
	return c
}

// cursorOf is a cursor as --after gives it: a number, epoch/number, or epoch:number as the hub's errors have it.
func cursorOf(text string) (map[string]any, error) {
	epoch, number := "", text
	if at := strings.LastIndexAny(text, "/:"); at >= 0 {
		epoch, number = text[:at], text[at+1:]
	}
	if number == "" {
		number = "0"
	}
	if _, err := strconv.ParseUint(number, 10, 63); err != nil {
		return nil, usage("--after is a number, or epoch/number, as the command before printed it")
	}
	return map[string]any{"epoch": epoch, "number": number}, nil
}

func kindsOf(kinds []string) ([]any, error) {
	return chosen("kind", ententev1.EventKind(0).Descriptor(), kinds)
}

func (a *app) readCommand(inbox *string) *cobra.Command {
	var from string
	var kinds []string
	var limit int
	c := &cobra.Command{
		Use: "read", Short: "Read a page of events", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			full, err := kindsOf(kinds)
			if err != nil {
				return err
			}
			after, err := cursorOf(from)
			if err != nil {
				return err
			}
			got, err := a.call(cmd.Context(), "InboxService/ReadInbox", map[string]any{
				"inbox": *inbox, "after": after, "kinds": full, "pageSize": limit,
			})
			if err != nil {
				return err
			}
			if events, ok := got["events"].([]any); ok && a.output == "table" {
				for i := range events {
					events[i] = eventRow(events[i])
				}
			}
			if err := a.print(got, view{rows: "events", columns: eventColumns()}); err != nil {
				return err
			}
			if a.output == "table" {
				a.say("Head %s. Go on with --after %s/%s", cell(got, "head.number"), cell(got, "resumeFrom.epoch"), cell(got, "resumeFrom.number"))
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "after", "", "cursor: a number, or epoch/number; from the beginning where not given")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these kinds, as in RECORD,RECALLED")
	complete(c, "kind", ententev1.EventKind(0).Descriptor())
	c.Flags().IntVar(&limit, "limit", 50, "events at most")
	return c
}

func (a *app) watchCommand(inbox *string) *cobra.Command {
	var from string
	var kinds []string
	c := &cobra.Command{
		Use: "watch", Short: "Print events as they come, for ever", Args: cobra.NoArgs,
		Long: "Prints what there is after the cursor and then what comes. A lost connection is opened again\nfrom the last event seen. -o json prints one event a line,\n-o yaml one list of them.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			full, err := kindsOf(kinds)
			if err != nil {
				return err
			}
			after, err := cursorOf(from)
			if err != nil {
				return err
			}
			w := &watching{a: a, body: map[string]any{"inbox": *inbox, "kinds": full}, cursor: after}
			return w.run(cmd.Context())
		},
	}
	c.Flags().StringVar(&from, "after", "", "cursor: a number, or epoch/number; from the beginning where not given")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "only these kinds, as in RECORD,RECALLED")
	complete(c, "kind", ententev1.EventKind(0).Descriptor())
	return c
}

// watching is a watch that goes on over lost connections.
type watching struct {
	a      *app
	body   map[string]any
	cursor map[string]any
	moved  bool // the stream has sent something
}

// The pauses before a lost connection is opened again: the first, and the longest.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 30 * time.Second
)

func (w *watching) run(ctx context.Context) error {
	defer func() {
		w.a.say("Stopped. Go on with --after %s", strings.TrimPrefix(cell(w.cursor, "epoch")+"/"+cell(w.cursor, "number"), "/"))
	}()
	for pause := firstPause; ; {
		w.moved = false
		err := w.once(ctx)
		if ctx.Err() != nil {
			return nil // the person stopped it
		}
		if err != nil && !passing(err) {
			return err
		}
		if err != nil {
			w.a.say("%s", status.Convert(err).Message())
		}
		if w.moved {
			pause = firstPause
		}
		if err != nil || !w.moved {
			wait(ctx, max(pause, retryDelay(status.Convert(err))))
			pause = min(2*pause, longestPause)
		}
	}
}

// passing: a watch that ended so can be opened again.
func passing(err error) bool {
	code := status.Code(err)
	return (code == codes.Unavailable || code == codes.ResourceExhausted) && !handshakeFailed(err)
}

// wait lets time pass, unless the program is to end.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// once reads one stream to its end, over a connection of its own: a certificate that was renewed meanwhile is read again.
func (w *watching) once(ctx context.Context) error {
	s, err := w.a.settings()
	if err != nil {
		return err
	}
	const method = "InboxService/WatchInbox"
	_, in, out, err := methodOf(method)
	if err != nil {
		return err
	}
	w.a.shape = within(out.Descriptor(), "events")
	w.body["after"] = w.cursor
	req, err := w.a.request(in, s, w.body)
	if err != nil {
		return err
	}
	conn, err := w.a.dial(s, s.Endpoint)
	if err != nil {
		return err
	}
	defer w.a.hangUp(conn)
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/"+apiPackage+method)
	if err != nil {
		return err
	}
	if err := stream.SendMsg(req); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		m := out.New().Interface()
		if err := stream.RecvMsg(m); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		got, err := plain(m)
		if err != nil {
			return err
		}
		if closing, err := w.show(got); closing || err != nil {
			return err
		}
	}
}

// show prints the events of a message and keeps its cursor.
func (w *watching) show(got map[string]any) (closing bool, err error) {
	events, _ := got["events"].([]any)
	for _, e := range events {
		switch w.a.output {
		case "json":
			err = w.a.printJSON(e, "")
		case "yaml":
			err = w.a.printYAML([]any{e}) // all of them are one list
		default:
			err = w.a.line(eventRow(e), eventColumns())
		}
		if err != nil {
			return false, err
		}
	}
	if c, ok := got["resumeFrom"].(map[string]any); ok {
		w.cursor, w.moved = c, true
	}
	closing, _ = got["closing"].(bool)
	return closing, nil
}

// line prints a row in one line, for what comes one at a time.
func (a *app) line(row any, columns []column) error {
	cells := make([]string, 0, len(columns))
	for _, c := range columns {
		if text := cell(row, c.path); text != "" {
			cells = append(cells, text)
		}
	}
	_, err := a.out.Write([]byte(strings.Join(cells, "  ") + "\n"))
	return err
}

func (a *app) disclosureCommand() *cobra.Command {
	c := parent("disclosure", "Who read the own agency's records")
	var from, name string
	var limit int
	list := &cobra.Command{
		Use: "list", Short: "List reads by other agencies, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			after, err := cursorOf(from)
			if err != nil {
				return err
			}
			got, err := a.call(cmd.Context(), "DisclosureService/ListDisclosures", map[string]any{"after": after, "name": name, "pageSize": limit})
			if err != nil {
				return err
			}
			err = a.print(got, view{rows: "disclosures", columns: []column{
				{"NUMBER", "number"}, {"TIME", "discloseTime"}, {"AGENCY", "agency"}, {"PURPOSE", "purpose"}, {"KIND", "kind"}, {"HANDLE", "handle"}, {"RECORDS", "names"},
			}})
			if next := cell(got, "resumeFrom.number"); next != "" && a.output == "table" {
				a.say("Go on with --after %s/%s", cell(got, "resumeFrom.epoch"), next)
			}
			return err
		},
	}
	list.Flags().StringVar(&from, "after", "", "cursor: a number, or epoch/number")
	list.Flags().StringVar(&name, "name", "", "only reads of this own record")
	list.Flags().IntVar(&limit, "limit", 50, "rows at most")
	c.AddCommand(list)
	return c
}

func (a *app) consultationCommand() *cobra.Command {
	c := parent("consultation", "What the own agency read (for its supervisor)")
	var officer, name, since, until string
	var limit int
	list := &cobra.Command{
		Use: "list", Short: "List reads by the own agency, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := interval("", since, until)
			if err != nil {
				return err
			}
			asked, _ := body.(map[string]any)
			if asked == nil {
				asked = map[string]any{}
			}
			asked["officer"], asked["name"] = officer, name
			return a.pages(cmd.Context(), "DisclosureService/ListConsultations", "consultations", asked, limit, view{rows: "consultations", columns: []column{
				{"NUMBER", "number"}, {"TIME", "consultTime"}, {"METHOD", "method"}, {"OFFICER", "justification.officer"}, {"CASE", "justification.caseReference"}, {"PURPOSE", "justification.purpose"}, {"RECORDS", "names"},
			}})
		},
	}
	list.Flags().StringVar(&officer, "of", "", "only reads of this officer")
	list.Flags().StringVar(&name, "name", "", "only reads that showed this record")
	list.Flags().StringVar(&since, "since", "", "not before this time: RFC 3339, or a day")
	list.Flags().StringVar(&until, "until", "", "not after this time")
	list.Flags().IntVar(&limit, "limit", 50, "rows at most; 0 is all")
	c.AddCommand(list)
	return c
}
