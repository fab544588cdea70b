package identifier

import (
	"crypto/sha256"
	"strings"

	"github.com/btcsuite/btcd/btcutil/base58"
	"github.com/btcsuite/btcd/btcutil/bech32"
)

// coin is a network whose addresses are base58check or segwit: the version
// bytes that it uses, and its human-readable part with the separator, if any.
type coin struct {
	versions string
	segwit   string
}

// The coins, never written to. Litecoin once shared Bitcoin's version 5.
var (
	bitcoin  = coin{versions: "\x00\x05", segwit: "bc1"}
	litecoin = coin{versions: "\x30\x32\x05", segwit: "ltc1"}
	tron     = coin{versions: "\x41"}
)

// addressBytes is how long a base58check address is: version, hash of 160
// bits, four of checksum.
const addressBytes = 1 + 20 + 4

func (n coin) read(address string) (Finding, error) {
	if isEVMPrefix(address) {
		return Finding{}, errCryptoNetwork()
	}
	if prefix := segwitPrefix(address); prefix != "" {
		if prefix != n.segwit {
			return Finding{}, errCryptoNetwork()
		}
		return readSegwit(address, n.segwit)
	}
	return n.readBase58(address)
}

// readBase58 reads base58check. A version of another network is refused, but
// only if the length lets the first byte be one.
func (n coin) readBase58(address string) (Finding, error) {
	decoded := base58.Decode(address)
	if len(decoded) == 0 {
		return Finding{}, errCryptoCharset()
	}
	f := passed(address)
	if len(decoded) != addressBytes {
		f.fail("CRYPTO_LENGTH")
		return f, nil
	}
	if strings.IndexByte(n.versions, decoded[0]) < 0 {
		return Finding{}, errCryptoNetwork()
	}
	if !base58Sums(decoded) {
		f.fail("CRYPTO_CHECKSUM")
	}
	return f, nil
}

// base58Sums tells whether the last four of addressBytes bytes are the start of
// the double SHA-256 of the others.
func base58Sums(decoded []byte) bool {
	once := sha256.Sum256(decoded[:addressBytes-4])
	twice := sha256.Sum256(once[:])
	return string(twice[:4]) == string(decoded[addressBytes-4:])
}

// segwitPrefix tells the segwit network of an address, test networks included,
// or is empty.
func segwitPrefix(address string) string {
	for _, prefix := range [...]string{"bc1", "ltc1", "tb1", "bcrt1", "tltc1"} {
		if len(address) > len(prefix) && strings.EqualFold(address[:len(prefix)], prefix) {
			return prefix
		}
	}
	return ""
}

// readSegwit reads a native segwit address (BIP 173, BIP 350). Addresses in
// capitals are the same as those in small letters; a mixture is a slip of the
// pen, which is flagged and put right.
func readSegwit(address, prefix string) (Finding, error) {
	lower := lowerASCII(address)
	if !all(lower[len(prefix):], isBech32Byte) {
		return Finding{}, errCryptoCharset()
	}
	f := passed(lower)
	if lower != address && strings.ToUpper(address) != address {
		f.fail("CRYPTO_MIXED_CASE")
	}
	_, data, version, err := bech32.DecodeGeneric(lower)
	switch {
	case err != nil || len(data) == 0:
		f.fail("CRYPTO_CHECKSUM")
	case !isWitness(data, version):
		f.fail("CRYPTO_WITNESS")
	}
	return f, nil
}

// isWitness applies the rules of the witness program: version 0 in bech32 with
// 20 or 32 bytes, versions 1 to 16 in bech32m with 2 to 40.
func isWitness(data []byte, encoding bech32.Version) bool {
	program, err := bech32.ConvertBits(data[1:], 5, 8, false)
	if err != nil {
		return false
	}
	n := len(program)
	if data[0] == 0 {
		return encoding == bech32.Version0 && (n == 20 || n == 32)
	}
	return encoding == bech32.VersionM && data[0] <= 16 && n >= 2 && n <= 40
}

func isBech32Byte(b byte) bool {
	return strings.IndexByte("qpzry9x8gf2tvdw0s3jn54khce6mua7l", b) >= 0
}
