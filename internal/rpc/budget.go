package rpc

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// Budgets are what the agencies have left of their rates. Each agency has its own
// and each class of calls its own, so that neither another agency's load nor its
// own reads use up what it suspends and revokes with. The operator counts as the
// agency without a name.
type Budgets struct {
	rates Rates
	mu    sync.Mutex
	purse map[intel.AgencyID]*purse
}

// purse is one agency's buckets, by class.
type purse [ententev1.CallClass_CALL_CLASS_RESERVED + 1]*rate.Limiter

// NewBudgets makes full budgets.
func NewBudgets(rates Rates) (*Budgets, error) {
	if err := rates.check(); err != nil {
		return nil, err
	}
	return &Budgets{rates: rates, purse: make(map[intel.AgencyID]*purse)}, nil
}

// of is the rate of a class; a class that is none has the smallest.
func (r Rates) of(class ententev1.CallClass) Rate {
	switch class {
	case ententev1.CallClass_CALL_CLASS_READ:
		return r.Reads
	case ententev1.CallClass_CALL_CLASS_WRITE:
		return r.Writes
	case ententev1.CallClass_CALL_CLASS_BULK:
		return r.Rows
	default:
		return r.Reserved
	}
}

// subject is what a class is called in quotas.
func subject(class ententev1.CallClass) string {
	switch class {
	case ententev1.CallClass_CALL_CLASS_READ:
		return "reads"
	case ententev1.CallClass_CALL_CLASS_WRITE:
		return "writes"
	case ententev1.CallClass_CALL_CLASS_BULK:
		return "bulk_rows"
	default:
		return "reserved"
	}
}

// classes are those that a call may draw on, in order.
func classes() []ententev1.CallClass {
	return []ententev1.CallClass{
		ententev1.CallClass_CALL_CLASS_READ, ententev1.CallClass_CALL_CLASS_WRITE,
		ententev1.CallClass_CALL_CLASS_BULK, ententev1.CallClass_CALL_CLASS_RESERVED,
	}
}

// bucket of an agency and class. Only agencies that identify has accepted get
// here, so there are no more than are enrolled.
func (b *Budgets) bucket(agency intel.AgencyID, class ententev1.CallClass) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.purse[agency]
	if p == nil {
		p = new(purse)
		for _, c := range classes() {
			r := b.rates.of(c)
			p[c] = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		}
		b.purse[agency] = p
	}
	return p[class]
}

// take spends one call. When there is none left it spends nothing and says when
// there will be one.
func (b *Budgets) take(agency intel.AgencyID, class ententev1.CallClass) (wait time.Duration, ok bool) {
	bucket, now := b.bucket(agency, class), time.Now()
	if bucket.AllowN(now, 1) {
		return 0, true
	}
	// Not by a reservation that is given back: in a crowd those give back less than
	// they took, and a refused call would cost.
	missing := 1 - bucket.TokensAt(now)
	return time.Duration(max(missing, 0) / float64(bucket.Limit()) * float64(time.Second)), false
}

// wait spends one bulk row, as soon as there is one: a bulk stream is slowed down,
// not refused.
func (b *Budgets) wait(ctx context.Context, agency intel.AgencyID) error {
	return b.bucket(agency, ententev1.CallClass_CALL_CLASS_BULK).Wait(ctx)
}

// Remaining is what the agency has left, a quota for each class in the order of
// the classes.
func (b *Budgets) Remaining(agency intel.AgencyID) []*ententev1.Quota {
	quotas := make([]*ententev1.Quota, 0, len(classes()))
	for _, c := range classes() {
		r := b.rates.of(c)
		quotas = append(quotas, &ententev1.Quota{
			Subject: subject(c), PerSecond: r.PerSecond, Burst: float64(r.Burst),
			Remaining: math.Max(0, math.Floor(b.bucket(agency, c).Tokens())),
		})
	}
	return quotas
}
