package intel

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// examiner goes through one content, once, in the order of its fields.
type examiner struct {
	audit
	now     time.Time
	reading Reading
	entries []*ententev1.AssessmentEntry
	// known are the subjects by subject_id, the first of each.
	known map[string]*ententev1.Subject
	// entryOf is the entry of each finding.
	entryOf []*ententev1.AssessmentEntry
	// unread says that an identifier was malformed and has no finding.
	unread bool
}

func newExaminer(now time.Time, subjects []*ententev1.Subject) *examiner {
	x := &examiner{now: now.UTC()}
	if len(subjects) > 0 {
		x.known = make(map[string]*ententev1.Subject, len(subjects))
	}
	identifiers := 0
	for i, s := range subjects {
		identifiers += len(s.GetIdentifiers())
		if _, taken := x.known[s.GetSubjectId()]; taken {
			x.refuse(index("subjects", i), "subjectId", ReasonSubjectTwice, "Give every subject of the record a subject_id of its own.")
			continue
		}
		x.known[s.GetSubjectId()] = s
	}
	x.entries, x.entryOf = slices.Grow(x.entries, identifiers), slices.Grow(x.entryOf, identifiers)
	x.reading.Findings = slices.Grow(x.reading.Findings, identifiers)
	return x
}

// result is the reading, complete.
func (x *examiner) result() (Reading, []fault.Violation) {
	if len(x.violations) > 0 {
		return Reading{}, x.violations
	}
	if len(x.entries) > 0 || x.reading.Protected {
		x.reading.Assessment = &ententev1.Assessment{Entries: x.entries, ContainsProtectedPersons: x.reading.Protected}
	}
	return x.reading, nil
}

// flag keeps a field as it is and says what is odd about it.
func (x *examiner) flag(at, field string, status ententev1.CheckStatus, code string) {
	x.entries = append(x.entries, &ententev1.AssessmentEntry{
		FieldPath: within(at, field), CheckStatus: status, Findings: []string{code},
	})
}

// worded is what both kinds of content have.
type worded interface {
	GetTitle() string
	GetNarrative() string
	GetLanguageCode() string
	GetLegalBasis() string
}

func (x *examiner) words(c worded) {
	x.text("", "title", c.GetTitle())
	x.text("", "narrative", c.GetNarrative())
	x.language("", c.GetLanguageCode())
	x.text("", "legalBasis", c.GetLegalBasis())
}

func (x *examiner) language(at, tag string) {
	_, err := identifier.Language(tag)
	x.malformed(at, "languageCode", err)
}

func (x *examiner) renditions(renditions []*ententev1.Rendition) {
	for i, r := range renditions {
		at := index("renditions", i)
		x.language(at, r.GetLanguageCode())
		if r.GetTitle() == "" && r.GetNarrative() == "" {
			x.refuse(at, "", ReasonRenditionEmpty, "Give the title or the narrative in this language, or leave the rendition out.")
		}
		x.text(at, "title", r.GetTitle())
		x.text(at, "narrative", r.GetNarrative())
	}
}

// labels checks the words that say what OTHER means.
func (x *examiner) labels(labels []string, needed bool) {
	if needed && len(labels) == 0 {
		x.refuse("", "otherLabels", ReasonOtherLabel, "Say in other_labels what OTHER means.")
	}
	x.texts("", "otherLabels", labels)
}

// label is labels of a single field.
func (x *examiner) label(at, field, label string, needed bool) {
	if needed && label == "" {
		x.refuse(at, field, ReasonOtherLabel, "Say in this field what OTHER means.")
	}
	x.text(at, field, label)
}

// observed reads the time of the content itself.
func (x *examiner) observed(i *ententev1.Interval) {
	if x.interval("", "observed", i) {
		x.reading.ObservedStart, x.reading.ObservedEnd = i.GetStartTime().GetSeconds(), i.GetEndTime().GetSeconds()
	}
}

// interval checks a span of time that may be absent or open.
func (x *examiner) interval(at, field string, i *ententev1.Interval) bool {
	start, end := i.GetStartTime(), i.GetEndTime()
	path := within(at, field)
	if !x.timestamp(path, "startTime", start) || !x.timestamp(path, "endTime", end) {
		return false
	}
	if start != nil && end != nil && end.AsTime().Before(start.AsTime()) {
		x.refuse(path, "endTime", ReasonInterval, "Let the interval end when it starts, or later.")
		return false
	}
	return true
}

// clockSkew is how far a partner's clock, or its calendar day, may be ahead.
const clockSkew = 24 * time.Hour

// past checks a time, possibly absent, that cannot lie ahead.
func (x *examiner) past(at, field string, t *timestamppb.Timestamp) {
	if x.timestamp(at, field, t) && t != nil && t.AsTime().After(x.now.Add(clockSkew)) {
		x.refuse(at, field, ReasonFuture, "This time has not come yet; correct it.")
	}
}

func (x *examiner) media(media []*ententev1.MediaReference) {
	for i, m := range media {
		x.text(index("media", i), "description", m.GetDescription())
	}
}

// identifiers reads those of a subject or an asset.
func (x *examiner) identifiers(at string, ids []*ententev1.Identifier) {
	for i, id := range ids {
		path := within(at, index("identifiers", i))
		if bareNumber(id.GetType()) {
			x.text(path, "rawValue", id.GetRawValue())
		}
		finding, err := identifier.Understand(id)
		if x.malformed(path, "rawValue", err) {
			x.unread = true
			continue
		}
		entry := &ententev1.AssessmentEntry{
			FieldPath: path, NormalizedValue: finding.Normalized, CheckStatus: finding.Status,
			Findings: finding.Codes, RegionCode: finding.Region,
		}
		x.entries = append(x.entries, entry)
		x.entryOf = append(x.entryOf, entry)
		x.reading.Findings = append(x.reading.Findings, Identified{Path: path, Type: id.GetType(), Finding: finding})
	}
}

// bareNumber tells types whose values have no form of their own, so that a card
// number may hide in them.
func bareNumber(t ententev1.IdentifierType) bool {
	return t == ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER || t == ententev1.IdentifierType_IDENTIFIER_TYPE_ACCOUNT_NUMBER
}
