// Command entente is the client of agencies and of the operator.
//
// Every command is one call of the API, or a few: what it sends is the JSON that
// grpcurl would send, and -o json prints what comes back. Exit codes are those of
// `entente help exit-codes`.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// run is the program: arguments, streams and environment in, an exit code out.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer, env func(string) string) int {
	a := &app{in: in, out: out, errs: errs, env: env}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	a.close()
	return a.report(err)
}
