package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// benchQuestions are how many different questions a case asks.
const benchQuestions = 1024

// query asks in turns for what a case is of: pages of 50 as a list shows them.
func (b *bencher) query(name string) operation {
	requests := make([][]byte, benchQuestions)
	for i := range requests {
		requests[i] = encode(summaries(b.question(name, i), 50, ""))
	}
	return func(ctx context.Context, agency int) (int64, error) {
		n := b.next.Add(1)
		return 1, b.invoke(ctx, b.conns[agency], ententev1.IntelligenceService_QueryIntelligenceItems_FullMethodName, n, requests[n%benchQuestions],
			new(ententev1.QueryIntelligenceItemsResponse))
	}
}

func summaries(q *ententev1.IntelligenceItemQuery, size int32, token string) *ententev1.QueryIntelligenceItemsRequest {
	return &ententev1.QueryIntelligenceItemsRequest{
		Justification: benchWhy(), PageSize: size, View: ententev1.RecordView_RECORD_VIEW_SUMMARY, PageToken: token, Query: q,
	}
}

// question is the i-th of a case.
func (b *bencher) question(name string, i int) *ententev1.IntelligenceItemQuery {
	switch name {
	case "text2": // one word of the most common, one less so
		words := b.corpus.Words("en")
		return &ententev1.IntelligenceItemQuery{Text: words[20+i%60] + " " + words[80+i*7%400]}
	case "name": // in another spelling than records have
		return &ententev1.IntelligenceItemQuery{Names: []string{b.corpus.Name(uint64(i))}}
	case "near":
		shores := b.corpus.Shores()
		weeks := int(corpus.Until().Sub(corpus.From()) / (7 * 24 * time.Hour))
		start := corpus.From().AddDate(0, 0, 7*(i*37%weeks))
		return &ententev1.IntelligenceItemQuery{
			Places: []*ententev1.GeoArea{{Area: &ententev1.GeoArea_Radius{Radius: &ententev1.GeoRadius{
				Center: shores[i%len(shores)], RadiusMeters: 20_000,
			}}}},
			Observed: &ententev1.Interval{StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.AddDate(0, 0, 7))},
		}
	default:
		return nil
	}
}

// check checks one identifier a call: four of five are somewhere, whoever may know.
func (b *bencher) check() operation {
	requests := make([][]byte, benchQuestions)
	for i := range requests {
		kinds := [...]func(uint64) *ententev1.Identifier{corpus.Phone, corpus.IBAN, corpus.Plate, corpus.Vessel, corpus.Handle}
		k := uint64(i * 31 % (b.options.items/4 + 1000))
		if i%5 == 4 {
			k = 1<<60 | uint64(i) // nobody's
		}
		id := kinds[i/5%len(kinds)](k)
		requests[i] = encode(&ententev1.CheckIdentifiersRequest{Justification: benchWhy(), Identifiers: []*ententev1.AskedIdentifier{{
			Type: id.GetType(), RawValue: id.GetRawValue(), RegionCode: id.GetRegionCode(), Platform: id.GetPlatform(),
		}}})
	}
	return func(ctx context.Context, agency int) (int64, error) {
		n := b.next.Add(1)
		return 1, b.invoke(ctx, b.conns[agency], ententev1.MatchService_CheckIdentifiers_FullMethodName, n, requests[n%benchQuestions],
			new(ententev1.CheckIdentifiersResponse))
	}
}

// deepPage is the page that the case deep50 asks for again and again, as far as there are so many.
const deepPage = 20_000

// deep goes down to a page and asks for it. Everybody asks as one agency: a token is its caller's.
func (b *bencher) deep(ctx context.Context) (operation, error) {
	token, page, err := b.walk(ctx)
	if err != nil {
		return nil, err
	}
	ask := func(request []byte) operation {
		return func(ctx context.Context, _ int) (int64, error) {
			return 1, b.invoke(ctx, b.conns[0], ententev1.IntelligenceService_QueryIntelligenceItems_FullMethodName, b.next.Add(1), request,
				new(ententev1.QueryIntelligenceItemsResponse))
		}
	}
	first, deep := ask(encode(summaries(nil, 50, ""))), ask(encode(summaries(nil, 50, token)))
	return deep, b.sideBySide(ctx, page, first, deep)
}

// sideBySide has a lone caller ask for the first page and the deep one in turns, and tells how long they take.
func (b *bencher) sideBySide(ctx context.Context, page int, first, deep operation) error {
	const turns = 200
	times := make([][]time.Duration, 2)
	for range turns {
		for i, op := range []operation{first, deep} {
			began := time.Now()
			if _, err := op(ctx, 0); err != nil {
				return err
			}
			times[i] = append(times[i], time.Since(began))
		}
	}
	b.app.say("for a lone caller page 1 of 50 takes %v (median), page %d takes %v", micros(median(times[0]).Microseconds()), page, micros(median(times[1]).Microseconds()))
	return nil
}

// walk gives the token of the deepest whole page of 50, not deeper than deepPage.
func (b *bencher) walk(ctx context.Context) (token string, page int, err error) {
	const stride = 4 // pages of 50 a call
	for page = 1; page+stride <= deepPage; page += stride {
		answer := &raw{keep: true}
		m := new(ententev1.QueryIntelligenceItemsResponse)
		err := b.conns[0].Invoke(ctx, ententev1.IntelligenceService_QueryIntelligenceItems_FullMethodName, &raw{bytes: encode(summaries(nil, 50*stride, token))}, answer, rawCall())
		if err == nil {
			err = proto.Unmarshal(answer.bytes, m)
		}
		switch {
		case err != nil:
			return "", 0, fmt.Errorf("page %d: %w", page, err)
		case m.GetNextPageToken() == "" && token == "":
			return "", 0, errors.New("there are not so many items")
		case m.GetNextPageToken() == "":
			return token, page, nil
		}
		token = m.GetNextPageToken()
	}
	return token, page, nil
}
