// Package view is what applying the journal yields: records, terms, inboxes, consultations, agencies and groups, in one bbolt file.
//
// # What lies in the file
//
// All integers in keys are big endian, so that keys sort by number.
//
//	bucket         key                               value
//	hub            "state"                           HubState
//	position       "state"                           Position            not contents
//	journal        entry 8 | piece 4                 a sealed Entry, cut  not contents; cut at the old end
//	agencies       agency ordinal 4                  AgencyState
//	groups         group ordinal 4                   GroupState
//	records        number 8 | part 1 | version 4     a part of a record, see Part
//	keys           number 8                          wrapped record key  not contents; purge destroys it
//	uids           uid 16                            number 8
//	references     agency ordinal 4 | key 16         number 8
//	requests       agency ordinal 4 | hash 16        OutcomeState
//	expiry         micros 8 | ordinal 8              key of the request that expires then
//	inboxes        inbox ordinal 4 | number 8        up to 32 neighbouring rows under the first one's number, packed, see Row
//	readerships    agency ordinal 4 | number 8       the same, see Reading
//	consultations  agency ordinal 4 | number 8       ConsultationState
//	tiles          log id 16 | tile 8 | piece 1      32 of a tile's 256 leaf hashes
//	index          "state", or number 8              what the index keeps on disk; not contents
//	budgets        agency ordinal 4 | kind 4         day 8 | identifiers checked on it 8
//	allowances     agency ordinal 4, kind 4, or 0s   identifiers a day 8, see Budget
//	checks         agency ordinal 4 | number 8       CheckState, of the consultation of the same number
//	followups      agency 4 | record 8 | number 8    a check led to the record, which its agency has not read since
//	seen           record 8                          another agency has read what might have been bait
//	hitpools       owner ordinal 4 | day 4           HitPool
//	hitsdue        day 4 | owner ordinal 4           the pool is still to be told
//	benign         keyed hash 8                      BenignState
//	standing       "q", "d", "u", "c", "a", "n"      standing queries, and what an agency's come to, see keys
//	awaiting       ordinal of the change 8           a record that changed and has not been looked at again
//	histories      inbox ordinal 4 | owner 4         records loaded as history, and not yet told of
//	deferred       owner ordinal 4 | place 8         a record that waits for a budget before it is compared
//	comparisons    place 8                           a record that is to be compared with those of others
//	meetings       later record 8 | part 4           what has been told of it and of earlier records
//	tails          kind 1 | owner 4; log id 16       the unfinished end of a log: its last rows; their leaves
//	layout         "state"                           how many of the buckets that later builds added the file has, one byte, no frame
//
// Every value is a keyring frame: format, codec, key id, checksum, payload. The parts of a record that hold content are sealed under
// the record's own key, before the command is made; all else that tells something is sealed under the STORAGE secret; rows, numbers,
// tiles and tails are clear. The place that a frame is bound to is bucket and key; for parts sealed before the record has a number it is
// "record" and uid | part | version.
//
// # Who writes
//
// Apply alone writes, called by the journal from one goroutine. One entry is one transaction: entry, effects, leaf hashes and position
// commit together or not at all. Inside there is no clock, no randomness and no map order, so a replay in other batches gives the same
// [View.ContentsHash].
//
// # Who reads
//
// [View.Read] gives a [Snapshot]: a read transaction with the roster and the index of the same moment. Records come out of a snapshot only
// through functions that take a policy.Reader. Nothing read may be kept beyond the snapshot, and no snapshot may be held while sending.
package view
