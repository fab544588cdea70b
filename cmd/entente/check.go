package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// checkAtOnce is how many identifiers the hub takes in one call.
const checkAtOnce = 1000

func (a *app) checkCommand() *cobra.Command {
	var given asking
	c := &cobra.Command{
		Use: "check [TYPE=]VALUE ...", Short: "Ask whether anybody holds something on identifiers",
		Long: "Asks whether anybody holds something on identifiers. A value stands for itself where it is plain what it\n" +
			"is (a telephone number with +, an address with @, a web address, an IBAN); else write TYPE=VALUE, or give --type.\n" +
			"A file has one a line; empty lines and what follows # are left out.\n" +
			"Every identifier spends one of the day's budget of its kind, and the partners that hold something learn who asked.",
		Example: "  entente check +33612345678 IMEI=490154203237518\n  entente check --file numbers.txt -o json",
		RunE: func(cmd *cobra.Command, args []string) error {
			values, asked, err := a.asked(given, args)
			if err != nil {
				return err
			}
			return a.check(cmd.Context(), values, asked)
		},
	}
	given.flags(c)
	return c
}

// asking is what the command line says of the identifiers that it lists.
type asking struct{ file, kind, region, platform string }

func (g *asking) flags(c *cobra.Command) {
	c.Flags().StringVarP(&g.file, "file", "f", "", "file with one identifier a line; - is standard input")
	c.Flags().StringVar(&g.kind, "type", "", "what the values are, where they do not say it")
	c.Flags().StringVar(&g.region, "region", "", "country of the values, as in FR: plates, national numbers, telephone numbers without +")
	c.Flags().StringVar(&g.platform, "platform", "", "platform of the values, as in telegram: handles, account ids")
	complete(c, "type", ententev1.IdentifierType(0).Descriptor())
}

// asked are the identifiers of a command line, as they were written and as the hub takes them.
func (a *app) asked(given asking, args []string) (values []string, asked []any, err error) {
	values = args
	if given.file != "" {
		lines, err := a.values(given.file)
		if err != nil {
			return nil, nil, err
		}
		values = append(values, lines...)
	}
	if len(values) == 0 {
		return nil, nil, usage("there are no identifiers: give values, or --file")
	}
	for i, text := range values {
		id, err := given.identifier(text)
		if err != nil && len(values) > 1 {
			err = usage(fmt.Sprintf("value %d of %d: %v", i+1, len(values), err))
		}
		if err != nil {
			return nil, nil, err
		}
		asked = append(asked, id)
	}
	return values, asked, nil
}

// values are the lines of a file that hold something.
func (a *app) values(path string) ([]string, error) {
	f, err := a.open(path)
	if err != nil {
		return nil, err
	}
	var list []string
	lines := bufio.NewScanner(io.LimitReader(f, maxDocument))
	for lines.Scan() {
		text, _, _ := strings.Cut(" "+lines.Text(), " #")
		if text = strings.TrimSpace(text); text != "" {
			list = append(list, text)
		}
	}
	if err := errors.Join(lines.Err(), f.Close()); err != nil {
		return nil, usage(path + ": " + err.Error())
	}
	return list, nil
}

// identifier is one as it is written on a command line.
func (g asking) identifier(text string) (map[string]any, error) {
	id, kind := map[string]any{"rawValue": text}, g.kind
	if g.region != "" {
		id["regionCode"] = strings.ToUpper(g.region)
	}
	if g.platform != "" {
		id["platform"] = strings.ToLower(g.platform)
	}
	named, value, found := strings.Cut(text, "=")
	if _, err := chosen("type", ententev1.IdentifierType(0).Descriptor(), []string{named}); found && err == nil {
		kind, id["rawValue"] = named, value
	}
	if kind == "" {
		kind = plainly(text)
	}
	if kind == "" {
		return nil, usage("it is not plain what the value is: write TYPE=VALUE, as in IMEI=490154203237518, or give --type")
	}
	names, err := chosen("type", ententev1.IdentifierType(0).Descriptor(), []string{kind})
	if err != nil {
		return nil, err
	}
	id["type"] = names[0]
	return id, nil
}

// plainly is what a value can only be; empty where it could be several things.
func plainly(text string) string {
	switch {
	case strings.HasPrefix(text, "+"):
		return "PHONE_NUMBER"
	case strings.Contains(text, "://"):
		return "URI"
	case strings.Contains(text, "@") && !strings.HasPrefix(text, "@"):
		return "EMAIL_ADDRESS"
	}
	bare := strings.ReplaceAll(text, " ", "")
	if len(bare) >= 15 && len(bare) <= 34 && letters(bare[:2]) && digits(bare[2:4]) {
		return "IBAN"
	}
	return ""
}

func letters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// check asks for as many as the hub takes at once, again and again, and prints the answers together.
func (a *app) check(ctx context.Context, values []string, asked []any) error {
	rows, all := []any{}, map[string]any{}
	for len(asked) > 0 {
		n := min(len(asked), checkAtOnce)
		got, err := a.call(ctx, "MatchService/CheckIdentifiers", map[string]any{"identifiers": asked[:n]})
		if err != nil {
			return err
		}
		page, _ := got["results"].([]any)
		rows, asked = append(rows, page...), asked[n:]
		maps.Copy(all, got)
	}
	all["results"] = rows
	if a.output == "table" {
		for i := range rows {
			rows[i] = checkedRow(values[i], rows[i])
		}
	}
	if err := a.print(all, view{rows: "results", columns: []column{
		{"IDENTIFIER", "asked"}, {"RESULT", "result"}, {"RECORDS", "recordCount"}, {"ASK", "ask"}, {"NEWEST", "newest"},
	}}); err != nil {
		return err
	}
	if a.output == "table" {
		a.sayBudgets(all)
	}
	return nil
}

// checkedRow is a row with what was asked, whom to ask, and the newest record, for a table; where there is none, what is wrong with the value: nothing is found
// of one that was mistyped.
func checkedRow(asked string, row any) any {
	r, ok := row.(map[string]any)
	if !ok {
		return row
	}
	r = maps.Clone(r)
	r["asked"], r["ask"] = asked, agenciesOf(r, "partners")
	if list, _ := r["records"].([]any); len(list) > 0 {
		r["newest"] = cell(list[0], "name")
	}
	if reason := cell(r, "malformedReason"); reason != "" {
		r["newest"] = reason
	}
	if findings := cell(r, "findings"); r["newest"] == nil && cell(r, "checkStatus") == "CHECK_STATUS_FAILED" {
		r["newest"] = findings
	}
	return r
}

// sayBudgets says what is left for the day.
func (a *app) sayBudgets(answer map[string]any) {
	budgets, _ := answer["budgets"].([]any)
	for _, b := range budgets {
		left := cell(b, "remaining")
		if left == "" {
			left = "0"
		}
		a.say("%s: %s of %s left until %s", cell(b, "type"), left, cell(b, "perDay"), cell(b, "renewTime"))
	}
}
