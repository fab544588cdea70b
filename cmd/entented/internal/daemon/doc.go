// Package daemon is a running hub: it joins the rooms, in an order that never
// lets anything be answered before it can be kept.
//
//	keys → certificate → trust → view → journal → hub → edge → listeners
//
// [Open] does all of that and answers nobody yet; [Daemon.Run] answers until it is
// told to stop, and then ends everything in the opposite order: no new call, calls
// in flight finish within the grace, the journal commits what it has taken, the
// file is closed.
//
// Beside the two listeners for partners there is the admin listener, with what an
// operator watches: /livez, /readyz, /status, /metrics and /debug/pprof. On a
// loopback address it needs no certificate; on any other it admits the operator's
// alone. None of it, and no line of the log, ever holds a record's content.
//
// The hub's clock decides when certificates end, so a clock that jumped stops the
// hub until somebody has looked: see [CheckClock].
package daemon
