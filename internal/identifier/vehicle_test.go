package identifier

import "testing"

func TestVINVectors(t *testing.T) {
	checkSound(t, typeVIN, []sound{
		{raw: "1M8GDM9AXKP042788", status: isPassed},
		{raw: "1HGCM82633A004352", status: isPassed},
		{raw: "5GZCZ43D13S812715", status: isPassed},
		{raw: "11111111111111111", status: isPassed},
		{raw: "1hgcm 82633-a004352", want: "1HGCM82633A004352", status: isPassed},
		{raw: "1M8GDM9A1KP042788", status: isFailed, codes: []string{"VIN_CHECK_DIGIT"}},
		{raw: "1M8GDM9AZKP042788", status: isFailed, codes: []string{"VIN_CHECK_DIGIT"}},
		{raw: "LVWZZZ1JZXW000001", status: isFailed, codes: []string{"VIN_CHECK_DIGIT"}},
		{raw: "WVWZZZ1JZXW000001", status: isUnchecked},
		{raw: "VF1LZBB0A42345678", status: isUnchecked},
	})
	checkBroken(t, typeVIN, []broken{
		{raw: "1HGCM82633A00435O", reason: "VIN_CHARSET"},
		{raw: "1HGCM82633A00435I", reason: "VIN_CHARSET"},
		{raw: "QHGCM82633A004352", reason: "VIN_CHARSET"},
		{raw: "1HGCM82633A00435", reason: "VIN_LENGTH"},
		{raw: "1HGCM82633A0043521", reason: "VIN_LENGTH"},
	})
}

func TestPlate(t *testing.T) {
	checkSound(t, typePlate, []sound{
		{raw: "ab-123-cd", region: "FR", want: "FR:AB123CD", told: "FR", status: isUnchecked},
		{raw: "FR:AB123CD", region: "FR", want: "FR:AB123CD", status: isUnchecked},
		{raw: "\u0661\u0662\u0663 \u062a\u0648\u0646\u0633 \u0664\u0665\u0666", region: "TN", want: "TN:123\u062a\u0648\u0646\u0633456", status: isUnchecked},
		{raw: "\uff21\uff22\u3000\uff11", region: "JP", want: "JP:AB1", status: isUnchecked},
		{raw: "b\u00fc\u2013x 12", region: "DE", want: "DE:B\u00dcX12", status: isUnchecked},
		{raw: "AB?23", region: "IT", want: "IT:AB?23", status: isUnchecked},
	})
	checkBroken(t, typePlate, []broken{
		{raw: "AB123CD", reason: "REGION_REQUIRED"},
		{raw: "AB123CD", region: "UK", reason: "REGION_CODE"},
		{raw: " - ", region: "FR", reason: "VALUE_EMPTY"},
		{raw: "FR:", region: "FR", reason: "VALUE_EMPTY"},
	})
}

func TestContainerVectors(t *testing.T) {
	checkSound(t, typeContainer, []sound{
		{raw: "CSQU3054383", status: isPassed},
		{raw: "ABCU1234560", status: isPassed},
		{raw: "TSTU0000014", status: isPassed},
		{raw: "GVTU3000389", status: isPassed},
		{raw: "csqu 305438-3", want: "CSQU3054383", status: isPassed},
		{raw: "CSQU3054384", status: isFailed, codes: []string{"CONTAINER_CHECK_DIGIT"}},
	})
	checkBroken(t, typeContainer, []broken{
		{raw: "CSQX3054383", reason: "CONTAINER_CATEGORY"},
		{raw: "CSQU305438", reason: "CONTAINER_FORMAT"},
		{raw: "CS1U3054383", reason: "CONTAINER_FORMAT"},
		{raw: "CSQU30543A3", reason: "CONTAINER_FORMAT"},
	})
}

func TestAircraft(t *testing.T) {
	checkSound(t, typeTail, []sound{
		{raw: "g-abcd", want: "GABCD", status: isUnchecked},
		{raw: "N12345", status: isUnchecked},
	})
	checkBroken(t, typeTail, []broken{
		{raw: "G", reason: "AIRCRAFT_FORMAT"},
		{raw: "G-ABCDEFGHI", reason: "AIRCRAFT_FORMAT"},
		{raw: "G+ABC", reason: "AIRCRAFT_FORMAT"},
	})
	checkSound(t, typeICAO24, []sound{
		{raw: "4CA1FA", want: "4ca1fa", status: isPassed},
		{raw: "3c6444", status: isPassed},
		{raw: "000000", status: isFailed, codes: []string{"ICAO24_NOT_ASSIGNED"}},
		{raw: "FFFFFF", want: "ffffff", status: isFailed, codes: []string{"ICAO24_NOT_ASSIGNED"}},
	})
	checkBroken(t, typeICAO24, []broken{
		{raw: "4CA1F", reason: "ICAO24_FORMAT"},
		{raw: "4CA1FG", reason: "ICAO24_FORMAT"},
	})
}
