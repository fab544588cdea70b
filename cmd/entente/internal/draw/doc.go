// Package draw makes pictures of what the client was told: bars and graphs, as
// text for a terminal and as SVG for a report. It knows nothing of the API and
// nothing of where the picture goes. The same input gives the same bytes.
//
// SVG is written whole here, without scripts, styles or links to anything
// outside: a file that people can send on. Every text is escaped.
package draw
