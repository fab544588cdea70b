package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

type bulkStream = grpc.BidiStreamingServer[ententev1.BulkSubmitIntelligenceItemsRequest, ententev1.BulkSubmitIntelligenceItemsResponse]

// bulkHub answers the rows of bulk streams as the hub does, and remembers them.
type bulkHub struct {
	mu   sync.Mutex
	rows []*ententev1.BulkSubmitIntelligenceItemsRow // over all streams, in order
	// breakAfter ends the n-th stream with an error after so many answers.
	breakAfter func(stream int) (answers int, why error)
	// outcome is the answer to a row; accepted where nil.
	outcome func(*ententev1.BulkSubmitIntelligenceItemsRow) *ententev1.BulkSubmitIntelligenceItemsResult
}

func (h *bulkHub) serve(n int, s bulkStream) error {
	left, why := -1, error(nil)
	if h.breakAfter != nil {
		left, why = h.breakAfter(n)
	}
	summary := &ententev1.BulkSubmitIntelligenceItemsSummary{}
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return s.Send(&ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Summary{Summary: summary}})
		}
		if err != nil {
			return err
		}
		h.mu.Lock()
		h.rows = append(h.rows, m.GetRow())
		h.mu.Unlock()
		if left == 0 {
			return why
		}
		left--
		result := &ententev1.BulkSubmitIntelligenceItemsResult{Outcome: &ententev1.BulkSubmitIntelligenceItemsResult_Receipt{Receipt: &ententev1.Receipt{Name: "n"}}}
		if h.outcome != nil {
			result = h.outcome(m.GetRow())
		}
		result.Index = summary.Received
		summary.Received++
		if err := s.Send(&ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Result{Result: result}}); err != nil {
			return err
		}
	}
}

// refusedRow is the hub's answer to a row that it does not take.
func refusedRow(t *testing.T) *ententev1.BulkSubmitIntelligenceItemsResult {
	t.Helper()
	var details []*anypb.Any
	for _, d := range []proto.Message{
		&errdetails.ErrorInfo{Reason: "AGENCY_UNKNOWN", Domain: "entente"},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "release.audience.agencies[0]", Description: "is no agency", Reason: "AGENCY_UNKNOWN"}}},
	} {
		packed, err := anypb.New(d)
		if err != nil {
			t.Fatal(err)
		}
		details = append(details, packed)
	}
	return &ententev1.BulkSubmitIntelligenceItemsResult{Outcome: &ententev1.BulkSubmitIntelligenceItemsResult_Error{
		Error: &status.Status{Code: int32(codes.InvalidArgument), Message: "One field is not right.", Details: details},
	}}
}

func titles(rows []*ententev1.BulkSubmitIntelligenceItemsRow) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.GetDraft().GetPlain().GetTitle())
	}
	return all
}

// drafts are so many lines; every third has a reference of its own.
func drafts(n int) string {
	var b strings.Builder
	for i := range n {
		reference := ""
		if i%3 == 0 {
			reference = fmt.Sprintf(`,"originatorReference":"r%d"`, i)
		}
		fmt.Fprintf(&b, `{"plain":{"title":"t%d"}%s}`+"\n", i, reference)
	}
	return b.String()
}

