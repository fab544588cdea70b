// Command missingmigrants hands the incidents of IOM's Missing Migrants Project
// to a hub: each row of the CSV file becomes an intelligence item, all of them
// go through one bulk stream, and every row is accounted for. It is written as a
// partner would write it, against the generated client alone; see README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "missingmigrants:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	csv string
	hub connection
	to  string

	purpose, caseReference, officer string
}

// run does it all. It returns nil only if the file was read to its end and the
// hub has answered every row that was sent: taken, known or refused.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	o, err := parse(args, log)
	if err != nil {
		return err
	}
	header, err := o.header()
	if err != nil {
		return err
	}
	release, err := releaseTo(o.to)
	if err != nil {
		return err
	}
	rows, bad, err := readFile(o.csv)
	if err != nil {
		return err
	}
	conn, err := o.hub.dial()
	if err != nil {
		return err
	}
	defer conn.Close()

	r := newReport(out)
	r.unsent(bad)
	begin := time.Now()
	err = submit(ctx, ententev1.NewIntelligenceServiceClient(conn), header, drafts(rows, release, o.caseReference), func(i int, a *ententev1.BulkSubmitIntelligenceItemsResult) {
		r.answered(rows[i], a)
	})
	fmt.Fprintf(log, "%s in %.1f s\n", r.summary(len(rows)), time.Since(begin).Seconds())
	return errors.Join(err, r.complete(len(rows)))
}

func parse(args []string, log io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("missingmigrants", flag.ContinueOnError)
	f.SetOutput(log)
	f.StringVar(&o.csv, "csv", "", "the incidents, as IOM publishes them")
	f.StringVar(&o.hub.endpoint, "endpoint", "", "host:port of the hub's bulk listener")
	f.StringVar(&o.hub.cert, "cert", "", "own certificate, PEM")
	f.StringVar(&o.hub.key, "key", "", "own private key, PEM")
	f.StringVar(&o.hub.authority, "hub-ca", "", "authority of the hub's certificate, PEM")
	f.StringVar(&o.hub.id, "hub-id", "", "what the hub's certificate must say: a spiffe:// id or a DNS name; default is the endpoint's host")
	f.StringVar(&o.to, "to", "", "who may read: agencies/..., agencies/.../groups/... or all, separated by commas; empty is only you")
	f.StringVar(&o.purpose, "purpose", "", "what the data are shared for, as in PREVENTION")
	f.StringVar(&o.caseReference, "case", "", "your own case; stays with your agency")
	f.StringVar(&o.officer, "officer", "", "who stands behind the call; default is the officer of the certificate")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for flag, value := range map[string]string{
		"csv": o.csv, "endpoint": o.hub.endpoint, "cert": o.hub.cert, "key": o.hub.key, "hub-ca": o.hub.authority, "purpose": o.purpose, "case": o.caseReference,
	} {
		if value == "" {
			return o, fmt.Errorf("--%s is missing; --help lists what is needed", flag)
		}
	}
	return o, nil
}

// header opens the stream: who asks, for what and why.
func (o options) header() (*ententev1.BulkSubmitIntelligenceItemsHeader, error) {
	purpose := ententev1.ProcessingPurpose_value["PROCESSING_PURPOSE_"+strings.ToUpper(o.purpose)]
	if purpose == 0 {
		return nil, errors.New("--purpose is none of the hub's purposes, such as PREVENTION, BORDER_SECURITY or STATISTICS")
	}
	return &ententev1.BulkSubmitIntelligenceItemsHeader{Justification: &ententev1.Justification{
		Officer: o.officer, Purpose: ententev1.ProcessingPurpose(purpose), CaseReference: o.caseReference,
	}}, nil
}
