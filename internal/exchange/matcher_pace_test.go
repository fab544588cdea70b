package exchange_test

import (
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// toldOnce are the events of a kind in an agency's inbox, by what they are about; one that is told twice is a failure.
func (w *world) toldOnce(id string, kind ententev1.EventKind) map[[2]uint64]bool {
	w.t.Helper()
	list := map[[2]uint64]bool{}
	err := w.View.Read(func(s *view.Snapshot) error {
		inbox, _ := s.Roster().InboxOf(intel.AgencyID(id), "")
		return s.Rows(inbox, 0, func(row view.Row) (bool, error) {
			if row.Kind != kind {
				return true, nil
			}
			about := [2]uint64{row.Ref, row.Other}
			if list[about] {
				return false, fmt.Errorf("%v is told twice", row)
			}
			list[about] = true
			return true, nil
		})
	})
	if err != nil {
		w.t.Error(err)
	}
	return list
}

// TestOnceWhateverThePace: the matcher is some batches behind, and looks at one while another is committed; releases are widened meanwhile, twice each. Each
// record is told once to whoever looks for it, and each pair once to each side.
func TestOnceWhateverThePace(t *testing.T) {
	const each = 300
	w, _ := matching(t)
	crime := &ententev1.IntelligenceItemQuery{CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING}}
	w.stand(call("gb-nca"), itemsWhere("all", crime))
	w.stand(call("de-bka"), itemsWhere("all", crime))
	w.submit("jp-npa", about("nobody's", to(), "+33700000000"))
	var submitting errgroup.Group
	submitting.SetLimit(32)
	receipts := make([]*ententev1.Receipt, each)
	for i := range each {
		submitting.Go(func() error {
			number := fmt.Sprintf("+336%08d", 12_000_000+i)
			answer, err := w.SubmitIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: about("one", to("gb-nca"), number)})
			if err != nil {
				return err
			}
			receipts[i] = answer.GetReceipt()
			_, err = w.SubmitIntelligenceItem(t.Context(), call("gb-nca"), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: about("other", to("fr-ofast"), number)})
			return err
		})
	}
	if err := submitting.Wait(); err != nil {
		t.Fatal(err)
	}
	w.matching()
	for _, r := range receipts {
		submitting.Go(func() error {
			etag, failed := r.GetReleaseEtag(), error(nil)
			for _, release := range []*ententev1.Release{to("gb-nca", "de-bka"), to("gb-nca", "de-bka", "jp-npa")} {
				answer, err := w.UpdateIntelligenceItemRelease(t.Context(), call("fr-ofast"), &ententev1.UpdateIntelligenceItemReleaseRequest{
					Justification: why(), Name: r.GetName(), ReleaseEtag: etag, Release: release,
				})
				etag, failed = answer.GetReceipt().GetReleaseEtag(), errors.Join(failed, err)
			}
			return failed
		})
	}
	if err := submitting.Wait(); err != nil {
		t.Fatal(err)
	}
	w.settle()
	for _, c := range []struct {
		agency string
		kind   ententev1.EventKind
		want   int
	}{
		{"gb-nca", ententev1.EventKind_EVENT_KIND_STANDING_MATCH, 2 * each}, // its own are found as well
		{"de-bka", ententev1.EventKind_EVENT_KIND_STANDING_MATCH, each},
		{"gb-nca", ententev1.EventKind_EVENT_KIND_DECONFLICTION, each},
		{"fr-ofast", ententev1.EventKind_EVENT_KIND_DECONFLICTION, each},
		{"de-bka", ententev1.EventKind_EVENT_KIND_DECONFLICTION, 0},
	} {
		if got := w.toldOnce(c.agency, c.kind); len(got) != c.want {
			t.Errorf("%s is told of %d by %v, not of %d", c.agency, len(got), c.kind, c.want)
		}
	}
}
