package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// line is one line of the input, until it is answered.
type line struct {
	number  int64
	text    []byte
	message proto.Message
	local   *refusal // why it is not sent
}

// maxLine bounds a line, in bytes: an item has 256 KiB at most.
const maxLine = 1 << 20

// lineReader reads lines into messages.
type lineReader struct {
	in     io.Reader
	schema protoreflect.MessageType
	fresh  bool // give a row without a reference of its own an id, so that it can be sent again

	buffered *bufio.Reader
	number   int64
	run      string // what the ids of this import begin with
}

// next is the next line that is not empty; io.EOF after the last.
func (r *lineReader) next() (line, error) {
	if r.buffered == nil {
		r.buffered, r.run = bufio.NewReaderSize(r.in, 64<<10), "import-"+strings.ToLower(rand.Text())
	}
	for {
		text, whole, err := r.read()
		if err != nil {
			return line{}, err
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			return r.parse(text, whole), nil
		}
	}
}

// read reads one line, and says whether it is whole: of one that is too long only the beginning is kept.
func (r *lineReader) read() (text []byte, whole bool, err error) {
	r.number++
	whole = true
	for {
		part, err := r.buffered.ReadSlice('\n')
		if len(text)+len(part) <= maxLine {
			text = append(text, part...)
		} else {
			whole = false
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && (len(text) > 0 || !whole):
			return text, whole, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		}
	}
}

func (r *lineReader) parse(text []byte, whole bool) line {
	l := line{number: r.number, text: text}
	if !whole {
		l.text = text[:min(len(text), 256)]
		l.local = &refusal{Reason: "LINE_TOO_LONG", Message: "the line is longer than 1 MiB"}
		return l
	}
	l.text = unwrap(text)
	id := ""
	if r.fresh {
		id = fmt.Sprintf("%s-%d", r.run, l.number)
	}
	var err error
	if l.message, err = rowOf(r.schema, l.text, id); err != nil {
		l.local = &refusal{Reason: "LINE_MALFORMED", Message: err.Error()}
	}
	return l
}

// unwrap is the row in a line of the file of refused lines, and else the line.
func unwrap(text []byte) []byte {
	var wrapped struct {
		Line *int64          `json:"line"`
		Row  json.RawMessage `json:"row"`
	}
	if json.Unmarshal(text, &wrapped) != nil || wrapped.Line == nil || wrapped.Row == nil {
		return text
	}
	return wrapped.Row
}

// rowOf reads a row: a draft, or an object with draft, etag and requestId. A row that the hub could not recognise when it comes a second time gets the id.
func rowOf(schema protoreflect.MessageType, text []byte, id string) (proto.Message, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, errors.New("the line is no JSON object")
	}
	if object["draft"] == nil {
		object = map[string]json.RawMessage{"draft": text}
	}
	if id != "" && object["requestId"] == nil && object["request_id"] == nil && !hasReference(object["draft"]) {
		object["requestId"] = json.RawMessage(`"` + id + `"`)
	}
	row, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	m := schema.New().Interface()
	if err := protojson.Unmarshal(slices.Concat([]byte(`{"row":`), row, []byte("}")), m); err != nil {
		return nil, errors.New(misfit(schema.Descriptor().Fields().ByName("row").Message(), decoded(row), err))
	}
	return m, nil
}

// hasReference: the hub recognises the draft by the agency's own key.
func hasReference(draft []byte) bool {
	var keys struct {
		Camel string `json:"originatorReference"`
		Snake string `json:"originator_reference"`
	}
	return json.Unmarshal(draft, &keys) == nil && keys.Camel+keys.Snake != ""
}

// The bounds of a window: lines, and bytes of lines.
const (
	windowLines = 2000
	windowBytes = 16 << 20
)

// window holds the lines that were read and not answered, oldest first. One goroutine fills it, one sends from it, one
// takes away what is answered. Its first line is never one that is not sent: those are told as soon as it is their turn.
type window struct {
	refuse func(line) error // called in the order of the lines, one at a time

	mu      sync.Mutex
	changed *sync.Cond
	lines   []line
	sent    int // how many of them were sent in this turn
	bytes   int
	turn    int  // grows with each stream
	ended   bool // there are no more lines, or nobody wants them
	err     error
}

func newWindow(refuse func(line) error) *window {
	w := &window{refuse: refuse}
	w.changed = sync.NewCond(&w.mu)
	return w
}

// fill reads lines until there are no more or nobody wants them.
func (w *window) fill(r *lineReader) {
	for {
		l, err := r.next()
		if err != nil {
			w.end(err)
			return
		}
		if !w.put(l) {
			return
		}
	}
}

// put adds a line, when there is room; false when nobody wants it any more.
func (w *window) put(l line) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.ended && len(w.lines) > 0 && (len(w.lines) >= windowLines || w.bytes+len(l.text) > windowBytes) {
		w.changed.Wait()
	}
	if w.ended {
		return false
	}
	w.lines = append(w.lines, l)
	w.bytes += len(l.text)
	w.tell()
	w.changed.Broadcast()
	return true
}

// tell takes away the lines at the front that are not sent.
func (w *window) tell() {
	for len(w.lines) > 0 && w.lines[0].local != nil {
		if err := w.refuse(w.lines[0]); err != nil && w.err == nil {
			w.err = err
		}
		w.drop()
	}
}

func (w *window) drop() {
	w.bytes -= len(w.lines[0].text)
	w.lines[0] = line{}
	w.lines = w.lines[1:]
	w.sent = max(0, w.sent-1)
}

// end says that there are no more lines, and why if that is not because they are all read.
func (w *window) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended = true; !errors.Is(err, io.EOF) && w.err == nil {
		w.err = fmt.Errorf("the input: %w", err)
	}
	w.changed.Broadcast()
}

// giveUp lets go of whoever waits.
func (w *window) giveUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.turn++
	w.changed.Broadcast()
}

// again begins a turn, in which everything that is not answered is sent.
func (w *window) again() (turn int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.turn++
	w.sent = 0
	w.changed.Broadcast()
	return w.turn
}

// wait lets time pass until there is a line to send; false when there will be none.
func (w *window) wait() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.lines) == 0 && !w.ended {
		w.changed.Wait()
	}
	return len(w.lines) > 0
}

// next is the next message to send in a turn; false when there is none left, or the turn is over.
func (w *window) next(turn int) (proto.Message, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		switch {
		case w.turn != turn:
			return nil, false
		case w.sent < len(w.lines):
			l := w.lines[w.sent]
			w.sent++
			if l.local == nil {
				return l.message, true
			}
		case w.ended:
			return nil, false
		default:
			w.changed.Wait()
		}
	}
}

// oldest is the line that the next answer is to; false where none was sent.
func (w *window) oldest() (line, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sent == 0 {
		return line{}, false
	}
	return w.lines[0], true
}

// forget takes the oldest line away: it is answered.
func (w *window) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop()
	w.tell()
	w.changed.Broadcast()
}

// unanswered is how many lines wait for an answer.
func (w *window) unanswered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, l := range w.lines {
		if l.local == nil {
			n++
		}
	}
	return n
}

// failure is why reading ended early, or a refused line could not be written down.
func (w *window) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
