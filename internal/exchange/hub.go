package exchange

import (
	"context"
	"errors"
	"time"

	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/journal"
	"github.com/seed-1d76a664/entente/internal/keyring"
	"github.com/seed-1d76a664/entente/internal/policy"
	"github.com/seed-1d76a664/entente/internal/view"
)

// APIRevision is the revision of the API within v1 that this build serves.
const APIRevision = 1

// Features are what this build can do beyond revision 1's names; clients look before they use one.
func Features() []string {
	return []string{"intelligence", "seizures", "filters", "inbox", "disclosures", "groups", "bulk", "seizure-summary", "checks", "standing-queries", "deconfliction"}
}

// Quotas tells what is left of an agency's budgets, for WhoAmI.
type Quotas interface {
	Remaining(agency intel.AgencyID) []*ententev1.Quota
}

// Config is what a hub is made of.
type Config struct {
	View    *view.View
	Journal journal.Journal
	Source  Source
	// Authorities understands bundles. Required.
	Authorities Authorities
	// Status words a failure as the edge does, for the rows of a batch. Required.
	Status func(error) *status.Status
	// Limits are told by WhoAmI; the quotas in it come from Quotas.
	Limits *ententev1.Limits
	Quotas Quotas
	// HubID is the hub's SPIFFE id and BulkEndpoint the host:port of its bulk listener, as WhoAmI tells them.
	HubID, BulkEndpoint string
	// CountCap is the most that include_total counts. Default 1,000,000.
	CountCap int
	// CandidateCap is how many records a page opens at most to compare them with what is asked, where the index alone cannot tell, and how many of the
	// newest are looked at where the best match comes first. Only what the caller may see is counted, so what is hidden moves nothing. Default 1,000.
	CandidateCap int
	// SummaryCap is how many reports a summary reads. Default 5,000, which is also the most.
	SummaryCap int
	// WatchLife is how long a watch lasts before it ends itself with a cursor; it must be shorter than a connection may grow old. Default 45 minutes.
	WatchLife time.Duration
	// WatchBeat is how often an idle watch says that it lives. Default 30 seconds.
	WatchBeat time.Duration
}

// Hub is the use cases of one running hub. Its methods may be called from any goroutine.
type Hub struct {
	Config
	etags  etags
	tokens tokens
	cards  [keyring.KeySize]byte
	// matcher looks at new records for standing queries, once Match runs.
	matcher *matcher
	// foreseen are identifiers that the matcher is about to compare.
	foreseen foreseen
	refs     [keyring.KeySize]byte
}

// New makes a hub of its parts. It starts nothing.
func New(c Config) (*Hub, error) {
	if c.View == nil || c.Journal == nil || c.Source == nil || c.Authorities == nil || c.Status == nil {
		return nil, errors.New("exchange: a hub needs a view, a journal, a source, and the edge to read bundles and word failures")
	}
	if c.CountCap == 0 {
		c.CountCap = 1_000_000
	}
	if c.CandidateCap == 0 {
		c.CandidateCap = 1000
	}
	if c.SummaryCap == 0 || c.SummaryCap > reportsAtMost {
		c.SummaryCap = reportsAtMost
	}
	if c.WatchLife == 0 {
		c.WatchLife = 45 * time.Minute
	}
	if c.WatchBeat == 0 {
		c.WatchBeat = 30 * time.Second
	}
	h := &Hub{Config: c}
	h.matcher = &matcher{h: h, book: newBook()}
	h.matcher.pass(reachOf(c.View.Hub().GetMatched()))
	return h, h.loadSecrets(c.View.Ring())
}

func (h *Hub) loadSecrets(ring *keyring.Ring) (err error) {
	if h.etags, err = newETags(ring, h.View.Epoch); err != nil {
		return err
	}
	if h.tokens, err = newTokens(ring); err != nil {
		return err
	}
	card, err := ring.Secret(keyring.Card)
	if err != nil {
		return err
	}
	term, err := ring.Secret(keyring.Term)
	if err != nil {
		return err
	}
	h.cards = card.Key()
	h.refs, err = term.Derive("reference")
	return err
}

// Call is one call: who calls what, from where.
type Call struct {
	Caller intel.Caller
	// Method is the full method name, as in /entente.v1.IntelligenceService/GetIntelligenceItem.
	Method string
	// Source is the caller's network address.
	Source string
}

// origin is the caller as a command carries it.
func (c Call) origin() *internalv1.Origin {
	return &internalv1.Origin{
		Agency: string(c.Caller.Agency), Unit: string(c.Caller.Unit), Path: c.Caller.Path, Serial: c.Caller.Serial,
		Officer: c.Caller.Officer, Operator: c.Caller.Operator,
	}
}

// reader is the caller as policy judges it, for the purpose that the call states.
func (c Call) reader(j *ententev1.Justification) policy.Reader {
	return policy.ReaderOf(c.Caller, j.GetPurpose())
}

// command begins a command of this call.
func (h *Hub) command(call Call, j *ententev1.Justification) *internalv1.Command {
	return &internalv1.Command{
		Origin: call.origin(), Justification: j, TimeMicros: h.Source.Now().UnixMicro(),
		StorageVersion: h.version(keyring.Storage), InboxVersion: h.version(keyring.Inbox),
	}
}

// version is that of a secret now in force; a ring without it has been refused by New.
func (h *Hub) version(name keyring.Name) uint32 {
	secret, err := h.View.Ring().Secret(name)
	if err != nil {
		return 0
	}
	return uint32(secret.Version)
}

// commit hands a command over and waits until its outcome is durable. A refusal comes back as a failure.
func (h *Hub) commit(ctx context.Context, c *internalv1.Command) (*internalv1.Outcome, error) {
	outcome, err := journal.Append(ctx, h.Journal, c)
	if err != nil {
		return nil, err
	}
	return outcome, refused(outcome)
}

// Tick lets journal time pass; a running hub does it once a minute.
func (h *Hub) Tick(ctx context.Context) error {
	c := h.command(Call{}, nil)
	c.Origin = &internalv1.Origin{Hub: true}
	c.Kind = &internalv1.Command_Tick{Tick: &internalv1.Tick{}}
	_, err := h.commit(ctx, c)
	return err
}

// Begin writes the genesis of a new hub; it does nothing on one that has it.
func (h *Hub) Begin(ctx context.Context, g *internalv1.Genesis) error {
	if h.View.Hub().GetGenesis() != nil {
		return nil
	}
	c := h.command(Call{}, nil)
	c.Origin = &internalv1.Origin{Hub: true}
	c.Kind = &internalv1.Command_Genesis{Genesis: proto.CloneOf(g)}
	_, err := h.commit(ctx, c)
	return err
}
