package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func (a *app) importCommand(n noun) *cobra.Command {
	var refusedPath, ifExists string
	var history bool
	c := &cobra.Command{
		Use: "import FILE", Short: "Hand many records over through the bulk stream", Args: cobra.ExactArgs(1),
		Long: `Hands over one draft a line, as JSON, through one bulk stream; - is standard input. Every line is
answered: accepted, unchanged, or refused with its reason. A line may also be an object with draft,
etag and requestId. A lost connection is opened again and what was not answered is sent again, which
does nothing twice. Give each draft an originatorReference and the same file can be imported again
at any time: what the hub has already is left as it is.

With --refused the lines that were refused are written to a file, each with its number, reason,
fields and the line itself as row. Correct the rows in it, and import that file.`,
		Example: "  entente " + n.use + " import drafts.ndjson --dry-run\n  entente " + n.use + " import drafts.ndjson --refused refused.ndjson\n  convert old.csv | entente " + n.use + " import -",
		RunE: func(cmd *cobra.Command, args []string) error {
			known, err := ifExistsOf(ifExists)
			if err != nil {
				return err
			}
			in, err := a.open(args[0])
			if err != nil {
				return err
			}
			i := &importing{a: a, noun: n, ifExists: known, history: history, tally: &tally{a: a}}
			return firstOf(i.run(cmd.Context(), in, refusedPath), in.Close())
		},
	}
	c.Flags().StringVar(&refusedPath, "refused", "", "file for the lines that are refused")
	c.Flags().BoolVar(&history, "history", false, "load the past: partners get one event with the number of records, and nothing is matched")
	c.Flags().StringVar(&ifExists, "if-exists", "refuse", "refuse or revise (needs an etag in each line, beside the draft)")
	return a.checks(c)
}

// importing is one import: lines go out, answers come back, in order, over as many streams as it takes.
type importing struct {
	a        *app
	noun     noun
	ifExists any
	history  bool
	tally    *tally
	lines    *window

	settings settings // with the endpoint of the bulk listener
	in, out  protoreflect.MessageType
	header   proto.Message
}

// maxTries is how often in a row a stream may end without one answer.
const maxTries = 6

func (i *importing) run(ctx context.Context, in io.Reader, refusedPath string) (err error) {
	if err := i.prepare(ctx); err != nil {
		return err
	}
	if refusedPath != "" {
		f, err := os.Create(refusedPath)
		if err != nil {
			return usage(err.Error())
		}
		defer func() { err = firstOf(err, f.Close()) }()
		i.tally.writeTo(f)
	}
	i.lines = newWindow(i.tally.refuse)
	defer context.AfterFunc(ctx, i.lines.giveUp)()
	defer i.lines.giveUp() // the reader may still wait for its input, which is not waited for
	go i.lines.fill(&lineReader{in: i.tally.measured(in), schema: i.in, fresh: !i.a.dryRun})
	done := i.tally.progress(ctx)
	err = i.streams(ctx)
	done()
	left := i.lines.unanswered()
	return i.tally.summary(err, left)
}

// prepare finds the method, and the listener that the hub has for bulk streams.
func (i *importing) prepare(ctx context.Context) (err error) {
	if i.settings, err = i.a.settings(); err != nil {
		return err
	}
	if _, i.in, i.out, err = methodOf(i.method()); err != nil {
		return err
	}
	s := &i.settings
	why, err := s.justification()
	if err != nil {
		return err
	}
	i.header, err = messageOf(i.in, map[string]any{"header": map[string]any{"justification": why, "validateOnly": i.a.dryRun, "ifExists": i.ifExists, "history": i.history}})
	if err != nil {
		return err
	}
	if s.BulkEndpoint == "" {
		me, err := i.a.call(ctx, "AgencyService/WhoAmI", nil)
		if err != nil {
			return err
		}
		if s.BulkEndpoint = cell(me, "bulkEndpoint"); s.BulkEndpoint == "" {
			s.BulkEndpoint = s.Endpoint
		}
	}
	if s.ServerName == "" {
		s.ServerName = hostOf(s.Endpoint)
	}
	return nil
}

func (i *importing) method() string { return i.noun.service + "/BulkSubmit" + i.noun.many }

