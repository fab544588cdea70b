// Package proofs holds the tests that show what a hub promises while things go
// wrong: a kill in the middle of its work, a disk without room, a recall in the
// middle of reads. It has no code of its own; docs/proofs.md lists what is shown
// where, here and in the other rooms.
//
// The hub that is killed runs in a process of its own: the test binary starts
// itself again. Everything else is as in package testnet, and real.
package proofs
