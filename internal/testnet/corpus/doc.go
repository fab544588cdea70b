// Package corpus makes up records as thirteen agencies would submit them: the
// same for the same seed and number, on every machine. Benchmarks and
// comparisons load it, so that their figures mean the same.
//
// An item takes about 2 KB: some 230 words, as unevenly spread as words are
// and in one of seven languages; a person with a name in the script of whoever
// writes; eight identifiers; two places on a coast; two hours of the years 2020
// to 2025. Of each record's identifiers some are its own and the others recur,
// across agencies, with four or five records a value; one record in 200 also
// names a telephone number that very many share. 60 of 100 records are released
// to one or two named agencies, the rest to all. One record in 50 is a report of
// a seizure.
//
// Nothing in it is real: words beyond the most common are made of syllables,
// and numbers are drawn by chance.
package corpus