// A stream that breaks is opened again: what was not answered is sent again, as the same requests, and every line counts once.
func TestImportGoesOn(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{breakAfter: func(n int) (int, error) {
		if n <= 2 {
			return 7, faultOf(t, codes.Unavailable, "The hub is closing this stream.")
		}
		return -1, nil
	}}
	s.bulk = hub.serve
	const count = 40
	code, out, errs := s.run(t.Context(), drafts(count), "item", "import", "-", "-o", "json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var counts map[string]int
	if err := json.Unmarshal([]byte(out), &counts); err != nil || counts["lines"] != count || counts["accepted"] != count {
		t.Errorf("%s %v", out, err)
	}
	if s.bulks != 3 || strings.Count(errs, "going on") != 2 {
		t.Errorf("%d streams; said: %s", s.bulks, errs)
	}
	ids := map[string]string{}
	for _, r := range hub.rows {
		title := r.GetDraft().GetPlain().GetTitle()
		if (r.GetRequestId() == "") != (r.GetDraft().GetOriginatorReference() != "") {
			t.Errorf("%s: id %q beside reference %q", title, r.GetRequestId(), r.GetDraft().GetOriginatorReference())
		}
		if before, seen := ids[title]; seen && before != r.GetRequestId() {
			t.Errorf("%s: another id when sent again", title)
		}
		ids[title] = r.GetRequestId()
	}
	if len(ids) != count {
		t.Errorf("%d different rows, not %d", len(ids), count)
	}
}

// Rows that wait for the budget of checks before they are compared are counted: they were taken.
func TestImportCountsWhatIsPending(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{outcome: func(r *ententev1.BulkSubmitIntelligenceItemsRow) *ententev1.BulkSubmitIntelligenceItemsResult {
		receipt := &ententev1.Receipt{Name: "n"}
		if r.GetDraft().GetPlain().GetTitle() > "t3" {
			receipt.Deconfliction = ententev1.Deconfliction_DECONFLICTION_PENDING
		}
		return &ententev1.BulkSubmitIntelligenceItemsResult{Outcome: &ententev1.BulkSubmitIntelligenceItemsResult_Receipt{Receipt: receipt}}
	}}
	s.bulk = hub.serve
	code, out, errs := s.run(t.Context(), drafts(6), "item", "import", "-", "-o", "json")
	if code != exitOK || !strings.Contains(out, `"deconflictionPending": 2`) || !strings.Contains(out, `"accepted": 6`) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, _, errs = s.run(t.Context(), drafts(6), "item", "import", "-"); code != exitOK || !strings.Contains(errs, "2 of them wait for") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// A hub that ends streams while the input has nothing is asked again when it has something.
func TestImportFromASlowSource(t *testing.T) {
	s := newScript(t)
	in, source := io.Pipe()
	silent := make(chan bool)
	hub := &bulkHub{}
	s.bulk = func(n int, stream bulkStream) error {
		if n > 1 {
			return hub.serve(n, stream)
		}
		if _, err := stream.Recv(); err != nil {
			return err
		}
		answer := &ententev1.BulkSubmitIntelligenceItemsResult{Outcome: &ententev1.BulkSubmitIntelligenceItemsResult_Receipt{Receipt: &ententev1.Receipt{}}}
		if err := stream.Send(&ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Result{Result: answer}}); err != nil {
			return err
		}
		defer close(silent)
		return faultOf(t, codes.DeadlineExceeded, "You sent nothing.", &errdetails.ErrorInfo{Reason: "STREAM_SILENT"})
	}
	go func() {
		_, _ = io.WriteString(source, `{"plain":{"title":"early"}}`+"\n")
		<-silent
		_, _ = io.WriteString(source, `{"plain":{"title":"late"}}`+"\n")
		_ = source.Close()
	}()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"item", "import", "-"}, in, &out, &errs, s.env); code != exitOK || !strings.Contains(errs.String(), "2 lines: 2 accepted") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if got := titles(hub.rows); !slices.Equal(got, []string{"late"}) {
		t.Errorf("second stream: %v", got)
	}
}

