// Command protodeps prints the schemas that the files under proto/ import, so
// that buf can compile them.
//
// The schemas are not committed and not downloaded: they are read out of the
// generated Go packages that the hub is linked with, which carry their own
// descriptors. What buf checks against is therefore, by construction, what the
// hub runs with; a library cannot move without the printed schema moving too.
//
// Usage, from the root of the repository:
//
//	go run ./tools/protodeps [-out third_party/proto]
//
// The output folder belongs to the program: a .proto file in it that is no
// longer wanted is removed. Files whose text has not changed are left alone.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "third_party/proto", "folder to write the schemas to")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "protodeps:", err)
		os.Exit(1)
	}
}

// run writes every wanted schema below dir and removes what is not wanted.
func run(dir string) error {
	files, err := schemas()
	if err != nil {
		return err
	}
	texts, err := render(files)
	if err != nil {
		return err
	}
	return sync(dir, texts)
}
