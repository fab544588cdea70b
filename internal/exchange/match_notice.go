package exchange

import (
	"slices"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// hit words a notice for the originator of records that answered a check: never the officer, the case or the question, nor anybody else's records. A row of
// its own leads to the check; one of a pool to the day.
func (r *reading) hit(row view.Row) (*ententev1.HitDetail, error) {
	own := r.agency().GetOrdinal()
	if row.Revision == 0 {
		return r.hitPool(own, uint32(row.Ref))
	}
	asker := r.Roster().AgencyAt(row.Revision)
	check, consultation, err := r.Check(row.Revision, row.Ref)
	if err != nil {
		return nil, err
	}
	names, err := r.HitNames(check, own, r.reader)
	return &ententev1.HitDetail{
		Agency: intel.AgencyID(asker.GetId()).Name(), AskTime: timestamp(check.GetMicros()), Purpose: consultation.GetJustification().GetPurpose(),
		Names: slices.Compact(sorted(names)), Handle: r.h.handle(row.Revision, row.Ref),
	}, err
}

// hitPool words the notice of a day.
func (r *reading) hitPool(own, day uint32) (*ententev1.HitDetail, error) {
	pool, err := r.HitPool(own, day)
	if err != nil {
		return nil, err
	}
	d := &ententev1.HitDetail{PoolDay: time.Unix(int64(day)*24*3600, 0).UTC().Format(time.DateOnly)}
	for _, a := range pool.GetAskers() {
		d.Askers = append(d.Askers, &ententev1.PooledAsker{
			Agency: intel.AgencyID(r.Roster().AgencyAt(a.GetAgency()).GetId()).Name(), Handle: r.h.handle(a.GetAgency(), a.GetConsultation()),
		})
	}
	slices.SortFunc(d.GetAskers(), func(x, y *ententev1.PooledAsker) int { return compareStrings(x.GetAgency(), y.GetAgency()) })
	return d, nil
}
