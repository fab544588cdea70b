package main

import (
	"encoding/json"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// What each command line sends: method and request, as JSON. Changes when words are read, flags or fields change.
func TestRequests(t *testing.T) {
	s := newScript(t)
	s.unary = func(_ int, method string, _ proto.Message) (proto.Message, error) {
		switch method {
		case "IntelligenceService/GetIntelligenceItem":
			return &ententev1.GetIntelligenceItemResponse{IntelligenceItem: &ententev1.IntelligenceItem{Metadata: &ententev1.RecordMetadata{
				Etag: "e1", OriginatorMetadata: &ententev1.OriginatorMetadata{ReleaseEtag: "r1", LinksEtag: "l1"},
			}}}, nil
		case "AgencyService/GetAgency":
			return &ententev1.GetAgencyResponse{Agency: &ententev1.Agency{Etag: "a1"}}, nil
		case "StandingQueryService/GetStandingQuery":
			return &ententev1.GetStandingQueryResponse{StandingQuery: &ententev1.StandingQuery{Etag: "s1"}}, nil
		case "GroupService/GetGroup":
			return &ententev1.GetGroupResponse{Group: &ententev1.Group{Etag: "g1"}}, nil
		}
		_, _, out, err := methodOf(method)
		if err != nil {
			return nil, err
		}
		return out.New().Interface(), nil
	}
	s.write("draft.yaml", "plain: {title: T, observed: {startTime: 2026-11-20T22:00:00Z}}\noriginatorReference: R-1\n")
	s.write("content.json", `{"title": "\ud83d\udea4"}`)
	s.write("release.yaml", "audience: {agencies: [agencies/gb-nca]}\n")
	s.write("agency.yaml", "dutyContacts: [{function: DUTY_FUNCTION_DUTY_DESK, displayName: Desk}]\n")
	s.write("ca.pem", "PEM\n")
	s.write("numbers.txt", "# from the phone\n+33612345678 # the boat's\n\nIMEI=490154203237518\n")
	s.write("handsets.txt", "IMEI=490154203237518\n\nVIN=1M8GDM9AXKP042788\n")
	var all strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(commandLines), "\n") {
		code, _, errs := s.run(t.Context(), "{assetId: cash, stage: RECOVERY_STAGE_SEIZED, stepDate: 2026-11-20}", strings.Fields(strings.ReplaceAll(line, "@", s.dir+"/"))...)
		if code != exitOK {
			t.Errorf("%s: exit %d\n%s", line, code, errs)
		}
		all.WriteString("$ entente " + line + "\n")
		for _, r := range s.taken() {
			if id, ok := r.body["requestId"].(string); ok && len(id) >= 20 {
				r.body["requestId"] = "(new)"
			}
			text, err := json.Marshal(r.body) // keys in order
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString("  " + r.method + " " + string(text) + "\n")
		}
	}
	golden(t, "requests.txt", all.String())
}

