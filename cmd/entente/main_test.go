package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What the templates print can be submitted, found, read, corrected, linked, released, and recalled.
func TestRecordsFromTemplateToRecall(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"item", "seizure"} {
		draft := w.ok(kind, "template")
		path := w.write(kind+".yaml", []byte(strings.ReplaceAll(draft, "agencies/fr-ofast", "agencies/gb-nca")))
		if got := w.json(kind, "submit", "-f", path, "--dry-run", "--context", "fr"); got["validatedOnly"] != true {
			t.Errorf("dry run: %v", got)
		}
		receipt := w.json(kind, "submit", "-f", path, "--context", "fr")
		name, _ := receipt["name"].(string)
		if again := w.json(kind, "submit", "-f", path, "--context", "fr"); again["unchanged"] != true {
			t.Errorf("the same again: %v", again)
		}
		if got := w.json(kind, "get", name, "--context", "gb"); got["plain"] == nil {
			t.Errorf("read: %v", got)
		}
		if out := w.ok(kind, "list", "--total", "--context", "gb"); !strings.Contains(out, name) {
			t.Errorf("list: %s", out)
		}
		content := w.write("content.yaml", []byte("title: Corrected\nlanguageCode: en\ncrimeAreas: [CRIME_AREA_IMMIGRANT_SMUGGLING]\n"+
			map[string]string{"item": "evaluation: {europol: {source: EUROPOL_SOURCE_EVALUATION_B, information: EUROPOL_INFORMATION_EVALUATION_2}}\n", "seizure": "assets: [{assetId: cash, type: ASSET_TYPE_CASH, description: Notes}]\n"}[kind]))
		w.ok(kind, "revise", name, "-f", content, "--context", "fr")
		w.fails(exitConflict, "ETAG_STALE", kind, "revise", name, "-f", content, "--etag", cell(receipt, "etag"), "--context", "fr")
		if out := w.ok(kind, "revisions", name, "--context", "gb"); strings.Count(out, "\n") != 3 {
			t.Errorf("revisions: %s", out)
		}
		w.ok(kind, "recall", name, "--context", "fr")
		w.fails(exitNotFound, "RECORD_NOT_FOUND", kind, "get", name, "--context", "gb")
	}
}

// Links, releases and recovery steps.
func TestChanges(t *testing.T) {
	w := newWorld(t)
	submit := func(kind string) string {
		path := w.write(kind+".yaml", []byte(strings.ReplaceAll(w.ok(kind, "template"), "agencies/fr-ofast", "agencies/gb-nca")))
		name, _ := w.json(kind, "submit", "-f", path, "--context", "fr")["name"].(string)
		return name
	}
	item, report := submit("item"), submit("seizure")
	w.ok("seizure", "links", report, "--add", "seized_on="+item, "--context", "fr")
	if out := w.ok("seizure", "list", "--linked-to", item, "--context", "gb"); !strings.Contains(out, report) {
		t.Errorf("linked to: %s", out)
	}
	code, _, errs := w.run("{assetId: cash, stage: RECOVERY_STAGE_CONFISCATED, stepDate: 2026-11-21, confiscationBasis: CONFISCATION_BASIS_CONVICTION}", "seizure", "step", report, "--context", "fr")
	if code != exitOK {
		t.Errorf("step: %d %s", code, errs)
	}
	release := w.write("release.yaml", []byte("markings: {classification: CLASSIFICATION_CEILING_NOT_CLASSIFIED}\n"))
	w.ok("item", "release", item, "-f", release, "--context", "fr")
	w.fails(exitNotFound, "RECORD_NOT_FOUND", "item", "get", item, "--context", "gb")
}

// What the logs say: the inbox, who read, and what was read.
func TestLogs(t *testing.T) {
	w := newWorld(t)
	path := w.write("item.yaml", []byte(strings.ReplaceAll(w.ok("item", "template"), "agencies/fr-ofast", "agencies/gb-nca")))
	name, _ := w.json("item", "submit", "-f", path, "--context", "fr")["name"].(string)
	w.ok("item", "get", name, "--context", "gb")
	for _, row := range []struct {
		context, word string
		args          []string
	}{
		{"gb", name, []string{"inbox", "read", "--kind", "record"}},
		{"fr", "agencies/gb-nca", []string{"disclosure", "list"}},
		{"boss", "C-7", []string{"consultation", "list"}},
		{"gb", "number", []string{"inbox", "head"}},
		{"gb", "agencies/gb-nca", []string{"whoami"}},
		{"gb", "fr-ofast", []string{"agency", "list"}},
	} {
		if out := w.ok(append(row.args, "--context", row.context)...); !strings.Contains(out, row.word) {
			t.Errorf("%v: %q is not in %s", row.args, row.word, out)
		}
	}
	w.fails(exitDenied, "RIGHT_REQUIRED", "consultation", "list", "--context", "gb")
}

