package policy

import (
	"fmt"

	"github.com/seed-1d76a664/entente/internal/intel"
)

// A record is released to a group in which gb-one is; de-one joins later.
func ExampleRead() {
	m := replay(history{
		{act: enrol, agency: "fr-one"}, {act: enrol, agency: "gb-one"}, {act: enrol, agency: "de-one"},
		{act: join, group: 1, agency: "gb-one"},
		{act: release, release: toGroup(1)},
		{act: join, group: 1, agency: "de-one"},
	}, false)
	for _, agency := range []intel.AgencyID{"fr-one", "gb-one", "de-one"} {
		caller := intel.Caller{Agency: agency, Region: m.Region(agency)}
		fmt.Println(agency, Read(ReaderOf(caller, investigation), m.record(), m) == Readable)
	}
	// Output:
	// fr-one true
	// gb-one true
	// de-one false
}
