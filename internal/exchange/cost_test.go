package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

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
