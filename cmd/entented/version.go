package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/internal/exchange"
	"github.com/seed-1d76a664/entente/internal/view"
)

// build is what this program was made from.
type build struct {
	Version     string `json:"version"`
	Commit      string `json:"commit,omitempty"`
	Time        string `json:"time,omitempty"`
	Modified    bool   `json:"modified,omitempty"`
	Go          string `json:"go"`
	APIRevision int    `json:"api_revision"`
	DataFormat  int    `json:"data_format"`
}

// version reads what the Go tool wrote into the program.
func version() build {
	b := build{Version: "unknown", Go: runtime.Version(), APIRevision: exchange.APIRevision, DataFormat: view.Format}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func versionCommand() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "version",
		Short: "What this program was made from",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b := version()
			switch output {
			case "json":
				return json.NewEncoder(c.OutOrStdout()).Encode(b)
			case "text":
				_, err := fmt.Fprintf(c.OutOrStdout(), "entented %s (%s), API revision %d, data format %d\n", b.Version, b.Go, b.APIRevision, b.DataFormat)
				return err
			default:
				return exit{2, "--output is text or json"}
			}
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return c
}
