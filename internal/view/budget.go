package view

import (
	"encoding/binary"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// dayMicros is a day of journal time; days begin at midnight UTC.
const dayMicros = 24 * 3600 * 1_000_000

// Budget is how many identifiers of a kind an agency may check on a day of journal time, and how many it has. Nothing in it follows from records.
type Budget struct {
	// PerDay is what was declared.
	PerDay uint64
	// Spent is what was checked on the day.
	Spent uint64
	// RenewMicros is when the next day begins, Unix microseconds.
	RenewMicros int64
}

// Left is what may still be checked on the day.
func (b Budget) Left() uint64 { return b.PerDay - min(b.PerDay, b.Spent) }

// Budget is an agency's budget of a kind at a moment of the hub's clock, as a command of that moment will find it.
func (s *Snapshot) Budget(agency intel.AgencyID, kind ententev1.IdentifierType, micros int64) (Budget, error) {
	return s.budget(s.state.roster.Agency(agency).GetOrdinal(), kind, max(micros, s.Micros()))
}

// budget is an agency's budget of a kind at a moment.
func (s store) budget(agency uint32, kind ententev1.IdentifierType, micros int64) (Budget, error) {
	today := micros / dayMicros
	b := Budget{RenewMicros: (today + 1) * dayMicros}
	perDay, err := s.allowance(agency, kind)
	if err != nil {
		return b, err
	}
	b.PerDay = perDay
	spent, err := s.clear(bucketBudgets, budgetKey(agency, kind))
	switch {
	case err != nil || spent == nil:
		return b, err
	case len(spent) != 16:
		return b, damage(errDamaged)
	case int64(binary.BigEndian.Uint64(spent)) == today:
		b.Spent = binary.BigEndian.Uint64(spent[8:])
	}
	return b, nil
}

// allowance is what was declared for an agency and a kind, the most special declaration first.
func (s store) allowance(agency uint32, kind ententev1.IdentifierType) (uint64, error) {
	for _, key := range [][]byte{budgetKey(agency, kind), budgetKey(agency, 0), budgetKey(0, kind), budgetKey(0, 0)} {
		perDay, err := s.clear(bucketAllowances, key)
		switch {
		case err != nil:
			return 0, err
		case perDay == nil:
			continue
		case len(perDay) != 8:
			return 0, damage(errDamaged)
		}
		return binary.BigEndian.Uint64(perDay), nil
	}
	return policy.ChecksPerDay, nil
}

// spending is an agency and a kind of identifier.
type spending struct {
	agency uint32
	kind   ententev1.IdentifierType
}

// spent is a budget that an entry asked for, and whether anything of it was spent since it was written.
type spent struct {
	Budget
	unwritten bool
}

// budget is an agency's budget of a kind here and now. It is looked up once an entry and day, and written once. One of a day that has ended meanwhile is
// written too: another hub may have it in an entry of its own.
func (b *batch) budget(agency uint32, kind ententev1.IdentifierType) (*spent, error) {
	of := spending{agency, kind}
	if known := b.budgets[of]; known != nil {
		if b.now() < known.RenewMicros {
			return known, nil
		}
		if err := b.writeBudget(of, known); err != nil {
			return nil, err
		}
	}
	budget, err := b.store().budget(agency, kind, b.now())
	if err != nil {
		return nil, err
	}
	b.budgets[of] = &spent{Budget: budget}
	return b.budgets[of], nil
}

// spend takes n identifiers of a kind off an agency's budget of the day; false when there are not so many left, and then nothing is spent. Checks and
// deconfliction spend the same.
func (b *batch) spend(agency uint32, kind ententev1.IdentifierType, n uint64) (bool, error) {
	budget, err := b.budget(agency, kind)
	if err != nil || n > budget.Left() {
		return false, err
	}
	if n > 0 {
		budget.Spent, budget.unwritten = budget.Spent+n, true
	}
	return true, nil
}

// writeBudgets writes what was spent.
func (b *batch) writeBudgets() error {
	for of, budget := range b.budgets {
		if err := b.writeBudget(of, budget); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writeBudget(of spending, budget *spent) error {
	if !budget.unwritten {
		return nil
	}
	budget.unwritten = false
	value := binary.BigEndian.AppendUint64(key8(uint64(budget.RenewMicros/dayMicros-1)), budget.Spent)
	return b.putClear(bucketBudgets, budgetKey(of.agency, of.kind), value)
}

// setCheckBudget declares a budget, or takes a declaration back.
func (b *batch) setCheckBudget(c *internalv1.Command, s *internalv1.SetCheckBudget) (*internalv1.Outcome, error) {
	if !c.GetOrigin().GetOperator() {
		return refuse(RefusedRight), nil
	}
	agency := b.roster.Agency(intel.AgencyID(s.GetAgencyId())).GetOrdinal()
	if s.GetAgencyId() != "" && agency == 0 {
		return refuse(RefusedAbsent), nil
	}
	if err := b.writeBudgets(); err != nil {
		return nil, err
	}
	clear(b.budgets) // they may have changed
	key, outcome := budgetKey(agency, s.GetType()), &internalv1.Outcome{Agency: s.GetAgencyId()}
	if s.GetWithdraw() {
		return outcome, b.bucket(bucketAllowances).Delete(key)
	}
	return outcome, b.putClear(bucketAllowances, key, key8(s.GetPerDay()))
}

func budgetKey(agency uint32, kind ententev1.IdentifierType) []byte {
	return binary.BigEndian.AppendUint32(key4(agency), uint32(kind))
}
