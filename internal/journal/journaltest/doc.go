// Package journaltest is what every engine of the journal must pass, and what proves that the tests can fail.
//
// [Run] is the suite: it takes an [Opener] and puts the engine between many callers and a [Store], an applier with a real file. What it asks for is
// what package journal promises: order, group commit without a fixed delay, entries within their limits, a bad command that spoils none of its
// neighbours, refusals as outcomes, urgent commands on a full hub, back-pressure, contexts that neither lose nor double, and a Close that drains.
//
// [Hasty] is an engine that breaks the first promise: it acknowledges submits before they are durable. Tests that kill a hub are run with it
// once, to show that they would notice.
package journaltest
