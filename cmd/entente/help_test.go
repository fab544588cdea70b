package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// program is the command line, not connected to anything.
func program() *cobra.Command {
	a := &app{errs: &bytes.Buffer{}, out: &bytes.Buffer{}, env: func(string) string { return "" }}
	return a.root()
}

// walk visits every command that a person can find.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, each := range c.Commands() {
		if !each.Hidden {
			walk(each, visit)
		}
	}
}

// What --help says of every command. A change of it is seen in the golden file.
func TestHelp(t *testing.T) {
	var all strings.Builder
	walk(program(), func(c *cobra.Command) {
		var out bytes.Buffer
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		if code := run(t.Context(), args, strings.NewReader(""), &out, &out, func(string) string { return "" }); code != exitOK {
			t.Errorf("%v: exit %d", args, code)
		}
		text, _, _ := strings.Cut(out.String(), "Global Flags:")
		all.WriteString("$ " + strings.Join(append([]string{"entente"}, args...), " ") + "\n" + text + "\n")
	})
	golden(t, "help.txt", all.String())
}

// Every command says what it is for, and every one with flags of its own or arguments shows how it is used.
func TestEveryCommandIsDescribed(t *testing.T) {
	walk(program(), func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s says nothing of itself", c.CommandPath())
		}
		if strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: %q ends with a full stop, which lists do not have", c.CommandPath(), c.Short)
		}
		for _, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if len(line) > 140 {
				t.Errorf("%s: a line of %d characters in its help", c.CommandPath(), len(line))
			}
		}
	})
}

// The exit codes in the help are those of the program.
func TestExitCodesAreDocumented(t *testing.T) {
	for _, line := range []string{"0  done", "1  failed", "2  the command line", "3  the hub refused", "4  there is no", "5  the certificate", "6  the hub cannot", "7  the state", "130  interrupted"} {
		if !strings.Contains(exitCodes().Long, line) {
			t.Errorf("%q is not told", line)
		}
	}
}

// Shells complete the forms of output, the purposes, and the contexts there are.
func TestCompletion(t *testing.T) {
	s := newScript(t)
	s.ok("context", "add", "second", "--endpoint", "there:1")
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"whoami", "-o", ""}, "yaml"},
		{[]string{"whoami", "--purpose", ""}, "INVESTIGATION"},
		{[]string{"whoami", "--context", ""}, "second"},
		{[]string{"item", ""}, "submit"},
	} {
		if out, _ := s.ok(append([]string{"__complete"}, row.args...)...); !strings.Contains(out, row.want) {
			t.Errorf("%v: %q is not in %s", row.args, row.want, out)
		}
	}
	if out, _ := s.ok("completion", "bash"); !strings.Contains(out, "entente") {
		t.Error("no script for bash")
	}
}
