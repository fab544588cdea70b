package demo

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// call is one thing to try: who asks, what, and with which request.
type call struct {
	say     string
	agency  string
	path    string
	method  string // service/method, without the package
	request proto.Message
	file    string // where the request is written, if it is too long for a line
	client  string // the same as arguments of entente
}

// calls are what a newcomer may try on the demo's hub.
func (d *Demo) calls() []call {
	p := d.stage.by("gb-crime")
	to := d.stage.by("tn-guard")
	draft := &ententev1.IntelligenceItemDraft{
		Content: plain(boats("Boats on a trailer, northbound")), Release: released("fr-border", "tn-guard"), OriginatorReference: "GB-2026-1",
	}
	return []call{
		{say: "who the hub takes you for", agency: "gb-crime", path: gateway, method: "AgencyService/WhoAmI", client: "whoami", request: &ententev1.WhoAmIRequest{}},
		{say: "what everybody may read", agency: "gb-crime", path: gateway, method: "IntelligenceService/QueryIntelligenceItems", client: "item list --route EASTERN_MEDITERRANEAN" + excuse, request: &ententev1.QueryIntelligenceItemsRequest{
			Justification: short(), Query: &ententev1.IntelligenceItemQuery{Routes: []ententev1.SmugglingRoute{ententev1.SmugglingRoute_SMUGGLING_ROUTE_EASTERN_MEDITERRANEAN}},
		}},
		{say: "submit an item to France and Tunisia", agency: "gb-crime", path: gateway, method: "IntelligenceService/SubmitIntelligenceItem", client: "item submit -f " + quote(d.draftFile()) + excuse, file: "submit.json", request: &ententev1.SubmitIntelligenceItemRequest{
			Justification: p.why(), RequestId: "paste-1", Draft: draft,
		}},
		{say: "what has come in for Tunisia", agency: "tn-guard", path: gateway, method: "InboxService/ReadInbox", client: "inbox read" + excuse, request: &ententev1.ReadInboxRequest{Justification: short(), Inbox: to.agency.resource() + "/inbox"}},
		{say: "who has read what Greece released", agency: "gr-coast", path: gateway, method: "DisclosureService/ListDisclosures", client: "disclosure list" + excuse, request: &ententev1.ListDisclosuresRequest{Justification: short()}},
	}
}

// short is a justification that fits into a line.
func short() *ententev1.Justification {
	return &ententev1.Justification{Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_EXERCISE, Reason: "demo"}
}

// excuse is short as entente takes it.
const excuse = " --purpose EXERCISE --reason demo"

// draftFile is where the item stands that can be submitted.
func (d *Demo) draftFile() string { return filepath.Join(d.Dir, "draft.json") }

// Hints writes the files that the lines need, and prints lines to paste.
func (d *Demo) Hints() error {
	d.stage.print("\nTry it, in another terminal, from the folder of the repository. Each question twice:\nwith grpcurl, which any partner has, and with our own client.\n")
	for _, c := range d.calls() {
		if c.file != "" {
			if err := d.writeFiles(c); err != nil {
				return err
			}
		}
		line, err := d.grpcurl(c)
		if err != nil {
			return err
		}
		d.stage.print("\n# %s\n%s\n%s\n", c.say, line, d.entente(c))
	}
	return nil
}

// writeFiles writes a request, and the draft in it.
func (d *Demo) writeFiles(c call) error {
	if err := writeJSON(filepath.Join(d.Dir, c.file), c.request); err != nil {
		return err
	}
	if submit, ok := c.request.(*ententev1.SubmitIntelligenceItemRequest); ok {
		return writeJSON(d.draftFile(), submit.GetDraft())
	}
	return nil
}

// entente is a call as a line for the shell, with the partner's client.
func (d *Demo) entente(c call) string {
	cert, key := d.files(agency{id: c.agency}).of(c.path)
	return fmt.Sprintf("go run ./cmd/entente %s \\\n  --endpoint %s --hub-ca %s --cert %s --key %s",
		c.client, d.hub.daemon.Addresses().Main, quote(d.hub.layout.HubAuthority().Cert), quote(cert), quote(key))
}

// grpcurl is a call as a line for the shell.
func (d *Demo) grpcurl(c call) (string, error) {
	cert, key := d.files(agency{id: c.agency}).of(c.path)
	text, err := compact(c.request)
	if err != nil {
		return "", err
	}
	data, input := quote(text), ""
	if c.file != "" {
		data, input = "@", " < "+quote(filepath.Join(d.Dir, c.file))
	}
	return fmt.Sprintf("grpcurl -cacert %s -cert %s -key %s \\\n  -d %s %s entente.v1.%s%s",
		quote(d.hub.layout.HubAuthority().Cert), quote(cert), quote(key), data, d.hub.daemon.Addresses().Main, c.method, input), nil
}

// compact is a message as JSON in a line; the printer of protobuf puts spaces in at
// random, on purpose.
func compact(m proto.Message) (string, error) {
	text, err := protojson.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	text, err = json.Marshal(tree)
	return string(text), err
}

func writeJSON(path string, m proto.Message) error {
	text, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}

// quote makes a text one word of the shell.
func quote(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@", r)
	}) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
