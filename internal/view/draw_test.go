package view

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// history draws commands for a world, sensible and not: what is drawn for one state may meet another by the time it is applied.
type history struct {
	*world
	items  []*item
	groups [][]byte
	// queries are the standing queries that were asked for, whether or not they were taken.
	queries [][]byte
	made    map[*internalv1.Command]*item // submits on their way
}

// blank is a world beside another: the same keys, an empty file of its own. It is closed by the caller.
func (w *world) blank(t testing.TB, o Options) *world {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err := errors.Join(err, Prepare(dir)); err != nil {
		t.Fatal(err)
	}
	other := &world{TB: t, dir: dir, ring: w.ring, random: w.random, micros: w.micros}
	other.View = other.open(o)
	return other
}

func newHistory(w *world) *history {
	h := &history{world: w, made: map[*internalv1.Command]*item{}}
	h.populate()
	return h
}

func cast() []string { return []string{france, italy, britain, japan} }

// play applies a drawn number of entries of a drawn number of commands.
func (h *history) play(t *rapid.T) {
	for range rapid.IntRange(1, 12).Draw(t, "entries") {
		var batch []*internalv1.Command
		for range rapid.IntRange(1, 5).Draw(t, "commands") {
			batch = append(batch, h.draw(t))
		}
		for i, o := range h.apply(batch...) {
			if x := h.made[batch[i]]; x != nil && o.GetRefusal() == "" && !o.GetRepeated() {
				x.number = o.GetNumber()
				h.items = append(h.items, x)
			}
			if g := batch[i].GetCreateGroup(); g != nil && o.GetRefusal() == "" {
				h.groups = append(h.groups, g.GetUid())
			}
		}
	}
}

// draw draws one command.
func (h *history) draw(t *rapid.T) *internalv1.Command {
	var c *internalv1.Command
	switch kind := rapid.IntRange(0, 20).Draw(t, "kind"); {
	case kind < 4 || len(h.items) == 0 && kind < 12:
		c = h.drawSubmission(t)
	case kind < 12:
		c = h.drawChange(t, kind)
	case kind == 12:
		c = h.drawGroup(t)
	case kind == 13:
		c = h.standing(rapid.SampledFrom(cast()[1:]).Draw(t, "agency"), rapid.SampledFrom([]ententev1.AgencyStatus{active, active, suspended, suspended, expelled}).Draw(t, "status"))
	case kind == 14:
		c = h.drawAgency(t)
	case kind == 17:
		c = h.drawOperator(t)
	case kind == 18 || len(h.items) == 0 && kind > 18:
		c = h.drawQuery(t)
	case kind >= 19:
		return h.drawMatched(t)
	case kind == 15 && len(h.all) > 0:
		return proto.CloneOf(rapid.SampledFrom(h.all).Draw(t, "again"))
	default:
		h.micros += int64(rapid.IntRange(0, 20).Draw(t, "days")) * day
		return h.tick()
	}
	if rapid.Bool().Draw(t, "under a request_id") {
		under(fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "request")), byte(rapid.IntRange(0, 1).Draw(t, "digest")), c)
	}
	return c
}

func (h *history) drawRelease(t *rapid.T) *ententev1.Release {
	names := append(cast(), "all", intel.UnitName(italy, "desk"), intel.UnitName(france, "desk"), "zz-none")
	for _, uid := range h.groups {
		g, name := h.Roster().GroupOf([16]byte(uid))
		if g != nil {
			names = append(names, name)
		}
	}
	r := to(rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(t, "audience")...)
	r.Existence = ententev1.Existence(rapid.IntRange(0, 3).Draw(t, "existence"))
	if r.GetExistence() == ententev1.Existence_EXISTENCE_HIT {
		r.HitAudience = &ententev1.HitAudience{Agencies: r.GetAudience().GetAgencies(), Units: r.GetAudience().GetUnits(), Groups: r.GetAudience().GetGroups()}
	}
	r.Markings.TrafficLight = rapid.SampledFrom([]ententev1.TrafficLight{0, 0, 0, ententev1.TrafficLight_TRAFFIC_LIGHT_RED}).Draw(t, "light")
	r.Markings.ContainsProtectedPersons = rapid.IntRange(0, 4).Draw(t, "protected") == 0
	if rapid.IntRange(0, 4).Draw(t, "only") == 0 {
		r.Markings.ReleasableRegionCodes = []string{"FR", "IT"}
	}
	return r
}

