package exchange

import (
	"cmp"
	"context"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

const (
	// followUpDays is how old a check must be before it is listed as not followed up, where the request does not say.
	followUpDays = 7
	// repeatedAtLeast is how often a value must have been asked for before it is listed, where the request does not say.
	repeatedAtLeast = 3
	// repeatedPeriod is how far back repetitions are looked for, where the request does not say.
	repeatedPeriod = 30 * 24 * time.Hour
	// countedAtOnce is how many checks are counted for one answer, and valuesAtOnce how many values of them: a check may ask for a thousand.
	countedAtOnce = 20_000
	valuesAtOnce  = 200_000
	// officersNamed are named of those who asked for one value.
	officersNamed = 10
)

// ListUnfollowedChecks lists the checks of the caller's own agency that led to something of others, which nobody in it has read in full since.
func (h *Hub) ListUnfollowedChecks(ctx context.Context, call Call, req *ententev1.ListUnfollowedChecksRequest) (*ententev1.ListUnfollowedChecksResponse, error) {
	answer := new(ententev1.ListUnfollowedChecksResponse)
	next, err := h.backwards(ctx, call, req, func(r *reading, before uint64) (last uint64, more bool, err error) {
		answer.Checks = nil
		return r.unfollowed(req, before, answer)
	})
	if err != nil {
		return nil, err
	}
	answer.NextPageToken = next
	return answer, nil
}

func (r *reading) unfollowed(req *ententev1.ListUnfollowedChecksRequest, before uint64, answer *ententev1.ListUnfollowedChecksResponse) (last uint64, more bool, err error) {
	size, days := orDefault(req.GetPageSize(), defaultPage), orDefault(req.GetOlderThanDays(), followUpDays)
	own, scanned, filled := r.agency().GetOrdinal(), 0, 0
	if before == 0 {
		if before, err = r.ChecksUntil(own, r.Micros()-int64(days)*24*3600*1_000_000); err != nil {
			return 0, false, err
		}
	}
	err = r.Checks(own, before, func(number uint64, c *internalv1.CheckState) (bool, error) {
		if len(answer.GetChecks()) == size || filled > pageBytes/2 || scanned == scanAtMost { // a row is a third of the page at most, as its request was
			more = true
			return false, nil
		}
		scanned++
		last = number
		if c.GetFollowedMicros() != 0 || !slices.Contains(c.GetFacts().GetResults(), int32(ententev1.CheckResult_CHECK_RESULT_HIT)) {
			return true, nil
		}
		row, err := r.checkRow(own, number)
		if err == nil && len(row.GetAgencies()) > 0 { // who found its own has nothing to follow up
			answer.Checks = append(answer.Checks, row)
			filled += proto.Size(row)
		}
		return true, err
	})
	return last, more, err
}

func orDefault(given int32, otherwise int) int {
	if given == 0 {
		return otherwise
	}
	return int(given)
}

// checkRow is a check as the asking agency's supervisor sees it. What answered in silence is not in it.
func (r *reading) checkRow(own uint32, number uint64) (*ententev1.CheckRow, error) {
	check, c, err := r.Check(own, number)
	if err != nil {
		return nil, err
	}
	request, err := requestOfCheck(c)
	if err != nil {
		return nil, err
	}
	row := &ententev1.CheckRow{
		Consultation: int64(number), CheckTime: timestamp(check.GetMicros()), Officer: c.GetJustification().GetOfficer(),
		CaseReference: c.GetJustification().GetCaseReference(), IdentifierCount: int32(len(request.GetIdentifiers())), Handle: r.h.handle(own, number),
	}
	for i, result := range check.GetFacts().GetResults() {
		if ententev1.CheckResult(result) == ententev1.CheckResult_CHECK_RESULT_HIT {
			row.Identifiers = append(row.Identifiers, request.GetIdentifiers()[i])
		}
	}
	var owners []uint32
	for _, shown := range c.GetConsult().GetRecords() {
		owners = append(owners, shown.GetOwner())
	}
	for _, hit := range check.GetFacts().GetHits() {
		if !hit.GetSilent() {
			owners = append(owners, hit.GetOwner())
		}
	}
	slices.Sort(owners)
	for _, owner := range slices.Compact(owners) {
		if owner != own {
			row.Agencies = append(row.Agencies, intel.AgencyID(r.Roster().AgencyAt(owner).GetId()).Name())
		}
	}
	row.Agencies = sorted(row.GetAgencies())
	return row, nil
}

// requestOfCheck is what was asked for, as it was kept.
func requestOfCheck(c *internalv1.ConsultationState) (*ententev1.CheckIdentifiersRequest, error) {
	request := new(ententev1.CheckIdentifiersRequest)
	if proto.Unmarshal(c.GetConsult().GetQuery(), request) != nil {
		return nil, errDamagedPart()
	}
	return request, nil
}

// ListRepeatedChecks lists the values that the caller's own agency asked for again and again.
func (h *Hub) ListRepeatedChecks(ctx context.Context, call Call, req *ententev1.ListRepeatedChecksRequest) (*ententev1.ListRepeatedChecksResponse, error) {
	if err := sound(req.GetStartTime(), req.GetEndTime()); err != nil {
		return nil, err
	}
	encoded, err := encodeWithout(req, fieldJustification, fieldPageSize, fieldPageToken)
	if err != nil {
		return nil, err
	}
	bound := call.bind(encoded, req.GetJustification().GetPurpose())
	from, err := h.tokens.open(bound, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	answer := new(ententev1.ListRepeatedChecksResponse)
	err = h.read(ctx, call, req, func(r *reading) error {
		answer.Checks, answer.NextPageToken, answer.CountedFrom = nil, "", nil
		all, countedFrom, err := r.repetitions(req)
		if err != nil {
			return err
		}
		answer.CountedFrom = countedFrom
		page, next := slice(h, all, from, req.GetPageSize(), bound)
		answer.NextPageToken = next
		for _, one := range page {
			row, err := r.repeated(one)
			if err != nil {
				return err
			}
			answer.Checks = append(answer.Checks, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// sound refuses a period that ends before it starts, or that no clock tells: it would count nothing.
func sound(start, end *timestamppb.Timestamp) error {
	const wild = "lies outside of the years 1 to 9999; give a time of theirs"
	switch {
	case start != nil && !start.IsValid():
		return fault.Violated(fault.Violation{Field: "startTime", Reason: intel.ReasonTimestamp, Description: wild})
	case end != nil && !end.IsValid():
		return fault.Violated(fault.Violation{Field: "endTime", Reason: intel.ReasonTimestamp, Description: wild})
	case start != nil && end != nil && end.AsTime().Before(start.AsTime()):
		return fault.Violated(fault.Violation{Field: "endTime", Reason: intel.ReasonInterval, Description: "lies before startTime; let the period end when it starts, or later"})
	}
	return nil
}

// repetition is a value and the checks that asked for it, newest first.
type repetition struct {
	value       uint64
	times       int
	first, last int64
	oldest      uint64   // of the checks counted so far
	place       int      // in the newest check
	checks      []uint64 // the newest, up to countedOfficers
}

// countedOfficers is in how many of a value's checks officers are looked for.
const countedOfficers = 100

// repetitions counts the checks of a period by value, the most frequent first. countedFrom is set where there were too many.
func (r *reading) repetitions(req *ententev1.ListRepeatedChecksRequest) (list []*repetition, countedFrom *timestamppb.Timestamp, err error) {
	own, end := r.agency().GetOrdinal(), r.Micros()
	if req.GetEndTime() != nil {
		end = req.GetEndTime().AsTime().UnixMicro()
	}
	start := end - repeatedPeriod.Microseconds()
	if req.GetStartTime() != nil {
		start = req.GetStartTime().AsTime().UnixMicro()
	}
	before, err := r.ChecksUntil(own, end)
	if err != nil {
		return nil, nil, err
	}
	counted := counting{values: map[uint64]*repetition{}}
	err = r.Checks(own, before, func(number uint64, c *internalv1.CheckState) (bool, error) {
		if c.GetMicros() < start {
			return false, nil
		}
		if counted.full(c) {
			countedFrom = timestamp(c.GetMicros())
			return false, nil
		}
		counted.add(number, c)
		return true, nil
	})
	least := orDefault(req.GetTimesAtLeast(), repeatedAtLeast)
	for _, one := range counted.values {
		if one.times >= least {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b *repetition) int {
		return cmp.Or(cmp.Compare(b.times, a.times), cmp.Compare(b.last, a.last), cmp.Compare(a.value, b.value))
	})
	return list, countedFrom, err
}

// counting is checks while they are counted.
type counting struct {
	checks, asked int
	values        map[uint64]*repetition
}

// full tells whether a check is one too many for one answer. One alone never is.
func (n *counting) full(c *internalv1.CheckState) bool {
	return n.checks == countedAtOnce || n.checks > 0 && n.asked+len(c.GetFacts().GetValues()) > valuesAtOnce
}

// add takes in one check, which is older than those before it. A value that one call asks for twice counts once.
func (n *counting) add(number uint64, c *internalv1.CheckState) {
	n.checks++
	n.asked += len(c.GetFacts().GetValues())
	for place, value := range c.GetFacts().GetValues() {
		if value == 0 {
			continue
		}
		one := n.values[value]
		if one == nil {
			one = &repetition{value: value, last: c.GetMicros(), place: place}
			n.values[value] = one
		}
		if one.oldest == number {
			continue
		}
		one.times, one.oldest = one.times+1, number
		one.first = c.GetMicros()
		if len(one.checks) < countedOfficers {
			one.checks = append(one.checks, number)
		}
	}
}

// repeated is a repetition as the supervisor sees it.
func (r *reading) repeated(one *repetition) (*ententev1.RepeatedCheck, error) {
	row := &ententev1.RepeatedCheck{Times: int32(one.times), FirstTime: timestamp(one.first), LastTime: timestamp(one.last)}
	for i, number := range one.checks {
		_, c, err := r.Check(r.agency().GetOrdinal(), number)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			request, err := requestOfCheck(c)
			if err != nil {
				return nil, err
			}
			row.Identifier = request.GetIdentifiers()[one.place]
		}
		if officer := c.GetJustification().GetOfficer(); officer != "" && !slices.Contains(row.GetOfficers(), officer) && len(row.GetOfficers()) < officersNamed {
			row.Officers = append(row.Officers, officer)
		}
	}
	row.Officers = sorted(row.GetOfficers())
	return row, nil
}
