package index

import (
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/text"
)

// Facts are what a filter is evaluated on: one content, and of what stands
// beside it what a filter asks for. It works out what is needed when it is, and
// is good for one goroutine.
type Facts struct {
	// Item or Report is the content, as its kind is.
	Item *ententev1.IntelligenceContent
	// Report is Item's twin.
	Report *ententev1.SeizureContent
	// Originator is the owning agency.
	Originator intel.AgencyID
	// Stages are those at which assets stand.
	Stages []ententev1.RecoveryStage

	texts []written
	keys  []IdentifierKey
	known bool // keys are worked out
	names *Names
}

// written is one text of a content.
type written struct {
	title bool
	words []text.Word
}

// shared is what both contents have.
type shared interface {
	GetTitle() string
	GetRenditions() []*ententev1.Rendition
	GetCrimeAreas() []ententev1.CrimeArea
	GetRoute() ententev1.SmugglingRoute
	GetOtherLabels() []string
	GetSubjects() []*ententev1.Subject
	GetPlaces() []*ententev1.Place
	GetObserved() *ententev1.Interval
}

func (r *Facts) content() shared {
	if r.Report != nil {
		return r.Report
	}
	return r.Item
}

// written are the texts, each in words.
func (r *Facts) written() []written {
	if r.texts != nil {
		return r.texts
	}
	title := r.content().GetTitle()
	say := func(language, words string) {
		if words != "" {
			r.texts = append(r.texts, written{title: words == title, words: text.Words(language, words)})
		}
	}
	if r.Report != nil {
		seizureTexts(r.Report, say)
	} else {
		itemTexts(r.Item, say)
	}
	return r.texts
}

// identifiers are the forms of all identifiers.
func (r *Facts) identifiers() []IdentifierKey {
	if !r.known {
		r.known = true
		if r.Report != nil {
			r.keys = ContentKeys(r.Report)
		} else {
			r.keys = ContentKeys(r.Item)
		}
	}
	return r.keys
}

// points visits the places on the map, until visit returns false.
func points(c shared, assets []*ententev1.Asset, visit func(point) bool) {
	on := func(p *ententev1.Place) bool {
		at, ok := pointOf(p.GetPoint())
		return !ok || visit(at)
	}
	for _, p := range c.GetPlaces() {
		if !on(p) {
			return
		}
	}
	for _, s := range c.GetSubjects() {
		if !on(s.GetPlace()) {
			return
		}
	}
	for _, a := range assets {
		if !on(a.GetPlace()) {
			return
		}
	}
}

// nameForms visits the forms of the names of persons, organisations and
// vessels, until visit returns false.
func nameForms(subjects []*ententev1.Subject, visit func(string) bool) {
	for _, s := range subjects {
		for _, n := range s.GetPerson().GetNames() {
			if !visit(n.GetFullName()) || n.GetRomanizedName() != "" && !visit(n.GetRomanizedName()) {
				return
			}
		}
		for _, name := range [...]string{s.GetOrganisation().GetDisplayName(), s.GetVessel().GetDisplayName()} {
			if name != "" && !visit(name) {
				return
			}
		}
	}
}

// hasLabel tells whether one of the labels, folded, stands in the content.
func (r *Facts) hasLabel(labels []string) bool {
	has := func(label string) bool { return label != "" && slices.Contains(labels, fold(label)) }
	if slices.ContainsFunc(r.content().GetOtherLabels(), has) {
		return true
	}
	for _, s := range r.content().GetSubjects() {
		if has(s.GetPerson().GetOtherRoleLabel()) || has(s.GetEquipment().GetOtherLabel()) {
			return true
		}
	}
	for _, a := range r.Report.GetAssets() {
		if has(a.GetOtherLabel()) {
			return true
		}
	}
	return false
}
