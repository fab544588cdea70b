package exchange

import (
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// content is a content of either kind as it was handed over, and what the hub understood of it.
type content struct {
	kind internalv1.RecordKind
	// bytes are the accepted ones, exactly as they came.
	bytes []byte
	plain proto.Message
	intel.Reading
	// keys are the forms of the identifiers, those of cards left out.
	keys  []index.IdentifierKey
	terms []index.Term
}

// draft is a record of either kind as it was handed over.
type draft struct {
	content
	release                        *ententev1.Release
	links                          []*ententev1.Link
	originatorReference, ownerCase string
	steps                          []*ententev1.RecoveryStep
}

// itemDraft understands a draft of an item. What is wrong with it is told under the field that holds it.
func (h *Hub) itemDraft(d *ententev1.IntelligenceItemDraft) (*draft, error) {
	c, err := h.itemContent(d.GetPlain(), d.GetPlainBytes(), d.GetCardNumbers(), "plain")
	if err != nil {
		return nil, err
	}
	return &draft{
		content: c, release: d.GetRelease(), links: d.GetLinks(),
		originatorReference: d.GetOriginatorReference(), ownerCase: d.GetCaseReference(),
	}, nil
}

// reportDraft is itemDraft's twin.
func (h *Hub) reportDraft(d *ententev1.SeizureReportDraft) (*draft, error) {
	c, err := h.reportContent(d.GetPlain(), d.GetPlainBytes(), d.GetCardNumbers(), "plain")
	if err != nil {
		return nil, err
	}
	return &draft{
		content: c, release: d.GetRelease(), links: d.GetLinks(),
		originatorReference: d.GetOriginatorReference(), ownerCase: d.GetCaseReference(), steps: d.GetRecoverySteps(),
	}, nil
}

// itemContent understands the content of an item; field is where it stands in the message, with the card numbers beside it.
func (h *Hub) itemContent(plain *ententev1.IntelligenceContent, accepted []byte, cards []*ententev1.CardNumber, field string) (content, error) {
	reading, violations := intel.ReadItem(plain, cards, h.Source.Now())
	if len(violations) > 0 {
		return content{}, fault.Violated(intel.Under(violations, field, "")...)
	}
	accepted, err := acceptedBytes(plain, accepted)
	keys := found(reading)
	return content{
		kind: kindItem, bytes: accepted, plain: plain, Reading: reading, keys: keys,
		terms: h.View.Hasher().ItemTerms(plain, h.withCards(keys, reading)),
	}, err
}

// reportContent is itemContent's twin.
func (h *Hub) reportContent(plain *ententev1.SeizureContent, accepted []byte, cards []*ententev1.CardNumber, field string) (content, error) {
	reading, violations := intel.ReadSeizure(plain, cards, h.Source.Now())
	if len(violations) > 0 {
		return content{}, fault.Violated(intel.Under(violations, field, "")...)
	}
	accepted, err := acceptedBytes(plain, accepted)
	keys := found(reading)
	return content{
		kind: kindReport, bytes: accepted, plain: plain, Reading: reading, keys: keys,
		terms: h.View.Hasher().SeizureTerms(plain, h.withCards(keys, reading)),
	}, err
}

// acceptedBytes are the bytes that the edge took off the wire. A caller inside the hub's own process may leave them out.
func acceptedBytes(plain proto.Message, taken []byte) ([]byte, error) {
	if len(taken) > 0 {
		return taken, nil
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(plain)
}

// found are the forms of the identifiers of a content.
func found(r intel.Reading) []index.IdentifierKey {
	keys := make([]index.IdentifierKey, 0, 2*len(r.Findings))
	for _, id := range r.Findings {
		keys = append(keys, index.IdentifierKeys(id.Type, id.Finding)...)
	}
	return keys
}

// withCards are all forms under which the identifiers of a content are compared; card numbers as keyed hashes.
func (h *Hub) withCards(keys []index.IdentifierKey, r intel.Reading) []index.IdentifierKey {
	keys = slices.Clip(keys)
	for _, card := range r.Cards {
		keys = append(keys, h.cardKey(card))
	}
	return keys
}