const commandLines = `
whoami
whoami --timeout 5s -o yaml
item submit -f @draft.yaml
item submit -f @draft.yaml --dry-run --if-exists revise --etag e0 --purpose prosecution --case C-8 --reason why --officer 12
item submit -f @draft.yaml --request-id mine
item get agencies/fr-ofast/intelligenceItems/1
item get R-1 R-2 --reference
item revise agencies/fr-ofast/intelligenceItems/1 -f @content.json
item revise agencies/fr-ofast/intelligenceItems/1 -f @content.json --etag e0
item release agencies/fr-ofast/intelligenceItems/1 -f @release.yaml --open-to-current-members
item links agencies/fr-ofast/intelligenceItems/1 --add relates_to=agencies/x/intelligenceItems/2 --remove relates_to=agencies/x/intelligenceItems/3
item recall agencies/fr-ofast/intelligenceItems/1
item revisions agencies/fr-ofast/intelligenceItems/1
item list
item list --originator fr-ofast,gb-nca --route english_channel --crime-area immigrant_smuggling --subject phone --state active --label other --limit 7 --total --full
item list --identifier phone_number=+33612345678 --own-case C-1 --linked-to agencies/x/seizureReports/2 --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z
item list --crossing small_boat,lorry_concealment --graded uk:2d
item list --since 2026-01-01 --until 2026-02-01
item list --graded europol:B2
item list --text boat --name Karimi --identifier-starts phone_number=+336 --identifier-ends imei=678 --near 50.99,2.13,10 --box 50,1,51,3 --along english_channel --best --full --fields metadata.name,plain.title
item list --who make=yamaha,model=40 --who born=1985-1990,nationality=IRQ,role=skipper --any text=calais --any originator=fr-ofast --all-of {"crimeAreas":["CRIME_AREA_CORRUPTION"]} --none name=Karimi
item list --any route=english_channel --any near=50.9,1.8,10 --any who=make=yamaha,model=40 --none identifier=+33612345678 --none {"text":"calais"} --all-of any=text=boat
item list --identifier +33612345678 --identifier iban=DE1 --who nationality=irq,region=fr --fields metadata.create_time,summary.title
seizure list --value eur:1000-50000 --value GBP:500- --along western_balkan
item list --graded admiralty:c6
item list --observed-since 2026-01-01T00:00:00Z --observed-until 2026-02-01T00:00:00Z --review-due --urgency routine
seizure list --stage seized --asset-type cash
seizure step agencies/fr-ofast/seizureReports/1
seizure get agencies/fr-ofast/seizureReports/1
inbox head
inbox head --inbox agencies/fr-ofast/units/desk/inbox
inbox read
inbox read --after 12 --kind record,recalled --limit 5
inbox read --after ab12/34
inbox read --after ab12:34
disclosure list --after 3 --name agencies/fr-ofast/intelligenceItems/1
consultation list --of 4711 --name agencies/fr-ofast/intelligenceItems/1 --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z
agency list
agency get fr-ofast
agency enrol fr-ofast --name OFAST --region FR --trust-domain ofast.example --bundle @ca.pem -f @agency.yaml
agency update fr-ofast -f @agency.yaml
agency update fr-ofast --bundle @ca.pem --etag a0
agency suspend fr-ofast --because exercise
agency reinstate agencies/fr-ofast --because over
agency expel fr-ofast --because gone --dry-run
agency revoke fr-ofast --serial 3F9A --because lost
agency revoke fr-ofast --path /officer/4711 --because left
agency revoke fr-ofast --issued-before 2026-01-01T00:00:00Z --because renewed
group list
group get groups/channel
group create Channel --member gb-nca,de-bka --description Boats --members-visible
group members groups/channel --add it-gdf --remove de-bka
check +33612345678 https://t.me/boats GB82WEST12345698765432 imei=490154203237518
check AB123CD --type registration_plate --region fr
check --file @numbers.txt boats --type online_handle --platform Telegram
match unfollowed
match unfollowed --older-than 30 --limit 0
match repeated --times 5 --since 2026-01-01 --until 2026-02-01
match budget --per-day 500
match budget --per-day 500 --agency fr-ofast --type phone_number
match budget --withdraw --type iban
match benign list
match benign add +33800000000 --label helpline
match benign remove +33800000000 --dry-run
standing list
standing get agencies/gb-nca/standingQueries/1
standing create item Boats --route CENTRAL_MEDITERRANEAN --originator fr-ofast
standing create seizure Engines --asset-type MARINE_EQUIPMENT --inbox agencies/gb-nca/units/desk/inbox
standing create identifiers Handsets IMEI=490154203237518 +33612345678
standing create identifiers Phones --identifier PHONE_NUMBER=+33612345678 --file @handsets.txt --dry-run
standing pause agencies/gb-nca/standingQueries/1
standing resume agencies/gb-nca/standingQueries/1 --etag s0
standing delete agencies/gb-nca/standingQueries/1
`

