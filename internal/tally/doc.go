// Package tally adds up what seizure reports say of assets. It is pure: reports
// go in, a summary comes out, and who may see which report has been decided
// before.
//
// An asset counts once, at the stage of its last step that is not void. It can
// have many values: of each basis (face, market estimate, appraisal, realised)
// one counts, the latest. So neither a later step nor a second appraisal makes an
// asset worth more than it is, and what voided steps said is forgotten. Sums of
// different bases and currencies stay apart. Across currencies they are added up
// only by a table that the caller brings; then a converted sum stands beside the
// others, under the name and the day of the table.
//
// All numbers are integers of any size, billionths of a unit: nothing is rounded.
package tally
