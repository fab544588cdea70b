package identifier

import (
	"strings"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// maxLength bounds a value, before and after normalising, in bytes. The wire
// allows 512 characters; percent-encoding and compatibility forms grow them.
const maxLength = 4096

// Finding is what the hub understands of an identifier.
type Finding struct {
	// Normalized is the value as the hub compares it. Understand of it, with
	// the same region, network and platform, gives the same Normalized. Values
	// that mean something only within a country or on a platform carry it in
	// front: "FR:AB123CD", "telegram:boats".
	Normalized string
	// Status is the outcome of the check; never UNSPECIFIED.
	Status ententev1.CheckStatus
	// Codes say what was found, in UPPER_SNAKE and stable, such as
	// IMEI_CHECK_DIGIT. A code next to PASSED is a remark.
	Codes []string
	// Region is the ISO 3166-1 alpha-2 country that the value itself tells,
	// else the one that was stated with it, else empty.
	Region string
	// Keys are further forms that should match too. A form of another type
	// carries its namespace: "DOCUMENT_NUMBER:L898902C3". See SplitKey.
	Keys []string
}

// Malformed says why a value cannot be the identifier it claims to be. It
// never holds the value.
type Malformed struct {
	// Reason is stable, in UPPER_SNAKE, such as IBAN_CHARSET.
	Reason string
	// Advice tells a person what to change. A fixed text.
	Advice string
}

// Error is reason and advice in one line.
func (m *Malformed) Error() string { return m.Reason + ": " + m.Advice }

func malformed(reason, advice string) error {
	return &Malformed{Reason: reason, Advice: advice}
}

// Understand normalises and checks one identifier. The error, if any, is a
// *Malformed. The identifier is not kept and not changed. A nil identifier is
// malformed.
func Understand(id *ententev1.Identifier) (Finding, error) {
	r, ok := ruleOf(id.GetType())
	if !ok {
		return Finding{}, malformed("IDENTIFIER_TYPE", "State which kind of identifier this is.")
	}
	c := claim{
		raw:      id.GetRawValue(),
		region:   id.GetRegionCode(),
		platform: id.GetPlatform(),
		network:  id.GetNetwork(),
	}
	if err := c.admissible(r); err != nil {
		return Finding{}, err
	}
	f, err := r.read(c)
	if err != nil {
		return Finding{}, err
	}
	return f.bounded(c)
}

// claim is an identifier as it was stated.
type claim struct {
	raw, region, platform string
	network               ententev1.CryptoNetwork
}

// admissible checks what holds for every type.
func (c claim) admissible(r rule) error {
	switch {
	case len(c.raw) > maxLength:
		return errLength()
	case !legible(c.raw, r.lines):
		return malformed("VALUE_CHARSET", "Remove control characters; the value must be valid UTF-8.")
	case strings.TrimSpace(c.raw) == "":
		return errEmpty()
	case r.needsRegion && c.region == "":
		return malformed("REGION_REQUIRED", "State the country that this value belongs to in region_code.")
	case r.needsPlatform && c.platform == "":
		return malformed("PLATFORM_REQUIRED", "State the platform, in lower case, as in telegram.")
	case !isPlatform(c.platform):
		return malformed("PLATFORM", "Write the platform in lower-case letters, digits, dots, hyphens or underscores.")
	case c.region != "":
		return Region(c.region)
	}
	return nil
}

// bounded completes a finding and refuses one that normalising has blown up.
func (f Finding) bounded(c claim) (Finding, error) {
	if len(f.Normalized) > maxLength {
		return Finding{}, errLength()
	}
	if f.Region == "" {
		f.Region = c.region
	}
	return f, nil
}

func errLength() error {
	return malformed("VALUE_LENGTH", "The value is too long to be an identifier; send the identifier alone.")
}

func errEmpty() error {
	return malformed("VALUE_EMPTY", "The value holds nothing to compare; leave the identifier out or fill it in.")
}

// legible refuses invalid UTF-8 and control characters: a normalised value
// goes into index keys and onto screens. Tabs and, where the type has lines,
// line breaks are let through to be dropped.
func legible(raw string, lines bool) bool {
	ascii := true
	for i := range len(raw) {
		b := raw[i]
		if b >= utf8.RuneSelf {
			ascii = false
			continue
		}
		if b == '\t' || lines && (b == '\n' || b == '\r') {
			continue
		}
		if b < ' ' || b == 0x7f {
			return false
		}
	}
	return ascii || legibleRunes(raw)
}

func legibleRunes(raw string) bool {
	for _, r := range raw {
		if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			return false
		}
	}
	return true
}

// passed and the like are findings without codes.
func passed(normalized string) Finding {
	return Finding{Normalized: normalized, Status: ententev1.CheckStatus_CHECK_STATUS_PASSED}
}

func unchecked(normalized string) Finding {
	return Finding{Normalized: normalized, Status: ententev1.CheckStatus_CHECK_STATUS_NOT_APPLICABLE}
}

func unverifiable(normalized string) Finding {
	return Finding{Normalized: normalized, Status: ententev1.CheckStatus_CHECK_STATUS_UNVERIFIABLE}
}

// fail adds a failed check.
func (f *Finding) fail(code string) {
	f.Status = ententev1.CheckStatus_CHECK_STATUS_FAILED
	f.Codes = append(f.Codes, code)
}

// remark adds a code that leaves the status alone.
func (f *Finding) remark(code string) { f.Codes = append(f.Codes, code) }
