package identifier

// readIMEI reads a mobile equipment identity (3GPP TS 23.003): 15 digits with
// a check digit, 14 without it, or the 16 of an IMEISV, which ends in a
// software version and has none. All three name the same device by their first
// 14 digits, so each finds the others.
func readIMEI(c claim) (Finding, error) {
	imei := compact(c.raw)
	switch {
	case !all(imei, isDigit):
		return Finding{}, malformed("IMEI_CHARSET", "An IMEI is digits only.")
	case len(imei) < 14 || len(imei) > 16:
		return Finding{}, malformed("IMEI_LENGTH", "An IMEI has 15 digits: 14 without its check digit, 16 with a software version.")
	case oneDigit(imei):
		return Finding{}, malformed("IMEI_ONE_DIGIT", "No device has an IMEI of a single repeated digit; leave it out.")
	}
	body := imei[:14]
	whole := body + string(luhnDigit(body))
	switch len(imei) {
	case 14:
		f := unchecked(imei)
		f.Keys = []string{whole}
		return f, nil
	case 16:
		f := unchecked(imei)
		f.Keys = []string{whole, body}
		return f, nil
	}
	f := passed(imei)
	f.Keys = []string{body}
	if imei != whole {
		f.fail("IMEI_CHECK_DIGIT")
	}
	return f, nil
}

// readIMSI reads a subscriber identity (ITU-T E.212): country, network and
// subscriber in at most 15 digits, without a check digit.
func readIMSI(c claim) (Finding, error) {
	imsi := compact(c.raw)
	switch {
	case !all(imsi, isDigit):
		return Finding{}, malformed("IMSI_CHARSET", "An IMSI is digits only.")
	case len(imsi) < 6 || len(imsi) > 15:
		return Finding{}, malformed("IMSI_LENGTH", "An IMSI has 6 to 15 digits, most often 15.")
	case oneDigit(imsi):
		return Finding{}, malformed("IMSI_ONE_DIGIT", "No subscriber has an IMSI of a single repeated digit; leave it out.")
	}
	return unchecked(imsi), nil
}
