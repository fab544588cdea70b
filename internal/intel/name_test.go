package intel

import (
	"strings"
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

const (
	someUUID = "01920000-1111-7abc-8def-0123456789ab"
	item     = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
	report   = internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT
)

func TestRecordNames(t *testing.T) {
	uid, ok := ParseUUID(someUUID)
	if !ok {
		t.Fatal("the uuid is not read")
	}
	for name, want := range map[string]RecordRef{
		"agencies/fr-ofast/intelligenceItems/" + someUUID: {Agency: "fr-ofast", Kind: item, UID: uid},
		"agencies/it-gdf/seizureReports/" + someUUID:      {Agency: "it-gdf", Kind: report, UID: uid},
	} {
		ref, ok := ParseRecordName(name)
		if !ok || ref != want || ref.Name() != name {
			t.Errorf("%s: %+v, %v, %s", name, ref, ok, ref.Name())
		}
	}
	if got := RecordName("fr-ofast", 0, uid); got != "" {
		t.Errorf("a record of no kind is called %q", got)
	}
}

func TestNoRecordNames(t *testing.T) {
	for _, name := range []string{
		"", "agencies", "agencies/", "agencies/fr-ofast", "agencies/fr-ofast/intelligenceItems",
		"agencies/fr-ofast/intelligenceItems/", "agencies/fr-ofast/intelligenceitems/" + someUUID,
		"agencies/fr-ofast/groups/" + someUUID, "agencies/FR-ofast/intelligenceItems/" + someUUID,
		"agencies/fr-ofast//intelligenceItems/" + someUUID, "/agencies/fr-ofast/intelligenceItems/" + someUUID,
		"agencies/fr-ofast/intelligenceItems/" + someUUID + "/", "agencies/fr-ofast/intelligenceItems/" + someUUID + "\n",
		"agencies/fr-ofast/intelligenceItems/" + strings.ToUpper(someUUID),
		"agencies/fr-ofast/intelligenceItems/" + someUUID[1:],
		"agencies/fr-ofast/intelligenceItems/" + strings.ReplaceAll(someUUID, "-", ""),
	} {
		if ref, ok := ParseRecordName(name); ok || ref != (RecordRef{}) {
			t.Errorf("%q was read as %+v", name, ref)
		}
	}
}

func TestUUIDs(t *testing.T) {
	var zero [16]byte
	if got := FormatUUID(zero); got != "00000000-0000-0000-0000-000000000000" {
		t.Error(got)
	}
	for _, s := range []string{
		"", "-", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000", "000000000000-0000-0000-0000-00000000",
		"0000000-00000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000g", "00000000-0000-0000-0000-00000000000A",
		"00000000_0000_0000_0000_000000000000", "{0000000-0000-0000-0000-00000000000}", "00000000-0000-0000-0000-0000000000-0",
		"------------------------------------", strings.Repeat("0", 36), "urn:uuid:0000-0000-0000-0000-0000000", "0000000\u00e9-0000-0000-0000-00000000000",
	} {
		if uid, ok := ParseUUID(s); ok || uid != zero {
			t.Errorf("%q was read", s)
		}
	}
}

func TestOtherNames(t *testing.T) {
	uid, _ := ParseUUID(someUUID)
	if owner, got, ok := ParseGroupName("agencies/uk-nca/groups/" + someUUID); !ok || owner != "uk-nca" || got != uid || GroupName(owner, got) != "agencies/uk-nca/groups/"+someUUID {
		t.Error("a group's name is not read")
	}
	if agency, unit, ok := ParseUnitName("agencies/uk-nca/units/asset-recovery"); !ok || agency != "uk-nca" || unit != "asset-recovery" ||
		UnitName(agency, unit) != "agencies/uk-nca/units/asset-recovery" {
		t.Error("a unit's name is not read")
	}
	if agency, officer, ok := ParseOfficerName("agencies/uk-nca/officers/Ab_1.2-3"); !ok || agency != "uk-nca" || officer != "Ab_1.2-3" ||
		OfficerName(agency, officer) != "agencies/uk-nca/officers/Ab_1.2-3" {
		t.Error("an officer's name is not read")
	}
}

func TestNoOtherNames(t *testing.T) {
	for _, name := range []string{
		"", "agencies/uk-nca", "agencies/uk-nca/groups/" + someUUID[:35], "agencies/uk-nca/groups/", "agencies/uk-nca/units/", "agencies/uk-nca/units/ab",
		"agencies/uk-nca/units/Aro", "agencies/uk-nca/units/aro/x", "agencies/uk-nca/officers/", "agencies/uk-nca/officers/a b", "agencies/uk-nca/officers/a/b",
		"agencies/uk-nca/officers/" + strings.Repeat("a", 65), "agencies/u/units/aro", "agencies/uk-nca/intelligenceItems/" + someUUID,
	} {
		if owner, uid, ok := ParseGroupName(name); ok || owner != "" || uid != [16]byte{} {
			t.Errorf("%q was read as a group", name)
		}
		if agency, unit, ok := ParseUnitName(name); ok || agency != "" || unit != "" {
			t.Errorf("%q was read as a unit", name)
		}
		if agency, officer, ok := ParseOfficerName(name); ok || agency != "" || officer != "" {
			t.Errorf("%q was read as an officer", name)
		}
	}
}

// A name that is read has one spelling: it prints as it came.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{
		"agencies/fr-ofast/intelligenceItems/" + someUUID, "agencies/fr-ofast/seizureReports/" + someUUID, "agencies/fr-ofast/groups/" + someUUID,
		"agencies/fr-ofast/units/aro", "agencies/fr-ofast/officers/4711", "agencies/fr-ofast", someUUID, strings.ToUpper(someUUID),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if ref, ok := ParseRecordName(name); ok && ref.Name() != name {
			t.Errorf("record %q prints as %q", name, ref.Name())
		}
		if owner, uid, ok := ParseGroupName(name); ok && GroupName(owner, uid) != name {
			t.Errorf("group %q prints otherwise", name)
		}
		if agency, unit, ok := ParseUnitName(name); ok && (UnitName(agency, unit) != name || !agency.Valid() || !unit.Valid()) {
			t.Errorf("unit %q prints otherwise", name)
		}
		if agency, officer, ok := ParseOfficerName(name); ok && OfficerName(agency, officer) != name {
			t.Errorf("officer %q prints otherwise", name)
		}
		if uid, ok := ParseUUID(name); ok && FormatUUID(uid) != name {
			t.Errorf("uuid %q prints otherwise", name)
		}
		if a := agencyOf(name); a != "" && !a.Valid() {
			t.Errorf("%q belongs to %q", name, a)
		}
	})
}
