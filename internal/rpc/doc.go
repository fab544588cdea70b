// Package rpc is the edge: the only room that knows gRPC.
//
// It turns the use cases of exchange into the services of entente.v1 and adds
// what every call needs, whatever it asks for. One list of layers (see layers)
// makes the chain of unary calls and streams alike, outermost first:
//
//	measure    counts and durations by method and code, nothing else as a label
//	translate  a fault becomes a status: once, here; what is ours is logged here
//	recover    a panic is an Internal failure of one call, counted and translated
//	           like any other, and not the end of the hub
//	identify   connection → identity.Verifier.Caller, on each call
//	gate       the right that the method declares; what declares none is refused
//	charge     the budget of the agency for the class of the call
//	guard      streams only: runs the stream on a goroutine of its own, judges the
//	           caller again at each change of trust, ends what does not read, what
//	           does not write and what is too old
//
// The caller is judged once more before every message of a stream, and before the
// answer of a read.
//
// Only behind the layers is the body of a request read: the chain runs in front of
// the decoder, not behind it (see register). Decoding (see schema) refuses unknown
// fields, text that is not UTF-8 and nesting deeper than 64, takes the accepted
// bytes of a content before anything interprets them, and hands the message to
// the rules of its shape. So the order of decisions is: identity, right, budget,
// shape; visibility, ETag and domain are decided behind the door, by exchange.
//
// The connection is guarded before there is any call: a door bounds connections
// and unfinished handshakes, the handshake is identity's, and each identity and
// each agency has a bounded number of connections and of calls in flight. There
// are two doors. The second has larger windows and serves bulk streams alone.
//
// A bulk stream is a pipeline: rows are read, prepared several at once, handed to
// the journal in order and answered in order, so many at a time. What is wrong
// with a row is the answer to that row.
//
// Nothing here decides who may see what, and no text that came from outside is
// ever part of an answer.
package rpc
