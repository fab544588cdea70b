package identifier

import (
	"math/bits"
	"strings"
)

// readMonero reads a Monero address: network byte, two public keys, perhaps a
// payment id, and four bytes of Keccak, in base58 by blocks of eight bytes.
func readMonero(address string) (Finding, error) {
	if isEVMPrefix(address) || segwitPrefix(address) != "" {
		return Finding{}, errCryptoNetwork()
	}
	if !all(address, func(b byte) bool { return base58Value(b) >= 0 }) {
		return Finding{}, errCryptoCharset()
	}
	f := passed(address)
	if len(address) != 95 && len(address) != 106 {
		f.fail("CRYPTO_LENGTH")
		return f, nil
	}
	var room [80]byte
	decoded, ok := moneroDecode(room[:0], address)
	if !ok {
		f.fail("CRYPTO_CHECKSUM")
		return f, nil
	}
	if !isMoneroNetwork(decoded[0], len(address)) {
		return Finding{}, errCryptoNetwork()
	}
	body, check := decoded[:len(decoded)-4], decoded[len(decoded)-4:]
	if sum := keccak(body); string(sum[:4]) != string(check) {
		f.fail("CRYPTO_CHECKSUM")
	}
	return f, nil
}

// isMoneroNetwork knows the main network's bytes: 18 plain and 42 subaddress,
// 19 with a payment id.
func isMoneroNetwork(b byte, length int) bool {
	if length == 106 {
		return b == 19
	}
	return b == 18 || b == 42
}

// moneroDecode decodes blocks of 11 signs to 8 bytes; the last block is
// shorter.
func moneroDecode(out []byte, address string) ([]byte, bool) {
	const block = 11
	for len(address) > 0 {
		n := min(block, len(address))
		var ok bool
		if out, ok = moneroBlock(out, address[:n]); !ok {
			return nil, false
		}
		address = address[n:]
	}
	return out, true
}

// moneroBlock decodes one block; a number too large for its bytes is none.
func moneroBlock(out []byte, block string) ([]byte, bool) {
	const sizes = "\x00\xff\x01\x02\xff\x03\x04\x05\xff\x06\x07\x08" // by signs; ff never occurs
	size := int(sizes[len(block)])
	if size > 8 {
		return nil, false
	}
	var n uint64
	for i := range len(block) {
		high, low := bits.Mul64(n, 58)
		sum, carry := bits.Add64(low, uint64(base58Value(block[i])), 0)
		if high != 0 || carry != 0 {
			return nil, false
		}
		n = sum
	}
	if size < 8 && n>>(8*size) != 0 {
		return nil, false
	}
	for i := size - 1; i >= 0; i-- {
		out = append(out, byte(n>>(8*i)))
	}
	return out, true
}

func base58Value(b byte) int {
	return strings.IndexByte("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", b)
}
