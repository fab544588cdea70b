package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	sums "github.com/seed-1d76a664/entente/internal/tally"
)

// summary is the flags of a summary, beside those of the query.
type summary struct {
	query
	by                                []string
	periodOf, rates, svg, title, what string
	all                               bool
	more                              bool // the question has conditions that the picture does not name
}

func (a *app) summaryCommand(n noun) *cobra.Command {
	s := &summary{}
	c := &cobra.Command{
		Use: "summary", Short: "Count assets and add up what they are worth", Args: cobra.NoArgs,
		Long: `Counts the assets of the reports that you may see and that match, and adds up their values: as bars here,
with --svg as a picture for a report, with -o json as numbers.

An asset counts once, at the stage where it stands. Face values, estimates, appraisals and proceeds stand
apart, and so does each currency. --rates names a file with rates, by which all is also converted:

  {name: ECB reference rates, date: 2026-11-24, currencyCode: EUR,
   rates: [{currencyCode: GBP, rate: "1.1432"}, {currencyCode: USD, rate: "0.8921"}]}`,
		Example: "  entente seizure summary --by asset-type,stage --since 2026-01-01\n  entente seizure summary --by quarter --asset-type CASH --rates rates.yaml --svg cash.svg",
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := s.body(a, n)
			if err != nil {
				return err
			}
			answer, err := a.sums(cmd.Context(), n, body, s.all)
			if err != nil {
				return err
			}
			return a.showSums(s, answer)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&s.by, "by", []string{"asset-type"}, "group by stage, asset-type, country, agency, and one of month, quarter and year")
	f.StringVar(&s.periodOf, "period-of", "received", "the day that puts an asset into a period: received, observed, or step, by which it stands where it stands")
	f.StringVar(&s.rates, "rates", "", "file with a table of rates, in YAML or JSON; - is standard input")
	f.StringVar(&s.svg, "svg", "", "file for the picture; - is standard output")
	f.StringVar(&s.title, "title", "Seized assets", "title of the picture")
	f.StringVar(&s.what, "show", "", "what the bars show: count, value, or both where not given")
	f.BoolVar(&s.all, "all", false, "go on until everything that matches is counted, not only the newest 5,000 reports")
	for name, choices := range map[string][]string{"by": groupings(), "period-of": {"received", "observed", "step"}, "show": {"count", "value"}} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp))
	}
	listing := a.listing(n, &s.query).Flags()
	for _, own := range []string{"full", "total", "limit", "best", "fields"} {
		listing.Lookup(own).Hidden = true
	}
	for _, each := range flagsOf(listing) {
		f.AddFlag(each)
	}
	return c
}

// groupings are what --by takes.
func groupings() []string {
	return []string{"stage", "asset-type", "country", "agency", "month", "quarter", "year"}
}

// body is the request in JSON spelling.
func (s *summary) body(a *app, n noun) (map[string]any, error) {
	asked, err := s.query.body(n)
	if err != nil {
		return nil, err
	}
	s.more = unnamed(asked)
	body := map[string]any{"query": asked}
	if s.what != "" && s.what != "count" && s.what != "value" {
		return nil, usage("--show is count or value")
	}
	var by []any
	for _, each := range s.by {
		switch each {
		case "month", "quarter", "year":
			if body["period"] != nil {
				return nil, usage("--by takes one of month, quarter and year")
			}
			names, err := chosen("by", ententev1.SummaryPeriod(0).Descriptor(), []string{each})
			if err != nil {
				return nil, err
			}
			body["period"] = names[0]
			by = append(by, "SEIZURE_DIMENSION_PERIOD")
		case "asset-type":
			by = append(by, "SEIZURE_DIMENSION_ASSET_TYPE")
		case "stage", "country", "agency":
			names, err := chosen("by", ententev1.SeizureDimension(0).Descriptor(), []string{each})
			if err != nil {
				return nil, err
			}
			by = append(by, names[0])
		default:
			return nil, usage("--by is some of stage, asset-type, country, agency, and one of month, quarter, year")
		}
	}
	body["groupBy"] = by
	of, err := chosen("period-of", ententev1.SummaryDate(0).Descriptor(), []string{s.periodOf})
	if err != nil {
		return nil, err
	}
	body["periodOf"] = of[0]
	if s.rates != "" {
		if body["conversion"], err = a.readObject(s.rates); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// sums asks, and goes on where all is wanted.
func (a *app) sums(ctx context.Context, n noun, body map[string]any, all bool) (*ententev1.SummarizeSeizuresResponse, error) {
	var sum *ententev1.SummarizeSeizuresResponse
	for {
		got, err := a.ask(ctx, n.service+"/SummarizeSeizures", body)
		if err != nil {
			return nil, err
		}
		page, ok := got.(*ententev1.SummarizeSeizuresResponse)
		if !ok {
			return nil, fmt.Errorf("%T is no summary", got)
		}
		if sum == nil {
			sum = page
		} else if !sums.Merge(sum, page) {
			return nil, usage("there are too many groups to add up page by page: group by less, or narrow the query")
		}
		if !all || sum.GetNextPageToken() == "" {
			return sum, nil
		}
		body["pageToken"] = sum.GetNextPageToken()
	}
}

// showSums prints a summary, and writes the picture of it.
func (a *app) showSums(s *summary, sum *ententev1.SummarizeSeizuresResponse) error {
	chart := s.chart(sum, time.Now().UTC())
	if err := a.save(s.svg, chart.SVG()); err != nil || s.svg == "-" {
		return err
	}
	if a.output == "table" {
		wide, colour := a.screen()
		if _, err := fmt.Fprint(a.out, chart.Terminal(wide, colour)); err != nil {
			return err
		}
		if sum.GetCapped() {
			a.say("Counted back to %s, and there are more: --all goes on, --until %s counts what is older.", since(sum), since(sum))
		}
		return nil
	}
	body, err := plain(sum)
	if err != nil {
		return err
	}
	return a.print(body, view{})
}

// since is from when on reports were counted.
func since(sum *ententev1.SummarizeSeizuresResponse) string {
	return sum.GetCountedFrom().AsTime().UTC().Format(time.RFC3339)
}

// nameOf is the name of an enum's value as people write it: financial account.
func nameOf(e protoreflect.Enum) string {
	v := e.Descriptor().Values().ByNumber(e.Number())
	if v == nil {
		return fmt.Sprint(e.Number())
	}
	return words(short(string(v.Name())))
}

// unnamed tells whether a question has conditions beside those that a picture names.
func unnamed(asked map[string]any) bool {
	named := []string{"originators", "assetTypes", "stages", "routes", "crimeAreas", "subjectTypes", "states", "otherLabels", "received", "observed"}
	for field, value := range asked {
		if value != nil && value != "" && value != false && !slices.Contains(named, field) {
			return true
		}
	}
	return false
}
