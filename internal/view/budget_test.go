package view

import (
	"math"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/policy"
)

const (
	phone = ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER
	iban  = ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN
)

// declared is a command of the operator that declares a budget; empty and 0 are all.
func (w *world) declared(agency string, kind ententev1.IdentifierType, perDay uint64) *internalv1.Command {
	c := w.command("")
	c.Kind = &internalv1.Command_SetCheckBudget{SetCheckBudget: &internalv1.SetCheckBudget{AgencyId: agency, Type: kind, PerDay: perDay}}
	return c
}

// budget of an agency now.
func (w *world) budget(agency string, kind ententev1.IdentifierType) (b Budget) {
	w.Helper()
	w.read(func(s *Snapshot) (err error) {
		b, err = s.Budget(intel.AgencyID(agency), kind, 0)
		return err
	})
	return b
}

// spends spends in a transaction of its own that is not kept: spend is what it is about.
func (w *world) spends(t *testing.T, agency string, kind ententev1.IdentifierType, micros int64, amounts ...uint64) (got []bool) {
	t.Helper()
	tx, err := w.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	b := w.newBatch(tx)
	b.hub.TimeMicros = micros
	for _, n := range amounts {
		ok, err := b.spend(b.roster.Agency(intel.AgencyID(agency)).GetOrdinal(), kind, n)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ok)
	}
	return got
}

func TestBudgetIsTheMostSpecialDeclaration(t *testing.T) {
	w := populated(t)
	for _, step := range []struct {
		agency string
		kind   ententev1.IdentifierType
		perDay uint64
		want   uint64 // of France's telephones
	}{
		{want: policy.ChecksPerDay, perDay: policy.ChecksPerDay},
		{perDay: 5, want: 5},
		{kind: iban, perDay: 6, want: 5},
		{kind: phone, perDay: 7, want: 7},
		{agency: italy, perDay: 8, want: 7},
		{agency: france, perDay: 9, want: 9},
		{agency: france, kind: iban, perDay: 10, want: 9},
		{agency: france, kind: phone, perDay: 11, want: 11},
	} {
		w.took(w.declared(step.agency, step.kind, step.perDay))
		if got := w.budget(france, phone); got.PerDay != step.want || got.Left() != step.want {
			t.Errorf("after %+v: %+v", step, got)
		}
	}
	back := w.declared(france, phone, 0)
	back.GetSetCheckBudget().Withdraw = true
	w.took(back)
	if got := w.budget(france, phone); got.PerDay != 9 {
		t.Errorf("a declaration taken back: %+v", got)
	}
}

func TestOnlyTheOperatorDeclares(t *testing.T) {
	w := populated(t)
	c := w.declared("", 0, 1)
	c.Origin.Operator, c.Origin.Agency = false, france
	w.refused(c, RefusedRight, "")
	w.refused(w.declared("xx-none", 0, 1), RefusedAbsent, "")
	if got := w.budget(france, phone); got.PerDay != policy.ChecksPerDay {
		t.Errorf("%+v", got)
	}
}

func TestSpendIsWholeAndByTheDay(t *testing.T) {
	w := populated(t)
	w.took(w.declared("", 0, 10))
	noon := start.UnixMicro()
	got := w.spends(t, france, phone, noon, 4, 7, 6, 1, 0, math.MaxUint64)
	want := []bool{true, false, true, false, true, false} // what is refused spends nothing
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("spent %v, want %v", got, want)
		}
	}
}

func TestBudgetRenewsAtMidnightOfJournalTime(t *testing.T) {
	w := populated(t)
	w.took(w.declared("", 0, 10))
	tx, err := w.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	b := w.newBatch(tx)
	midnight := (start.UnixMicro()/dayMicros + 1) * dayMicros
	for _, step := range []struct {
		micros int64
		want   bool
	}{{midnight - 2, true}, {midnight - 1, false}, {midnight, true}, {midnight + 1, false}, {midnight + dayMicros, true}} {
		b.hub.TimeMicros = step.micros
		ok, err := b.spend(1, phone, 10)
		if err != nil || ok != step.want {
			t.Errorf("at %d: %t, %v", step.micros-midnight, ok, err)
		}
		if err := b.writeBudgets(); err != nil {
			t.Fatal(err)
		}
		left, err := b.store().budget(1, phone, step.micros)
		if err != nil || left.Left() != 0 || left.RenewMicros <= step.micros || left.RenewMicros > step.micros+dayMicros {
			t.Errorf("at %d: %+v, %v", step.micros-midnight, left, err)
		}
		other, err := b.store().budget(2, phone, step.micros)
		if err != nil || other.Spent != 0 {
			t.Errorf("another agency spent %d, %v", other.Spent, err)
		}
	}
}

// TestBudgetsWithinAnEntry says that commands of one entry see what those before them spent, and declared.
func TestBudgetsWithinAnEntry(t *testing.T) {
	w := populated(t)
	submits := func() *internalv1.Command {
		c := w.submission(&item{owner: france, release: to(italy), content: "boat"})
		c.GetSubmitRecord().Compares = []*internalv1.CheckSpend{{Type: phone, Count: 4}}
		return c
	}
	outcomes := w.apply(
		w.declared(france, phone, 6), submits(), w.declared(france, 0, 100), w.declared(france, phone, 8), submits(), w.declared(france, iban, 1), submits(),
	)
	for i, want := range map[int]bool{1: false, 4: false, 6: true} {
		if outcomes[i].GetDeferred() != want {
			t.Errorf("submit %d waits: %t", i, outcomes[i].GetDeferred())
		}
	}
	if got := w.budget(france, phone); got.Spent != 8 || got.PerDay != 8 {
		t.Errorf("%+v", got)
	}
}

// TestABudgetOfYesterdayIsWritten: what was spent before midnight is in the file as well where the entry goes on after it, and spends nothing more.
func TestABudgetOfYesterdayIsWritten(t *testing.T) {
	w := populated(t)
	tx, err := w.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	b := w.newBatch(tx)
	agency := b.roster.Agency(intel.AgencyID(france)).GetOrdinal()
	for _, step := range []struct {
		micros int64
		n      uint64
	}{{3*dayMicros + 5, 7}, {4*dayMicros + 5, 0}} {
		b.hub.TimeMicros = step.micros
		if ok, err := b.spend(agency, phone, step.n); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if err := b.writeBudgets(); err != nil {
		t.Fatal(err)
	}
	got, err := b.store().budget(agency, phone, 3*dayMicros+6)
	if err != nil || got.Spent != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}
