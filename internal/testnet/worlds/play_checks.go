package worlds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// commonCap is how many records may share a value before a check calls it common.
const commonCap = 50

// Checks are steps after which the prober was asked for what it holds, has asked for what others hold, and some days went by: it has notices, single and of a
// day, and checks that nobody followed up. All the while others hide records with the very same numbers.
func Checks() []Step {
	var steps []Step
	for n := range commonCap + 1 {
		common := Item(fmt.Sprint("Helpline ", n), commonPhone, to(Prober))
		if n < commonCap {
			steps = append(steps, SubmitItem(fmt.Sprint("nearly-", n), Owner, false, Item(fmt.Sprint("Ticket ", n), nearlyCommonPhone, to(Prober))))
		}
		if n%10 == 0 {
			silent := Item(hiddenWord+" in silence", hiddenPhone, to())
			silent.Release.Existence = ententev1.Existence_EXISTENCE_SILENT
			steps = append(steps,
				SubmitItem(fmt.Sprint("hidden-nearly-", n), Owner, true, Item(hiddenWord+" ticket", nearlyCommonPhone, to(Insider))),
				SubmitItem(fmt.Sprint("hidden-silent-", n), Owner, true, silent),
				SubmitItem(fmt.Sprint("hidden-told-", n), Insider, true, hitFor(hiddenWord+" told", Fourth)),
			)
		}
		steps = append(steps, SubmitItem(fmt.Sprint("common-", n), Owner, false, common))
	}
	return append(steps,
		SubmitItem("own-hit", Prober, false, hitFor("Prober's lighthouse", Fourth)),
		SubmitItem("own-silent", Prober, false, quiet("Prober's harbour", false)),
		SubmitItem("own-bait", Prober, false, quiet("Prober's bait", true)),
		SubmitReport("seen-phone", Insider, false, found(Report("Telephones", to(Prober)))),
		SubmitReport("hidden-phone", Owner, true, found(Report(hiddenWord+"'s telephones", to(Fourth)))),
		loadPast("seen-past", false, to(Prober)), loadPast("hidden-past", true, to(Fourth)),
		checkBy("asked-1", Fourth, hiddenPhone), checkBy("asked-2", Insider, hiddenPhone, baitPhone), checkBy("asked-3", Owner, baitPhone),
		checkBy("asks-1", Prober, hiddenPhone), checkBy("asks-2", Prober, "+33612340001", nearlyCommonPhone, commonPhone),
		days("a day", 1), days("another", 1), days("a week", 8),
	)
}

// baitPhone is in one record of the prober's, which nobody has read.
const baitPhone = "+33612345652"

// quiet is an item that tells its originator, in silence, who asks for it; bait is ungraded.
func quiet(words string, bait bool) *ententev1.IntelligenceItemDraft {
	phone := hiddenPhone
	if bait {
		phone = baitPhone
	}
	d := Item(words, phone, to())
	d.Release.Existence = ententev1.Existence_EXISTENCE_SILENT
	if e := d.GetPlain().GetEvaluation().GetEuropol(); bait {
		e.Source, e.Information = ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_X, ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_4
	}
	return d
}

// found adds a telephone, and whose it was, to what was seized.
func found(d *ententev1.SeizureReportDraft) *ententev1.SeizureReportDraft {
	a := d.GetPlain().GetAssets()[0]
	a.Identifiers = append(a.Identifiers, &ententev1.Identifier{Type: phoneNumber, RawValue: hiddenPhone})
	d.GetPlain().Subjects = []*ententev1.Subject{{
		SubjectId: "firm", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: "Lighthouse"}},
	}}
	return d
}

// loadPast is a step in which the owner loads two records of the past.
func loadPast(label string, hidden bool, release *ententev1.Release) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, label string) error {
		conn, err := w.DialBulk(Owner, "/gateway")
		if err != nil {
			return err
		}
		stream, err := ententev1.NewIntelligenceServiceClient(conn).BulkSubmitIntelligenceItems(ctx)
		if err != nil {
			return err
		}
		messages := []*ententev1.BulkSubmitIntelligenceItemsRequest{{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Header{
			Header: &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: why(), History: true},
		}}}
		for n := range 2 {
			messages = append(messages, &ententev1.BulkSubmitIntelligenceItemsRequest{Message: &ententev1.BulkSubmitIntelligenceItemsRequest_Row{
				Row: &ententev1.BulkSubmitIntelligenceItemsRow{Draft: Item("Long ago", hiddenPhone, release), RequestId: fmt.Sprint(label, n)},
			}})
		}
		for _, m := range messages {
			if err := stream.Send(m); err != nil {
				return err
			}
		}
		if err := stream.CloseSend(); err != nil {
			return err
		}
		for {
			if _, err := stream.Recv(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}}
}

// checkBy is a step in which an agency checks telephones.
func checkBy(label, agency string, phones ...string) Step {
	return Step{Label: label, Take: func(ctx context.Context, w *World, _ string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		req := &ententev1.CheckIdentifiersRequest{Justification: why()}
		for _, p := range phones {
			req.Identifiers = append(req.Identifiers, &ententev1.AskedIdentifier{Type: phoneNumber, RawValue: p})
		}
		_, err = ententev1.NewMatchServiceClient(conn).CheckIdentifiers(ctx, req)
		return err
	}}
}

// days is a step in which so many days pass, and the hub takes notice of it.
func days(label string, n int) Step {
	return Step{Label: label, Take: func(ctx context.Context, w *World, _ string) error {
		w.source.Pass(time.Duration(n) * 24 * time.Hour)
		return w.Hub.Tick(ctx)
	}}
}
