package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func (a *app) importCommand(n noun) *cobra.Command {
	var refusedPath, ifExists string
	c := &cobra.Command{
		Use: "import FILE", Short: "Hand many records over through the bulk stream", Args: cobra.ExactArgs(1),
		Long: `Hands over one draft a line, as JSON, through one bulk stream. Every line is answered: accepted,
unchanged, or refused with its reason. Give each draft an originatorReference and the same file
can be imported again: what the hub has already is left as it is.

With --refused the lines that were refused are written to a file, each with its number, reason
and fields, so that they can be corrected and imported.`,
		Example: "  entente " + n.use + " import drafts.ndjson --refused refused.ndjson",
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.open(args[0])
			if err != nil {
				return err
			}
			i := &importing{a: a, noun: n, in: in}
			err = i.run(cmd.Context(), refusedPath, ifExistsOf(ifExists))
			return errors.Join(err, in.Close())
		},
	}
	c.Flags().StringVar(&refusedPath, "refused", "", "file for the lines that are refused")
	c.Flags().StringVar(&ifExists, "if-exists", "refuse", "refuse or revise (needs an etag in each line, beside the draft)")
	return a.writes(c)
}

// importing is one import: lines go out, answers come back, in order.
type importing struct {
	a    *app
	noun noun
	in   io.Reader

	waiting chan sentLine // sent and not answered yet
	refused *json.Encoder

	read, accepted, unchanged, turned atomic.Int64
}

// sentLine is a line that was sent, or refused before that.
type sentLine struct {
	number int64
	text   []byte
	local  string // why it was not sent
}

// inFlight bounds the lines that are sent and not answered.
const inFlight = 2000

// maxLine bounds a line, in bytes.
const maxLine = 1 << 20

