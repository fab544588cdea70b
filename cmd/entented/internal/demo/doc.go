// Package demo shows a hub at work on one machine: a public-key infrastructure
// made for the occasion, an operator, thirteen agencies with an authority each, a
// hub on loopback, and a play in which they share, find, correct and recall.
//
// Everything goes through the API over mutual TLS, as a partner's own program
// would. Each step of the play is checked: what one agency may see, and what
// another must not. The names of agencies are invented, as is what they say.
package demo