// What a command line lacks is told before anything is sent.
func TestNothingIsSentForAMistake(t *testing.T) {
	s := newScript(t)
	s.write("twice.yaml", "a: 1\na: 2\n")
	s.write("two.yaml", "a: 1\n---\nb: 2\n")
	s.write("alias.yaml", "a: &x 1\nb: *x\n")
	s.write("empty.yaml", "")
	s.write("list.yaml", "- a\n")
	s.write("field.yaml", "plain: {titel: T, crimeAreas: CRIME_AREA_OTHER, observed: {startTime: 20 Nov}, subjects: [{identifiers: [{type: PHONE}]}]}\nrelease: all\n")
	s.write("content.yaml", "plain: {title: [T]}\n")
	s.write("draft.yaml", "plain: {title: T}\nrelease: {audience: {}}\n")
	for _, row := range []struct {
		line, word string
	}{
		{"item submit -f @none.yaml", "no such file"},
		{"item submit -f @twice.yaml", "line 2: the same key a second time"},
		{"item submit -f @two.yaml", "more than one document"},
		{"item submit -f @alias.yaml", "aliases"},
		{"item submit -f @empty.yaml", "empty"},
		{"agency enrol x -f @list.yaml", "fields with values"},
		{"agency enrol x --bundle @none.pem", "no such file"},
		{"agency suspend x", "because"},
		{"agency revoke x --because y", "serial"},
		{"agency revoke x --because y --serial 1 --path /a", "serial"},
		{"item links x --add nonsense", "TYPE=NAME"},
		{"item submit -f @field.yaml", "draft.plain.titel: there is no such field; there are title, narrative"},
		{"item submit -f @field.yaml", "draft.plain.subjects[0].identifiers[0].type: is one of IDENTIFIER_TYPE_"},
		{"item submit -f @field.yaml", "draft.plain.crimeAreas: is a list"},
		{"item submit -f @field.yaml", "draft.plain.observed.startTime: is a time"},
		{"item submit -f @field.yaml", "draft.release: holds fields"},
		{"item submit -f @content.yaml", "invalid value for string field title"},
		{"item revise x -f @draft.yaml", "under `plain`"},
		{"item release x -f @draft.yaml", "under `release`"},
		{"item links x", "--add or --remove"},
		{"group members x", "--add or --remove"},
		{"standing create identifiers x", "behind the name, or --file"},
		{"standing create identifiers x --identifier 0612345678", "TYPE=VALUE"},
		{"standing create identifiers x --file @missing.txt", "missing.txt"},
		{"agency update x", "--bundle or --file"},
		{"agency revoke x --because y --issued-before yesterday", "--issued-before is a time"},
		{"item list --since yesterday", "--since is a time"},
		{"item list --observed-until 2026-13-01", "--observed-until is a time"},
		{"consultation list --until soon", "--until is a time"},
		{"check", "give values, or --file"},
		{"check 12345", "TYPE=VALUE"},
		{"check 12345 --type nonsense", "--type is one of"},
		{"check --file @none.txt", "no such file"},
		{"match budget", "--per-day or --withdraw"},
		{"match budget --per-day 1 --withdraw", "--per-day or --withdraw"},
		{"match benign add +33612345678", "label"},
		{"inbox read --after last", "--after is a number"},
		{"inbox watch --after 1/last", "--after is a number"},
		{"disclosure list --after -3", "--after is a number"},
		{"context add new", "a context keeps the flags"},
		{"context add new --purpose fun", "--purpose is one of"},
		{"context add new --endpoint hub.example", "host:port"},
		{"pki issue gateway", "begins with a slash"},
		{"pki issue /gateway --dir @none", "pki init"},
		{"agency enrol", "entente agency enrol ID"},
		{"item list --graded europol:Z9", "SCHEME:XY"},
		{"item list --observed-since 2026-11-30 --observed-until 2026-11-30", "for the whole day it is 2026-12-01"},
		{"item list --who nationality=IQ", "three letters"},
		{"item list --who region=IRQ", "two letters"},
		{"item list --any lorry", "FLAG=VALUE"},
		{"item list --any colour=red", "FLAG=VALUE"},
		{"item list --any route=nowhere", "--route is one of"},
		{"item list --none own-case=C-1", "--own-case stands by itself"},
		{"item list --any near=1,2", "LAT,LON,KM"},
		{"item list --fields plain.title", "only --full shows plain.title"},
		{"item list --fields summary.title --full", "give plain.title"},
		{"match unfollowed --older-than 0", "1 or more"},
		{"item list --graded B2", "SCHEME:XY"},
		{"item list --graded nato:B2", "SCHEME:XY"},
		{"item list --identifier nonsense", "TYPE=VALUE"},
		{"item list --route nowhere", "ENGLISH_CHANNEL"},
		{"item list --identifier shoe=42", "PHONE_NUMBER"},
		{"item links x --add likes=y", "RELATES_TO"},
		{"item get x --purpose fun", "--purpose is one of"},
		{"item import - --purpose fun", "--purpose is one of"},
		{"item submit --if-exists perhaps", "REVISE"},
		{"inbox read --kind party", "RECALLED"},
		{"inbox watch --kind party", "RECALLED"},
		{"item get", "something is missing"},
		{"item revise", "something is missing"},
		{"item submit extra", "extra"},
		{"context use nowhere", "no context"},
		{"context remove nowhere", "no context"},
		{"whoami --output xml", "table, json, yaml"},
		{"whoami --timeout soon", "timeout"},
		{"whoami --cert @none.pem", "the own certificate"},
		{"whoami --hub-ca @none.pem", "hub's authority"},
		{"whoami --hub-ca @me.key", "no bundle"},
	} {
		args := strings.Fields(strings.ReplaceAll(row.line, "@", s.dir+"/"))
		s.fails(exitUsage, []string{row.word}, args...)
	}
	s.ok("context", "add", "bare", "--hub-ca", s.file("hub-ca.pem"), "--cert", s.file("me.pem"), "--key", s.file("me.key"))
	s.fails(exitUsage, []string{"host:port"}, "whoami", "--endpoint", "nonsense")
	if sent := s.taken(); len(sent) != 0 {
		t.Errorf("sent: %v", sent)
	}
}

// Without a context and without flags it is said what is missing.
func TestWithoutContext(t *testing.T) {
	s := newScript(t)
	s.ok("context", "remove", "default")
	s.fails(exitUsage, []string{"--endpoint, --hub-ca, --cert, --key", "entente context add"}, "whoami")
}
