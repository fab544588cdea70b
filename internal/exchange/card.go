package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/seed-1d76a664/entente/internal/index"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// cardNamespace is that of card numbers in the index: keyed hashes, so that no number is kept.
const cardNamespace = "CARD_HASH"

// cardKey is the form under which a card number is compared.
func (h *Hub) cardKey(card intel.CardMatch) index.IdentifierKey {
	mac := hmac.New(sha256.New, h.cards[:])
	mac.Write(card.Digits())
	return index.IdentifierKey{Namespace: cardNamespace, Value: hex.EncodeToString(mac.Sum(nil))}
}
