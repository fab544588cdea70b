package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// abandoned is a call that nobody waits for any more after it was asked so often whether somebody does.
type abandoned struct {
	context.Context
	left int
}

func (a *abandoned) Err() error {
	if a.left--; a.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestNobodyIsServedWhoHasLeft: what a call looks at, record by record, it looks at only as long as somebody waits for it.
func TestNobodyIsServedWhoHasLeft(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	for i := range 8 {
		w.submit("fr-ofast", person(fmt.Sprint("Somebody ", i), "Mohammed Karimi", to("gb-nca")))
	}
	const waits = 4
	for name, ask := range map[string]func(context.Context) error{
		"compared": func(ctx context.Context) error {
			_, err := w.QueryIntelligenceItems(ctx, call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{
				Justification: why(), Query: &ententev1.IntelligenceItemQuery{Names: []string{"Mohamed Karimi"}},
			})
			return err
		},
		"listed": func(ctx context.Context) error {
			_, err := w.QueryIntelligenceItems(ctx, call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{Justification: why()})
			return err
		},
	} {
		if err := ask(&abandoned{w.t.Context(), waits}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// counted is a call that counts how often it was asked whether somebody waits for it: once a record that is opened.
type counted struct {
	context.Context
	opened int
}

func (c *counted) Err() error {
	c.opened++
	return c.Context.Err()
}

// TestCandidatesAreNotOpened: who shares parts of a name with another, and is somebody else, is told apart without being opened, from the first question on and
// however often the record changes.
func TestCandidatesAreNotOpened(t *testing.T) {
	w := newWorld(t)
	w.enrol("fr-ofast", "gb-nca")
	var last *ententev1.Receipt
	for i := range 20 {
		last = w.submit("fr-ofast", person(fmt.Sprint("Somebody ", i), "Mohammed Ali Karimi", to("gb-nca")))
	}
	match := w.submit("fr-ofast", person("Sought", "Mohamed Aly Haddad", to("gb-nca")))
	ask := func(name string) (names []string, opened int) {
		ctx := &counted{Context: t.Context()}
		answer, err := w.QueryIntelligenceItems(ctx, call("gb-nca"), &ententev1.QueryIntelligenceItemsRequest{
			Justification: why(), Query: &ententev1.IntelligenceItemQuery{Names: []string{name}}, IncludeTotal: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range received(t, answer).GetIntelligenceItems() {
			names = append(names, item.GetMetadata().GetName())
		}
		return names, ctx.opened
	}
	for _, name := range []string{"Mohammed Ali Haddad", "محمد علي حداد"} {
		found, opened := ask(name)
		want(t, name, found, []string{match.GetName()})
		if opened > 1 {
			t.Errorf("%s: %d records opened", name, opened)
		}
	}
	if _, err := w.ReviseIntelligenceItem(t.Context(), call("fr-ofast"), &ententev1.ReviseIntelligenceItemRequest{
		Justification: why(), Name: last.GetName(), Etag: last.GetEtag(),
		Content: &ententev1.ReviseIntelligenceItemRequest_Plain{Plain: person("Sought too", "Mohammed Ali Haddad", nil).GetPlain()},
	}); err != nil {
		t.Fatal(err)
	}
	found, opened := ask("Mohammed Ali Haddad")
	want(t, "after a correction", found, []string{match.GetName(), last.GetName()})
	if opened > 2 {
		t.Errorf("%d records opened after a correction", opened)
	}
}

// TestChecksFitIntoAnAnswer: a thousand identifiers may lead to more than an answer holds. Every one is answered all the same, the first ones in full.
func TestChecksFitIntoAnAnswer(t *testing.T) {
	w, _ := matching(t)
	var desks []*ententev1.DutyContact
	for i := range 20 {
		desks = append(desks, &ententev1.DutyContact{
			Function: ententev1.DutyFunction_DUTY_FUNCTION_DUTY_DESK, DisplayName: fmt.Sprint("Desk ", i), Hours: strings.Repeat("24/7 ", 25), EmailAddress: strings.Repeat("x", 200) + "@example.org",
		})
	}
	w.deskOf("it-gdf", desks)
	var asked []string
	for range 4 {
		var numbers []string
		for range 180 {
			numbers = append(numbers, fmt.Sprintf("+336123%05d", len(asked)+len(numbers)))
		}
		w.submit("it-gdf", about("Many telephones", hitTo("gb-nca"), numbers...))
		asked = append(asked, numbers...)
	}
	answer, err := w.tryCheck("gb-nca", phones(asked...)...)
	if err != nil {
		t.Fatal(err)
	}
	if size := proto.Size(answer); size > 4<<20 || size < 3<<20 {
		t.Errorf("%d bytes", size)
	}
	first, last := answer.GetResults()[0], answer.GetResults()[len(asked)-1]
	if len(first.GetPartners()) != 1 || len(first.GetPartners()[0].GetDutyContacts()) != 20 {
		t.Errorf("the first row: %v", first)
	}
	if last.GetResult() != ententev1.CheckResult_CHECK_RESULT_HIT || len(last.GetPartners()) > 0 && len(last.GetPartners()[0].GetDutyContacts()) > 0 {
		t.Errorf("the last row: %v", last)
	}
}

// TestUnfollowedChecksFitIntoAnAnswer: checks of very much do not hide themselves, and others, from who supervises.
func TestUnfollowedChecksFitIntoAnAnswer(t *testing.T) {
	w, c := matching(t)
	w.submit("fr-ofast", phoned(boatPhone, to("gb-nca")))
	padded := boatPhone + strings.Repeat(" ", 3000)
	for range 8 {
		asked := make([]string, 250)
		for i := range asked {
			asked[i] = padded
		}
		if _, err := w.tryCheck("gb-nca", phones(asked...)...); err != nil {
			t.Fatal(err)
		}
	}
	w.later(c, 8*24*time.Hour)
	rows, token := 0, ""
	for pages := 0; pages < 9; pages++ {
		answer, err := w.ListUnfollowedChecks(t.Context(), supervising("gb-nca"), &ententev1.ListUnfollowedChecksRequest{Justification: why(), PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		if size := proto.Size(answer); size > 4<<20 {
			t.Errorf("a page of %d bytes", size)
		}
		rows += len(answer.GetChecks())
		if token = answer.GetNextPageToken(); token == "" {
			break
		}
	}
	if rows != 8 {
		t.Errorf("%d checks listed", rows)
	}
}
