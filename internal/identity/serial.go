package identity

import (
	"crypto/x509"
	"math/big"
	"strings"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// maxSerialBits is the longest serial number that RFC 5280 §4.1.2.2 lets an
// authority issue: 20 octets.
const maxSerialBits = 160

// Serial is a certificate's serial number as the hub spells it everywhere:
// lower-case hex without leading zeros or separators.
func Serial(c *x509.Certificate) string { return c.SerialNumber.Text(16) }

// ParseSerial reads a serial number as the usual tools print it (either case,
// colons between the octets, leading zeros, a 0x in front) and returns it as
// Serial spells it. The error is a fault.Invalid with reason INVALID_SERIAL.
func ParseSerial(text string) (string, error) {
	digits := strings.ToLower(text)
	digits = strings.TrimPrefix(digits, "0x")
	if len(digits) > 3*maxSerialBits/8 {
		return "", errSerial()
	}
	digits = strings.ReplaceAll(digits, ":", "")
	for i := range len(digits) {
		if !hexDigit(digits[i]) {
			return "", errSerial()
		}
	}
	n, ok := new(big.Int).SetString(digits, 16)
	if !ok || !serialInRange(n) {
		return "", errSerial()
	}
	return n.Text(16), nil
}

// spelledSerial tells whether ParseSerial would return the text as it is.
func spelledSerial(text string) bool {
	if text == "" || text[0] == '0' || len(text) > maxSerialBits/4 {
		return false
	}
	for i := range len(text) {
		if !hexDigit(text[i]) {
			return false
		}
	}
	return true
}

func hexDigit(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' }

func serialInRange(n *big.Int) bool { return n.Sign() > 0 && n.BitLen() <= maxSerialBits }

func errSerial() error {
	return fault.Violated(fault.Violation{
		Reason:      "INVALID_SERIAL",
		Description: "give the serial number in hexadecimal, 1 to 20 octets, as `openssl x509 -serial` prints it",
	})
}
