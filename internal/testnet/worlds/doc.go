// Package worlds proves that what a caller may not see does not exist for it. It
// runs two hubs that share everything but some hidden records, drives them with
// the same calls of the same callers, over every RPC that reflection names, and
// compares what comes back byte by byte.
//
// Time, ids, salts and secrets come from sources that are keyed by agency and
// request_id, so that the hidden records shift nothing by themselves. Fields with
// the opaque option are compared by length and then followed: each world's own
// page token asks for each world's next page.
//
// A new RPC fails until [Rows] has a row for it. The leaks of the test file show
// that the harness finds what it looks for.
package worlds
