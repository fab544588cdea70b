package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// errorsPage tells partners and operators what each reason means.
const errorsPage = "docs/errors.md"

// Told complains about a reason in the code that the page of errors does not tell,
// and about a row of the page whose reason is not in the code. A reason is a text
// in upper snake case of two words or more in a room; rows may have one word too.
func Told(t *Tree) []string {
	rows := rowsOf(t)
	seen := map[string]bool{}
	var out []string
	for _, f := range t.goFiles() {
		if roomOf(f.dir()) == "" || f.test() {
			continue
		}
		for _, lit := range f.upperTexts() {
			text, _ := strconv.Unquote(lit.Value)
			if seen[text] {
				continue
			}
			seen[text] = true
			if strings.Contains(text, "_") && !rows[text] && !slices.Contains(notReasons(), text) {
				out = append(out, fmt.Sprintf("%s: the reason %s has no row in %s; say there what to do about it", t.at(lit), text, errorsPage))
			}
		}
	}
	for reason := range rows {
		if !seen[reason] {
			out = append(out, fmt.Sprintf("%s: no room has the reason %s; take the row out", errorsPage, reason))
		}
	}
	slices.Sort(out)
	return out
}

// notReasons returns texts that look like reasons and are names of something else:
// of a type of identifier in an index term, of a key, of a kind of failure.
func notReasons() []string {
	return []string{
		"ACCOUNT_NUMBER", "AIRCRAFT_REGISTRATION", "CALL_SIGN", "CARD_HASH", "COMPANY_NUMBER", "CONTAINER_NUMBER",
		"CRYPTO_ADDRESS", "DATA_LOSS", "DOCUMENT_NUMBER", "EMAIL_ADDRESS", "ENGINE_SERIAL", "ICAO24_ADDRESS", "IMO_NUMBER",
		"NATIONAL_ID", "ONLINE_HANDLE", "PAYMENT_CARD", "PHONE_NUMBER", "PLATFORM_ACCOUNT_ID", "REGISTRATION_PLATE",
	}
}

// upperTexts returns the texts of a file that are one name in upper snake case.
func (f File) upperTexts() []*ast.BasicLit {
	name := regexp.MustCompile("^[\"`][A-Z][A-Z0-9]*(_[A-Z0-9]+)*[\"`]$")
	var out []*ast.BasicLit
	ast.Inspect(f.Go, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && name.MatchString(lit.Value) {
			out = append(out, lit)
		}
		return true
	})
	return out
}

// rowsOf returns the reasons that have a row in a table of the page whose first
// column is "reason" or "name".
func rowsOf(t *Tree) map[string]bool {
	rows := map[string]bool{}
	first := regexp.MustCompile("^\\| `([A-Z0-9_]+)` \\|")
	for _, f := range t.Files {
		if f.Path != errorsPage {
			continue
		}
		reasons := false
		for _, line := range strings.Split(f.Text, "\n") {
			switch row := first.FindStringSubmatch(line); {
			case strings.HasPrefix(line, "| reason |"), strings.HasPrefix(line, "| name |"):
				reasons = true
			case !strings.HasPrefix(line, "|"):
				reasons = false
			case reasons && row != nil:
				rows[row[1]] = true
			}
		}
	}
	return rows
}
