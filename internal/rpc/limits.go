package rpc

import (
	"errors"
	"fmt"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Limits are what the edge allows. DefaultLimits gives the figures that the hub
// is tested with; none of them may be zero.
type Limits struct {
	// Main and Bulk bound the two listeners.
	Main, Bulk Door
	// Budgets are what an agency may spend.
	Budgets Rates

	// HandshakeTimeout ends a connection that has not become a caller.
	HandshakeTimeout time.Duration
	// HandshakesPerSource bounds the unfinished handshakes of one network address,
	// and Handshakes those of one listener.
	HandshakesPerSource, Handshakes int
	// StreamsPerIdentity bounds the calls in flight of one certificate identity, over
	// all its connections to one listener.
	StreamsPerIdentity int

	// MessageBytes bounds a request, after decompression; AnswerBytes an answer.
	MessageBytes, AnswerBytes int
	// HeaderBytes bounds the header list of a call.
	HeaderBytes int

	// Deadline is that of a unary call that states none; MaxDeadline caps those
	// that do.
	Deadline, MaxDeadline time.Duration
	// Stall is how long a message may wait for a reader that does not read.
	Stall time.Duration
	// Silence is how long a stream may leave the hub waiting for the next message.
	Silence time.Duration

	// Idle ends a connection without calls, Keepalive is how often a silent
	// connection is asked whether it lives, KeepaliveTimeout how long it has to
	// answer, and KeepaliveFloor how often a client may ask the hub.
	Idle, Keepalive, KeepaliveTimeout, KeepaliveFloor time.Duration
	// Grace is what a connection that has come of age leaves to its calls.
	Grace time.Duration

	// BulkRows and BulkBytes bound the rows of one bulk stream that are not
	// answered yet, and BulkMemory what the rows of all streams that are not settled
	// take up together.
	BulkRows, BulkBytes, BulkMemory int
}

// Door bounds one listener.
type Door struct {
	// Connections, PerIdentity and PerAgency bound the connections open at once.
	Connections, PerIdentity, PerAgency int
	// Streams bounds the calls in flight on one connection.
	Streams uint32
	// StreamWindow and ConnectionWindow are the flow-control windows, in bytes;
	// they do not grow.
	StreamWindow, ConnectionWindow int32
	// Age is how long a connection may live.
	Age time.Duration
}

// Rates are the budgets of an agency: each for its own class of calls.
type Rates struct {
	Reads, Writes, Rows, Reserved Rate
}

// Rate is a token bucket: so many a second, and at most Burst saved up.
type Rate struct {
	PerSecond float64
	Burst     int
}

// DefaultLimits are those of a hub between partners who are a quarter of a second
// away: small windows for calls, large ones for bulk.
func DefaultLimits() Limits {
	return Limits{
		Main: Door{Connections: 1024, PerIdentity: 8, PerAgency: 64, Streams: 100, StreamWindow: 64 << 10, ConnectionWindow: 1 << 20, Age: time.Hour},
		Bulk: Door{Connections: 128, PerIdentity: 2, PerAgency: 2, Streams: 4, StreamWindow: 1 << 20, ConnectionWindow: 4 << 20, Age: 6 * time.Hour},
		Budgets: Rates{
			Reads: perSecond(2000), Writes: perSecond(1000), Rows: perSecond(10_000), Reserved: perSecond(50),
		},
		HandshakeTimeout: 5 * time.Second, HandshakesPerSource: 32, Handshakes: 256, StreamsPerIdentity: 200,
		MessageBytes: 1 << 20, AnswerBytes: 4 << 20, HeaderBytes: 16 << 10,
		Deadline: 30 * time.Second, MaxDeadline: time.Minute, Stall: time.Minute, Silence: 5 * time.Minute,
		Idle: 5 * time.Minute, Keepalive: 30 * time.Second, KeepaliveTimeout: 10 * time.Second, KeepaliveFloor: 20 * time.Second,
		Grace: 30 * time.Second, BulkRows: 512, BulkBytes: 4 << 20, BulkMemory: 16 << 20,
	}
}

// perSecond saves up two seconds.
func perSecond(n int) Rate { return Rate{PerSecond: float64(n), Burst: 2 * n} }

// Check says what is wrong with the limits, or nil.
func (l Limits) Check() error {
	positive := map[string]bool{
		"handshake timeout": l.HandshakeTimeout > 0, "handshakes per source": l.HandshakesPerSource > 0, "handshakes": l.Handshakes > 0,
		"streams per identity": l.StreamsPerIdentity > 0, "message bytes": l.MessageBytes > 0, "answer bytes": l.AnswerBytes > 0,
		"header bytes": l.HeaderBytes > 0, "deadline": l.Deadline > 0, "max deadline": l.MaxDeadline >= l.Deadline, "stall": l.Stall > 0,
		"silence": l.Silence > 0, "idle": l.Idle > 0, "keepalive": l.Keepalive > 0, "keepalive timeout": l.KeepaliveTimeout > 0,
		"keepalive floor": l.KeepaliveFloor > 0, "grace": l.Grace > 0, "bulk rows": l.BulkRows > 0, "bulk bytes": l.BulkBytes >= l.MessageBytes,
		"bulk memory": int64(l.BulkMemory) >= weight(int64(l.MessageBytes)),
	}
	var errs []error
	for name, ok := range positive {
		if !ok {
			errs = append(errs, fmt.Errorf("rpc: the limit %q is too low", name))
		}
	}
	return errors.Join(append(errs, l.Main.check("main"), l.Bulk.check("bulk"), l.Budgets.check())...)
}

func (d Door) check(name string) error {
	if d.Connections <= 0 || d.PerIdentity <= 0 || d.PerAgency <= 0 || d.Streams == 0 || d.StreamWindow < 65535 || d.ConnectionWindow < d.StreamWindow || d.Age <= 0 {
		return fmt.Errorf("rpc: a limit of the %s listener is too low; windows begin at 64 KiB", name)
	}
	return nil
}

func (r Rates) check() error {
	for _, rate := range []Rate{r.Reads, r.Writes, r.Rows, r.Reserved} {
		if rate.PerSecond <= 0 || rate.Burst < 1 {
			return errors.New("rpc: a budget that allows no call")
		}
	}
	return nil
}

// Wire is what WhoAmI tells of the limits; quotas are added call by call.
func (l Limits) Wire() *ententev1.Limits {
	return &ententev1.Limits{
		MaxMessageBytes: int32(l.MessageBytes), MaxContentBytes: maxContent, MaxPageSize: maxPage,
		MaxConnections: int32(l.Main.PerIdentity), MaxStreams: int32(l.StreamsPerIdentity),
	}
}

// The largest content and page, as the rules in the proto files have them.
const (
	maxContent = 256 << 10
	maxPage    = 200
)
