package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// What a check looks at for one identifier.
const (
	// commonCap is how many records that its asker may know of may share a value before the answer is COMMON and none is opened.
	commonCap = 50
	// recordsShown are shown of them at most.
	recordsShown = 10
	// silentNamed is how many of one owner's silent records a call names to it at most; beyond that it is told in a pool that there are more.
	silentNamed = 20
)

// probe is one identifier of a check, while it is answered.
type probe struct {
	kind    ententev1.IdentifierType
	finding identifier.Finding
	keys    []index.IdentifierKey
	terms   index.AnyOf // the normal form first
	row     *ententev1.CheckedIdentifier
	numbers []uint64 // of the records that may answer, newest first

	// Of an identifier of a record that is compared with those of others:
	stated  []byte                      // as its content has it
	sharers []view.Sharer               // who has it, where few have
	known   map[intel.AgencyID][]uint64 // what each desk may know of that has it, where many have it and it is not common to that desk
}

// sought tells whether the identifier has to be looked up, and costs one of its kind.
func (a *probe) sought() bool {
	return a.row.GetResult() == ententev1.CheckResult_CHECK_RESULT_UNSPECIFIED
}

// CheckIdentifiers checks identifiers: each is answered in its place.
func (h *Hub) CheckIdentifiers(ctx context.Context, call Call, req *ententev1.CheckIdentifiersRequest) (*ententev1.CheckIdentifiersResponse, error) {
	answer := new(ententev1.CheckIdentifiersResponse)
	err := h.readWith(ctx, call, req, h.View.Query, func(r *reading) (err error) {
		answer, err = r.checkAll(h.askedFor(req.GetIdentifiers()))
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// askedFor understands what is asked for. What cannot be understood is answered already.
func (h *Hub) askedFor(ids []*ententev1.AskedIdentifier) []*probe {
	list := make([]*probe, len(ids))
	for i, of := range ids {
		a := &probe{kind: of.GetType(), row: new(ententev1.CheckedIdentifier)}
		list[i] = a
		finding, err := identifier.Understand(identifierOf(of))
		if err != nil {
			a.row.Result = ententev1.CheckResult_CHECK_RESULT_MALFORMED
			var m *identifier.Malformed
			if errors.As(err, &m) {
				a.row.MalformedReason, a.row.MalformedAdvice = m.Reason, m.Advice
			}
			continue
		}
		a.finding, a.keys = finding, index.IdentifierKeys(of.GetType(), finding)
		a.terms = h.View.Hasher().Identifiers(a.keys)
		a.row.NormalizedValue, a.row.CheckStatus, a.row.Findings = finding.Normalized, finding.Status, finding.Codes
	}
	return list
}

func identifierOf(a *ententev1.AskedIdentifier) *ententev1.Identifier {
	return &ententev1.Identifier{
		Type: a.GetType(), RawValue: a.GetRawValue(), RegionCode: a.GetRegionCode(), Network: a.GetNetwork(), Platform: a.GetPlatform(),
	}
}

// checkAll answers a call: first what depends on no record (benign, budget), then all walks through the index, then the rows.
func (r *reading) checkAll(list []*probe) (*ententev1.CheckIdentifiersResponse, error) {
	answer := new(ententev1.CheckIdentifiersResponse)
	facts := new(internalv1.CheckFacts)
	if err := r.excuse(list); err != nil {
		return nil, err
	}
	facts.Spends = costOf(list)
	var err error
	if answer.Budgets, err = r.budgetFor(facts.GetSpends()); err != nil {
		return nil, err
	}
	silent, err := r.walk(list)
	if err != nil {
		return nil, err
	}
	r.Release() // all that follows opens records
	for _, a := range list {
		answer.Results = append(answer.Results, a.row)
	}
	room := answerBytes - proto.Size(answer)
	for _, a := range list {
		hits, err := r.answer(a)
		if err != nil {
			return nil, err
		}
		room -= a.fit(room)
		facts.Hits = append(facts.Hits, hits...)
		facts.Values, facts.Results = append(facts.Values, a.value()), append(facts.Results, int32(a.row.GetResult()))
	}
	if err := silent.tell(r, facts); err != nil {
		return nil, err
	}
	r.check = facts
	return answer, nil
}

// value is what tells repeated checks of one value; 0 for what was not looked up.
func (a *probe) value() uint64 {
	if len(a.terms) == 0 || a.row.GetResult() == ententev1.CheckResult_CHECK_RESULT_BENIGN {
		return 0
	}
	return uint64(a.terms[0])
}

// excuse answers what the operator enrolled as benign. Records have no part in it.
func (r *reading) excuse(list []*probe) error {
	for _, a := range list {
		if !a.sought() {
			continue
		}
		known, err := r.Benign(a.terms[0])
		if err != nil {
			return err
		}
		if known != nil {
			a.row.Result = ententev1.CheckResult_CHECK_RESULT_BENIGN
		}
	}
	return nil
}

// costOf counts what is to be looked up, by kind and in their order.
func costOf(list []*probe) (spends []*internalv1.CheckSpend) {
	for _, a := range list {
		if a.sought() {
			spends = spent(spends, a.kind)
		}
	}
	return byKind(spends)
}

// spent counts one more of a kind.
func spent(spends []*internalv1.CheckSpend, kind ententev1.IdentifierType) []*internalv1.CheckSpend {
	for _, s := range spends {
		if s.GetType() == kind {
			s.Count++
			return spends
		}
	}
	return append(spends, &internalv1.CheckSpend{Type: kind, Count: 1})
}

// byKind puts what was counted into the order of the kinds.
func byKind(spends []*internalv1.CheckSpend) []*internalv1.CheckSpend {
	slices.SortFunc(spends, func(x, y *internalv1.CheckSpend) int { return int(x.GetType()) - int(y.GetType()) })
	return spends
}

// budgetFor tells what will be left of the budgets, or refuses the whole call: one that passes a budget is told so before anything is looked up.
func (r *reading) budgetFor(spends []*internalv1.CheckSpend) ([]*ententev1.CheckBudget, error) {
	var left []*ententev1.CheckBudget
	now := r.h.Source.Now().UnixMicro() // and not the journal's last moment, which would tell when others wrote
	for _, s := range spends {
		b, err := r.Budget(r.call.Caller.Agency, s.GetType(), now)
		if err != nil {
			return nil, err
		}
		if s.GetCount() > b.Left() {
			return nil, errBudget(b.RenewMicros-now).
				WithQuota("checks."+identifier.Namespace(s.GetType()), fmt.Sprintf("%d identifiers of this kind a day, %d left", b.PerDay, b.Left()))
		}
		b.Spent += s.GetCount()
		left = append(left, checkBudget(s.GetType(), b))
	}
	return left, nil
}

// errBudget refuses a call that would pass a budget of checks; the next day begins after so many microseconds.
func errBudget(micros int64) *fault.Fault {
	return fault.New(fault.Exhausted, "CHECK_BUDGET_SPENT",
		"Your agency's budget of checks of this kind does not cover the call, and nothing was looked up; ask for fewer, or wait for the next day, which begins at midnight UTC.").
		WithRetry(time.Duration(micros) * time.Microsecond)
}

func checkBudget(kind ententev1.IdentifierType, b view.Budget) *ententev1.CheckBudget {
	return &ententev1.CheckBudget{Type: kind, PerDay: int64(b.PerDay), Remaining: int64(b.Left()), RenewTime: timestamp(b.RenewMicros)}
}

// walk asks the index for every identifier, and for what others hold in silence.
func (r *reading) walk(list []*probe) (*silence, error) {
	silent := &silence{numbers: map[uint32][]uint64{}, more: map[uint32]uint64{}}
	for _, a := range list {
		if !a.sought() {
			continue
		}
		a.numbers = r.Holdings(r.reader, a.terms, commonCap+1)
		if err := r.Silence(r.reader, a.terms, silentNamed+1, silent.note); err != nil {
			return nil, err
		}
	}
	return silent, nil
}

// silence is what others hold of a call's identifiers in silence: owners, and the records that each is told of.
type silence struct {
	owners  []uint32
	numbers map[uint32][]uint64
	more    map[uint32]uint64 // a record that stands for more than can be named
}

// note takes in the records of one owner that have one of the identifiers.
func (s *silence) note(owner uint32, numbers []uint64) error {
	if !slices.Contains(s.owners, owner) {
		s.owners = append(s.owners, owner)
	}
	for _, n := range numbers {
		switch {
		case slices.Contains(s.numbers[owner], n):
		case len(numbers) > silentNamed, len(s.numbers[owner]) == silentNamed:
			s.more[owner] = n
			return nil
		default:
			s.numbers[owner] = append(s.numbers[owner], n)
		}
	}
	return nil
}

// tell puts the notices of what answers in silence into the facts of a check.
func (s *silence) tell(r *reading, facts *internalv1.CheckFacts) error {
	for _, owner := range s.owners {
		numbers := s.numbers[owner]
		more, many := s.more[owner]
		if many {
			numbers = append(numbers, more)
		}
		for i, n := range numbers {
			hit, err := r.Silent(r.reader, n)
			if err != nil {
				return err
			}
			if hit != nil {
				hit.Common = many && i == len(numbers)-1
				facts.Hits = append(facts.Hits, hit)
			}
		}
	}
	return nil
}

// answer fills the row of one identifier, and tells which records of others give a hit without being shown: the newest of each owner.
func (r *reading) answer(a *probe) (hits []*internalv1.CheckHit, err error) {
	switch {
	case !a.sought():
		return nil, nil
	case len(a.numbers) > commonCap:
		a.row.Result = ententev1.CheckResult_CHECK_RESULT_COMMON
		return nil, nil
	}
	a.row.Result = ententev1.CheckResult_CHECK_RESULT_NO_HIT
	for _, n := range a.numbers {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		holding, err := r.Holding(r.reader, n, a.same)
		switch {
		case err != nil:
			return nil, err
		case holding == nil:
			continue
		case holding.Record != nil:
			err = r.show(a.row, holding.Record)
		case !slices.ContainsFunc(hits, func(h *internalv1.CheckHit) bool { return h.GetOwner() == holding.Hit.GetOwner() }):
			hits = append(hits, holding.Hit)
		}
		if err != nil {
			return nil, err
		}
		a.row.Result = ententev1.CheckResult_CHECK_RESULT_HIT
	}
	a.row.Partners = r.partners(hits)
	return hits, nil
}

// fit has a row say less where it would not fit into the answer: names alone, or a count alone. It tells how much the row takes of the room.
func (a *probe) fit(room int) int {
	row := a.row
	size := func() int {
		return proto.Size(&ententev1.CheckedIdentifier{Records: row.GetRecords(), Partners: row.GetPartners()})
	}
	n := size()
	if n <= room {
		return n
	}
	for i, x := range row.GetRecords() {
		row.Records[i] = &ententev1.CheckedRecord{Name: x.GetName()}
	}
	for i, p := range row.GetPartners() {
		row.Partners[i] = &ententev1.CheckedPartner{Agency: p.GetAgency()}
	}
	if n = size(); n <= room {
		return n
	}
	row.Records, row.Partners = nil, nil
	return 0
}

// show counts a record that the asker may read, and shows the first ones.
func (r *reading) show(row *ententev1.CheckedIdentifier, x *view.Record) error {
	row.RecordCount++
	if len(row.GetRecords()) == recordsShown {
		return nil
	}
	env := x.Envelope()
	shown := &ententev1.CheckedRecord{
		Name: x.Name(), Originator: intel.AgencyID(x.Owner().GetId()).Name(), OriginatorStatus: x.Owner().GetStatus(),
		CreateTime: timestamp(env.GetCreateMicros()), Handling: intel.Handling(x.Release().GetMarkings()),
	}
	summary, err := x.Summary()
	if err != nil {
		return err
	}
	field := checkedItem
	if env.GetKind() == kindReport {
		field = checkedReport
	}
	shown.ProtoReflect().SetUnknown(appendField(nil, field, summary))
	row.Records = append(row.Records, shown)
	r.note(x, false)
	return nil
}

// partners are the agencies to ask, by name.
func (r *reading) partners(hits []*internalv1.CheckHit) []*ententev1.CheckedPartner {
	var list []*ententev1.CheckedPartner
	for _, hit := range hits {
		a := r.Roster().AgencyAt(hit.GetOwner())
		list = append(list, &ententev1.CheckedPartner{
			Agency: intel.AgencyID(a.GetId()).Name(), DisplayName: a.GetDisplayName(), DutyContacts: a.GetDutyContacts(),
		})
	}
	slices.SortFunc(list, func(x, y *ententev1.CheckedPartner) int {
		return compareStrings(x.GetAgency(), y.GetAgency())
	})
	return list
}
