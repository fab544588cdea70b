package identifier

import (
	"math"

	"github.com/golang/geo/s2"
)

// Subdivision checks the shape of an ISO 3166-2 code, as in FR-62, and its
// country, which it returns. Whether the country has such a part is not
// checked: the list changes too often to refuse by. The error is a *Malformed.
func Subdivision(code string) (region string, err error) {
	if len(code) < 4 || len(code) > 6 || code[2] != '-' || !all(code[3:], isAlnum) || !isRegion(code[:2]) {
		return "", malformed("SUBDIVISION_CODE",
			"Use an ISO 3166-2 code in upper case: the country, a hyphen, one to three letters or digits, as in FR-62.")
	}
	return code[:2], nil
}

// UNLocode checks the shape of a UN/LOCODE, as in GBDVR, and its country,
// which it returns. Whether the place exists is not checked. The error is a
// *Malformed.
func UNLocode(code string) (region string, err error) {
	if len(code) != 5 || !all(code[2:], isLocodeByte) || !isRegion(code[:2]) {
		return "", malformed("UN_LOCODE",
			"Use a UN/LOCODE in upper case: the country and three letters or digits 2 to 9, as in GBDVR.")
	}
	return code[:2], nil
}

func isLocodeByte(b byte) bool { return isUpper(b) || b >= '2' && b <= '9' }

// LatLng checks WGS 84 coordinates in degrees. The error is a *Malformed.
func LatLng(latitude, longitude float64) error {
	if !(math.Abs(latitude) <= 90) || !(math.Abs(longitude) <= 180) {
		return malformed("LAT_LNG",
			"Latitude lies between -90 and 90 degrees, longitude between -180 and 180; check that they are not swapped.")
	}
	return nil
}

// CellToken is the token of the S2 cell of a level, 0 (a sixth of the Earth) to
// 30 (a square centimetre), that holds a point. Tokens of a coarser level are
// not prefixes of finer ones as text. The error is a *Malformed.
func CellToken(latitude, longitude float64, level int) (string, error) {
	if err := LatLng(latitude, longitude); err != nil {
		return "", err
	}
	if level < 0 || level > s2.MaxLevel {
		return "", malformed("CELL_LEVEL", "The level of a map cell lies between 0 and 30.")
	}
	cell := s2.CellIDFromLatLng(s2.LatLngFromDegrees(latitude, longitude))
	return cell.Parent(level).ToToken(), nil
}

// CellLevel is the level of the S2 cell that a token names. The error is a
// *Malformed.
func CellLevel(token string) (int, error) {
	cell := s2.CellIDFromToken(token)
	if !cell.IsValid() || cell.ToToken() != token {
		return 0, malformed("CELL_TOKEN", "Use the token of an S2 cell: 1 to 16 lower-case hexadecimal digits, as in 47dc3f.")
	}
	return cell.Level(), nil
}
