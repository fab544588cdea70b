package identifier

import "golang.org/x/crypto/sha3"

// readEVM reads an address of Ethereum and its kin: 0x and forty hexadecimal
// digits, whose letters carry a checksum if both cases occur (EIP-55). The case
// is kept; the key in small letters matches however it was written, and on
// whatever network, since one key owns the address on all of them.
func readEVM(address string) (Finding, error) {
	if !isEVMPrefix(address) || len(address) != 42 {
		return Finding{}, malformed("CRYPTO_EVM_FORMAT", "An address of this network is 0x and forty hexadecimal digits.")
	}
	digits := address[2:]
	lower := lowerASCII(digits)
	if !all(lower, isHex) {
		return Finding{}, errCryptoCharset()
	}
	f := passed("0x" + digits)
	if lower == digits {
		return unchecked(f.Normalized), nil
	}
	f.Keys = []string{"0x" + lower}
	if !hasSmallHex(digits) {
		f.Status = unchecked("").Status
		return f, nil
	}
	if !sumsToCase(digits, lower) {
		f.fail("CRYPTO_CHECKSUM")
	}
	return f, nil
}

func isEVMPrefix(address string) bool {
	return len(address) > 2 && address[0] == '0' && (address[1] == 'x' || address[1] == 'X')
}

func hasSmallHex(digits string) bool {
	for i := range len(digits) {
		if isLower(digits[i]) {
			return true
		}
	}
	return false
}

// sumsToCase tells whether the letters are capitals exactly where the Keccak
// hash of the address in small letters has a nibble of 8 or more.
func sumsToCase(digits, lower string) bool {
	hash := keccak([]byte(lower))
	for i := range len(digits) {
		if isDigit(digits[i]) {
			continue
		}
		nibble := hash[i/2] >> (4 * (1 - i%2)) & 0xf
		if isUpper(digits[i]) != (nibble >= 8) {
			return false
		}
	}
	return true
}

// keccak is the hash that preceded SHA-3's final padding; Ethereum and Monero
// stayed with it.
func keccak(data []byte) (sum [32]byte) {
	h := sha3.NewLegacyKeccak256()
	h.Write(data)
	h.Sum(sum[:0])
	return sum
}
