package identifier

import "testing"

func TestPhoneVectors(t *testing.T) {
	checkSound(t, typePhone, []sound{
		{raw: "+442079460958", status: isPassed, told: "GB"},
		{raw: "+12025550123", status: isPassed, told: "US"},
		{raw: "+390612345678", status: isPassed, told: "IT"},
		{raw: "+81312345678", status: isPassed, told: "JP"},
		{raw: "+21620123456", status: isPassed, told: "TN"},
		{raw: "+905301234567", status: isPassed, told: "TR"},
		{raw: "+9647901234567", status: isPassed, told: "IQ"},
		{raw: "+447911123456", status: isPassed, told: "GG"},
		{raw: "+447700900123", status: isFailed, codes: []string{"PHONE_NOT_VALID"}, told: "GB"},
		{raw: "+15555550123", status: isFailed, codes: []string{"PHONE_NOT_VALID"}, told: "US"},
		{raw: "+33639981234", status: isFailed, codes: []string{"PHONE_NOT_VALID"}, told: "FR"},
	})
	checkBroken(t, typePhone, []broken{
		{raw: "+999123456789", reason: "PHONE_COUNTRY_CODE"},
		{raw: "12345", reason: "PHONE_REGION_REQUIRED"},
		{raw: "00447911123456", reason: "PHONE_REGION_REQUIRED"},
		{raw: "+4474", reason: "PHONE_NOT_POSSIBLE"},
		{raw: "+1234567890123456", reason: "PHONE_NOT_POSSIBLE"},
		{raw: "no number", reason: "PHONE_PARSE"},
		{raw: "12", region: "FR", reason: "PHONE_NOT_POSSIBLE"},
		{raw: "0612345678", region: "UK", reason: "REGION_CODE"},
	})
}

func TestPhoneWriting(t *testing.T) {
	checkSound(t, typePhone, []sound{
		{raw: "020 7946 0958", region: "GB", want: "+442079460958", status: isPassed},
		{raw: "0044 20 7946 0958", region: "FR", want: "+442079460958", status: isPassed, told: "GB"},
		{raw: "+44 (0)20 7946 0958", want: "+442079460958", status: isPassed},
		{raw: "tel:+44-20-7946-0958", want: "+442079460958", status: isPassed},
		{raw: "\u202a+44 20 7946 0958\u202c", want: "+442079460958", status: isPassed},
		{raw: "+\u0664\u0664 \u0662\u0660 \u0667\u0669\u0664\u0666 \u0660\u0669\u0665\u0668", want: "+442079460958", status: isPassed},
		{raw: "+88216123456789", status: isPassed},
	})
}

// The extension is no part of the number: both writings name the line, and the
// key tells the extensions apart.
func TestPhoneExtension(t *testing.T) {
	checkSound(t, typePhone, []sound{
		{raw: "+44 20 7946 0958 ext. 12", want: "+442079460958", status: isPassed, keys: []string{"+442079460958;ext=12"}},
		{raw: "+442079460958;ext=12", want: "+442079460958", status: isPassed, keys: []string{"+442079460958;ext=12"}},
	})
}
