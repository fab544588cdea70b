// Package identifier understands the identifiers that a record carries: it
// brings a value into the one form in which the hub compares it, and says
// whether the value's own check digit or rule holds.
//
// # Refused or flagged
//
// A value that cannot be what it claims to be (an IBAN with an asterisk in it)
// is *Malformed, and the hub refuses the record. A value that has the right
// shape and fails its check is kept: a cloned IMEI, a ground-off hull plate or
// a forged passport is the evidence itself. It comes back as a Finding with
// CHECK_STATUS_FAILED and a code that says which check failed. Payment cards
// are the one exception, see Card.
//
// # Statuses
//
//   - PASSED: the type has a check or a rule beyond its shape, and it holds.
//   - FAILED: it does not hold; Codes say which.
//   - NOT_APPLICABLE: values of this kind carry no check.
//   - UNVERIFIABLE: a check exists, but not on what was given (a masked card
//     number, an address on a network that the hub does not know).
//
// # Comparing
//
// Two identifiers are the same thing if one of {Normalized, Keys...} of the
// first, each in its namespace, is among those of the second. SplitKey tells
// the namespace of a key.
//
// The package is pure: no I/O, no clock, no randomness, no state. Work is
// bounded: values above maxLength bytes are refused unread. Errors never hold
// the value. The tables of countries, currencies, ship radio prefixes and bank
// account lengths are as of November 2026; phone numbering plans and public
// suffixes come from libraries and change with their versions, so what the hub
// decided must be stored, not worked out again.
package identifier
