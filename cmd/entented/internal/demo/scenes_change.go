package demo

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const corrected = "Forty-four inflatable boats bought for cash"

func (s *stage) italyCorrects(ctx context.Context) {
	s.scene("Italy corrects its item")
	italy, france := s.by("it-finance"), s.by("fr-border")
	revise := func(ctx context.Context, etag string) (*ententev1.ReviseIntelligenceItemResponse, error) {
		return italy.items.ReviseIntelligenceItem(ctx, &ententev1.ReviseIntelligenceItemRequest{
			Justification: italy.why(), Name: s.item.GetName(), Etag: etag,
			Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: boats(corrected)},
		})
	}
	s.step(ctx, "with an ETag that is not the current one nothing is changed", func(ctx context.Context) error {
		_, err := revise(ctx, "0123456789abcdef")
		return refusedWith(err, codes.Aborted, "")
	})
	s.step(ctx, "with the current one it becomes revision 2", func(ctx context.Context) error {
		answer, err := revise(ctx, s.item.GetEtag())
		if err != nil {
			return err
		}
		s.item = answer.GetReceipt()
		return want("the revision", s.item.GetRevision(), 2)
	})
	s.step(ctx, "nobody but Italy can: France is told that there is nothing of its own to change", func(ctx context.Context) error {
		_, err := france.items.ReviseIntelligenceItem(ctx, &ententev1.ReviseIntelligenceItemRequest{
			Justification: france.why(), Name: s.item.GetName(), Etag: s.item.GetEtag(),
			Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: boats("Nothing to see here")},
		})
		return refusedWith(err, codes.PermissionDenied, "")
	})
	s.step(ctx, "France is told of the correction and reads it", func(ctx context.Context) error {
		events, err := france.inbox(ctx)
		if err != nil {
			return err
		}
		if last(events, ententev1.EventKind_EVENT_KIND_CORRECTED, s.item.GetName()) == nil {
			return errors.New("the inbox does not tell of a correction")
		}
		item, err := france.get(ctx, s.item.GetName())
		if err != nil {
			return err
		}
		return want("the title", item.GetPlain().GetTitle(), corrected)
	})
}

func (s *stage) whoRead(ctx context.Context) {
	s.scene("Every read is on record")
	italy, france := s.by("it-finance"), s.by("fr-border")
	s.step(ctx, "Italy sees which agencies read its item, when and what for", func(ctx context.Context) error {
		answer, err := italy.disclosures.ListDisclosures(ctx, &ententev1.ListDisclosuresRequest{
			Justification: italy.why(), Name: s.item.GetName(), PageSize: 100,
		})
		if err != nil {
			return err
		}
		readers := map[string]bool{}
		for _, d := range answer.GetDisclosures() {
			readers[d.GetAgency()] = true
		}
		if !readers["agencies/fr-border"] || !readers["agencies/de-police"] || readers["agencies/jp-coast"] {
			return fmt.Errorf("the readers are %v", readers)
		}
		return nil
	})
	s.step(ctx, "France's supervisor sees which officer, in which case", func(ctx context.Context) error {
		watcher := s.by("fr-border" + supervisor)
		answer, err := watcher.disclosures.ListConsultations(ctx, &ententev1.ListConsultationsRequest{
			Justification: watcher.why(), Name: s.item.GetName(), PageSize: 50,
		})
		if err != nil {
			return err
		}
		for _, c := range answer.GetConsultations() {
			if c.GetJustification().GetOfficer() == "officer-7" && c.GetJustification().GetCaseReference() == "2026/114" {
				return nil
			}
		}
		return fmt.Errorf("none of %d consultations names officer and case", len(answer.GetConsultations()))
	})
	s.step(ctx, "the supervisor reads no item, and the desk no consultation", func(ctx context.Context) error {
		_, item := s.by("fr-border"+supervisor).get(ctx, s.item.GetName())
		_, consultations := france.disclosures.ListConsultations(ctx, &ententev1.ListConsultationsRequest{Justification: france.why()})
		return errors.Join(refusedWith(item, codes.PermissionDenied, ""), refusedWith(consultations, codes.PermissionDenied, ""))
	})
}

func (s *stage) italyRecalls(ctx context.Context) {
	s.scene("Italy recalls its item")
	italy, france := s.by("it-finance"), s.by("fr-border")
	s.step(ctx, "Italy recalls it", func(ctx context.Context) error {
		_, err := italy.items.RecallIntelligenceItem(ctx, &ententev1.RecallIntelligenceItemRequest{
			Justification: italy.why(), Name: s.item.GetName(), Etag: s.item.GetEtag(),
		})
		return err
	})
	s.step(ctx, "for France it is gone, from Get and from queries", func(ctx context.Context) error {
		_, gone := france.get(ctx, s.item.GetName())
		_, absent := france.get(ctx, absentName)
		return errors.Join(refusedWith(gone, codes.NotFound, ""), sameAnswer(gone, absent), s.found(ctx, france, supplierPhone, 0))
	})
	s.step(ctx, "its inbox keeps its numbers: what was there is withheld, and the recall is told", func(ctx context.Context) error {
		events, err := france.inbox(ctx)
		if err != nil {
			return err
		}
		if last(events, ententev1.EventKind_EVENT_KIND_RECALLED, s.item.GetName()) == nil {
			return errors.New("the inbox does not tell of the recall")
		}
		for i, e := range events {
			if e.GetNumber() != int64(i+1) {
				return fmt.Errorf("event %d has number %d", i+1, e.GetNumber())
			}
		}
		if last(events, ententev1.EventKind_EVENT_KIND_RECORD, s.item.GetName()) != nil {
			return errors.New("the first event still names it")
		}
		return nil
	})
	s.step(ctx, "Italy still has it, marked as recalled", func(ctx context.Context) error {
		item, err := italy.get(ctx, s.item.GetName())
		if err != nil {
			return err
		}
		return want("its state", item.GetMetadata().GetState(), ententev1.RecordState_RECORD_STATE_RECALLED)
	})
}
