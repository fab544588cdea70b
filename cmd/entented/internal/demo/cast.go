package demo

// agency is one of the thirteen.
type agency struct {
	id      string // the {agency} of agencies/{agency}
	country string // as the play calls it
	name    string
	region  string // ISO 3166-1 alpha-2
	phone   string // of its duty desk
}

func (a agency) resource() string { return "agencies/" + a.id }

func (a agency) domain() string { return a.id + ".example" }

// cast are the agencies: seven of the G7, and six of transit and source states.
func cast() []agency {
	return []agency{
		{"ca-police", "Canada", "Canadian federal police", "CA", "+16135550101"},
		{"de-police", "Germany", "German federal police", "DE", "+493022750101"},
		{"fr-border", "France", "French border police", "FR", "+33140075001"},
		{"gb-crime", "Britain", "British crime agency", "GB", "+442079460101"},
		{"it-finance", "Italy", "Italian financial police", "IT", "+390644220101"},
		{"jp-coast", "Japan", "Japanese coast guard", "JP", "+81335910101"},
		{"us-customs", "United States", "American customs", "US", "+12025550101"},
		{"al-police", "Albania", "Albanian state police", "AL", "+35542220101"},
		{"gr-coast", "Greece", "Hellenic coast guard", "GR", "+302103310101"},
		{"ma-border", "Morocco", "Moroccan border guard", "MA", "+212537270101"},
		{"rs-police", "Serbia", "Serbian border police", "RS", "+381113000101"},
		{"tn-guard", "Tunisia", "Tunisian national guard", "TN", "+21671340101"},
		{"tr-coast", "Türkiye", "Turkish coast guard", "TR", "+903124160101"},
	}
}

// The workloads that every agency has a certificate for: the rights come from the
// bindings that an enrolment begins with.
const (
	gateway    = "/gateway"         // READ, SUBMIT
	laptop     = "/laptop/7"        // READ, SUBMIT; goes missing in the play
	admin      = "/admin/desk"      // ADMINISTER
	supervisor = "/supervisor/desk" // SUPERVISE
)
