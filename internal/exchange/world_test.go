package exchange_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/journal/local"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/view"
)

// world is a hub without an edge: keyring, view, journal and exchange, for real.
type world struct {
	*exchange.Hub
	t       testing.TB
	dir     string
	journal *local.Journal
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, exchange.Config{})
}

// newWorldWith is newWorld with some of the configuration given.
func newWorldWith(t testing.TB, c exchange.Config) *world {
	t.Helper()
	return newWorldOver(t, c, view.Options{})
}

// newWorldOver is newWorldWith over a view with these options.
func newWorldOver(t testing.TB, c exchange.Config, options view.Options) *world {
	t.Helper()
	dir := t.TempDir()
	if err := view.Prepare(dir); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Create(filepath.Join(dir, "keys"), rand.Reader, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	v, err := view.Open(dir, ring, options)
	if err != nil {
		t.Fatal(err)
	}
	j := local.Open("hub.example", v)
	c.View, c.Journal, c.Source, c.Authorities = v, j, exchange.System{}, rpc.Authorities{}
	c.Status = func(err error) *status.Status { return &status.Status{Message: fault.As(err).Reason} }
	hub, err := exchange.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
		if err := ring.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := hub.Begin(t.Context(), &internalv1.Genesis{HubId: "hub.example", Epoch: "00112233445566778899aabbccddeeff", OperatorTrustDomain: "operator.example"}); err != nil {
		t.Fatal(err)
	}
	return &world{Hub: hub, t: t, dir: dir, journal: j}
}

// operator is a call of the operator.
func operator(method string) exchange.Call {
	return exchange.Call{Caller: intel.Caller{Operator: true, Path: "/admin", Rights: intel.NewRights(intel.Operate)}, Method: method}
}

// enrol enrols agencies in a country each, with an authority of their own.
func (w *world) enrol(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		w.deskOf(id, nil)
	}
}

// deskOf enrols an agency with its duty desks.
func (w *world) deskOf(id string, contacts []*ententev1.DutyContact) {
	w.t.Helper()
	authority, err := identity.NewAuthority(id+".example", identity.AuthorityOptions{Clock: time.Now})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.EnrolAgency(w.t.Context(), operator("Enrol"), &ententev1.EnrolAgencyRequest{AgencyId: id, Draft: &ententev1.AgencyDraft{
		DisplayName: id, RegionCode: region(id), TrustDomain: id + ".example", BundlePem: authority.BundlePEM(),
		Units: []*ententev1.Unit{{UnitId: "desk", DisplayName: "Desk"}}, DutyContacts: contacts,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

// region is the country that an id begins with, as in fr-ofast.
func region(id string) string { return string([]byte{id[0] - 'a' + 'A', id[1] - 'a' + 'A'}) }

// call is a call of an agency's workload.
func call(id string) exchange.Call {
	return exchange.Call{Caller: intel.Caller{Agency: intel.AgencyID(id), Path: "/gateway", Region: region(id), Rights: intel.NewRights(intel.Read, intel.Submit)}, Method: "/m", Source: "127.0.0.1:1"}
}

func why() *ententev1.Justification {
	return &ententev1.Justification{Officer: "4711", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, CaseReference: "C-1"}
}

// to is a release to agencies.
func to(ids ...string) *ententev1.Release {
	r := &ententev1.Release{
		Audience: &ententev1.Audience{}, Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
	for _, id := range ids {
		r.Audience.Agencies = append(r.Audience.Agencies, intel.AgencyID(id).Name())
	}
	return r
}

// item is a draft of an item.
func item(title string, release *ententev1.Release) *ententev1.IntelligenceItemDraft {
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
			Title: title, Narrative: "A black inflatable was bought in Lille.", LanguageCode: "en",
			Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
				Source: ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B, Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
			}}},
			CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
		}},
		Release: release,
	}
}

// submit submits an item and returns its receipt.
func (w *world) submit(id string, draft *ententev1.IntelligenceItemDraft) *ententev1.Receipt {
	w.t.Helper()
	answer, err := w.SubmitIntelligenceItem(w.t.Context(), call(id), &ententev1.SubmitIntelligenceItemRequest{Justification: why(), Draft: draft})
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.GetReceipt()
}

// get reads an item. What is spliced into the answer is made readable, as a client finds it.
func (w *world) get(id, name string) (*ententev1.IntelligenceItem, error) {
	answer, err := w.GetIntelligenceItem(w.t.Context(), call(id), &ententev1.GetIntelligenceItemRequest{
		Justification: why(), Selector: &ententev1.GetIntelligenceItemRequest_Name{Name: name},
	})
	if err != nil {
		return nil, err
	}
	return received(w.t, answer).GetIntelligenceItem(), nil
}

// received is a message as it arrives.
func received[M proto.Message](t testing.TB, m M) M {
	t.Helper()
	encoded, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	fresh, ok := m.ProtoReflect().New().Interface().(M)
	if !ok {
		t.Fatal("another type")
	}
	if err := proto.Unmarshal(encoded, fresh); err != nil {
		t.Fatal(err)
	}
	return fresh
}

// expect wants a failure of a kind and reason.
func expect(t *testing.T, err error, kind fault.Kind, reason string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.As(err).Reason != reason {
		t.Errorf("%v, not %v %s", err, kind, reason)
	}
}
