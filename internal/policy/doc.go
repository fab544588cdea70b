// Package policy decides who may see what: pure functions from a reader, a
// record and the memberships of one moment to a verdict.
//
// Every decision of the hub is made here, for every row and every event, early
// by exchange and again by the view when a command is applied. The package does
// no I/O, looks at no clock and draws no random numbers, so a replay decides as
// the first time.
//
// # Who may read
//
// The originator's agency reads its own records, also recalled ones, unless the
// release names units of its own: then only those. Anybody else reads a record
// that is in force, is addressed to it, and is not kept from its country:
//
//   - a named officer, by an officer's certificate;
//   - a named unit, by a certificate bound to it;
//   - a named agency, but not under TLP:RED;
//   - a member of a named group, or a partner where it says all: in standing
//     when the release first named it and now; but neither under TLP:RED nor
//     where the content speaks of protected persons.
//
// Whoever may read, may for the purposes that the release permits; the originator
// is not bound by its own list. Nobody reads about protected persons for returns.
// Restrictions add up: each can only take readers away. Existence and hit
// audience have no say here.
//
// # The index and the inboxes follow
//
// [RecordTerms] and [ReaderTerms] say the same in terms, so that the index
// intersects visibility instead of filtering; [Addressees] and [Holders] say it
// in inboxes. Properties in the tests hold them together.
package policy
