// Package rpc is the edge: the only room that knows gRPC.
//
// It turns the use cases of exchange into the services of entente.v1 and adds
// what every call needs, whatever it asks for. One list of layers (see layers)
// makes the unary and the stream chain, in this order:
//
//	recover    a panic is an Internal failure of one call, not the end of the hub
//	measure    counts and durations by method and code, nothing else as a label
//	translate  a fault becomes a status: once, here; what is ours is logged here
//	identify   connection → identity.Verifier.Caller, on each call
//	gate       the right that the method declares; what declares none is refused
//	charge     the budget of the agency for the class of the call
//	guard      streams only: judges again before each message and at each change
//	           of trust, ends what idles, what does not read and what is too old
//
// Only then is the body of a request read: the chain runs in front of the
// decoder, not behind it (see registrar). Decoding (see schema) refuses unknown
// fields, text that is not UTF-8 and nesting deeper than 64, takes the accepted
// bytes of a content before anything interprets them, and hands the message to
// the rules of its shape. So the order of decisions is: identity, right, budget,
// shape; visibility, ETag and domain are decided behind the door, by exchange.
//
// The connection is guarded before there is any call: a listener bounds
// connections and unfinished handshakes, the handshake is identity's, and each
// identity has a bounded number of connections and streams.
//
// Nothing here decides who may see what, and no text that came from outside is
// ever part of an answer.
package rpc
