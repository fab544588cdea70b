package house

import (
	"strings"
	"testing/fstest"
)

// good returns a small tree that keeps every rule.
func good() fstest.MapFS {
	files := fstest.MapFS{}
	for path, text := range map[string]string{
		"cmd/entented/main.go": "// Command entented is the hub.\npackage main\n\nimport _ \"" + module + "internal/rpc\"\n\nfunc main() {}\n",
		"internal/rpc/rpc.go":  "// Package rpc is the edge.\npackage rpc\n\nimport (\n\t_ \"google.golang.org/grpc\"\n\t_ \"" + module + "internal/exchange\"\n)\n",
		"internal/exchange/exchange.go": "// Package exchange has the use cases.\npackage exchange\n\nimport (\n\t_ \"" + module + "gen/entente/v1\"\n" +
			"\t_ \"" + module + "internal/view\"\n)\n",
		"internal/view/view.go":             "// Package view has the file.\npackage view\n\nimport _ \"go.etcd.io/bbolt\"\n",
		"internal/policy/policy.go":         "// Package policy decides.\npackage policy\n\nimport \"time\"\n\ntype Moment = time.Time\n",
		"internal/policy/policy_test.go":    "package policy\n\nimport (\n\t_ \"os\"\n\t\"testing\"\n)\n\nfunc TestX(t *testing.T) { t.Log(1) }\n",
		"internal/journal/journal.go":       "// Package journal is a contract.\npackage journal\n",
		"internal/journal/local/local.go":   "// Package local is an engine.\npackage local\n\nimport _ \"" + module + "internal/journal\"\n",
		"internal/journal/journaltest/s.go": "// Package journaltest is the suite.\npackage journaltest\n\nimport _ \"testing\"\n",
		"README.md":                         "The hub.\n",
	} {
		files[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// importing returns a Go file of package pkg that imports name.
func importing(pkg, name string) string {
	return "// Package " + pkg + " is planted.\npackage " + pkg + "\n\nimport _ \"" + name + "\"\n"
}

// plants returns the breaches. Texts that must not stand in the tree are put
// together here, as they are in the rule.
func plants() map[string]plant {
	return map[string]plant{
		"view knows exchange":      {"direction", "internal/view/up.go", importing("view", module+"internal/exchange"), "must not import room exchange"},
		"policy knows view":        {"direction", "internal/policy/up.go", importing("policy", module+"internal/view"), "must not import room view"},
		"exchange knows rpc":       {"direction", "internal/exchange/up.go", importing("exchange", module+"internal/rpc"), "must not import room rpc"},
		"identity knows the store": {"direction", "internal/identity/up.go", importing("identity", module+"internal/view"), "must not import room view"},
		"contract knows an engine": {"direction", "internal/journal/up.go", importing("journal", module+"internal/journal/local"), "must not import room journal/local"},
		"room knows a command":     {"direction", "internal/rpc/up.go", importing("rpc", module+"cmd/entented"), "stands outside internal"},
		"room knows a suite":       {"direction", "internal/view/up.go", importing("view", module+"internal/journal/journaltest"), "exists for tests"},
		"a room without a row":     {"direction", "internal/attic/attic.go", "// Package attic is planted.\npackage attic\n", "has no row"},
		"below a room":             {"direction", "internal/view/deep/up.go", importing("deep", module+"internal/exchange"), "room view must not import"},

		"grpc in exchange":         {"bounds", "internal/exchange/g.go", importing("exchange", "google.golang.org/grpc/status"), "gRPC is known"},
		"grpc in a test":           {"bounds", "internal/view/g_test.go", "package view\n\nimport _ \"google.golang.org/grpc/codes\"\n", "gRPC is known"},
		"middleware in identity":   {"bounds", "internal/identity/g.go", importing("identity", "github.com/grpc-ecosystem/go-grpc-middleware/v2"), "gRPC is known"},
		"bbolt in exchange":        {"bounds", "internal/exchange/b.go", importing("exchange", "go.etcd.io/bbolt"), "the store is known"},
		"testnet in rpc":           {"bounds", "internal/rpc/t.go", importing("rpc", module+"internal/testnet"), "test packages"},
		"testing in view":          {"bounds", "internal/view/t.go", importing("view", "testing"), "under test"},
		"os in policy":             {"pure", "internal/policy/o.go", importing("policy", "os"), "imports os"},
		"chance in intel":          {"pure", "internal/intel/r.go", importing("intel", "math/rand/v2"), "imports math/rand/v2"},
		"clock in policy":          {"pure", "internal/policy/c.go", "package policy\n\nimport \"time\"\n\nfunc f() time.Time { return time.Now() }\n", "time.Now"},
		"renamed clock":            {"pure", "internal/fault/c.go", "package fault\n\nimport when \"time\"\n\nfunc f() any { return when.Now }\n", "time.Now"},
		"no package comment":       {"documented", "internal/index/i.go", "package index\n", "internal/index: the package has no package comment"},
		"comment of another shape": {"documented", "internal/index/i.go", "// Here be postings.\npackage index\n", "begins with neither"},
		"package util":             {"named", "internal/util/u.go", "// Package util is planted.\npackage util\n", "package util"},
		"folder common":            {"named", "internal/common/u.go", "// Package x is planted.\npackage x\n", "needs a name"},

		"long file":  {"short", "internal/view/long.go", "package view\n" + strings.Repeat("\n", 701), "702 lines"},
		"long proto": {"short", "proto/entente/v1/long.proto", strings.Repeat("\n", 701), "701 lines"},
		"long main":  {"short", "cmd/entente/main.go", "package main\n\nfunc main() {}\n" + strings.Repeat("\n", 200), "at most 150"},

		"assigned variable":      {"stateless", "internal/view/s.go", "package view\n\nvar n int\n\nfunc f() { n = 1 }\n", "variable n"},
		"variable elsewhere":     {"stateless", "internal/exchange/s.go", "package exchange\n\nfunc f() { total++ }\n\nvar total int\n", "variable total"},
		"table written into":     {"stateless", "internal/view/s.go", "package view\n\nvar table = map[string]int{}\n\nfunc f() { table[\"a\"] = 1 }\n", "variable table"},
		"table deleted from":     {"stateless", "internal/view/s.go", "package view\n\nvar table = map[string]int{}\n\nfunc f() { delete(table, \"a\") }\n", "variable table"},
		"field written into":     {"stateless", "internal/view/s.go", "package view\n\nvar c struct{ n int }\n\nfunc f() { (&c).n = 1; c.n = 2 }\n", "variable c"},
		"package mutex":          {"stateless", "internal/view/s.go", "package view\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "sync.Mutex"},
		"package counter":        {"stateless", "internal/view/s.go", "package view\n\nimport \"sync/atomic\"\n\nvar n = new(atomic.Int64)\n", "atomic.Int64"},
		"init function":          {"stateless", "internal/view/s.go", "package view\n\nfunc init() {}\n", "init function"},
		"registry in a script":   {"clean", "tools/get.sh", "curl https://proxy" + ".golang.org/x\n", "package registry"},
		"registry in a page":     {"clean", "docs/a.md", "On a page:\npypi" + ".org.\n", "a.md:2: names a package registry"},
		"mirror setting":         {"clean", ".ci/x", "export GO" + "PROXY=off\n", "fetches modules"},
		"private key":            {"clean", "testdata/k.pem", "a\n-----BEGIN EC " + "PRIVATE KEY-----\n" + strings.Repeat("Ab0+", 16) + "\n", "k.pem:2: holds a private key"},
		"quoted private key":     {"clean", "a/k.go", "package a\n\nconst k = \"-----BEGIN " + "PRIVATE KEY-----\\n" + strings.Repeat("Ab0+", 16) + "\"\n", "k.go:3: holds a private key"},
		"path that is not":       {"paths", "docs/a.md", "See `internal/view/gone.go`.\n", "a.md:1: names internal/view/gone.go"},
		"link to nowhere":        {"paths", "docs/a.md", "See [b](b.md).\n", "names docs/b.md"},
		"untold reason":          {"told", "internal/view/r.go", "package view\n\nconst r = \"NOT_TOLD\"\n", "has no row"},
		"row without a reason":   {"told", "docs/errors.md", "| reason | do |\n|---|---|\n| `LONG_GONE` | x |\n", "take the row out"},
		"path of a machine":      {"clean", "docs/a.md", "in /home" + "/somebody/x\n", "one machine"},
		"unfinished code":        {"finished", "internal/view/u.go", "package view\n\n// TO" + "DO: later\n", "unfinished"},
		"unfinished, third mark": {"finished", "docs/a.md", "X" + "XX: later\n", "unfinished"},
		"unfinished page":        {"finished", "docs/a.md", "FIX" + "ME\n", "unfinished"},
		"empty test":             {"honest tests", "internal/view/e_test.go", "package view\n\nimport \"testing\"\n\nfunc TestE(t *testing.T) {}\n", "TestE is empty"},
		"sleeping test":          {"honest tests", "internal/view/e_test.go", "package view\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n", "sleeps"},
	}
}

// harmless returns what a rule must leave alone.
func harmless() map[string]plant {
	return map[string]plant{
		"test imports upwards":       {rule: "direction", path: "internal/view/v_test.go", text: "package view_test\n\nimport _ \"" + module + "internal/rpc\"\n"},
		"sibling below a room":       {rule: "direction", path: "internal/view/deep/d.go", text: importing("deep", module+"internal/view")},
		"status details":             {rule: "bounds", path: "internal/fault/f.go", text: importing("fault", "google.golang.org/genproto/googleapis/rpc/errdetails")},
		"another grpc":               {rule: "bounds", path: "internal/fault/f.go", text: importing("fault", "google.golang.org/grpcx")},
		"parsing addresses":          {rule: "pure", path: "internal/identifier/i.go", text: importing("identifier", "net/netip")},
		"a duration":                 {rule: "pure", path: "internal/policy/d.go", text: "package policy\n\nimport \"time\"\n\nconst Day = 24 * time.Hour\n"},
		"local of the same name":     {rule: "stateless", path: "internal/view/s.go", text: "package view\n\nvar n = 1\n\nfunc f() int { n := 2; n = 3; return n }\n"},
		"parameter of the same name": {rule: "stateless", path: "internal/view/s.go", text: "package view\n\nvar n = 1\n\nfunc f(n int) int { n++; return n }\n"},
		"read-only table":            {rule: "stateless", path: "internal/view/s.go", text: "package view\n\nvar table = map[string]int{\"a\": 1}\n\nfunc f() int { return table[\"a\"] }\n"},
		"made once":                  {rule: "stateless", path: "internal/view/s.go", text: "package view\n\nimport \"sync\"\n\nvar table = sync.OnceValue(func() int { return 1 })\n"},
		"header of a key":            {rule: "clean", path: "a/k.go", text: "package a\n\nconst k = \"-----BEGIN EC " + "PRIVATE KEY-----\"\n"},
		"module path":                {rule: "clean", path: "go.mod", text: "require buf.build/go/protovalidate v1.4.0\n"},
		"asking again":               {rule: "honest tests", path: "internal/view/e_test.go", text: "package view\n\nimport \"time\"\n\nfunc f(done func() bool) {\n\tfor !done() {\n\t\ttime.Sleep(1)\n\t}\n}\n"},
		"simulated time":             {rule: "honest tests", path: "internal/view/e_test.go", text: "package view\n\nimport (\n\t\"testing/synctest\"\n\t\"time\"\n)\n\nfunc f() { _ = synctest.Test; time.Sleep(1) }\n"},
		"asserted interface":         {rule: "stateless", path: "internal/view/s.go", text: "package view\n\nvar _ error = (*e)(nil)\n\ntype e struct{}\n\nfunc f() { _ = g() }\n"},
		"word in upper case":         {rule: "told", path: "internal/view/r.go", text: "package view\n\nconst r = \"GET\"\n"},
		"other table":                {rule: "told", path: "docs/errors.md", text: "| code | x |\n|---|---|\n| `NOT_FOUND` | x |\n"},
		"code of no currency":        {rule: "finished", path: "a/c.go", text: "package a\n\nconst c = \"X" + "XX\"\n"},
		"main elsewhere":             {rule: "short", path: "cmd/entente/steps.go", text: "package main\n" + strings.Repeat("\n", 200)},
	}
}
