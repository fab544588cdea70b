package identifier

import (
	"strings"
	"testing"
)

const (
	genesis   = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
	segwit    = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
	taproot   = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
	tether    = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
	moneroOne = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
	eip55     = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
)

func TestBitcoinVectors(t *testing.T) {
	checkSound(t, typeCrypto, []sound{
		{raw: genesis, network: onBitcoin, status: isPassed},
		{raw: "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", network: onBitcoin, status: isPassed},
		{raw: segwit, network: onBitcoin, status: isPassed},
		{raw: strings.ToUpper(segwit), want: segwit, network: onBitcoin, status: isPassed},
		{raw: taproot, network: onBitcoin, status: isPassed},
		{raw: genesis[:33] + "b", network: onBitcoin, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
		{raw: segwit[:41] + "5", network: onBitcoin, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
		{raw: strings.Replace(segwit, "w508", "W508", 1), want: segwit, network: onBitcoin, status: isFailed, codes: []string{"CRYPTO_MIXED_CASE"}},
		{raw: genesis[:20], network: onBitcoin, status: isFailed, codes: []string{"CRYPTO_LENGTH"}},
	})
	checkBroken(t, typeCrypto, []broken{
		{raw: "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", network: onBitcoin, reason: "CRYPTO_NETWORK"},
		{raw: "0OIl", network: onBitcoin, reason: "CRYPTO_CHARSET"},
		{raw: tether, network: onBitcoin, reason: "CRYPTO_NETWORK"},
		{raw: eip55, network: onBitcoin, reason: "CRYPTO_NETWORK"},
		{raw: "bc1qb508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", network: onBitcoin, reason: "CRYPTO_CHARSET"},
		{raw: genesis + " 0.5", network: onBitcoin, reason: "CRYPTO_CHARSET"},
		{raw: strings.Repeat("1", 161), network: onBitcoin, reason: "CRYPTO_LENGTH"},
	})
}

// The rules of the witness program (the invalid addresses of BIP 350, all with
// a sound checksum of some kind).
func TestSegwitRules(t *testing.T) {
	for _, c := range []struct{ address, code string }{
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "CRYPTO_WITNESS"}, // version 1 in bech32
		{"BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "CRYPTO_WITNESS"},
		{"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "CRYPTO_WITNESS"},                     // version 0 in bech32m
		{"BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "CRYPTO_WITNESS"}, // version 17
		{"bc1pw5dgrnzv", "CRYPTO_WITNESS"},                                                   // one byte
		{"BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "CRYPTO_WITNESS"},                           // version 0, 16 bytes
		{"bc1gmk9yu", "CRYPTO_CHECKSUM"},                                                     // nothing
	} {
		f, err := Understand(identify(typeCrypto, c.address, "", "", onBitcoin))
		if err != nil || f.Status != isFailed || len(f.Codes) != 1 || f.Codes[0] != c.code {
			t.Errorf("%s: %+v, %v, want %s", c.address, f, err, c.code)
		}
	}
	for _, address := range []string{
		"BC1SW50QGDZ25J",                       // version 16, two bytes
		"bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", // version 2, 16 bytes
	} {
		f, err := Understand(identify(typeCrypto, address, "", "", onBitcoin))
		if err != nil || f.Status != isPassed {
			t.Errorf("%s: %+v, %v", address, f, err)
		}
	}
}

func TestTronAndLitecoin(t *testing.T) {
	checkSound(t, typeCrypto, []sound{
		{raw: tether, network: onTron, status: isPassed},
		{raw: tether[:33] + "u", network: onTron, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
		{raw: "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", network: onLitecoin, status: isPassed},
		{raw: "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", network: onLitecoin, status: isPassed},
	})
	checkBroken(t, typeCrypto, []broken{
		{raw: genesis, network: onTron, reason: "CRYPTO_NETWORK"},
		{raw: segwit, network: onTron, reason: "CRYPTO_NETWORK"},
		{raw: segwit, network: onLitecoin, reason: "CRYPTO_NETWORK"},
		{raw: genesis, network: onLitecoin, reason: "CRYPTO_NETWORK"},
	})
}

func TestEVMVectors(t *testing.T) {
	lower := strings.ToLower(eip55)
	checkSound(t, typeCrypto, []sound{
		{raw: eip55, network: onEthereum, status: isPassed, keys: []string{lower}},
		{raw: "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", network: onEthereum, status: isPassed},
		{raw: "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", network: onOtherEVM, status: isPassed},
		{raw: lower, network: onEthereum, status: isUnchecked, keys: []string{}},
		{raw: "0X" + strings.ToUpper(eip55[2:]), want: "0x" + strings.ToUpper(eip55[2:]), network: onEthereum, status: isUnchecked, keys: []string{lower}},
		{raw: strings.Replace(eip55, "aA", "AA", 1), network: onEthereum, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}, keys: []string{lower}},
	})
	checkBroken(t, typeCrypto, []broken{
		{raw: eip55[2:], network: onEthereum, reason: "CRYPTO_EVM_FORMAT"},
		{raw: eip55[:41], network: onEthereum, reason: "CRYPTO_EVM_FORMAT"},
		{raw: eip55[:41] + "g", network: onEthereum, reason: "CRYPTO_CHARSET"},
		{raw: genesis, network: onEthereum, reason: "CRYPTO_EVM_FORMAT"},
	})
}

func TestMonero(t *testing.T) {
	checkSound(t, typeCrypto, []sound{
		{raw: moneroOne, network: onMonero, status: isPassed},
		{raw: "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H", network: onMonero, status: isPassed},
		{raw: moneroOne[:94] + "B", network: onMonero, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
		{raw: moneroOne[:50], network: onMonero, status: isFailed, codes: []string{"CRYPTO_LENGTH"}},
		{raw: strings.Repeat("z", 95), network: onMonero, status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
	})
	checkBroken(t, typeCrypto, []broken{
		{raw: strings.Repeat("1", 95), network: onMonero, reason: "CRYPTO_NETWORK"},
		{raw: strings.Repeat("4", 106), network: onMonero, reason: "CRYPTO_NETWORK"},
		{raw: moneroOne[:94] + "0", network: onMonero, reason: "CRYPTO_CHARSET"},
		{raw: segwit, network: onMonero, reason: "CRYPTO_NETWORK"},
	})
}

// Without a network only prefixes and sound checksums are believed.
func TestCryptoNetworkGuessed(t *testing.T) {
	checkSound(t, typeCrypto, []sound{
		{raw: genesis, status: isPassed},
		{raw: tether, status: isPassed},
		{raw: moneroOne, status: isPassed},
		{raw: strings.ToUpper(segwit), want: segwit, status: isPassed},
		{raw: eip55, status: isPassed},
		{raw: strings.Replace(eip55, "aA", "AA", 1), status: isFailed, codes: []string{"CRYPTO_CHECKSUM"}},
		{raw: genesis[:33] + "b", status: isUnverifiable},
		{raw: moneroOne[:94] + "B", status: isUnverifiable},
		{raw: "0xabc", status: isUnverifiable},
		{raw: "bc1qb508", status: isUnverifiable},
		{raw: "0OIl", status: isUnverifiable},
		{raw: "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs", network: onOther, status: isUnverifiable},
	})
	checkBroken(t, typeCrypto, []broken{
		{raw: "address of Ali", reason: "CRYPTO_CHARSET"},
		{raw: "   ", reason: "VALUE_EMPTY"},
	})
}
