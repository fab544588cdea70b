package intel

import (
	"encoding/hex"
	"strings"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// The collections of the resource names, each below agencies/{agency}.
const (
	itemCollection    = "intelligenceItems"
	reportCollection  = "seizureReports"
	groupCollection   = "groups"
	queryCollection   = "standingQueries"
	unitCollection    = "units"
	officerCollection = "officers"
)

// RecordRef is what the name of a record says. Whether there is such a record
// is another question.
type RecordRef struct {
	// Agency is the originator.
	Agency AgencyID
	// Kind is that of the collection; never unspecified in a parsed name.
	Kind internalv1.RecordKind
	// UID is the record's uuid.
	UID [16]byte
}

// Name is the resource name; empty for a kind that has no collection.
func (r RecordRef) Name() string { return RecordName(r.Agency, r.Kind, r.UID) }

// RecordName is agencies/{agency}/intelligenceItems/{uuid}, or the same in
// seizureReports; empty for a kind that has no collection.
func RecordName(a AgencyID, k internalv1.RecordKind, uid [16]byte) string {
	var collection string
	switch k {
	case internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM:
		collection = itemCollection
	case internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT:
		collection = reportCollection
	default:
		return ""
	}
	return agencyCollection + string(a) + "/" + collection + "/" + FormatUUID(uid)
}

// ParseRecordName reads the name of a record in its one spelling, the uuid in
// lower case; ok is false for anything else. A name that was read is the same,
// byte for byte, as the Name of what came of it.
func ParseRecordName(name string) (ref RecordRef, ok bool) {
	agency, collection, id, ok := split(name)
	if !ok {
		return RecordRef{}, false
	}
	var kind internalv1.RecordKind
	switch collection {
	case itemCollection:
		kind = internalv1.RecordKind_RECORD_KIND_INTELLIGENCE_ITEM
	case reportCollection:
		kind = internalv1.RecordKind_RECORD_KIND_SEIZURE_REPORT
	default:
		return RecordRef{}, false
	}
	uid, ok := ParseUUID(id)
	if !ok {
		return RecordRef{}, false
	}
	return RecordRef{Agency: agency, Kind: kind, UID: uid}, true
}

// GroupName is agencies/{owner}/groups/{uuid}.
func GroupName(owner AgencyID, uid [16]byte) string {
	return agencyCollection + string(owner) + "/" + groupCollection + "/" + FormatUUID(uid)
}

// ParseGroupName reads agencies/{owner}/groups/{uuid}; ok is false for
// anything else.
func ParseGroupName(name string) (owner AgencyID, uid [16]byte, ok bool) {
	owner, id, ok := splitIn(name, groupCollection)
	if !ok {
		return "", [16]byte{}, false
	}
	if uid, ok = ParseUUID(id); !ok {
		return "", [16]byte{}, false
	}
	return owner, uid, true
}

// StandingQueryName is agencies/{owner}/standingQueries/{uuid}.
func StandingQueryName(owner AgencyID, uid [16]byte) string {
	return agencyCollection + string(owner) + "/" + queryCollection + "/" + FormatUUID(uid)
}

// ParseStandingQueryName reads agencies/{owner}/standingQueries/{uuid}; ok is
// false for anything else.
func ParseStandingQueryName(name string) (owner AgencyID, uid [16]byte, ok bool) {
	owner, id, ok := splitIn(name, queryCollection)
	if !ok {
		return "", [16]byte{}, false
	}
	if uid, ok = ParseUUID(id); !ok {
		return "", [16]byte{}, false
	}
	return owner, uid, true
}

// UnitName is agencies/{agency}/units/{unit}.
func UnitName(a AgencyID, u UnitID) string {
	return agencyCollection + string(a) + "/" + unitCollection + "/" + string(u)
}

// ParseUnitName reads agencies/{agency}/units/{unit}; ok is false for anything
// else.
func ParseUnitName(name string) (agency AgencyID, unit UnitID, ok bool) {
	agency, id, ok := splitIn(name, unitCollection)
	if !ok || !slug(id) {
		return "", "", false
	}
	return agency, UnitID(id), true
}

// OfficerName is agencies/{agency}/officers/{officer}.
func OfficerName(a AgencyID, officer string) string {
	return agencyCollection + string(a) + "/" + officerCollection + "/" + officer
}

// ParseOfficerName reads agencies/{agency}/officers/{officer}, where officer is
// 1 to 64 of [A-Za-z0-9._-]; ok is false for anything else.
func ParseOfficerName(name string) (agency AgencyID, officer string, ok bool) {
	agency, id, ok := splitIn(name, officerCollection)
	if !ok || !officerID(id) {
		return "", "", false
	}
	return agency, id, true
}

func officerID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// split takes agencies/{agency}/{collection}/{id} apart.
func split(name string) (agency AgencyID, collection, id string, ok bool) {
	rest, ok := strings.CutPrefix(name, agencyCollection)
	if !ok {
		return "", "", "", false
	}
	owner, rest, ok := strings.Cut(rest, "/")
	if !ok || !slug(owner) {
		return "", "", "", false
	}
	collection, id, ok = strings.Cut(rest, "/")
	return AgencyID(owner), collection, id, ok
}

func splitIn(name, want string) (agency AgencyID, id string, ok bool) {
	agency, collection, id, ok := split(name)
	if !ok || collection != want {
		return "", "", false
	}
	return agency, id, true
}

// uuidGroups are where the groups of a uuid's text end, in bytes of the uuid.
func uuidGroups() [5]int { return [5]int{4, 6, 8, 10, 16} }

// uuidLength is the length of a uuid's text.
const uuidLength = 36

// FormatUUID is the canonical text of a uuid: lower case, grouped 8-4-4-4-12.
func FormatUUID(uid [16]byte) string {
	text := make([]byte, 0, uuidLength)
	from := 0
	for i, to := range uuidGroups() {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, uid[from:to])
		from = to
	}
	return string(text)
}

// ParseUUID reads the text that FormatUUID gives; ok is false for every other
// spelling, so that a name has only one. No version is asked for.
func ParseUUID(s string) (uid [16]byte, ok bool) {
	if len(s) != uuidLength || strings.ToLower(s) != s {
		return uid, false
	}
	digits := make([]byte, 0, 32)
	for i, group := range strings.Split(s, "-") {
		if i >= 5 || i == 0 && len(group) != 8 {
			return [16]byte{}, false
		}
		digits = append(digits, group...)
	}
	if n, err := hex.Decode(uid[:], digits[:min(len(digits), 32)]); err != nil || n != 16 || FormatUUID(uid) != s {
		return [16]byte{}, false
	}
	return uid, true
}

// agencyOf is the agency of a name of an agency, or of what belongs to one;
// empty for what is no such name.
func agencyOf(name string) AgencyID {
	if id, ok := ParseAgencyName(name); ok {
		return id
	}
	agency, _, _, _ := split(name)
	return agency
}