// A standing query is made, paused, resumed and deleted, and says in the inbox what it found.
func TestStandingQueries(t *testing.T) {
	w := newWorld(t)
	q := cell(w.json("standing", "create", "item", "French", "--originator", "fr-ofast", "--context", "gb"), "name")
	for _, verb := range []string{"pause", "resume"} {
		w.ok("standing", verb, q, "--context", "gb")
	}
	if out := w.ok("standing", "list", "--context", "gb"); !strings.Contains(out, "French") || !strings.Contains(out, "ACTIVE") {
		t.Errorf("the list is %s", out)
	}
	w.fails(exitNotFound, "STANDING_QUERY_NOT_FOUND", "standing", "get", q, "--context", "fr")
	w.ok("standing", "delete", q, "--context", "gb")
	w.fails(exitNotFound, "STANDING_QUERY_NOT_FOUND", "standing", "get", q, "--context", "gb")
}

// Groups, and trust in agencies.
func TestGroupsAndTrust(t *testing.T) {
	w := newWorld(t)
	group := cell(w.json("group", "create", "Channel", "--member", "gb-nca", "--context", "fr"), "name")
	w.ok("group", "members", group, "--remove", "gb-nca", "--context", "fr")
	w.fails(exitNotFound, "GROUP_NOT_FOUND", "group", "get", group, "--context", "gb")
	w.ok("agency", "update", "fr-ofast", "-f", w.write("update.yaml", []byte("displayName: Office\n")), "--context", "admin")
	w.ok("agency", "revoke", "fr-ofast", "--serial", "abc", "--because", "lost", "--context", "admin")
	w.ok("agency", "suspend", "gb-nca", "--because", "exercise", "--context", "op")
	code, _, errs := w.run("", "whoami", "--context", "gb", "--timeout", "2s")
	if code == exitOK {
		t.Errorf("a suspended agency is answered: %s", errs)
	}
	w.ok("agency", "reinstate", "gb-nca", "--because", "over", "--context", "op")
	w.ok("whoami", "--context", "gb")
}

// An import answers every line, writes down those that are refused, and can be repeated.
func TestImport(t *testing.T) {
	w := newWorld(t)
	var lines strings.Builder
	for n := range 25 {
		audience := "agencies/gb-nca"
		if n%10 == 4 {
			audience = "agencies/nobody"
		}
		fmt.Fprintf(&lines, `{"plain":{"title":"Row %d","languageCode":"en","evaluation":{"europol":{"source":1,"information":1}},"crimeAreas":[1]},"release":{"audience":{"agencies":[%q]},"markings":{"classification":1}},"originatorReference":"row-%d"}`+"\n", n, audience, n)
	}
	lines.WriteString("no json\n")
	path := w.write("in.ndjson", []byte(lines.String()))
	for _, want := range []string{"26 lines: 22 accepted, 0 unchanged, 4 refused", "26 lines: 0 accepted, 22 unchanged, 4 refused"} {
		w.fails(exitRefused, want, "item", "import", path, "--refused", w.file("refused.ndjson"), "--context", "fr")
		text, err := os.ReadFile(w.file("refused.ndjson"))
		if err != nil || strings.Count(string(text), "\n") != 4 || !strings.Contains(string(text), "AGENCY_UNKNOWN") {
			t.Errorf("%s, %v", text, err)
		}
	}
}

// An agency without a PKI makes one, and the operator enrols it.
func TestPKI(t *testing.T) {
	w := newWorld(t)
	dir := w.file("pki")
	w.ok("pki", "init", "ofast2.example", "--dir", dir)
	w.fails(exitUsage, "already", "pki", "init", "ofast2.example", "--dir", dir)
	w.ok("pki", "issue", "/officer/4711", "--dir", dir)
	w.ok("agency", "enrol", "fr-ofast2", "--name", "Second", "--region", "FR", "--trust-domain", "ofast2.example", "--bundle", dir+"/ca.crt", "--context", "op")
	w.ok("context", "add", "new", "--endpoint", w.net.Address, "--server-name", "localhost", "--hub-ca", w.file("hub-ca.pem"), "--cert", dir+"/officer-4711.crt", "--key", dir+"/officer-4711.key")
	if got := w.json("whoami"); got["agency"] != "agencies/fr-ofast2" || got["officer"] != "4711" {
		t.Errorf("%v", got)
	}
}

// Mistakes on this side are told as such, and nothing is sent.
func TestMistakes(t *testing.T) {
	w := newWorld(t)
	w.fails(exitUsage, "is it get or list?", "item", "lst")
	w.fails(exitUsage, "something is missing behind entente graph\n  entente graph RECORD", "graph")
	w.fails(exitUsage, "no context", "whoami", "--context", "nowhere")
	w.fails(exitUsage, "--output", "whoami", "--context", "gb", "-o", "xml")
	w.fails(exitUsage, "unknown flag", "whoami", "--nonsense")
	w.fails(exitUsage, "--route is one of CENTRAL_MEDITERRANEAN", "item", "list", "--route", "nowhere", "--context", "gb")
	if out := w.ok("context", "list"); strings.Count(out, "\n") != 6 {
		t.Errorf("contexts: %s", out)
	}
	w.ok("context", "use", "gb")
	w.ok("context", "remove", "fr")
	w.ok("context", "show")
	w.ok("version")
}
