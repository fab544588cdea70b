package identifier

import (
	"errors"
	"slices"
	"testing"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Short names for the tests; the wire's own are long.
const (
	typePhone     = ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER
	typeIMEI      = ententev1.IdentifierType_IDENTIFIER_TYPE_IMEI
	typeIMSI      = ententev1.IdentifierType_IDENTIFIER_TYPE_IMSI
	typeEmail     = ententev1.IdentifierType_IDENTIFIER_TYPE_EMAIL_ADDRESS
	typeIBAN      = ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN
	typeBIC       = ententev1.IdentifierType_IDENTIFIER_TYPE_BIC
	typeAccount   = ententev1.IdentifierType_IDENTIFIER_TYPE_ACCOUNT_NUMBER
	typeCard      = ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD
	typeCrypto    = ententev1.IdentifierType_IDENTIFIER_TYPE_CRYPTO_ADDRESS
	typeIMO       = ententev1.IdentifierType_IDENTIFIER_TYPE_IMO_NUMBER
	typeMMSI      = ententev1.IdentifierType_IDENTIFIER_TYPE_MMSI
	typeCallSign  = ententev1.IdentifierType_IDENTIFIER_TYPE_CALL_SIGN
	typeCIN       = ententev1.IdentifierType_IDENTIFIER_TYPE_CIN
	typeEngine    = ententev1.IdentifierType_IDENTIFIER_TYPE_ENGINE_SERIAL
	typeVIN       = ententev1.IdentifierType_IDENTIFIER_TYPE_VIN
	typePlate     = ententev1.IdentifierType_IDENTIFIER_TYPE_REGISTRATION_PLATE
	typeContainer = ententev1.IdentifierType_IDENTIFIER_TYPE_CONTAINER_NUMBER
	typeTail      = ententev1.IdentifierType_IDENTIFIER_TYPE_AIRCRAFT_REGISTRATION
	typeICAO24    = ententev1.IdentifierType_IDENTIFIER_TYPE_ICAO24_ADDRESS
	typeDocument  = ententev1.IdentifierType_IDENTIFIER_TYPE_DOCUMENT_NUMBER
	typeMRZ       = ententev1.IdentifierType_IDENTIFIER_TYPE_MRZ
	typeNational  = ententev1.IdentifierType_IDENTIFIER_TYPE_NATIONAL_ID
	typeLEI       = ententev1.IdentifierType_IDENTIFIER_TYPE_LEI
	typeCompany   = ententev1.IdentifierType_IDENTIFIER_TYPE_COMPANY_NUMBER
	typeURI       = ententev1.IdentifierType_IDENTIFIER_TYPE_URI
	typeHandle    = ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE
	typeAccountID = ententev1.IdentifierType_IDENTIFIER_TYPE_PLATFORM_ACCOUNT_ID
	typeOther     = ententev1.IdentifierType_IDENTIFIER_TYPE_OTHER

	isPassed       = ententev1.CheckStatus_CHECK_STATUS_PASSED
	isFailed       = ententev1.CheckStatus_CHECK_STATUS_FAILED
	isUnchecked    = ententev1.CheckStatus_CHECK_STATUS_NOT_APPLICABLE
	isUnverifiable = ententev1.CheckStatus_CHECK_STATUS_UNVERIFIABLE

	onBitcoin  = ententev1.CryptoNetwork_CRYPTO_NETWORK_BITCOIN
	onEthereum = ententev1.CryptoNetwork_CRYPTO_NETWORK_ETHEREUM
	onTron     = ententev1.CryptoNetwork_CRYPTO_NETWORK_TRON
	onLitecoin = ententev1.CryptoNetwork_CRYPTO_NETWORK_LITECOIN
	onMonero   = ententev1.CryptoNetwork_CRYPTO_NETWORK_MONERO
	onOtherEVM = ententev1.CryptoNetwork_CRYPTO_NETWORK_OTHER_EVM
	onOther    = ententev1.CryptoNetwork_CRYPTO_NETWORK_OTHER
)

// sound is a value that is understood, and what of it.
type sound struct {
	raw, region, platform string
	network               ententev1.CryptoNetwork

	want   string // normalised; empty means as raw
	status ententev1.CheckStatus
	codes  []string
	told   string // region of the finding; "" is not compared
	keys   []string
}

// broken is a value that is refused, and why.
type broken struct {
	raw, region, platform string
	network               ententev1.CryptoNetwork
	reason                string
}

func identify(of ententev1.IdentifierType, raw, region, platform string, network ententev1.CryptoNetwork) *ententev1.Identifier {
	return &ententev1.Identifier{Type: of, RawValue: raw, RegionCode: region, Platform: platform, Network: network}
}

func checkSound(t *testing.T, of ententev1.IdentifierType, vectors []sound) {
	t.Helper()
	for _, v := range vectors {
		f, err := Understand(identify(of, v.raw, v.region, v.platform, v.network))
		if err != nil {
			t.Errorf("%s %q: refused: %v", Namespace(of), v.raw, err)
			continue
		}
		want := v.want
		if want == "" {
			want = v.raw
		}
		if f.Normalized != want || f.Status != v.status || !slices.Equal(f.Codes, v.codes) {
			t.Errorf("%s %q = %q %v %v, want %q %v %v",
				Namespace(of), v.raw, f.Normalized, f.Status, f.Codes, want, v.status, v.codes)
		}
		if v.told != "" && f.Region != v.told {
			t.Errorf("%s %q: region %q, want %q", Namespace(of), v.raw, f.Region, v.told)
		}
		if v.keys != nil && !slices.Equal(f.Keys, v.keys) {
			t.Errorf("%s %q: keys %q, want %q", Namespace(of), v.raw, f.Keys, v.keys)
		}
		checkSpaces(t, of, f)
		checkStable(t, of, v, f)
	}
}

// checkStable proves that what is normalised stays so.
func checkStable(t *testing.T, of ententev1.IdentifierType, v sound, f Finding) {
	t.Helper()
	again, err := Understand(identify(of, f.Normalized, v.region, v.platform, v.network))
	if err != nil || again.Normalized != f.Normalized {
		t.Errorf("%s %q: normalised again %q, %v, want %q", Namespace(of), v.raw, again.Normalized, err, f.Normalized)
	}
}

func checkBroken(t *testing.T, of ententev1.IdentifierType, vectors []broken) {
	t.Helper()
	for _, v := range vectors {
		f, err := Understand(identify(of, v.raw, v.region, v.platform, v.network))
		checkReason(t, v.raw, err, v.reason)
		if err != nil && (f.Normalized != "" || f.Keys != nil) {
			t.Errorf("%s %q: refused, but with finding %+v", Namespace(of), v.raw, f)
		}
	}
}

// checkReason wants a *Malformed of this reason whose text does not hold the
// value.
func checkReason(t *testing.T, raw string, err error, reason string) {
	t.Helper()
	var m *Malformed
	if !errors.As(err, &m) {
		t.Errorf("%q: error %v, want %s", raw, err, reason)
		return
	}
	if m.Reason != reason {
		t.Errorf("%q: reason %s, want %s", raw, m.Reason, reason)
	}
	if m.Advice == "" {
		t.Errorf("%q: no advice with %s", raw, m.Reason)
	}
}