func word() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"boat", "lille", "calais", "engine"})
}

func (h *history) drawSubmission(t *rapid.T) *internalv1.Command {
	x := &item{
		owner: rapid.SampledFrom(cast()).Draw(t, "owner"), release: h.drawRelease(t),
		content: word().Draw(t, "word") + " " + word().Draw(t, "word"),
	}
	x.protected = x.release.GetMarkings().GetContainsProtectedPersons()
	if rapid.IntRange(0, 2).Draw(t, "referenced") == 0 {
		x.reference, x.ownCase = rapid.SampledFrom([]string{"R1", "R2", "R3"}).Draw(t, "reference"), "CASE"
	}
	if len(h.items) > 0 && rapid.IntRange(0, 3).Draw(t, "linked") == 0 {
		x.links = []string{rapid.SampledFrom(h.items).Draw(t, "target").name()}
	}
	if rapid.IntRange(0, 3).Draw(t, "report") == 0 {
		x.stages = []ententev1.RecoveryStage{ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED}
	}
	c := h.submission(x)
	if c.GetSubmitRecord().History = rapid.IntRange(0, 5).Draw(t, "history") == 0; !c.GetSubmitRecord().GetHistory() {
		c.GetSubmitRecord().Compares = drawCompares(t)
	}
	h.made[c] = x
	return c
}

// drawChange changes or reads a record that there is.
func (h *history) drawChange(t *rapid.T, kind int) *internalv1.Command {
	x := rapid.SampledFrom(h.items).Draw(t, "item")
	switch kind {
	case 4, 5:
		c := h.revision(x, word().Draw(t, "word"))
		c.GetReviseRecord().Compares = drawCompares(t)
		return c
	case 6:
		c := h.releaseChange(x, h.drawRelease(t))
		c.GetUpdateRelease().OpenToCurrentMembers = rapid.Bool().Draw(t, "open")
		return c
	case 7:
		target := rapid.SampledFrom(h.items).Draw(t, "target").name()
		return h.linksChange(x, []string{target}, target)
	case 8:
		stage := rapid.SampledFrom([]ententev1.RecoveryStage{
			ententev1.RecoveryStage_RECOVERY_STAGE_FROZEN, ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED,
		}).Draw(t, "stage")
		return h.stepOf(x, stage, 0)
	case 9:
		if rapid.IntRange(0, 2).Draw(t, "recall") == 0 {
			return h.recallOf(x)
		}
		fallthrough
	default:
		items := rapid.SliceOfNDistinct(rapid.SampledFrom(h.items), 0, 3, func(x *item) uint64 { return x.number }).Draw(t, "read")
		c := h.consultation(rapid.SampledFrom(cast()).Draw(t, "reader"), items...)
		c.GetConsult().AsOf -= uint64(rapid.IntRange(0, 3).Draw(t, "behind"))
		if rapid.Bool().Draw(t, "check") {
			h.drawCheck(t, c)
		}
		return c
	}
}

// drawCheck makes a read a check: what it shows are rows of a list, and other records answer without being shown.
func (h *history) drawCheck(t *rapid.T, c *internalv1.Command) {
	q := c.GetConsult()
	for _, r := range q.GetRecords() {
		r.Full = rapid.IntRange(0, 2).Draw(t, "full") == 0
		r.Fresh = r.GetFull()
	}
	check := &internalv1.CheckFacts{Values: []uint64{1, 2}, Results: []int32{1, 2}}
	for _, kind := range []ententev1.IdentifierType{phone, iban} {
		if n := rapid.Uint64Range(0, 4000).Draw(t, "spent"); n > 0 {
			check.Spends = append(check.Spends, &internalv1.CheckSpend{Type: kind, Count: n})
		}
	}
	for _, x := range rapid.SliceOfN(rapid.SampledFrom(h.items), 0, 3).Draw(t, "hits") {
		check.Hits = append(check.Hits, &internalv1.CheckHit{
			Number: x.number, Owner: h.Roster().Agency(intel.AgencyID(x.owner)).GetOrdinal(), Silent: rapid.Bool().Draw(t, "silent"),
			Fresh: rapid.Bool().Draw(t, "fresh"), Common: rapid.IntRange(0, 4).Draw(t, "common") == 0,
		})
	}
	q.Check = check
}

