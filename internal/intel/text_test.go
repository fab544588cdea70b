package intel

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// closed are the text fields that need no look for card numbers: those whose
// form the schema or a check of ours leaves no room, and those whose values are
// long numbers by nature.
func closed() map[protoreflect.FullName]bool {
	names := map[protoreflect.FullName]bool{}
	for _, f := range []string{
		"Identifier.raw_value", "Identifier.region_code", "Identifier.platform", "OnlineAccount.platform",
		"IntelligenceContent.language_code", "SeizureContent.language_code", "Rendition.language_code",
		"MediaReference.sha256", "MediaReference.media_type", "MediaReference.held_by",
		"Person.birth_date", "Person.nationalities", "Person.related_subject_ids", "PersonName.script_code", "Organisation.region_code",
		"Vessel.flag_region_code", "Account.currency_code", "Document.issuing_region_code",
		"Place.region_code", "Place.subdivision_code", "Place.un_locode",
		"Asset.holder_subject_id", "Asset.owner_subject_id", "Valuation.valued_on", "Valuation.quantity", "Valuation.token_contract",
		"SharingShare.region_code", "RecoveryStep.step_date", "RecoveryStep.jurisdiction_region_code", "RecoveryStep.asset_id",
		"Markings.releasable_region_codes",
		"Audience.agencies", "Audience.units", "Audience.officers", "Audience.groups", "HitAudience.agencies", "HitAudience.units", "HitAudience.groups",
	} {
		names["entente.v1."+protoreflect.FullName(f)] = true
	}
	return names
}

// planter writes a card number into every text field of a message, one at a
// time, and lets it be looked at each time.
type planter struct {
	t      *testing.T
	closed map[protoreflect.FullName]bool
	look   func() []fault.Violation
	seen   map[protoreflect.FullName]bool
}

func (p planter) plant(path string, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		switch name := within(path, f.JSONName()); {
		case f.Kind() == protoreflect.StringKind && f.IsList():
			list := m.Mutable(f).List()
			list.Append(protoreflect.ValueOfString(pan))
			p.check(f, index(name, list.Len()-1))
			list.Truncate(list.Len() - 1)
		case f.Kind() == protoreflect.StringKind:
			was := m.Get(f)
			m.Set(f, protoreflect.ValueOfString(pan))
			p.check(f, name)
			m.Set(f, was)
		case f.Message() == nil || !strings.HasPrefix(string(f.Message().FullName()), "entente.v1."):
		case f.IsList():
			for k := range m.Get(f).List().Len() {
				p.plant(index(name, k), m.Mutable(f).List().Get(k).Message())
			}
		case m.Has(f):
			p.plant(name, m.Mutable(f).Message())
		}
	}
}

func (p planter) check(f protoreflect.FieldDescriptor, path string) {
	p.seen[f.FullName()] = true
	refused := false
	for _, v := range p.look() {
		refused = refused || v.Field == path && v.Reason == ReasonCardInText
	}
	if refused == p.closed[f.FullName()] {
		p.t.Errorf("a card number in %s: refused %v", path, refused)
	}
}

// Whoever adds a text field to a content must decide whether it is looked at.
func TestEveryTextIsScanned(t *testing.T) {
	p := planter{t: t, closed: closed(), seen: map[protoreflect.FullName]bool{}}
	item := goodItem()
	p.look = func() []fault.Violation { _, v := ReadItem(item, nil, noon); return v }
	p.plant("", item.ProtoReflect())

	report := goodReport()
	report.Media, report.Places = goodItem().GetMedia(), goodItem().GetPlaces()
	report.Renditions = goodItem().GetRenditions()
	p.look = func() []fault.Violation { _, v := ReadSeizure(report, nil, noon); return v }
	p.plant("", report.ProtoReflect())

	step := goodStep(shared)
	step.Valuation = report.Assets[0].Valuations[0]
	p.look = func() []fault.Violation { return CheckStep(step, noon) }
	p.plant("", step.ProtoReflect())

	release := goodRelease()
	release.HitAudience = &ententev1.HitAudience{}
	p.look = func() []fault.Violation { _, v := CheckRelease(release, owner(), false, noon); return v }
	p.plant("", release.ProtoReflect())

	for name := range p.closed {
		if !p.seen[name] {
			t.Errorf("%s was never tried", name)
		}
	}
	every(t, p.seen, (&ententev1.IntelligenceContent{}).ProtoReflect().Descriptor(), map[protoreflect.FullName]bool{})
	every(t, p.seen, (&ententev1.SeizureContent{}).ProtoReflect().Descriptor(), map[protoreflect.FullName]bool{})
}

// every walks a message type and wants all its text fields to have been tried.
func every(t *testing.T, tried map[protoreflect.FullName]bool, m protoreflect.MessageDescriptor, done map[protoreflect.FullName]bool) {
	if done[m.FullName()] || !strings.HasPrefix(string(m.FullName()), "entente.v1.") {
		return
	}
	done[m.FullName()] = true
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		if f.Kind() == protoreflect.StringKind && !tried[f.FullName()] {
			t.Errorf("%s was never tried: give the test's content one", f.FullName())
		}
		if f.Message() != nil {
			every(t, tried, f.Message(), done)
		}
	}
}

// A violation never holds what it is about.
func TestViolationsEchoNothing(t *testing.T) {
	const canary = "ZQCANARY"
	item := goodItem()
	var violations []fault.Violation

	fill(item.ProtoReflect(), canary)
	_, v := ReadItem(item, []*ententev1.CardNumber{{FieldPath: canary, Number: canary}}, noon)
	violations = append(violations, v...)
	report := goodReport()
	fill(report.ProtoReflect(), canary)
	_, v = ReadSeizure(report, nil, noon)
	violations = append(violations, v...)
	step, release := goodStep(shared), goodRelease()
	fill(step.ProtoReflect(), canary)
	fill(release.ProtoReflect(), canary)
	violations = append(violations, CheckStep(step, noon)...)
	_, v = CheckRelease(release, owner(), true, noon)
	violations = append(violations, v...)
	violations = append(violations, CheckJustification(&ententev1.Justification{Officer: canary, Reason: canary}, Caller{Officer: "7"})...)
	if len(violations) < 30 {
		t.Errorf("only %d violations", len(violations))
	}
	for _, v := range violations {
		if strings.Contains(v.Field+v.Reason+v.Description, canary) {
			t.Errorf("%+v", v)
		}
	}
}

// fill writes a text into every text field that a message has.
func fill(m protoreflect.Message, text string) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() == protoreflect.StringKind && f.IsList():
			for k := range v.List().Len() {
				v.List().Set(k, protoreflect.ValueOfString(text))
			}
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(text))
		case f.Message() != nil && f.IsList():
			for k := range v.List().Len() {
				fill(v.List().Get(k).Message(), text)
			}
		case f.Message() != nil:
			fill(v.Message(), text)
		}
		return true
	})
}
