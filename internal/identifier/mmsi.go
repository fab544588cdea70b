package identifier

// readMMSI reads a maritime mobile service identity in one of the forms of
// ITU-R M.585. Most name the country that registered the station.
func readMMSI(c claim) (Finding, error) {
	mmsi := compact(c.raw)
	if len(mmsi) != 9 || !all(mmsi, isDigit) {
		return Finding{}, malformed("MMSI_LENGTH", "An MMSI has nine digits.")
	}
	prefix, ok := shipPrefix(mmsi)
	if !ok {
		return Finding{}, malformed("MMSI_FORM", "No station has an MMSI of this form; check the first digits.")
	}
	f := passed(mmsi)
	if prefix == "" {
		return f, nil
	}
	region, ok := shipPrefixes().find(prefix)
	switch {
	case !ok:
		f.fail("MMSI_COUNTRY")
	case isRegion(region):
		f.Region = region
	}
	return f, nil
}

// shipPrefix finds the three digits of the country by the form of the MMSI:
// ships begin with them; behind 0 stand groups of ships, behind 00 coast
// stations, behind 111 search-and-rescue aircraft, behind 8 handheld radios,
// behind 98 craft of a parent ship, behind 99 aids to navigation. Distress
// transmitters (970, 972, 974) and autonomous devices (979) name their maker
// and no country.
func shipPrefix(mmsi string) (prefix string, ok bool) {
	switch mmsi[:3] {
	case "970", "972", "974", "979":
		return "", true
	case "111":
		prefix = mmsi[3:6]
	default:
		prefix = shipPrefixBehind(mmsi)
	}
	return prefix, prefix != "" && prefix[0] >= '2' && prefix[0] <= '7'
}

func shipPrefixBehind(mmsi string) string {
	switch lead := mmsi[:2]; {
	case lead == "00" || lead == "98" || lead == "99":
		return mmsi[2:5]
	case mmsi[0] == '0' || mmsi[0] == '8':
		return mmsi[1:4]
	case mmsi[0] == '1' || mmsi[0] == '9':
		return ""
	default:
		return mmsi[:3]
	}
}
