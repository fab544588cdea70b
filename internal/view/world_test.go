package view

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/ledger"
	"github.com/seed-1d76a664/entente/internal/policy"
)

// world is a view over a real file and a real ring, and the means to make commands for it as exchange does. Time, ids and keys are its own and the
// same each time.
type world struct {
	testing.TB
	*View
	dir    string
	ring   *keyring.Ring
	random io.Reader
	micros int64
	// all are the commands that were applied, outcomes what they came to.
	all      []*internalv1.Command
	outcomes []*internalv1.Outcome
}

const day = 24 * 3600 * 1_000_000

// start is where the clocks of worlds begin.
var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// newWorld is an empty world.
func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	dir := t.TempDir()
	random := rand.NewChaCha8(sha256.Sum256([]byte("world")))
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Create(filepath.Join(dir, FolderKeys), random, start)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, dir: dir, ring: ring, random: random, micros: start.UnixMicro()}
	w.View = w.open(o)
	t.Cleanup(func() {
		if err := w.View.Close(); err != nil {
			t.Error(err)
		}
		if err := ring.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// open opens the view with an index that is sealed again and again.
func (w *world) open(o Options) *View {
	w.Helper()
	if o.FlushRecords == 0 {
		o.FlushRecords = 3
	}
	v, err := Open(w.dir, w.ring, o)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// reopen closes the view and opens it again.
func (w *world) reopen(o Options) {
	w.Helper()
	if err := w.View.Close(); err != nil {
		w.Fatal(err)
	}
	w.View = w.open(o)
}

// The cast. Regions are their first two letters.
const (
	france  = "fr-ofast"
	italy   = "it-dac"
	britain = "gb-nca"
	japan   = "jp-npa"
)

// populated is a world with a genesis and the cast in it.
func populated(t testing.TB) *world {
	t.Helper()
	w := newWorld(t, Options{})
	w.populate()
	return w
}

func (w *world) populate() {
	w.Helper()
	w.took(w.genesis())
	for _, id := range []string{france, italy, britain, japan} {
		w.took(w.enrol(id, "desk"))
	}
}

// entry makes the next entry of commands.
func (w *world) entry(commands ...*internalv1.Command) (*internalv1.Entry, []byte) {
	w.Helper()
	at := w.Position()
	entry := &internalv1.Entry{Number: at.Entry + 1, HubId: "hub.example", RulesVersion: journal.Rules, Commands: commands}
	if at.Entry > 0 {
		entry.PreviousHash = at.Hash[:]
	}
	encoded, _, err := journal.Encode(entry)
	if err != nil {
		w.Fatal(err)
	}
	return entry, encoded
}

// apply applies commands as one entry.
func (w *world) apply(commands ...*internalv1.Command) []*internalv1.Outcome {
	w.Helper()
	outcomes, err := w.try(commands...)
	if err != nil {
		w.Fatal(err)
	}
	return outcomes
}

func (w *world) try(commands ...*internalv1.Command) ([]*internalv1.Outcome, error) {
	w.Helper()
	outcomes, err := w.Apply(w.entry(commands...))
	if err == nil {
		w.all, w.outcomes = append(w.all, commands...), append(w.outcomes, outcomes...)
	}
	return outcomes, err
}

// took applies a command, which must not be refused.
func (w *world) took(c *internalv1.Command) *internalv1.Outcome {
	w.Helper()
	o := w.apply(c)[0]
	if o.GetRefusal() != "" {
		w.Fatalf("refused: %s %s", o.GetRefusal(), o.GetReason())
	}
	return o
}

// refused applies a command, which must be refused so.
func (w *world) refused(c *internalv1.Command, why Refusal, reason string) *internalv1.Outcome {
	w.Helper()
	o := w.apply(c)[0]
	if Refusal(o.GetRefusal()) != why || o.GetReason() != reason {
		w.Errorf("refused %q %q, want %q %q", o.GetRefusal(), o.GetReason(), why, reason)
	}
	return o
}

// command begins a command of an agency, a second after the last one. Empty is the operator.
func (w *world) command(agency string) *internalv1.Command {
	w.micros += 1_000_000
	return &internalv1.Command{
		Origin:        &internalv1.Origin{Agency: agency, Operator: agency == "", Path: "/gateway", Serial: "01"},
		Justification: &ententev1.Justification{Officer: "4711", Purpose: investigation, CaseReference: "C-1"},
		TimeMicros:    w.micros, StorageVersion: w.version(keyring.Storage), InboxVersion: w.version(keyring.Inbox),
	}
}

const investigation = ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION

func (w *world) version(name keyring.Name) uint32 {
	s, err := w.ring.Secret(name)
	if err != nil {
		w.Fatal(err)
	}
	return uint32(s.Version)
}

func (w *world) genesis() *internalv1.Command {
	c := w.command("")
	c.Origin = &internalv1.Origin{Hub: true}
	c.Kind = &internalv1.Command_Genesis{Genesis: &internalv1.Genesis{
		HubId: "hub.example", Epoch: "00112233445566778899aabbccddeeff", OperatorTrustDomain: "operator.example", RecoveryDelaySeconds: 3600,
	}}
	return c
}

func (w *world) tick() *internalv1.Command {
	c := w.command("")
	c.Origin = &internalv1.Origin{Hub: true}
	c.Kind = &internalv1.Command_Tick{Tick: &internalv1.Tick{}}
	return c
}

// region is the country that an id begins with.
func region(id string) string { return strings.ToUpper(id[:2]) }

func (w *world) enrol(id string, units ...string) *internalv1.Command {
	c := w.command("")
	draft := &ententev1.AgencyDraft{DisplayName: id, RegionCode: region(id), TrustDomain: id + ".example", BundlePem: "bundle of " + id}
	for _, u := range units {
		draft.Units = append(draft.Units, &ententev1.Unit{UnitId: u, DisplayName: u})
	}
	c.Kind = &internalv1.Command_EnrolAgency{EnrolAgency: &internalv1.EnrolAgency{AgencyId: id, Draft: draft}}
	return c
}

func (w *world) standing(id string, status ententev1.AgencyStatus) *internalv1.Command {
	c := w.command("")
	c.Kind = &internalv1.Command_SetStanding{SetStanding: &internalv1.SetStanding{AgencyId: id, Status: status, Reason: "test"}}
	return c
}

const (
	active    = ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE
	suspended = ententev1.AgencyStatus_AGENCY_STATUS_SUSPENDED
	expelled  = ententev1.AgencyStatus_AGENCY_STATUS_EXPELLED
)

// group makes a group and gives its name.
func (w *world) group(owner string, members ...string) (uid []byte, name string) {
	w.Helper()
	c := w.createGroup(owner, members...)
	w.took(c)
	uid = c.GetCreateGroup().GetUid()
	return uid, intel.GroupName(intel.AgencyID(owner), [16]byte(uid))
}

func (w *world) createGroup(owner string, members ...string) *internalv1.Command {
	c := w.command(owner)
	c.Kind = &internalv1.Command_CreateGroup{CreateGroup: &internalv1.CreateGroup{Uid: w.uid(), DisplayName: "Group", Members: members}}
	return c
}

func (w *world) members(owner string, uid []byte, add, remove []string) *internalv1.Command {
	c := w.command(owner)
	g, _ := w.Roster().GroupOf([16]byte(uid))
	c.Kind = &internalv1.Command_UpdateMembers{UpdateMembers: &internalv1.UpdateMembers{
		Uid: uid, ExpectedVersion: g.GetVersion(), Add: add, Remove: remove,
	}}
	return c
}

func (w *world) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(w.random, b); err != nil {
		w.Fatal(err)
	}
	return b
}

func (w *world) uid() []byte { return w.bytes(16) }

// item is a record in the making, or one that was made.
type item struct {
	owner     string
	release   *ententev1.Release
	content   string
	reference string
	ownCase   string
	links     []string
	stages    []ententev1.RecoveryStage
	protected bool
	kind      internalv1.RecordKind

	uid    []byte
	key    *keyring.RecordKey
	number uint64
}

func (x *item) name() string {
	kind := x.kind
	if kind == 0 {
		kind = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
	}
	return intel.RecordName(intel.AgencyID(x.owner), kind, [16]byte(x.uid))
}

// to is a release to agencies, units, groups (by their names' form) or "all".
func to(audience ...string) *ententev1.Release {
	r := &ententev1.Release{Audience: &ententev1.Audience{}, Markings: &ententev1.Markings{}}
	for _, a := range audience {
		switch {
		case a == "all":
			r.Audience.AllPartners = true
		case strings.Contains(a, "/groups/"):
			r.Audience.Groups = append(r.Audience.Groups, a)
		case strings.Contains(a, "/units/"):
			r.Audience.Units = append(r.Audience.Units, a)
		default:
			r.Audience.Agencies = append(r.Audience.Agencies, intel.AgencyID(a).Name())
		}
	}
	return r
}

// submit applies the submit of an item and returns it with its number.
func (w *world) submit(x *item) *item {
	w.Helper()
	o := w.took(w.submission(x))
	x.number = o.GetNumber()
	return x
}

// submission draws id and key of an item and makes its command.
func (w *world) submission(x *item) *internalv1.Command {
	w.Helper()
	x.uid = w.uid()
	id := keyring.KeyID(binary.BigEndian.Uint64(x.uid[8:]) | 256)
	key, wrapped, err := w.ring.NewRecordKey(w.random, id)
	if err != nil {
		w.Fatal(err)
	}
	x.key = key
	if x.kind == 0 {
		x.kind = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
		if len(x.stages) > 0 {
			x.kind = internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT
		}
	}
	s := &internalv1.SubmitRecord{
		Uid: x.uid, Kind: x.kind, Key: &internalv1.RecordKey{KeyId: uint64(id), Slot: uint32(id.Slot()), Wrapped: wrapped},
		Parts: w.parts(x, 1), Salt: w.bytes(16), ProtectedPersons: x.protected,
		SealedRelease: w.seal(x, PartRelease, 1, x.release),
	}
	digest := ledger.Digest(ledger.Content, ledger.Salt(s.GetSalt()), []byte(x.content))
	s.ContentDigest = digest[:]
	if len(x.links) > 0 {
		s.SealedLinks = w.seal(x, PartLinks, 1, linksTo(x.links...))
	}
	if x.reference != "" || x.ownCase != "" {
		s.SealedReferences = w.seal(x, PartReferences, 0, &internalv1.OwnReferences{OriginatorReference: x.reference, CaseReference: x.ownCase})
	}
	if x.reference != "" {
		sum := sha256.Sum256([]byte(x.owner + x.reference))
		s.ReferenceKey = sum[:16]
	}
	for i, stage := range x.stages {
		s.Steps = append(s.Steps, w.step(x, uint32(i+1), stage, 0))
	}
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_SubmitRecord{SubmitRecord: s}
	return c
}

func (w *world) step(x *item, number uint32, stage ententev1.RecoveryStage, voids int32) *internalv1.StepFacts {
	return &internalv1.StepFacts{
		AssetKey: 7, Stage: int32(stage), Voids: voids,
		SealedStep: w.seal(x, PartStep, number, &ententev1.RecoveryStep{StepNumber: int32(number), Stage: stage}),
	}
}

func linksTo(names ...string) *internalv1.Links {
	list := new(internalv1.Links)
	for _, n := range names {
		list.Links = append(list.Links, &ententev1.Link{Target: n})
	}
	return list
}

// parts seals a content; its terms are its words.
func (w *world) parts(x *item, revision uint32) *internalv1.SealedParts {
	terms := &internalv1.Terms{AnalyserVersion: index.AnalyserVersion}
	for _, word := range strings.Fields(x.content) {
		terms.Terms = append(terms.Terms, uint64(w.Hasher().Term(index.FieldOriginator, "word "+word)))
	}
	slices.Sort(terms.Terms)
	return &internalv1.SealedParts{
		Content: w.sealBytes(x, PartContent, revision, []byte(x.content)),
		Summary: w.sealBytes(x, PartSummary, revision, []byte("summary of "+x.content)),
		Terms:   w.seal(x, PartTerms, revision, terms),
	}
}

func (w *world) seal(x *item, part Part, version uint32, m proto.Message) []byte {
	plain, err := marshal(m)
	if err != nil {
		w.Fatal(err)
	}
	return w.sealBytes(x, part, version, plain)
}

func (w *world) sealBytes(x *item, part Part, version uint32, plain []byte) []byte {
	frame, err := x.key.Seal(nil, SealPlace(x.uid, part, version), plain, w.random)
	if err != nil {
		w.Fatal(err)
	}
	return frame
}

// envelope of an item as it stands.
func (w *world) envelope(x *item) (env *internalv1.Envelope) {
	w.Helper()
	w.read(func(s *Snapshot) error {
		number, err := s.numberOf(x.uid)
		if err == nil {
			env, err = s.envelope(number)
		}
		return err
	})
	return env
}

func (w *world) read(fn func(*Snapshot) error) {
	w.Helper()
	if err := w.Read(fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) revision(x *item, content string) *internalv1.Command {
	env := w.envelope(x)
	x.content = content
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_ReviseRecord{ReviseRecord: &internalv1.ReviseRecord{
		Uid: x.uid, ExpectedRevision: env.GetRevision(), Parts: w.parts(x, env.GetRevision()+1), Salt: w.bytes(16),
		ContentDigest: w.bytes(32), ProtectedPersons: x.protected, AssetKeys: []uint64{7},
	}}
	return c
}

func (w *world) releaseChange(x *item, release *ententev1.Release) *internalv1.Command {
	env := w.envelope(x)
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_UpdateRelease{UpdateRelease: &internalv1.UpdateRelease{
		Uid: x.uid, ExpectedVersion: env.GetReleaseVersion(), SealedRelease: w.seal(x, PartRelease, env.GetReleaseVersion()+1, release),
		ReleaseDigest: w.bytes(32),
	}}
	return c
}

func (w *world) linksChange(x *item, added []string, all ...string) *internalv1.Command {
	env := w.envelope(x)
	u := &internalv1.UpdateLinks{
		Uid: x.uid, ExpectedVersion: env.GetLinksVersion(), SealedLinks: w.seal(x, PartLinks, env.GetLinksVersion()+1, linksTo(all...)),
	}
	for _, name := range added {
		if ref, ok := intel.ParseRecordName(name); ok {
			u.AddedTargets = append(u.AddedTargets, ref.UID[:])
		}
	}
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_UpdateLinks{UpdateLinks: u}
	return c
}

func (w *world) stepOf(x *item, stage ententev1.RecoveryStage, voids int32) *internalv1.Command {
	steps := uint32(len(w.envelope(x).GetSteps()))
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_AddStep{AddStep: &internalv1.AddStep{Uid: x.uid, ExpectedSteps: steps, Step: w.step(x, steps+1, stage, voids)}}
	return c
}

func (w *world) recallOf(x *item) *internalv1.Command {
	env := w.envelope(x)
	c := w.command(x.owner)
	c.Kind = &internalv1.Command_RecallRecord{RecallRecord: &internalv1.RecallRecord{Uid: x.uid, ExpectedRevision: env.GetRevision()}}
	return c
}

// consultation is a read of items, full, as of now.
func (w *world) consultation(agency string, items ...*item) *internalv1.Command {
	q := &internalv1.Consult{Method: "/m", Query: []byte("query"), AsOf: w.Hub().GetOrdinal(), Source: "127.0.0.1:1"}
	for _, x := range items {
		q.Records = append(q.Records, &internalv1.ConsultedRecord{
			Number: x.number, Owner: w.Roster().Agency(intel.AgencyID(x.owner)).GetOrdinal(), Full: true,
		})
	}
	c := w.command(agency)
	c.Kind = &internalv1.Command_Consult{Consult: q}
	return c
}

// reader is an agency's reader, of a unit if the id says so, as in "it-dac/desk".
func (w *world) reader(who string) policy.Reader {
	agency, unit, _ := strings.Cut(who, "/")
	return policy.Reader{
		Agency: intel.AgencyID(agency), Unit: intel.UnitID(unit), Region: w.Roster().Region(intel.AgencyID(agency)), Purpose: investigation,
	}
}

// readers are those of some agencies who can get an item's content now.
func (w *world) whoReads(x *item, among ...string) string {
	w.Helper()
	var who []string
	w.read(func(s *Snapshot) error {
		for _, id := range among {
			r, err := s.Record(w.reader(id), [16]byte(x.uid))
			if err != nil {
				if fault.KindOf(err) != fault.NotFound {
					return err
				}
				continue
			}
			content, err := r.Content()
			if err != nil {
				return err
			}
			if string(content) != x.content {
				w.Errorf("%s reads %q, not %q", id, content, x.content)
			}
			who = append(who, id)
		}
		return nil
	})
	return strings.Join(who, " ")
}

// boxes are all inboxes there are, by the name of their owner, with their ordinals.
func (w *world) boxes() map[string]uint32 {
	all := map[string]uint32{}
	for _, a := range w.Roster().Agencies() {
		all[a.GetId()] = a.GetInbox()
		for _, u := range a.GetUnits() {
			all[a.GetId()+"/"+u.GetUnitId()] = u.GetInbox()
		}
	}
	return all
}

// rows are an inbox's rows after a number.
func (w *world) rows(inbox uint32, after uint64) (list []Row) {
	w.Helper()
	w.read(func(s *Snapshot) error {
		return s.Rows(inbox, after, func(r Row) (bool, error) {
			list = append(list, r)
			return true, nil
		})
	})
	return list
}

// heads of all inboxes, by name.
func (w *world) inboxHeads() map[string]uint64 {
	heads := map[string]uint64{}
	for name, inbox := range w.boxes() {
		if rows := w.rows(inbox, 0); len(rows) > 0 {
			heads[name] = rows[len(rows)-1].Number
		}
	}
	return heads
}

// news runs do and gives the events that it made, by inbox, each as KIND ref/revision.
func (w *world) news(do func()) map[string]string {
	w.Helper()
	before := w.inboxHeads()
	do()
	got := map[string]string{}
	for name, inbox := range w.boxes() {
		var list []string
		for i, r := range w.rows(inbox, before[name]) {
			if r.Number != before[name]+uint64(i)+1 {
				w.Errorf("%s: row %d after row %d", name, r.Number, before[name]+uint64(i))
			}
			list = append(list, fmt.Sprintf("%s %d/%d", strings.TrimPrefix(r.Kind.String(), "EVENT_KIND_"), r.Ref, r.Revision))
		}
		if len(list) > 0 {
			got[name] = strings.Join(list, ", ")
		}
	}
	return got
}

// expect runs do and wants exactly these events, and nobody else to be told.
func (w *world) expect(want map[string]string, do func()) {
	w.Helper()
	if got := w.news(do); !maps.Equal(got, want) {
		w.Errorf("events %v, want %v", got, want)
	}
}

// found are the numbers that a reader finds with a word.
func (w *world) found(who, word string) (list []uint64) {
	w.Helper()
	err := w.Query(func(s *Snapshot) error {
		q := index.Query{}
		if word != "" {
			q.All = append(q.All, index.AnyOf{w.Hasher().Term(index.FieldOriginator, "word "+word)})
		}
		s.Search(w.reader(who), q, 1000, func(n index.Number) bool {
			list = append(list, uint64(n))
			return true
		})
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return list
}

func (w *world) hash() journal.Hash {
	w.Helper()
	sum, err := w.ContentsHash()
	if err != nil {
		w.Fatal(err)
	}
	return sum
}

// newOther is a ring of another hub.
func newOther(t testing.TB) *keyring.Ring {
	t.Helper()
	ring, err := keyring.Create(filepath.Join(t.TempDir(), FolderKeys), rand.NewChaCha8(sha256.Sum256([]byte("other"))), start)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ring.Close() })
	return ring
}

// childRing opens the ring of a folder.
func childRing(t testing.TB, dir string) *keyring.Ring {
	t.Helper()
	ring, err := keyring.Open(filepath.Join(dir, FolderKeys))
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func newTail() *index.Layers { return index.NewLayers() }
