package corpus

import (
	"strconv"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// The identifiers of a corpus are numbered: the same kind and number is the same value.

// ownShift sets a record's own identifiers apart from those that recur.
const ownShift = 1 << 40

// own is the number of one of the record's own identifiers.
func (d *draw) own() uint64 { return ownShift | uint64(d.n) }

// recurring is the number of something that other records name as well: so
// drawn that a value has four or five records, of any agency and of any time.
func (d *draw) recurring() uint64 { return uint64(d.chance.IntN(d.n/4 + 1000)) }

// mixed spreads the numbers over all values, so that neighbours look nothing alike.
func mixed(k, salt uint64) uint64 {
	x := k*0x9e3779b97f4a7c15 + salt*0xbf58476d1ce4e5b9
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// digits are the last digits of a number, with zeros in front.
func digits(prefix string, x uint64, count int) string {
	buf := make([]byte, len(prefix)+count)
	copy(buf, prefix)
	for i := len(buf) - 1; i >= len(prefix); i-- {
		buf[i] = '0' + byte(x%10)
		x /= 10
	}
	return string(buf)
}

// letters are capital letters, I and O left out.
func letters(x uint64, count int) string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	var buf [8]byte
	for i := range count {
		buf[i] = alphabet[x%uint64(len(alphabet))]
		x /= uint64(len(alphabet))
	}
	return string(buf[:count])
}

// Phone is a mobile telephone number.
func Phone(k uint64) *ententev1.Identifier {
	prefixes := [...]string{"+336", "+3933", "+49151", "+21698", "+21891", "+90532", "+447400", "+3069", "+38164", "+21266"}
	sizes := [...]int{8, 8, 8, 6, 7, 7, 6, 8, 7, 7}
	x := mixed(k, 1)
	p := x % uint64(len(prefixes))
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: digits(prefixes[p], x>>8, sizes[p])}
}

// CommonPhone is the telephone number that very many records name.
func CommonPhone() *ententev1.Identifier { return Phone(1 << 50) }

// IMEI is the number of a telephone, with its check digit.
func IMEI(k uint64) *ententev1.Identifier {
	body := digits("35", mixed(k, 2), 12)
	sum := 0
	for i := range len(body) {
		v := int(body[i] - '0')
		if i%2 == 1 {
			v = v*2/10 + v*2%10
		}
		sum += v
	}
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_IMEI, RawValue: body + strconv.Itoa((10-sum%10)%10)}
}

// IBAN is a German account, with its check digits.
func IBAN(k uint64) *ententev1.Identifier {
	account := digits("", mixed(k, 3), 18)
	rest := uint64(0)
	for _, c := range account + "131400" { // DE00
		rest = (rest*10 + uint64(c-'0')) % 97
	}
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN, RawValue: digits("DE", 98-rest, 2) + account}
}

// Plate is a registration plate of Italy.
func Plate(k uint64) *ententev1.Identifier {
	x := mixed(k, 4)
	return &ententev1.Identifier{
		Type: ententev1.IdentifierType_IDENTIFIER_TYPE_REGISTRATION_PLATE, RegionCode: "IT",
		RawValue: letters(x, 2) + digits(" ", x>>20, 3) + " " + letters(x>>40, 2),
	}
}

// Vessel is the radio identity of a ship.
func Vessel(k uint64) *ententev1.Identifier {
	return &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_MMSI, RawValue: digits("247", mixed(k, 5), 6)}
}

// Handle is an account of a messenger.
func Handle(k uint64) *ententev1.Identifier {
	x := mixed(k, 6)
	return &ententev1.Identifier{
		Type: ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE, Platform: "telegram", RawValue: "@sea_" + digits(letters(x, 4)+"_", x>>32, 4),
	}
}

// Document is the number of a passport.
func Document(k uint64) *ententev1.Identifier {
	x := mixed(k, 7)
	return &ententev1.Identifier{
		Type: ententev1.IdentifierType_IDENTIFIER_TYPE_DOCUMENT_NUMBER, RegionCode: "TN", RawValue: digits(letters(x, 1), x>>8, 7),
	}
}

// allSubjects are a person with a document, two telephones, a device, an
// account, a vehicle, a vessel and a handle: eight identifiers, three of them
// the record's own.
func (d *draw) allSubjects(t tongue) []*ententev1.Subject {
	subjects := []*ententev1.Subject{
		d.person(t), d.phone(),
		d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}}, Phone(d.own()), IMEI(d.own())),
		d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Account{Account: &ententev1.Account{CurrencyCode: "EUR"}}}, IBAN(d.recurring())),
		d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Vehicle{Vehicle: d.vehicle()}}, Plate(d.recurring())),
		d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Vessel{Vessel: &ententev1.Vessel{VesselType: "fishing vessel"}}}, Vessel(d.recurring())),
		d.subject(&ententev1.Subject{Kind: &ententev1.Subject_OnlineAccount{OnlineAccount: &ententev1.OnlineAccount{Platform: "telegram"}}}, Handle(d.recurring())),
	}
	if d.chance.IntN(200) == 0 {
		subjects = append(subjects, d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{Usage: "helpline"}}}, CommonPhone()))
	}
	return subjects
}

func (d *draw) phone() *ententev1.Subject {
	return d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}}}, Phone(d.recurring()))
}

func (d *draw) vehicle() *ententev1.Vehicle {
	makes := [...]string{"Fiat", "Ford", "Mercedes", "Renault", "Iveco", "Toyota", "Volkswagen", "Peugeot"}
	colours := [...]string{"white", "grey", "black", "blue", "red"}
	return &ententev1.Vehicle{Make: makes[d.chance.IntN(len(makes))], Colour: colours[d.chance.IntN(len(colours))]}
}