// drawOperator draws what only the operator may do about checks; now and then an agency tries.
func (h *history) drawOperator(t *rapid.T) *internalv1.Command {
	c := h.declared(rapid.SampledFrom(append(cast(), "", "zz-none")).Draw(t, "agency"), phone, rapid.Uint64Range(0, 10_000).Draw(t, "a day"))
	c.GetSetCheckBudget().Withdraw = rapid.IntRange(0, 3).Draw(t, "withdraw") == 0
	if rapid.Bool().Draw(t, "benign") {
		keys := rapid.SliceOfN(rapid.Uint64Range(1, 5), 1, 3)
		u := &internalv1.UpdateBenign{Remove: keys.Draw(t, "remove")}
		for _, key := range keys.Draw(t, "add") {
			u.Add = append(u.Add, &internalv1.BenignEntry{Key: key, Type: phone, NormalizedValue: "+33800000000", Label: "helpline"})
		}
		c.Kind = &internalv1.Command_UpdateBenign{UpdateBenign: u}
	}
	if rapid.IntRange(0, 3).Draw(t, "by an agency") == 0 {
		c.Origin.Operator, c.Origin.Agency = false, france
	}
	return c
}

func (h *history) drawGroup(t *rapid.T) *internalv1.Command {
	some := func(name string) []string { return rapid.SliceOfN(rapid.SampledFrom(cast()), 0, 3).Draw(t, name) }
	if len(h.groups) == 0 || rapid.IntRange(0, 2).Draw(t, "new") == 0 {
		return h.createGroup(rapid.SampledFrom(cast()).Draw(t, "owner"), some("members")...)
	}
	uid := rapid.SampledFrom(h.groups).Draw(t, "group")
	g, _ := h.Roster().GroupOf([16]byte(uid))
	return h.members(g.GetOwner(), uid, some("add"), some("remove"))
}

func (h *history) drawAgency(t *rapid.T) *internalv1.Command {
	id := rapid.SampledFrom(cast()[1:]).Draw(t, "agency")
	switch rapid.IntRange(0, 3).Draw(t, "change") {
	case 0:
		return h.enrol(fmt.Sprintf("xx-%d", rapid.IntRange(0, 3).Draw(t, "id")))
	case 1:
		return h.update("", id, bundle)
	case 2:
		return h.update(id, id, func(u *internalv1.UpdateAgency) {
			for _, unit := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"desk", "ara", "fiu"}), 1, 2, func(s string) string { return s }).Draw(t, "units") {
				u.Units = append(u.Units, &ententev1.Unit{UnitId: unit})
			}
		})
	default:
		c := h.command(id)
		c.Kind = &internalv1.Command_RevokeCertificate{RevokeCertificate: &internalv1.RevokeCertificate{
			AgencyId: id, Revocation: &internalv1.Revocation{Serial: "0a"},
		}}
		return c
	}
}

// replayed applies commands to an empty file in batches of drawn sizes, and gives their outcomes.
func (w *world) replayed(t *rapid.T, commands []*internalv1.Command) (outcomes []*internalv1.Outcome) {
	for len(commands) > 0 {
		n := min(rapid.IntRange(1, 40).Draw(t, "batch"), len(commands))
		outcomes = append(outcomes, w.apply(commands[:n]...)...)
		commands = commands[n:]
	}
	return outcomes
}

// decoded are commands as another hub gets them: through their bytes.
func decoded(t *rapid.T, commands []*internalv1.Command) []*internalv1.Command {
	encoded, err := marshal(&internalv1.Entry{Number: 1, Commands: commands})
	if err != nil {
		t.Fatal(err)
	}
	entry := new(internalv1.Entry)
	if err := proto.Unmarshal(encoded, entry); err != nil {
		t.Fatal(err)
	}
	return slices.Clip(entry.GetCommands())
}