// More lines than a window holds that are all wrong, one far too long, and good ones between: every line is answered for itself.
func TestImportOfBadLines(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{}
	s.bulk = hub.serve
	var in strings.Builder
	in.WriteString(`{"plain":{"title":"first"}}` + "\r\n\n")
	for range windowLines + 500 {
		in.WriteString("nonsense\n")
	}
	in.WriteString(`{"plain":{"title":"` + strings.Repeat("x", maxLine) + `"}}` + "\n")
	in.WriteString(`{"plain":{"nosuchfield":1}}` + "\n" + `{"draft":{"plain":{"title":"last"}},"requestId":"own","etag":"e"}`)
	refusedPath := s.file("refused.ndjson")
	code, _, errs := s.run(t.Context(), in.String(), "item", "import", "-", "--refused", refusedPath)
	want := fmt.Sprintf("%d lines: 2 accepted, 0 unchanged, %d refused", windowLines+504, windowLines+502)
	if code != exitRefused || !strings.Contains(errs, want) {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if got := titles(hub.rows); !slices.Equal(got, []string{"first", "last"}) || hub.rows[1].GetRequestId() != "own" || hub.rows[1].GetEtag() != "e" {
		t.Errorf("sent: %v", hub.rows)
	}
	text, err := os.ReadFile(refusedPath)
	if err != nil {
		t.Fatal(err)
	}
	rows := slices.Collect(strings.Lines(string(text)))
	if !strings.Contains(rows[0], `"line":3,"reason":"LINE_MALFORMED"`) || !strings.Contains(rows[len(rows)-2], "LINE_TOO_LONG") || len(rows[len(rows)-2]) > 1000 {
		t.Errorf("%s%.1000s", rows[0], rows[len(rows)-2])
	}
	code, _, errs = s.run(t.Context(), strings.Repeat("nonsense\n", 20), "item", "import", "-")
	if code != exitRefused || strings.Count(errs, "no JSON object") != toldLines || !strings.Contains(errs, "--refused FILE") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// The file of refused lines says why, field by field, keeps the lines, and can be corrected and imported.
func TestRefusedLinesComeBack(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{outcome: func(r *ententev1.BulkSubmitIntelligenceItemsRow) *ententev1.BulkSubmitIntelligenceItemsResult {
		if slices.Contains(r.GetDraft().GetRelease().GetAudience().GetAgencies(), "agencies/wrong") {
			return refusedRow(t)
		}
		return &ententev1.BulkSubmitIntelligenceItemsResult{Outcome: &ententev1.BulkSubmitIntelligenceItemsResult_Receipt{Receipt: &ententev1.Receipt{Unchanged: r.GetEtag() == "known"}}}
	}}
	s.bulk = hub.serve
	in := s.write("in.ndjson", `{"plain":{"title":"good"}}
{"plain":{"title":"bad"},"release":{"audience":{"agencies":["agencies/wrong"]}},"originatorReference":"r"}
{"draft":{"plain":{"title":"known"}},"etag":"known"}
`)
	s.fails(exitRefused, []string{"3 lines: 1 accepted, 1 unchanged, 1 refused"}, "item", "import", in, "--refused", s.file("refused.ndjson"))
	s.fails(exitRefused, []string{"line 2: One field is not right.", "release.audience.agencies[0]: is no agency (AGENCY_UNKNOWN)"}, "item", "import", in)
	text, err := os.ReadFile(s.file("refused.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"line":2,"reason":"AGENCY_UNKNOWN","message":"One field is not right.","fields":[{"field":"release.audience.agencies[0]","reason":"AGENCY_UNKNOWN","description":"is no agency"}],` +
		`"row":{"plain":{"title":"bad"},"release":{"audience":{"agencies":["agencies/wrong"]}},"originatorReference":"r"}}` + "\n"
	if string(text) != want {
		t.Errorf("\n got %s\nwant %s", text, want)
	}
	corrected := s.write("corrected.ndjson", strings.ReplaceAll(string(text), "agencies/wrong", "agencies/right"))
	again := s.write("again.ndjson", string(text))
	s.fails(exitRefused, nil, "item", "import", again, "--refused", s.file("refused2.ndjson"))
	if text2, err := os.ReadFile(s.file("refused2.ndjson")); err != nil || string(text2) != strings.Replace(want, `"line":2`, `"line":1`, 1) {
		t.Errorf("refused again: %s, %v", text2, err)
	}
	s.ok("item", "import", corrected, "--dry-run")
	last := hub.rows[len(hub.rows)-1]
	if last.GetDraft().GetOriginatorReference() != "r" || last.GetDraft().GetRelease().GetAudience().GetAgencies()[0] != "agencies/right" {
		t.Errorf("sent: %v", last)
	}
	s.fails(exitUsage, []string{"no such file"}, "item", "import", in, "--refused", s.file("no/such/folder"))
}

// Ctrl-C ends an import at once, also when the input has nothing and never ends.
func TestImportInterrupted(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{}
	s.bulk = hub.serve
	in, source := io.Pipe()
	defer func() { _ = source.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	hub.outcome = func(*ententev1.BulkSubmitIntelligenceItemsRow) *ententev1.BulkSubmitIntelligenceItemsResult {
		cancel()
		return refusedRow(t)
	}
	go func() { _, _ = io.WriteString(source, `{"plain":{"title":"only"}}`+"\n") }()
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"item", "import", "-"}, in, &out, &errs, s.env); code != exitInterrupted || !strings.Contains(errs.String(), "1 lines: ") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

// What ends an import for good is told once, with how many lines have no answer.
func TestImportFails(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{breakAfter: func(int) (int, error) {
		return 1, faultOf(t, codes.PermissionDenied, "You may not.", &errdetails.ErrorInfo{Reason: "RIGHT_REQUIRED"})
	}}
	s.bulk = hub.serve
	in := s.write("in.ndjson", drafts(3))
	s.fails(exitDenied, []string{"RIGHT_REQUIRED", "of them were not answered"}, "item", "import", in)
	if s.bulks != 1 {
		t.Errorf("%d streams", s.bulks)
	}
	s.bulk = func(_ int, stream bulkStream) error { return nil }
	s.fails(exitFailure, []string{"lines not answered"}, "item", "import", in)
	s.bulk = func(_ int, stream bulkStream) error {
		return stream.Send(&ententev1.BulkSubmitIntelligenceItemsResponse{Message: &ententev1.BulkSubmitIntelligenceItemsResponse_Result{}})
	}
	if code, _, _ := s.run(t.Context(), "", "item", "import", in); code != exitFailure {
		t.Errorf("exit %d for an answer to nothing", code)
	}
	s.fails(exitUsage, []string{"no such file"}, "item", "import", s.file("none"))
	s.ok("item", "import", s.write("empty", "\n\n"))
}

// The bulk listener is asked for where no context names it.
func TestBulkEndpointIsAsked(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{}
	s.bulk = hub.serve
	s.unary = func(int, string, proto.Message) (proto.Message, error) {
		return &ententev1.WhoAmIResponse{BulkEndpoint: s.address}, nil
	}
	s.ok("context", "add", "plain", "--endpoint", s.address, "--server-name", "localhost", "--hub-ca", s.file("hub-ca.pem"), "--cert", s.file("me.pem"), "--key", s.file("me.key"))
	s.ok("item", "import", s.write("in.ndjson", drafts(2)))
	if sent := s.taken(); len(sent) != 1 || sent[0].method != "AgencyService/WhoAmI" || len(hub.rows) != 2 {
		t.Errorf("%v, %d rows", sent, len(hub.rows))
	}
}

// bulkSchema is the type of a row's message.
func bulkSchema(t *testing.T) protoreflect.MessageType {
	t.Helper()
	return (&ententev1.BulkSubmitIntelligenceItemsRequest{}).ProtoReflect().Type()
}

// However streams break, and whichever lines are not sent: each line is told exactly once, and in its order.
func TestWindow(t *testing.T) {
	for seed := range uint64(200) {
		chance := rand.New(rand.NewPCG(seed, 1)) // the same every time, on purpose
		var told []int64
		w := newWindow(func(l line) error { told = append(told, l.number); return nil })
		count := chance.IntN(60)
		var in strings.Builder
		for range count {
			in.WriteString([]string{"nonsense\n", "{}\n", `{"plain":{"title":"x"}}` + "\n"}[chance.IntN(3)])
		}
		go w.fill(&lineReader{in: strings.NewReader(in.String()), schema: bulkSchema(t)})
		for w.wait() {
			turn, left := w.again(), chance.IntN(10)
			for ; left > 0; left-- {
				ahead := 1 + chance.IntN(3) // sent before the next answer
				for range ahead {
					if _, ok := w.next(turn); !ok {
						break
					}
				}
				l, ok := w.oldest()
				if !ok {
					break
				}
				w.mu.Lock()
				told = append(told, l.number)
				w.mu.Unlock()
				w.forget()
			}
		}
		if len(told) != count || !slices.IsSorted(told) || len(slices.Compact(slices.Clone(told))) != count {
			t.Fatalf("seed %d: %d lines told as %v", seed, count, told)
		}
		if w.failure() != nil || w.unanswered() != 0 {
			t.Fatalf("seed %d: %v, %d left", seed, w.failure(), w.unanswered())
		}
	}
}

// A window holds no more than its bounds, and lets its reader go when nobody wants the lines any more.
func TestWindowIsBounded(t *testing.T) {
	w := newWindow(func(line) error { return nil })
	big := `{"plain":{"title":"` + strings.Repeat("x", 200<<10) + `"}}` + "\n"
	filled := make(chan struct{})
	go func() {
		defer close(filled)
		w.fill(&lineReader{in: strings.NewReader(strings.Repeat(big, 300)), schema: bulkSchema(t)})
	}()
	turn := w.again()
	for range 50 {
		if _, ok := w.next(turn); !ok {
			t.Fatal("no more lines")
		}
	}
	w.giveUp()
	<-filled
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bytes > windowBytes || len(w.lines) > windowBytes/len(big)+1 {
		t.Errorf("%d lines, %d bytes", len(w.lines), w.bytes)
	}
}

// broken is an input that fails in the middle.
type broken struct{ text io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.text.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("the disk is gone")
	}
	return n, err
}

// An input that fails in the middle is told after everything before it was answered.
func TestBrokenInput(t *testing.T) {
	s := newScript(t)
	hub := &bulkHub{}
	s.bulk = hub.serve
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"item", "import", "-"}, broken{strings.NewReader(drafts(5))}, &out, &errs, s.env)
	if code != exitFailure || !strings.Contains(errs.String(), "5 lines: 5 accepted") || !strings.Contains(errs.String(), "the disk is gone") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

// The state of an import has a bar where the size of the input is known.
func TestState(t *testing.T) {
	c := &tally{}
	c.taken.Store(50)
	c.turned.Store(2)
	if got, want := c.state(2*time.Second), "52 answered, 2 refused, 26 a second "; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	c.size.Store(1000)
	c.bytes.Store(500)
	if got, want := c.state(2*time.Second), "[############............]  50%  52 answered, 2 refused, 26 a second "; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	c.bytes.Store(2000)
	if got := c.state(0); !strings.HasPrefix(got, "[########################] 100%") {
		t.Errorf("%q", got)
	}
}

// No line makes the reader fail, and what is read as a row is one.
func FuzzRow(f *testing.F) {
	for _, text := range []string{`{"plain":{"title":"x"}}`, `{"draft":{"plain":{}},"etag":"e"}`, `{"line":1,"row":{"plain":{}}}`, `{"line":1,"row":{"line":2,"row":3}}`, `[]`, `null`, `{"draft":null}`, "\xff"} {
		f.Add([]byte(text))
	}
	schema := (&ententev1.BulkSubmitIntelligenceItemsRequest{}).ProtoReflect().Type()
	f.Fuzz(func(t *testing.T, text []byte) {
		text = unwrap(text)
		m, err := rowOf(schema, text, "id")
		if err != nil {
			return
		}
		r, ok := m.(*ententev1.BulkSubmitIntelligenceItemsRequest)
		if !ok || r.GetRow() == nil {
			t.Errorf("%q is read as %v", text, m)
		}
		if r.GetRow().GetRequestId() == "" && r.GetRow().GetDraft().GetOriginatorReference() == "" && !bytes.Contains(text, []byte("request")) {
			t.Errorf("%q cannot be recognised when it is sent again", text)
		}
	})
}
