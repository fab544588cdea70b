package demo

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// play plays all the scenes in order. A step that fails is counted, and the play
// goes on.
func (s *stage) play(ctx context.Context) {
	for _, scene := range []func(context.Context){
		s.whoIsWho, s.italyShares, s.japanSeesNothing, s.britainSeizes, s.linksShowOnlySoFar, s.aGroup,
		s.italyCorrects, s.whoRead, s.mistakes, s.italyRecalls, s.aLaptopIsLost, s.theOperatorReadsNothing,
	} {
		scene(ctx)
	}
}

func (s *stage) whoIsWho(ctx context.Context) {
	s.scene("Who is who")
	s.step(ctx, "every agency is taken for who its certificate says it is", func(ctx context.Context) error {
		for _, a := range cast() {
			me, err := s.by(a.id).agencies.WhoAmI(ctx, &ententev1.WhoAmIRequest{})
			if err != nil {
				return fmt.Errorf("%s: %w", a.id, err)
			}
			if me.GetAgency() != a.resource() || me.GetPath() != gateway {
				return fmt.Errorf("%s is taken for %s%s", a.id, me.GetAgency(), me.GetPath())
			}
		}
		return nil
	})
	s.step(ctx, "Tunisia finds the duty desk of each of the thirteen", func(ctx context.Context) error {
		list, err := s.by("tn-guard").agencies.ListAgencies(ctx, &ententev1.ListAgenciesRequest{PageSize: 50})
		if err != nil {
			return err
		}
		for _, a := range list.GetAgencies() {
			if len(a.GetDutyContacts()) == 0 {
				return fmt.Errorf("%s has no desk", a.GetName())
			}
		}
		return want("the number of agencies", len(list.GetAgencies()), len(cast()))
	})
}

func (s *stage) italyShares(ctx context.Context) {
	s.scene("Italy shares an item with France and Germany")
	italy, france, germany := s.by("it-finance"), s.by("fr-border"), s.by("de-police")
	s.step(ctx, "Italy submits it; the hub says how it understood the telephone number", func(ctx context.Context) error {
		answer, err := italy.items.SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
			Justification: italy.why(), RequestId: "italy-1",
			Draft: &ententev1.IntelligenceItemDraft{
				Content: plain(boats("Forty inflatable boats bought for cash")), Release: released("fr-border", "de-police"), OriginatorReference: "GDF-2026-77",
			},
		})
		if err != nil {
			return err
		}
		s.item = answer.GetReceipt()
		for _, entry := range s.item.GetAssessment().GetEntries() {
			if entry.GetNormalizedValue() == supplierPhoneE164 {
				return nil
			}
		}
		return errors.New("the receipt does not tell the number as +447700900123")
	})
	s.step(ctx, "sent again after a lost answer, it is the same item and not a second one", func(ctx context.Context) error {
		answer, err := italy.items.SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
			Justification: italy.why(), RequestId: "italy-1",
			Draft: &ententev1.IntelligenceItemDraft{
				Content: plain(boats("Forty inflatable boats bought for cash")), Release: released("fr-border", "de-police"), OriginatorReference: "GDF-2026-77",
			},
		})
		if err != nil {
			return err
		}
		return want("its name", answer.GetReceipt().GetName(), s.item.GetName())
	})
	s.step(ctx, "France finds it in its inbox and reads it, but not who else may", func(ctx context.Context) error {
		return s.announcedAndRead(ctx, france)
	})
	s.step(ctx, "Germany finds it by the telephone number, typed in its own way", func(ctx context.Context) error {
		return s.found(ctx, germany, "07700 900123", 1)
	})
}

// announcedAndRead: the record stands in the inbox, can be read, and shows the
// reader nobody else.
func (s *stage) announcedAndRead(ctx context.Context, reader *player) error {
	events, err := reader.inbox(ctx)
	if err != nil {
		return err
	}
	if last(events, ententev1.EventKind_EVENT_KIND_RECORD, s.item.GetName()) == nil {
		return errors.New("the inbox does not name it")
	}
	item, err := reader.get(ctx, s.item.GetName())
	if err != nil {
		return err
	}
	if item.GetMetadata().GetOriginatorMetadata() != nil {
		return errors.New("it shows the originator's own part")
	}
	return want("the title", item.GetPlain().GetTitle(), "Forty inflatable boats bought for cash")
}

// found: a query for the number gives so many items, rows and total alike.
func (s *stage) found(ctx context.Context, reader *player, number string, items int) error {
	id := phone(number)
	id.RegionCode = "GB"
	answer, err := reader.find(ctx, &ententev1.IntelligenceItemQuery{Identifiers: []*ententev1.Identifier{id}})
	if err != nil {
		return err
	}
	return errors.Join(
		want("the number of rows", len(answer.GetIntelligenceItems()), items),
		want("the total", answer.GetTotalSize(), int64(items)),
	)
}

// absentName is a name that no record ever had.
const absentName = "agencies/it-finance/intelligenceItems/01234567-89ab-7def-8123-456789abcdef"

func (s *stage) japanSeesNothing(ctx context.Context) {
	s.scene("For Japan the item does not exist")
	japan := s.by("jp-coast")
	s.step(ctx, "a query for the very number finds nothing, and counts nothing", func(ctx context.Context) error {
		return s.found(ctx, japan, supplierPhone, 0)
	})
	s.step(ctx, "asked for by its name, it is as absent as one that never was, to the byte", func(ctx context.Context) error {
		_, hidden := japan.get(ctx, s.item.GetName())
		_, absent := japan.get(ctx, absentName)
		return errors.Join(refusedWith(hidden, codes.NotFound, ""), sameAnswer(hidden, absent))
	})
	s.step(ctx, "Japan's inbox says nothing of it", func(ctx context.Context) error {
		events, err := japan.inbox(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.GetName() == s.item.GetName() {
				return fmt.Errorf("there is an event %v", e.GetKind())
			}
		}
		return nil
	})
}
