package rpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// An attack keeps at it until the connection fails or ctx ends. It is run by
// several attackers at once, each again and again.
type attack func(ctx context.Context, w *world, config *tls.Config) error

// readCall is a call whose body the hub wants to read.
const readCall = ententev1.IntelligenceService_GetIntelligenceItem_FullMethodName

// attacks are those of THREATS D1 that go against the edge.
func attacks() map[string]attack {
	return map[string]attack{
		"rapid reset": withRaw(func(r *raw) error {
			id, err := r.open(r.fields(whoAmI), false)
			if err != nil {
				return err
			}
			return r.framer.WriteRSTStream(id, http2.ErrCodeCancel)
		}),
		"one-byte data":   dripping,
		"endless streams": withRaw(func(r *raw) error { _, err := r.open(r.fields(readCall, large()), false); return err }),
		"continuation":    continuation,
		"ping":            withRaw(func(r *raw) error { return r.framer.WritePing(false, [8]byte{1}) }),
		"settings": withRaw(func(r *raw) error {
			return r.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1})
		}),
		"window updates": withRaw(func(r *raw) error { return r.framer.WriteWindowUpdate(0, 1) }),
		"priorities": withRaw(func(r *raw) error {
			return r.framer.WritePriority(1, http2.PriorityParam{StreamDep: 3})
		}),
		"last byte never sent": unfinished,
		"metadata of 16 MiB":   hugeHeaders,
		"slow headers":         slowHeaders,
		"handshake flood":      handshakes,
		"slow handshakes":      slowHandshakes,
		"idle connections":     idleConnections,
		"gzip bomb":            bombs,
		"tiny calls":           tinyCalls,
		"no end to unknown methods": withRaw(func(r *raw) error {
			_, err := r.open(r.fields("/canary"+strconv.Itoa(int(r.next))+".S/M"), true)
			return err
		}),
	}
}

func large() hpack.HeaderField {
	return hpack.HeaderField{Name: "x-large", Value: strings.Repeat("v", 4000)}
}

// withRaw repeats one step on one connection.
func withRaw(step func(*raw) error) attack {
	return func(ctx context.Context, w *world, config *tls.Config) error {
		r, err := connectRaw(w.main, config)
		if err != nil {
			return err
		}
		defer r.conn.Close()
		go r.swallow()
		for ctx.Err() == nil {
			_ = r.conn.SetWriteDeadline(time.Now().Add(time.Second))
			if err := step(r); err != nil {
				return err
			}
		}
		return nil
	}
}

// dripping sends messages of a megabyte in frames of a byte, on a hundred streams.
func dripping(ctx context.Context, w *world, config *tls.Config) error {
	var streams []uint32
	turn := 0
	return withRaw(func(r *raw) error {
		if len(streams) < 100 {
			id, err := r.open(r.fields(readCall), false)
			if err != nil {
				return err
			}
			streams = append(streams, id)
			return r.framer.WriteData(id, false, framed(false, 1<<20-10, nil))
		}
		turn++
		return r.framer.WriteData(streams[turn%len(streams)], false, []byte{0})
	})(ctx, w, config)
}

// continuation never ends a header block.
func continuation(ctx context.Context, w *world, config *tls.Config) error {
	begun := false
	return withRaw(func(r *raw) error {
		block := r.encoded([]hpack.HeaderField{large()})
		if !begun {
			begun = true
			return r.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: r.fields(whoAmI)})
		}
		return r.framer.WriteContinuation(1, false, block)
	})(ctx, w, config)
}

// hugeHeaders ends its block after 16 MiB.
func hugeHeaders(ctx context.Context, w *world, config *tls.Config) error {
	frames := 0
	return withRaw(func(r *raw) error {
		defer func() { frames++ }()
		id := uint32(1 + 2*(frames/4200))
		if frames%4200 == 0 {
			return r.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: r.fields(whoAmI)})
		}
		return r.framer.WriteContinuation(id, frames%4200 == 4199, r.encoded([]hpack.HeaderField{large()}))
	})(ctx, w, config)
}

// unfinished leaves out the last byte of a large message, a hundred times.
func unfinished(ctx context.Context, w *world, config *tls.Config) error {
	body := make([]byte, 60<<10)
	n := 0
	return withRaw(func(r *raw) error {
		if n++; n > 100 {
			<-ctx.Done()
			return nil
		}
		id, err := r.open(r.fields(readCall), false)
		if err != nil {
			return err
		}
		return r.framer.WriteData(id, false, framed(false, len(body)+1, body)[:16<<10])
	})(ctx, w, config)
}

