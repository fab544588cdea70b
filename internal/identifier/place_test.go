package identifier

import (
	"math"
	"testing"
)

func TestSubdivisionVectors(t *testing.T) {
	for _, code := range []string{"GB-ENG", "FR-62", "FR-HDF", "IT-82", "TN-1"} {
		if region, err := Subdivision(code); err != nil || region != code[:2] {
			t.Errorf("%s = %q, %v", code, region, err)
		}
	}
	for _, code := range []string{"", "FR", "FR-", "FR62", "ZZ-01", "UK-ENG", "fr-62", "FR-hdf", "FR-HDFX", "FR_62", "FR-6 "} {
		_, err := Subdivision(code)
		checkReason(t, code, err, "SUBDIVISION_CODE")
	}
}

func TestUNLocodeVectors(t *testing.T) {
	for _, code := range []string{"GBDVR", "FRCQF", "ITLMP", "TNSFA", "LYTIP", "ESALG", "US2AB"} {
		if region, err := UNLocode(code); err != nil || region != code[:2] {
			t.Errorf("%s = %q, %v", code, region, err)
		}
	}
	for _, code := range []string{"", "UKDVR", "ZZABC", "GBDV", "GB1VR", "GBDVRX", "gbdvr", "GB DV"} {
		_, err := UNLocode(code)
		checkReason(t, code, err, "UN_LOCODE")
	}
}

func TestLatLng(t *testing.T) {
	for _, c := range [][2]float64{{90, 180}, {-90, -180}, {0, 0}, {50.9513, 1.8587}} {
		if err := LatLng(c[0], c[1]); err != nil {
			t.Errorf("%v: %v", c, err)
		}
	}
	for _, c := range [][2]float64{{91, 0}, {-90.0001, 0}, {0, 180.1}, {0, -181}, {math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}} {
		checkReason(t, "lat/lng", LatLng(c[0], c[1]), "LAT_LNG")
		if _, err := CellToken(c[0], c[1], 8); err == nil {
			t.Errorf("%v has a cell", c)
		}
	}
}

func TestCellVectors(t *testing.T) {
	for level, want := range map[int]string{8: "47dc3", 10: "47dc3f", 13: "47dc3f74", 16: "47dc3f76b"} {
		got, err := CellToken(50.9513, 1.8587, level)
		if err != nil || got != want {
			t.Errorf("level %d = %s, %v, want %s", level, got, err, want)
		}
		if back, err := CellLevel(got); err != nil || back != level {
			t.Errorf("%s is of level %d, %v", got, back, err)
		}
	}
	for _, level := range []int{-1, 31} {
		_, err := CellToken(50.9513, 1.8587, level)
		checkReason(t, "level", err, "CELL_LEVEL")
	}
	for _, token := range []string{"zzz", "", "X", "0", "47DC3", "47dc30", "47dc3f76b47dc3f76b", "g7dc3"} {
		_, err := CellLevel(token)
		checkReason(t, token, err, "CELL_TOKEN")
	}
}