func (i *importing) run(ctx context.Context, refusedPath, ifExists string) (err error) {
	if refusedPath != "" {
		f, err := os.Create(refusedPath)
		if err != nil {
			return usage(err.Error())
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		i.refused = json.NewEncoder(f)
		i.refused.SetEscapeHTML(false)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, in, out, err := i.open(ctx)
	if err != nil {
		return err
	}
	if err := i.header(stream, in, ifExists); err != nil {
		return err
	}
	i.waiting = make(chan sentLine, inFlight)
	done := i.progress(ctx)
	sent := make(chan error, 1)
	go func() { sent <- i.send(ctx, stream, in) }()
	err = i.receive(stream, out)
	cancel()
	if sending := <-sent; err == nil && sending != nil && !errors.Is(sending, context.Canceled) {
		err = sending
	}
	done()
	i.summary()
	if err == nil && i.turned.Load() > 0 {
		err = refused{fmt.Sprintf("%d lines were refused", i.turned.Load())}
	}
	return err
}

// open opens the stream, on the listener that the hub has for it.
func (i *importing) open(ctx context.Context) (stream grpc.ClientStream, in, out protoreflect.MessageType, err error) {
	s, err := i.a.settings()
	if err != nil {
		return nil, nil, nil, err
	}
	if s.BulkEndpoint == "" {
		me, err := i.a.call(ctx, "AgencyService/WhoAmI", nil)
		if err != nil {
			return nil, nil, nil, err
		}
		if s.BulkEndpoint = cell(me, "bulkEndpoint"); s.BulkEndpoint == "" {
			s.BulkEndpoint = s.Endpoint
		}
	}
	if s.ServerName == "" {
		s.ServerName = hostOf(s.Endpoint)
	}
	method := i.noun.service + "/BulkSubmit" + i.noun.many
	if _, in, out, err = methodOf(method); err != nil {
		return nil, nil, nil, err
	}
	conn, err := i.a.dial(s, s.BulkEndpoint)
	if err != nil {
		return nil, nil, nil, err
	}
	stream, err = conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/"+apiPackage+method)
	return stream, in, out, err
}

func (i *importing) header(stream grpc.ClientStream, in protoreflect.MessageType, ifExists string) error {
	s, err := i.a.settings()
	if err != nil {
		return err
	}
	m, err := messageOf(in, map[string]any{"header": map[string]any{"justification": s.justification(), "validateOnly": i.a.dryRun, "ifExists": ifExists}})
	if err != nil {
		return err
	}
	return stream.SendMsg(m)
}

// send sends line after line and then says that there are no more.
func (i *importing) send(ctx context.Context, stream grpc.ClientStream, in protoreflect.MessageType) error {
	defer close(i.waiting)
	lines := bufio.NewScanner(i.in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for number := int64(1); lines.Scan(); number++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		i.read.Add(1)
		line := sentLine{number: number, text: bytes.Clone(text)}
		m, err := rowOf(in, text)
		if err != nil {
			line.local = err.Error()
		}
		select {
		case i.waiting <- line:
		case <-ctx.Done():
			return ctx.Err()
		}
		if line.local != "" {
			continue
		}
		if err := stream.SendMsg(m); err != nil {
			return nil // the receiving side learns why
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(usage("the input: "+err.Error()), stream.CloseSend())
	}
	return stream.CloseSend()
}

// rowOf reads a line: a draft, or an object with draft, etag and request_id.
func rowOf(in protoreflect.MessageType, text []byte) (proto.Message, error) {
	var whole struct {
		Draft json.RawMessage `json:"draft"`
	}
	row := text
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, errors.New("the line is no JSON object")
	}
	if whole.Draft == nil {
		row = append(append([]byte(`{"draft":`), text...), '}')
	}
	m := in.New().Interface()
	if err := protojson.Unmarshal(append(append([]byte(`{"row":`), row...), '}'), m); err != nil {
		return nil, err
	}
	return m, nil
}

// receive takes the answers in, in the order of the lines.
func (i *importing) receive(stream grpc.ClientStream, out protoreflect.MessageType) error {
	for {
		m := out.New().Interface()
		err := stream.RecvMsg(m)
		if errors.Is(err, io.EOF) {
			return i.rest()
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
		if err := i.answered(result); err != nil {
			return err
		}
	}
}

// answered is the answer to the oldest line that was sent; those before it that were not are told first.
func (i *importing) answered(result map[string]any) error {
	for line := range i.waiting {
		if line.local != "" {
			if err := i.refuse(line, line.local, nil); err != nil {
				return err
			}
			continue
		}
		if failure, bad := result["error"].(map[string]any); bad {
			return i.refuse(line, cell(failure, "message"), failure["details"])
		}
		if unchanged, _ := result["receipt"].(map[string]any)["unchanged"].(bool); unchanged {
			i.unchanged.Add(1)
		} else {
			i.accepted.Add(1)
		}
		return nil
	}
	return errors.New("the hub answered more lines than were sent")
}

// rest are the lines after the last answer.
func (i *importing) rest() error {
	unanswered := 0
	for line := range i.waiting {
		if line.local == "" {
			unanswered++
			continue
		}
		if err := i.refuse(line, line.local, nil); err != nil {
			return err
		}
	}
	if unanswered > 0 {
		return fmt.Errorf("%d lines were sent and not answered; import the file again", unanswered)
	}
	return nil
}

// toldLines is how many refused lines are told one by one.
const toldLines = 10

func (i *importing) refuse(line sentLine, why string, details any) error {
	if n := i.turned.Add(1); n <= toldLines && i.refused == nil {
		i.a.say("\rline %d: %s", line.number, clip(why))
	} else if n == toldLines+1 && i.refused == nil {
		i.a.say("\r… more lines are refused; --refused FILE writes them all down")
	}
	if i.refused == nil {
		return nil
	}
	return i.refused.Encode(map[string]any{"line": line.number, "reason": why, "details": details, "draft": json.RawMessage(valid(line.text))})
}

// valid is the line if it is JSON, and else the line as a JSON text.
func valid(text []byte) []byte {
	if json.Valid(text) {
		return text
	}
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return []byte("null")
	}
	return quoted
}

// progress shows how far the import is, on a terminal, until what it returns is called.
func (i *importing) progress(ctx context.Context) (end func()) {
	f, ok := i.a.errs.(*os.File)
	if !ok {
		return func() {}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func() {}
	}
	began, finished := time.Now(), make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(finished)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			done := i.accepted.Load() + i.unchanged.Load() + i.turned.Load()
			_, _ = fmt.Fprintf(f, "\r%d read, %d answered, %d refused, %.0f a second ", i.read.Load(), done, i.turned.Load(), float64(done)/time.Since(began).Seconds())
			select {
			case <-tick.C:
			case <-ctx.Done():
				_, _ = fmt.Fprintln(f)
				return
			}
		}
	}()
	return func() { cancel(); <-finished }
}

func (i *importing) summary() {
	verb := "accepted"
	if i.a.dryRun {
		verb = "sound"
	}
	i.a.say("%d lines: %d %s, %d unchanged, %d refused", i.read.Load(), i.accepted.Load(), verb, i.unchanged.Load(), i.turned.Load())
}
