package policy

import (
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func toGroup(group uint32) *ententev1.Release {
	return &ententev1.Release{Audience: &ententev1.Audience{Groups: []string{groupName(group)}}}
}

// Who may read what was released to a group, as its members come and go.
func TestThenAndNow(t *testing.T) {
	const who = "gb-one"
	first := command{act: release, release: toGroup(1)}
	joins, leaves := command{act: join, group: 1, agency: who}, command{act: leave, group: 1, agency: who}
	suspends, returnsTo := command{act: suspend, agency: who}, command{act: reinstate, agency: who}
	for _, c := range []struct {
		name string
		life history
		want Verdict
	}{
		{"never a member", history{first}, Absent},
		{"a member when it was released", history{joins, first}, Readable},
		{"a newcomer", history{first, joins}, Absent},
		{"a newcomer, and a new version that keeps the group", history{first, joins, first}, Absent},
		{"opened to current members", history{first, joins, {act: release, release: toGroup(1), open: true}}, Readable},
		{"the group left out and named again", history{first, joins, {act: release, release: toGroup(2)}, first}, Readable},
		{"left", history{joins, first, leaves}, Absent},
		{"left and back", history{joins, first, leaves, joins}, Readable},
		{"out when it was released", history{joins, leaves, first, joins}, Absent},
		{"suspended when it was released", history{joins, suspends, first, returnsTo}, Absent},
		{"suspended since", history{joins, first, suspends}, Absent},
		{"suspended in between", history{joins, first, suspends, returnsTo}, Readable},
		{"expelled", history{joins, first, {act: expel, agency: who}}, Absent},
		{"the owner expelled", history{joins, first, {act: expel, agency: owner}}, Readable},
		{"another group's member", history{{act: join, group: 2, agency: who}, first}, Absent},
	} {
		m := replay(append(enrolled(), c.life...), false)
		if got := Read(person{agency: who}.reader(investigation), m.record(), m); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// A partner that enrols later reads nothing that went to all before.
func TestAllPartnersThen(t *testing.T) {
	m := replay(history{{act: enrol, agency: owner}, {act: release, release: toAll(nil)}, {act: enrol, agency: "gb-one"}}, false)
	if Read(person{agency: "gb-one"}.reader(investigation), m.record(), m) != Absent {
		t.Error("the newcomer reads what was released before it came")
	}
}

// Which old revisions a reader was entitled to, by when they were current.
func TestThen(t *testing.T) {
	const who = "gb-one"
	// 1 to 4 enrol the cast.
	m := replay(append(enrolled(),
		command{act: join, group: 1, agency: who},            // 5
		command{act: release, release: toGroup(1)},           // 6
		command{act: idle},                                   // 7
		command{act: suspend, agency: who},                   // 8
		command{act: idle},                                   // 9
		command{act: reinstate, agency: who},                 // 10
		command{act: suspend, agency: who},                   // 11
		command{act: release, release: &ententev1.Release{}}, // 12: taken from everybody
		command{act: reinstate, agency: who},                 // 13
		command{act: release, release: toGroup(1)},           // 14
	), false)
	reader := person{agency: who}.reader(investigation)
	for _, c := range []struct {
		name        string
		from, until uint64
		want        bool
	}{
		{"before there was a release", 1, 6, false},
		{"up to the suspension", 6, 8, true},
		{"begins as it ends", 8, 10, false},
		{"entitled for a moment within", 8, 12, true},
		{"of that moment nothing", 11, 14, false},
		{"under a release to nobody", 12, 14, false},
		{"still", 14, 0, true},
		{"from before, still", 11, 0, true},
		{"no time at all", 7, 7, false},
	} {
		if got := Then(reader, m.versions, c.from, c.until, m); got != c.want {
			t.Errorf("%s: [%d, %d) is %v", c.name, c.from, c.until, got)
		}
	}
	if !Then(person{agency: owner}.reader(investigation), m.versions, 6, 7, m) {
		t.Error("the owner was not entitled to its own")
	}
	if Then(reader, nil, 1, 0, m) {
		t.Error("entitled without a release")
	}
}