// slowHeaders sends the greeting a byte at a time.
func slowHeaders(ctx context.Context, w *world, config *tls.Config) error {
	tcp, err := net.Dial("tcp", w.main)
	if err != nil {
		return err
	}
	defer tcp.Close()
	conn := tls.Client(tcp, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	for _, b := range []byte(http2.ClientPreface) {
		if _, err := conn.Write([]byte{b}); err != nil {
			return err
		}
		if !pause(ctx, 300*time.Millisecond) {
			return nil
		}
	}
	return nil
}

// handshakes begins with garbage, as fast as it can.
func handshakes(_ context.Context, w *world, _ *tls.Config) error {
	tcp, err := net.Dial("tcp", w.main)
	if err != nil {
		return err
	}
	defer tcp.Close()
	_, err = tcp.Write(bytes.Repeat([]byte{0x16, 3, 1}, 100))
	return err
}

// slowHandshakes connects and says nothing.
func slowHandshakes(ctx context.Context, w *world, _ *tls.Config) error {
	return holdMany(ctx, 100, func() (io.Closer, error) { return net.Dial("tcp", w.main) })
}

// idleConnections greets and says nothing more.
func idleConnections(ctx context.Context, w *world, config *tls.Config) error {
	return holdMany(ctx, 100, func() (io.Closer, error) {
		r, err := connectRaw(w.main, config)
		if err != nil {
			return nil, err
		}
		return r.conn, nil
	})
}

func holdMany(ctx context.Context, n int, open func() (io.Closer, error)) error {
	var held []io.Closer
	defer func() {
		for _, c := range held {
			_ = c.Close()
		}
	}()
	for range n {
		c, err := open()
		if err != nil {
			return err
		}
		held = append(held, c)
	}
	pause(ctx, time.Second)
	return nil
}

// bombs sends a megabyte that unpacks to a gigabyte.
func bombs(ctx context.Context, w *world, config *tls.Config) error {
	bomb := theBomb()
	r, err := connectRaw(w.main, config)
	if err != nil {
		return err
	}
	defer r.conn.Close()
	for ctx.Err() == nil {
		id, err := r.open(r.fields(readCall, hpack.HeaderField{Name: "grpc-encoding", Value: "gzip"}), false)
		if err != nil {
			return err
		}
		message := framed(true, len(bomb), bomb)
		for len(message) > 0 { // within the first window: what comes then decides
			n := min(len(message), 16<<10)
			if err := r.framer.WriteData(id, n == len(message), message[:n]); err != nil {
				return err
			}
			message = message[n:]
		}
		if o := r.outcome(id); o.reset {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// theBomb is 60 KB that unpack to 60 MB; it fits the window and not the limit.
var theBomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 60 {
		_, _ = z.Write(zeros) // a bytes.Buffer takes everything
	}
	_ = z.Close()
	return b.Bytes()
})

// tinyCalls makes good calls, as many as it can.
func tinyCalls(ctx context.Context, w *world, config *tls.Config) error {
	r, err := connectRaw(w.main, config)
	if err != nil {
		return err
	}
	defer r.conn.Close()
	go r.swallow()
	for ctx.Err() == nil {
		_ = r.conn.SetWriteDeadline(time.Now().Add(time.Second))
		id, err := r.open(r.fields(whoAmI), false)
		if err == nil {
			err = r.framer.WriteData(id, true, framed(false, 0, nil))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// harm is what an attack did to the others.
type harm struct {
	calls, failed int
	p99           time.Duration
	peak          uint64 // resident bytes of hub and attackers together
	connections   int64  // that the attackers opened
}

// underAttack runs an attack as France while Italy works.
func underAttack(t *testing.T, w *world, a attack, attackers int, length time.Duration) harm {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	var crowd sync.WaitGroup
	var rounds atomic.Int64
	config := w.config("fr.example", "/gateway")
	for range attackers {
		crowd.Go(func() {
			for ctx.Err() == nil {
				rounds.Add(1)
				if a(ctx, w, config) != nil {
					pause(ctx, time.Millisecond)
				}
			}
		})
	}
	h := work(ctx, w.dial("it.example", "/gateway"))
	crowd.Wait()
	h.connections = rounds.Load()
	return h
}

// work makes a good call every ten milliseconds until ctx ends.
func work(ctx context.Context, conn *grpc.ClientConn) (h harm) {
	client := ententev1.NewAgencyServiceClient(conn)
	var took []time.Duration
	for ctx.Err() == nil {
		begun := time.Now()
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		_, err := client.WhoAmI(limited, new(ententev1.WhoAmIRequest), grpc.WaitForReady(true))
		cancel()
		took = append(took, time.Since(begun))
		h.calls++
		if err != nil {
			h.failed++
		}
		h.peak = max(h.peak, resident())
		pause(ctx, 10*time.Millisecond)
	}
	slices.Sort(took)
	h.p99 = took[len(took)*99/100]
	return h
}

// resident is the process's memory, 0 where the system does not tell.
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var total, pages uint64
	if _, err := fmt.Sscan(string(text), &total, &pages); err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

func (h harm) String() string {
	return fmt.Sprintf("%d calls, %d failed, p99 %v, peak %d MiB, %d rounds", h.calls, h.failed, h.p99.Round(time.Millisecond), h.peak>>20, h.connections)
}

// Every attack, for as long as there is time for: nobody else's call fails, and
// when it is over nothing is left of it.
func TestAttacks(t *testing.T) {
	for name, a := range attacks() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, setup{hub: &hubStub{}, limits: func(l *Limits) { l.HandshakeTimeout = attackHandshake; l.Silence = attackLength }})
			if err := askWho(w); err != nil {
				t.Fatal(err)
			}
			base := runtime.NumGoroutine()
			h := underAttack(t, w, a, 4, attackLength)
			t.Log(h)
			if h.failed > 0 || h.calls == 0 {
				t.Errorf("the others: %v", h)
			}
			h.judge(t)
			w.eventually(func() bool {
				return w.server.main.door.identity.count("fr-police/gateway") == 0 && w.server.main.door.waiting.count(everyone) == 0 &&
					w.metric("entente_rpc_calls_in_flight", nil) == 0 && runtime.NumGoroutine() <= base+10
			})
		})
	}
}

func askWho(w *world) error {
	_, err := ententev1.NewAgencyServiceClient(w.dial("it.example", "/gateway")).WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest))
	return err
}
