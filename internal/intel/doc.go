// Package intel holds the nouns of the hub: who is behind a call (Caller), and
// the validity of what partners hand over.
//
// The wire messages are the nouns; there is no second set of structs that
// mirrors them. What stands here is what the wire does not carry (the caller,
// who is worked out from a certificate) and the rules that a message must meet
// beyond its shape.
//
// The package is pure: no I/O, no clock, no randomness. It is below policy,
// view and exchange, and imports none of them.
package intel
