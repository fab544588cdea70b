package rpc

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// raw is an HTTP/2 client without manners: it writes whatever frames it is told.
type raw struct {
	conn   *tls.Conn
	framer *http2.Framer
	block  bytes.Buffer
	encode *hpack.Encoder
	next   uint32
}

// dialRaw connects as France and greets.
func dialRaw(t *testing.T, w *world, config *tls.Config) *raw {
	t.Helper()
	r, err := connectRaw(w.main, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.conn.Close() })
	return r
}

func connectRaw(addr string, config *tls.Config) (*raw, error) {
	tcp, err := net.DialTimeout("tcp", addr, time.Minute)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(tcp, config)
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if err := conn.Handshake(); err != nil {
		return nil, errors.Join(err, tcp.Close())
	}
	_ = conn.SetDeadline(time.Time{})
	r := &raw{conn: conn, framer: http2.NewFramer(conn, conn), next: 1}
	r.encode = hpack.NewEncoder(&r.block)
	r.encode.SetMaxDynamicTableSize(0) // streams may be refused out of order
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		return nil, errors.Join(err, tcp.Close())
	}
	return r, r.framer.WriteSettings()
}

// fields is the header block of a call, and more.
func (r *raw) fields(path string, more ...hpack.HeaderField) []byte {
	return r.encoded(append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "https"}, {Name: ":path", Value: path}, {Name: ":authority", Value: hubName},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...))
}

func (r *raw) encoded(fields []hpack.HeaderField) []byte {
	r.block.Reset()
	for _, f := range fields {
		_ = r.encode.WriteField(f) // a bytes.Buffer takes everything
	}
	return bytes.Clone(r.block.Bytes())
}

// open begins a call and returns its stream.
func (r *raw) open(block []byte, end bool) (uint32, error) {
	id := r.next
	r.next += 2
	return id, r.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block, EndStream: end, EndHeaders: true})
}

// framed is a gRPC message with its prefix.
func framed(packed bool, size int, body []byte) []byte {
	b := make([]byte, 5, 5+len(body))
	if packed {
		b[0] = 1
	}
	binary.BigEndian.PutUint32(b[1:], uint32(size))
	return append(b, body...)
}

// swallow reads everything until the connection ends.
func (r *raw) swallow() { _, _ = io.Copy(io.Discard, r.conn) }

// outcome is what became of a call: its trailers, or how it ended without any.
type outcome struct {
	status string // grpc-status, empty without one
	http   string // :status
	body   []byte
	reset  bool // the stream or the connection was closed instead
}

// outcome reads until the stream has ended.
func (r *raw) outcome(stream uint32) (o outcome) {
	_ = r.conn.SetReadDeadline(time.Now().Add(time.Minute))
	r.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	for {
		frame, err := r.framer.ReadFrame()
		if err != nil {
			o.reset = true
			return o
		}
		if frame.Header().StreamID != stream {
			continue
		}
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			for _, h := range f.Fields {
				switch h.Name {
				case "grpc-status":
					o.status = h.Value
				case ":status":
					o.http = h.Value
				}
			}
		case *http2.DataFrame:
			o.body = append(o.body, f.Data()...)
		case *http2.RSTStreamFrame:
			o.reset = o.status == ""
			return o
		}
		if frame.Header().Flags.Has(http2.FlagHeadersEndStream) {
			return o
		}
	}
}
