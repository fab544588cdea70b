// Package fault is the closed set of ways in which the hub can fail.
//
// Every room below rpc answers with a *Fault or wraps one; rpc turns it into a
// status once, at the edge. A Fault has two sides. The outer side (kind,
// reason, message, violations, retry, quota, metadata) is what a caller is
// told: fixed texts that say what to do next, never a value that came from
// outside and never who would have been allowed. The inner side is the error
// that it wraps: for the log, never for the wire. Error prints the outer side
// only, so that a careless err.Error() cannot leak the inner one.
//
// The package is pure: no I/O, no clock, no randomness.
package fault
