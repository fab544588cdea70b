package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

// contexts is the file that contexts are kept in.
type contexts struct {
	Current  string              `yaml:"current,omitempty"`
	Contexts map[string]settings `yaml:"contexts"`
}

// contextsPath is where it lies.
func (a *app) contextsPath() (string, error) {
	if path := a.env("ENTENTE_CONFIG"); path != "" {
		return path, nil
	}
	dir := a.env("XDG_CONFIG_HOME")
	if dir == "" {
		home, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("where contexts are kept is not known; set ENTENTE_CONFIG to a file: %w", err)
		}
		dir = home
	}
	return filepath.Join(dir, "entente", "contexts.yaml"), nil
}

func (a *app) readContexts() (contexts, error) {
	none := contexts{Contexts: map[string]settings{}}
	path, err := a.contextsPath()
	if err != nil {
		return none, nil //nolint:nilerr // without a place there are no contexts
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	file := contexts{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return none, usage(fmt.Sprintf("%s: %v", path, err))
	}
	if file.Contexts == nil {
		file.Contexts = none.Contexts
	}
	return file, nil
}

// writeContexts replaces the file; only its owner may read it.
func (a *app) writeContexts(file contexts) error {
	path, err := a.contextsPath()
	if err != nil {
		return err
	}
	text, err := yaml.Marshal(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".contexts-*") // such a file is its owner's alone
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err := f.Close(); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

func (a *app) completeContexts(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	file, err := a.readContexts()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return file.names(), cobra.ShellCompDirectiveNoFileComp
}

func (f contexts) names() []string {
	names := make([]string, 0, len(f.Contexts))
	for name := range f.Contexts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *app) contextCommand() *cobra.Command {
	c := parent("context", "Where hubs are, and which certificates to use with them")
	c.AddCommand(
		&cobra.Command{Use: "add NAME", Short: "Keep the flags given as a context, and use it", Args: cobra.ExactArgs(1), RunE: a.addContext,
			Example: "  entente context add work --endpoint hub.example:7443 --hub-ca hub-ca.crt --cert gateway.crt --key gateway.key --purpose INVESTIGATION"},
		&cobra.Command{Use: "use NAME", Short: "Make a context the current one", Args: cobra.ExactArgs(1), RunE: a.useContext},
		&cobra.Command{Use: "list", Short: "List the contexts", Args: cobra.NoArgs, RunE: a.listContexts},
		&cobra.Command{Use: "show [NAME]", Short: "Show a context, or what holds now", Args: cobra.MaximumNArgs(1), RunE: a.showContext},
		&cobra.Command{Use: "remove NAME", Short: "Forget a context", Args: cobra.ExactArgs(1), RunE: a.removeContext},
	)
	return c
}

func (a *app) addContext(_ *cobra.Command, args []string) error {
	file, err := a.readContexts()
	if err != nil {
		return err
	}
	s := a.given
	if s == (settings{}) {
		return usage("a context keeps the flags that are given, at least --endpoint, --hub-ca, --cert and --key")
	}
	if err := s.check(); err != nil {
		return err
	}
	for _, path := range []*string{&s.HubCA, &s.Cert, &s.Key} {
		if *path != "" {
			if *path, err = filepath.Abs(*path); err != nil {
				return err
			}
		}
	}
	if args[0] == "" {
		return usage("a context needs a name")
	}
	for _, path := range []string{s.HubCA, s.Cert, s.Key} {
		if _, err := os.Stat(path); path != "" && err != nil {
			a.say("Take care: %v", err) // it may come later
		}
	}
	file.Contexts[args[0]], file.Current = s, args[0]
	if err := a.writeContexts(file); err != nil {
		return err
	}
	a.say("Context %s is kept and current. Next: entente whoami", args[0])
	return nil
}

func (a *app) useContext(_ *cobra.Command, args []string) error {
	file, err := a.readContexts()
	if err != nil {
		return err
	}
	if _, ok := file.Contexts[args[0]]; !ok {
		return usage("there is no context " + args[0] + "; `entente context list` names them")
	}
	file.Current = args[0]
	return a.writeContexts(file)
}

func (a *app) listContexts(*cobra.Command, []string) error {
	file, err := a.readContexts()
	if err != nil {
		return err
	}
	rows := make([]any, 0, len(file.Contexts))
	for _, name := range file.names() {
		s := file.Contexts[name]
		rows = append(rows, map[string]any{"name": name, "endpoint": s.Endpoint, "cert": s.Cert, "current": name == file.Current})
	}
	return a.print(map[string]any{"contexts": rows}, view{rows: "contexts", columns: []column{
		{"NAME", "name"}, {"ENDPOINT", "endpoint"}, {"CERTIFICATE", "cert"}, {"CURRENT", "current"},
	}})
}

func (a *app) showContext(_ *cobra.Command, args []string) error {
	if len(args) == 1 {
		a.context = args[0]
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	shown := map[string]any{}
	for _, each := range s.list() {
		if *each.value != "" {
			shown[each.name] = *each.value
		}
	}
	return a.print(shown, view{})
}

func (a *app) removeContext(_ *cobra.Command, args []string) error {
	file, err := a.readContexts()
	if err != nil {
		return err
	}
	if _, ok := file.Contexts[args[0]]; !ok {
		return usage("there is no context " + args[0] + "; `entente context list` names them")
	}
	delete(file.Contexts, args[0])
	if file.Current == args[0] {
		file.Current = ""
	}
	return a.writeContexts(file)
}
