package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// submit sends all drafts on one stream and calls answered for each answer, in
// the order of the drafts. Sending and receiving go on side by side, so the
// distance to the hub costs its round trip once and not once a row; how far the
// sender may run ahead is up to the hub, by flow control.
//
// An error says that not every draft was answered. Those that were remain so;
// it is safe to send all of them again.
func submit(ctx context.Context, hub ententev1.IntelligenceServiceClient, header *ententev1.BulkSubmitIntelligenceItemsHeader,
	drafts []*ententev1.IntelligenceItemDraft, answered func(i int, a *ententev1.BulkSubmitIntelligenceItemsResult),
) error {
	both, ctx := errgroup.WithContext(ctx)
	stream, err := hub.BulkSubmitIntelligenceItems(ctx)
	if err != nil {
		return err
	}
	both.Go(func() error { return send(stream, header, drafts) })
	both.Go(func() error { return receive(stream, len(drafts), answered) })
	return both.Wait()
}

func send(stream ententev1.IntelligenceService_BulkSubmitIntelligenceItemsClient, header *ententev1.BulkSubmitIntelligenceItemsHeader, drafts []*ententev1.IntelligenceItemDraft) error {
	err := stream.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{
		Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{Header: header},
	})
	for i := 0; i < len(drafts) && err == nil; i++ {
		err = stream.Send(&ententev1.BulkSubmitIntelligenceItemsRequest{
			Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: drafts[i]}},
		})
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil // the stream is over, and why is told to the receiver alone
	case err != nil:
		return err
	}
	return stream.CloseSend()
}

func receive(stream ententev1.IntelligenceService_BulkSubmitIntelligenceItemsClient, sent int, answered func(i int, a *ententev1.BulkSubmitIntelligenceItemsResult)) error {
	next := 0
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the hub ended the stream after %d of %d rows, without a summary", next, sent)
		}
		if err != nil {
			return fmt.Errorf("the stream broke after %d of %d rows: %w", next, sent, err)
		}
		if summary := response.GetSummary(); summary != nil {
			return check(summary, next, sent)
		}
		if result := response.GetResult(); result == nil || result.GetIndex() != int64(next) || next >= sent {
			return fmt.Errorf("answer %d does not belong to row %d", next, next)
		}
		answered(next, response.GetResult())
		next++
	}
}

// check compares the hub's summary with what was counted here.
func check(s *ententev1.BulkSubmitIntelligenceItemsSummary, answered, sent int) error {
	if s.GetReceived() != int64(sent) || answered != sent {
		return fmt.Errorf("sent %d rows, the hub received %d and answered %d", sent, s.GetReceived(), answered)
	}
	return nil
}
