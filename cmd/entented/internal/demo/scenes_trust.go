package demo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func (s *stage) mistakes(ctx context.Context) {
	s.scene("Mistakes are told, and spoil nothing")
	greece := s.by("gr-coast")
	s.step(ctx, "without a purpose and without a title nothing is stored; both fields are named", func(ctx context.Context) error {
		content := departures()
		content.Title = ""
		_, err := greece.items.SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
			Justification: &ententev1.Justification{Reason: "exercise"},
			Draft:         &ententev1.IntelligenceItemDraft{Content: plain(content), Release: released()},
		})
		if err := refusedWith(err, codes.InvalidArgument, ""); err != nil {
			return err
		}
		found := violations(err)
		if found["justification.purpose"] == "" || found["draft.plain.title"] == "" {
			return fmt.Errorf("the fields are %v", found)
		}
		return nil
	})
	s.step(ctx, "in a bulk stream of three rows the bad one is refused, its neighbours are taken", s.bulk)
}

// bulk sends three rows, the middle one with a telephone number that is none.
func (s *stage) bulk(ctx context.Context) error {
	greece := s.by("gr-coast" + bulkSuffix)
	stream, err := greece.items.BulkSubmitIntelligenceItems(ctx)
	if err != nil {
		return err
	}
	bad := boats("A number that is none")
	bad.Subjects[0].Identifiers[0].RawValue = "call me"
	later := departures()
	later.Title = "No departures in northerly wind"
	requests := []*ententev1.BulkSubmitIntelligenceItemsRequest{
		{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: greece.why()}}},
		row("greece-1", departures()), row("greece-2", bad), row("greece-3", later),
	}
	for _, request := range requests {
		if err := stream.Send(request); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return s.bulkAnswers(stream)
}

func row(reference string, content *ententev1.IntelligenceContent) *ententev1.BulkSubmitIntelligenceItemsRequest {
	return &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: &ententev1.BulkSubmitIntelligenceItemsRow{
		Draft: &ententev1.IntelligenceItemDraft{Content: plain(content), Release: released(), OriginatorReference: reference},
	}}}
}

// bulkAnswers: one a row, in order, the second a refusal; then the summary.
func (s *stage) bulkAnswers(stream ententev1.IntelligenceService_BulkSubmitIntelligenceItemsClient) error {
	for index := int64(0); ; index++ {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return errors.New("the stream ended without a summary")
		}
		if err != nil {
			return err
		}
		if summary := answer.GetSummary(); summary != nil {
			return errors.Join(want("the number taken", summary.GetAccepted(), 2), want("the number refused", summary.GetRefused(), 1))
		}
		result := answer.GetResult()
		if result.GetIndex() != index || (result.GetError() != nil) != (index == 1) {
			return fmt.Errorf("row %d is answered with %v", index, result)
		}
		if index == 0 {
			s.open = result.GetReceipt()
		}
	}
}

func (s *stage) aLaptopIsLost(ctx context.Context) {
	s.scene("A laptop is lost")
	france, thief := s.by("fr-border"+admin), s.by("fr-border"+laptop)
	s.step(ctx, "the certificate on it works", func(ctx context.Context) error {
		_, err := thief.agencies.WhoAmI(ctx, &ententev1.WhoAmIRequest{})
		return err
	})
	s.step(ctx, "France's administrator revokes it", func(ctx context.Context) error {
		_, err := france.agencies.RevokeCertificate(ctx, &ententev1.RevokeCertificateRequest{
			Name: france.agency.resource(), Selector: &ententev1.RevokeCertificateRequest_PathPrefix{PathPrefix: "/laptop/7"}, Reason: "lost on a train",
		})
		return err
	})
	s.step(ctx, "its next call, on the connection that is still open, is refused", func(ctx context.Context) error {
		_, err := thief.agencies.WhoAmI(ctx, &ententev1.WhoAmIRequest{})
		return refusedWithOneOf(err, codes.Unauthenticated, codes.Unavailable)
	})
	s.step(ctx, "every partner's inbox tells that France's trust has changed", func(ctx context.Context) error {
		events, err := s.by("jp-coast").inbox(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.GetTrust().GetAgency() == france.agency.resource() && e.GetTrust().GetChange() == ententev1.TrustChange_TRUST_CHANGE_CERTIFICATE_REVOKED {
				return nil
			}
		}
		return errors.New("the inbox of Japan does not")
	})
}

func (s *stage) theOperatorReadsNothing(ctx context.Context) {
	s.scene("Running the hub gives no right to read")
	s.step(ctx, "the operator is refused what even Japan may read", func(ctx context.Context) error {
		_, japan := s.by("jp-coast").get(ctx, s.open.GetName())
		_, operator := s.operator.get(ctx, s.open.GetName())
		return errors.Join(japan, refusedWith(operator, codes.PermissionDenied, ""))
	})
}
