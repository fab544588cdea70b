// Package house holds the rules of the repository that no compiler and no
// general linter knows: which room may import which, who may know gRPC and the
// store, what the pure rooms must not touch, how large a file may grow and what
// must never stand in the tree.
//
// A rule is a function from a Tree to complaints. The test of this package runs
// all of them over the repository, and each of them over small trees that break
// it, so that a rule cannot quietly stop finding anything.
//
// A complaint says which file breaks which rule and what to do. To add a room,
// give it a row in rooms with the rooms that it stands on.
package house
