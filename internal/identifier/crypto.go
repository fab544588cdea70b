package identifier

import (
	"strings"

	"github.com/btcsuite/btcd/btcutil/base58"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// maxAddress bounds an address in bytes: base58 costs the square of it, and
// the longest in use (Monero's, with a payment id) has 106.
const maxAddress = 160

// readCryptoAddress reads an address by the network it is said to be on. An
// address that belongs to another network is refused, since money sent there
// is gone and a search for it finds nothing; a failed checksum is flagged.
func readCryptoAddress(c claim) (Finding, error) {
	address := strings.TrimSpace(c.raw)
	if len(address) > maxAddress {
		return Finding{}, malformed("CRYPTO_LENGTH", "Send the address alone, without amount or memo.")
	}
	if !all(address, isAddressByte) {
		return Finding{}, errCryptoCharset()
	}
	switch c.network {
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_UNSPECIFIED:
		return guessAddress(address), nil
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_BITCOIN:
		return bitcoin.read(address)
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_LITECOIN:
		return litecoin.read(address)
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_TRON:
		return tron.read(address)
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_MONERO:
		return readMonero(address)
	case ententev1.CryptoNetwork_CRYPTO_NETWORK_ETHEREUM, ententev1.CryptoNetwork_CRYPTO_NETWORK_OTHER_EVM:
		return readEVM(address)
	default:
		return unverifiable(address), nil
	}
}

// guessAddress reads an address whose network was not stated. The prefixes 0x,
// bc1 and ltc1 tell it; anything else is believed only if its checksum holds.
func guessAddress(address string) Finding {
	if isEVMPrefix(address) {
		if f, err := readEVM(address); err == nil {
			return f
		}
		return unverifiable(address)
	}
	for _, n := range [...]coin{bitcoin, litecoin} {
		if segwitPrefix(address) == n.segwit {
			if f, err := n.read(address); err == nil {
				return f
			}
		}
	}
	if len(address) == 95 || len(address) == 106 {
		if f, err := readMonero(address); err == nil && f.Status == ententev1.CheckStatus_CHECK_STATUS_PASSED {
			return f
		}
	}
	if decoded := base58.Decode(address); len(decoded) == addressBytes && base58Sums(decoded) {
		return passed(address)
	}
	return unverifiable(address)
}

// isAddressByte covers the alphabets of the networks in use, base58 to
// base64url, and the colon that some put behind a network's name.
func isAddressByte(b byte) bool {
	if isAlnum(b) || isLower(b) {
		return true
	}
	switch b {
	case ':', '_', '-', '.', '/', '+', '=':
		return true
	}
	return false
}

func errCryptoCharset() error {
	return malformed("CRYPTO_CHARSET", "The address holds signs that addresses of this network cannot have; copy it anew.")
}

func errCryptoNetwork() error {
	return malformed("CRYPTO_NETWORK", "The address belongs to another network than stated, or to a test network; correct the network.")
}
