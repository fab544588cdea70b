package policy

// ChecksPerDay is how many identifiers of a kind an agency may check on a day
// where the operator has declared nothing else: what a busy desk looks up, and
// too few to try a country's telephone numbers one by one.
const ChecksPerDay = 10_000
