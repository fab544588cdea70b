// Package testnet is a hub with agencies around it on the loopback interface, for
// plays, harnesses and benchmarks: everything is real (keyring, file, journal,
// mutual TLS, sockets), and everything is thrown away.
//
// A [PKI] is the operator's authority and one for each agency; two nets may share
// one, so that what certificates show is the same in both. A [Net] is one hub;
// agencies are enrolled through its API.
package testnet
