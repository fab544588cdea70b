package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Which build this is", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, revision, goVersion := "unknown", "", runtime.Version()
			if info, ok := debug.ReadBuildInfo(); ok {
				version = info.Main.Version
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = s.Value
					}
				}
			}
			if a.output != "table" {
				return a.print(map[string]any{"version": version, "revision": revision, "goVersion": goVersion}, view{})
			}
			_, err := fmt.Fprintf(a.out, "entente %s %s %s\n", version, revision, goVersion)
			return err
		},
	}
}
