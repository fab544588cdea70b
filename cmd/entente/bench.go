package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
)

// benchOptions is how a benchmark is run.
type benchOptions struct {
	seconds, callers, items int
	cases                   []string
	profile                 string
	history                 bool
}

// benchResult is what a case gave. The names are those of -o json.
type benchResult struct {
	Name           string  `json:"name"`
	Callers        int     `json:"callers"`
	OpsPerSecond   float64 `json:"ops_per_s"`
	P50Micros      int64   `json:"p50_us"`
	P99Micros      int64   `json:"p99_us"`
	CPUMillisPer1k float64 `json:"hub_cpu_ms_per_1k"`
	EchoPerSecond  float64 `json:"echo_ops_per_s"`
	EchoP50Micros  int64   `json:"echo_p50_us"`
	EchoRatio      float64 `json:"echo_ratio"`
	RequestBytes   int     `json:"request_bytes"`
	AnswerBytes    int     `json:"answer_bytes"`
	Failed         int64   `json:"failed"`
}

func (a *app) benchCommand() *cobra.Command {
	o := &benchOptions{}
	c := &cobra.Command{
		Use: "bench", Short: "Measure a hub beside a bare gRPC echo", Args: cobra.NoArgs,
		Long: `Starts a hub and a bare gRPC echo in processes of their own, in a temporary folder, and drives
both in turns with the same sizes over the same TLS. The ratio is what the hub costs beyond gRPC.
The hub's rate limits are raised for it.

  get         read an item by name, with the consultation durable
  check       check an identifier, hit or no hit, with the consultation durable
  newest50    list the newest 50 items that the caller may see, as summaries
  text2       list the newest 50 items with two words
  name        list the newest 50 items with a name, spelt in another way
  near        list the newest 50 items of a week within 20 km
  deep50      list a page of 50 as deep as page 20,000; not by default
  submit      submit an item of 2 KB to one or two agencies, durable
  submit_all  submit an item of 2 KB to all partners, durable
  page50      read a page of 50 items in full
  bulk        submit items through bulk streams

Beside them: the disk's fdatasync, a raw group commit of the store, how fast the items were loaded
at the start and how long commits and a lone reader took meanwhile, and what the hub holds of them:
memory, file, index, and the time of a restart. With -o json each case is one object a line.

The items are made up, the same every time: 2 KB, 230 words in seven languages, eight identifiers
that recur across thirteen agencies, 60 of 100 to one or two of them and the rest to all. A
million take about 5 GB in the temporary folder.

With --endpoint it drives a hub that runs already, with the certificate of one agency and within
that hub's rate limits. What it submits stays there: use a hub that is meant for it.`,
		Example: "  entente bench --seconds 10\n  entente bench --cases get,submit --items 100000 -o json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.bench(cmd.Context(), o) },
	}
	f := c.Flags()
	f.IntVar(&o.seconds, "seconds", 5, "how long each case runs, the echo aside")
	f.IntVar(&o.callers, "callers", 64, "calls in flight")
	f.IntVar(&o.items, "items", 5000, "items that the hub holds before")
	f.BoolVar(&o.history, "history", false, "load the items as history: nothing is matched, or compared with what others hold")
	f.StringSliceVar(&o.cases, "cases", []string{"get", "check", "newest50", "text2", "name", "near", "page50", "submit", "submit_all", "bulk"}, "cases to run")
	f.StringVar(&o.profile, "cpuprofile", "", "write the hub's CPU profile to this file")
	c.AddCommand(a.benchHubCommand(), a.benchEchoCommand())
	return c
}

func (a *app) bench(ctx context.Context, o *benchOptions) (err error) {
	dir, err := os.MkdirTemp("", "entente-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := a.benchDisk(dir); err != nil {
		return err
	}
	b := &bencher{app: a, options: o, dir: dir, corpus: corpus.New(1)}
	defer func() { err = errors.Join(err, b.stop()) }()
	if b.remote, err = a.benchTarget(ctx); err != nil {
		return err
	}
	if b.remote == nil {
		a.say("Starting a hub with raised rate limits, and an echo, in %s", dir)
	} else {
		a.say("Driving the hub at %s with its own rate limits, and an echo here; what is submitted stays there", b.remote.Endpoint)
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	if err := b.load(ctx); err != nil {
		return err
	}
	results, err := b.runAll(ctx)
	if a.output != "json" {
		err = errors.Join(err, a.benchTable(results))
	}
	if err != nil {
		return err
	}
	return b.restart(ctx)
}

func (b *bencher) runAll(ctx context.Context) (results []benchResult, err error) {
	for _, name := range b.options.cases {
		r, err := b.run(ctx, name)
		if err != nil {
			return results, fmt.Errorf("case %s: %w", name, err)
		}
		results = append(results, r)
		if b.app.output == "json" {
			if err := b.app.printJSON(r, ""); err != nil {
				return results, err
			}
		}
	}
	return results, nil
}

// benchTarget is the hub that --endpoint names; nil where the benchmark starts its own.
func (a *app) benchTarget(ctx context.Context) (*settings, error) {
	if a.given.Endpoint == "" {
		return nil, nil
	}
	s, err := a.settings()
	if err != nil || s.BulkEndpoint != "" {
		return &s, err
	}
	conn, err := a.dial(s, s.Endpoint)
	if err != nil {
		return nil, err
	}
	me, err := ententev1.NewAgencyServiceClient(conn).WhoAmI(ctx, &ententev1.WhoAmIRequest{})
	if err != nil {
		return nil, err
	}
	s.BulkEndpoint = me.GetBulkEndpoint()
	return &s, nil
}

func (a *app) benchTable(results []benchResult) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "CASE\tCALLERS\tOPS/S\tP50\tP99\tHUB CPU/1000\tECHO OPS/S\tRATIO\tREQUEST\tANSWER\tFAILED\t")
	for _, r := range results {
		cpu := "unknown" // of a hub elsewhere
		if r.CPUMillisPer1k > 0 {
			cpu = fmt.Sprintf("%.0f ms", r.CPUMillisPer1k)
		}
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.0f\t%v\t%v\t%s\t%.0f\t%.2f\t%d B\t%d B\t%d\t\n", r.Name, r.Callers, r.OpsPerSecond, micros(r.P50Micros), micros(r.P99Micros),
			cpu, r.EchoPerSecond, r.EchoRatio, r.RequestBytes, r.AnswerBytes, r.Failed)
	}
	return w.Flush()
}

func micros(n int64) time.Duration {
	return (time.Duration(n) * time.Microsecond).Round(10 * time.Microsecond)
}

// quantile of a sorted list.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return quantile(list, 0.5)
}