// streams opens one stream after the other until every line is answered.
func (i *importing) streams(ctx context.Context) error {
	for try, pause := 1, firstPause; ; try++ {
		if !i.lines.wait() {
			return firstOf(ctx.Err(), i.lines.failure())
		}
		before := i.tally.answered()
		err := i.stream(ctx)
		switch {
		case err == nil, ctx.Err() != nil:
			return firstOf(ctx.Err(), err)
		case reasonOf(status.Convert(err)) == "STREAM_SILENT":
			continue // the input has nothing just now
		case status.Code(err) != codes.Unavailable || handshakeFailed(err):
			return err
		case i.tally.answered() > before:
			try, pause = 1, firstPause
		case try >= maxTries:
			return err
		}
		i.a.say("\rThe stream was lost after %d answers (%s); going on", i.tally.answered(), status.Convert(err).Message())
		wait(ctx, max(pause, retryDelay(status.Convert(err))))
		pause = min(2*pause, longestPause)
	}
}

// stream sends what is not answered and takes the answers in, until there are no more lines or the stream breaks.
func (i *importing) stream(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := i.a.dial(i.settings, i.settings.BulkEndpoint)
	if err != nil {
		return err
	}
	defer i.a.hangUp(conn)
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/"+apiPackage+i.method())
	if err != nil {
		return err
	}
	turn := i.lines.again()
	if err := s.SendMsg(i.header); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	go i.send(s, turn)
	if err := i.receive(s); err != nil {
		return err
	}
	if left := i.lines.unanswered(); left > 0 {
		return fmt.Errorf("the hub ended the stream with %d lines not answered; import the file again", left)
	}
	return i.lines.failure()
}

// send sends line after line of a turn and then says that there are no more. What goes wrong, the receiving side learns.
func (i *importing) send(s grpc.ClientStream, turn int) {
	for {
		m, ok := i.lines.next(turn)
		if !ok {
			break
		}
		if s.SendMsg(m) != nil {
			return
		}
	}
	_ = s.CloseSend()
}

// receive takes the answers in, in the order of the lines.
func (i *importing) receive(s grpc.ClientStream) error {
	for {
		m := i.out.New().Interface()
		err := s.RecvMsg(m)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		got, err := plain(m)
		if err != nil {
			return err
		}
		result, ok := got["result"].(map[string]any)
		if !ok {
			continue // the hub's own summary
		}
		line, ok := i.lines.oldest()
		if !ok {
			return errors.New("the hub answered more lines than were sent")
		}
		if err := i.tally.answer(line, result); err != nil {
			return err
		}
		i.lines.forget()
	}
}

// outcomeOf is what a result says of its row: why it was refused, or whether the hub had it already.
func outcomeOf(result map[string]any) (why *refusal, unchanged bool) {
	if failure, bad := result["error"].(map[string]any); bad {
		return refusalOf(failure), false
	}
	receipt, _ := result["receipt"].(map[string]any)
	unchanged, _ = receipt["unchanged"].(bool)
	return nil, unchanged
}

// isPending tells whether a row waits for its agency's budget before it is compared with others' records.
func isPending(result map[string]any) bool {
	receipt, _ := result["receipt"].(map[string]any)
	return receipt["deconfliction"] == "DECONFLICTION_PENDING"
}

// refusal is why a line is not taken.
type refusal struct {
	Reason  string       `json:"reason"`
	Message string       `json:"message"`
	Fields  []fieldFault `json:"fields,omitempty"`
}

// fieldFault is one field that is wrong.
type fieldFault struct {
	Field       string `json:"field"`
	Reason      string `json:"reason"`
	Description string `json:"description"`
}

// refusalOf reads a google.rpc.Status in JSON spelling.
func refusalOf(failure map[string]any) *refusal {
	r := &refusal{Message: textAt(failure, "message")}
	details, _ := failure["details"].([]any)
	for _, d := range details {
		switch kind := textAt(d, "@type"); {
		case strings.HasSuffix(kind, "google.rpc.ErrorInfo"):
			r.Reason = textAt(d, "reason")
		case strings.HasSuffix(kind, "google.rpc.BadRequest"):
			detail, _ := d.(map[string]any)
			violations, _ := detail["fieldViolations"].([]any)
			for _, v := range violations {
				r.Fields = append(r.Fields, fieldFault{Field: textAt(v, "field"), Reason: textAt(v, "reason"), Description: textAt(v, "description")})
			}
		}
	}
	return r
}

// textAt is a text in an object, whole.
func textAt(object any, field string) string {
	m, _ := object.(map[string]any)
	text, _ := m[field].(string)
	return text
}
