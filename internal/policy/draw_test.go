package policy

import (
	"pgregory.net/rapid"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// drawModel draws a hub's life: agencies and groups come and go while the one
// record's release changes. Only commands that a hub would take are drawn, and the
// record has a release at the end.
func drawModel(t *rapid.T) model {
	m := model{history: history{{act: enrol, agency: owner}}, protected: rapid.IntRange(0, 4).Draw(t, "protected") == 0}
	for range rapid.IntRange(3, 30).Draw(t, "commands") {
		if c, ok := drawCommand(t, m.history); ok {
			m.history = append(m.history, c)
		}
	}
	if len(m.versions()) == 0 {
		m.history = append(m.history, command{act: release, release: drawRelease(t, m.history)})
	}
	if rapid.IntRange(0, 9).Draw(t, "recall") == 0 {
		m.history = append(m.history, command{act: recall})
	}
	return m
}

func drawCommand(t *rapid.T, h history) (command, bool) {
	c := command{
		act:    rapid.SampledFrom([]act{enrol, enrol, suspend, reinstate, expel, join, join, join, leave, release, release, idle}).Draw(t, "act"),
		agency: rapid.SampledFrom(cast()).Draw(t, "agency"),
	}
	s := h.status(h.now(), c.agency)
	switch c.act {
	case enrol:
		return c, s == unknown
	case suspend:
		return c, s == active
	case reinstate:
		return c, s == suspended
	case expel:
		return c, (s == active || s == suspended) && rapid.IntRange(0, 2).Draw(t, "really") == 0
	case join:
		c.group = uint32(rapid.IntRange(1, 2).Draw(t, "group"))
		return c, (s == active || s == suspended) && !h.listed(h.now(), c.group, c.agency)
	case leave:
		c.group = uint32(rapid.IntRange(1, 2).Draw(t, "group"))
		return c, h.listed(h.now(), c.group, c.agency)
	case release:
		return command{act: release, release: drawRelease(t, h), open: rapid.IntRange(0, 3).Draw(t, "open") == 0}, true
	default:
		return command{act: idle}, true
	}
}

// drawRelease draws any release, also those that no submit would get past the
// rules of intel: policy must hold whatever it meets. It names none that is not
// enrolled; no hub takes that, and terms are made with the countries of that time.
func drawRelease(t *rapid.T, h history) *ententev1.Release {
	r := &ententev1.Release{
		Audience:  drawAudience(t, h),
		Existence: ententev1.Existence(rapid.IntRange(0, 3).Draw(t, "existence")),
		Markings:  drawMarkings(t),
	}
	if rapid.Bool().Draw(t, "hits") {
		to := drawAudience(t, h)
		r.HitAudience = &ententev1.HitAudience{Agencies: to.Agencies, Units: to.Units, Groups: to.Groups}
	}
	return r
}

func drawAudience(t *rapid.T, h history) *ententev1.Audience {
	var agencies, units, officers []string
	for _, a := range cast() {
		if h.status(h.now(), a) == unknown {
			continue
		}
		agencies = append(agencies, a.Name())
		units = append(units, a.Name()+"/units/desk", a.Name()+"/units/lab")
		officers = append(officers, a.Name()+"/officers/7")
	}
	return &ententev1.Audience{
		Agencies:    few(t, "agencies", agencies),
		Units:       few(t, "units", units),
		Officers:    few(t, "officers", officers),
		Groups:      few(t, "groups", []string{groupName(1), groupName(2)}),
		AllPartners: rapid.IntRange(0, 2).Draw(t, "all") == 0,
	}
}

func drawMarkings(t *rapid.T) *ententev1.Markings {
	m := &ententev1.Markings{
		TrafficLight:             ententev1.TrafficLight(rapid.SampledFrom([]int32{0, 0, 1, 2, 3, 4, 5}).Draw(t, "tlp")),
		HandlingCodes:            few(t, "codes", values[ententev1.EuropolHandlingCode](1, 4)),
		HandlingInstructions:     rapid.SampledFrom([]string{"", "", "Ask us.", "Ask us. Wait."}).Draw(t, "words"),
		UkHandling:               ententev1.UkHandlingCode(rapid.IntRange(0, 2).Draw(t, "uk")),
		NationalCaveats:          few(t, "caveats", values[ententev1.NationalCaveat](1, 2)),
		ReleasableRegionCodes:    few(t, "rel", []string{"FR", "GB", "DE", "JP"}),
		PermittedPurposes:        few(t, "purposes", values[ententev1.ProcessingPurpose](1, 14)),
		Classification:           ententev1.ClassificationCeiling(rapid.IntRange(1, 2).Draw(t, "class")),
		ContainsProtectedPersons: rapid.IntRange(0, 5).Draw(t, "marked") == 0,
	}
	if m.UkHandling == ententev1.UkHandlingCode_UK_HANDLING_CODE_C {
		m.UkAction = ententev1.UkActionCondition(rapid.IntRange(1, 3).Draw(t, "action"))
		m.UkSanitisation = ententev1.UkSanitisationCondition(rapid.IntRange(1, 2).Draw(t, "sanitise"))
	}
	return m
}

// few draws often none and never many of a list.
func few[T any](t *rapid.T, label string, of []T) []T {
	var list []T
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(t, label) {
		list = append(list, rapid.SampledFrom(of).Draw(t, label))
	}
	return list
}

func values[T ~int32](from, to T) []T {
	var list []T
	for v := from; v <= to; v++ {
		list = append(list, v)
	}
	return list
}

// drawPurpose draws what a call states, now and then something that no call may.
func drawPurpose(t *rapid.T) ententev1.ProcessingPurpose {
	return rapid.SampledFrom(append(values[ententev1.ProcessingPurpose](0, 14), 99)).Draw(t, "purpose")
}
