package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// knownNames is how many names of records are kept for each agency that may read them.
const knownNames = 20_000

// loading is what one agency's streams gave.
type loading struct {
	readable [][]string // by reader
	items    int
	bytes    int64
}

// load hands the first records over, through bulk streams of all agencies at once, while one caller reads, and tells what the hub made of it.
func (b *bencher) load(ctx context.Context) error {
	b.readable = make([][]string, len(b.conns))
	probe := newProbe(b)
	loads, began := make([]loading, len(b.bulkConns)), time.Now()
	var streams sync.WaitGroup
	failures := make([]error, len(loads))
	for i := range loads {
		loads[i].readable = make([][]string, len(b.conns))
		streams.Go(func() { failures[i] = b.loadAgency(ctx, i, &loads[i], probe) })
	}
	probing := probe.run(ctx)
	streams.Wait()
	took := time.Since(began)
	probe.stop()
	<-probing
	for _, l := range loads {
		b.loaded, b.loadedBytes = b.loaded+l.items, b.loadedBytes+l.bytes
		for reader, names := range l.readable {
			b.readable[reader] = append(b.readable[reader], names...)
		}
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	b.app.say("loaded %d items, %.1f MB, in %v: %.0f items/s", b.loaded, float64(b.loadedBytes)/1e6, took.Round(time.Millisecond), float64(b.loaded)/took.Seconds())
	probe.tell()
	return b.tellLoaded()
}

// tellLoaded tells what the benchmark's own hub took to load.
func (b *bencher) tellLoaded() error {
	if b.remote != nil {
		return nil
	}
	var commits commitReport
	began := time.Now()
	if err := b.hub.ask(&commits); err != nil {
		return err
	}
	b.app.say("all of it was matched, and compared with what others hold, %v later", time.Since(began).Round(time.Millisecond))
	b.app.say("meanwhile a command that somebody waits for was durable after %v", commits.Awaited)
	b.app.say("and one of a bulk stream, its time in the queue included, after %v", commits.Queued)
	file, index, err := b.onDisk()
	if err != nil {
		return err
	}
	b.app.say("hub: %.0f MB of memory, mapped file aside; view.db %.1f MB, index %.1f MB, %.3f bytes of index a byte of item",
		float64(b.hub.memory())/1e6, float64(file)/1e6, float64(index)/1e6, float64(index)/float64(max(1, b.loadedBytes)))
	return nil
}

// onDisk is how large the file and the index of the benchmark's own hub are.
func (b *bencher) onDisk() (file, index int64, err error) {
	root := filepath.Join(b.dir, "hub")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreGone(err)
		}
		switch filepath.Dir(path) {
		case root:
			file += info.Size()
		case filepath.Join(root, "index"):
			index += info.Size()
		}
		return nil
	})
	return file, index, err
}

// ignoreGone lets files go away while they are counted: segments that were merged.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// loadAgency hands an agency's records over: its items, then its reports.
func (b *bencher) loadAgency(ctx context.Context, agency int, l *loading, p *probe) error {
	var items, reports []int
	for n := range b.options.items / len(b.bulkConns) {
		if b.corpus.IsSeizure(b.number(agency, n)) {
			reports = append(reports, n)
		} else {
			items = append(items, n)
		}
	}
	rows := func(yield func([]byte) bool) {
		for i := range len(items) + 1 {
			row := bulkHeader(b.options.history)
			if i > 0 {
				var size int
				row, size = b.row(agency, items[i-1])
				l.bytes += int64(size)
			}
			if !yield(row) {
				return
			}
		}
	}
	err := stream(ctx, b.bulkConns[agency], ententev1.IntelligenceService_BulkSubmitIntelligenceItems_FullMethodName, rows, func(answer []byte) error {
		name, err := receiptOf(answer)
		if err != nil || name == "" {
			return err
		}
		l.take(name, b.readers(agency, items[l.items]))
		if agency == 0 {
			p.name.Store(&name)
		}
		return nil
	})
	if err != nil || len(reports) == 0 {
		return err
	}
	rows = func(yield func([]byte) bool) {
		for i := range len(reports) + 1 {
			row := reportsHeader(b.options.history)
			if i > 0 {
				row = b.report(agency, reports[i-1])
			}
			if !yield(row) {
				return
			}
		}
	}
	return stream(ctx, b.bulkConns[agency], ententev1.SeizureService_BulkSubmitSeizureReports_FullMethodName, rows, reportTaken)
}

func (l *loading) take(name string, readers []int) {
	l.items++
	for _, r := range readers {
		if len(l.readable[r]) < knownNames/len(l.readable) {
			l.readable[r] = append(l.readable[r], name)
		}
	}
}

// receiptOf is the name that a row got; none in the summary.
func receiptOf(answer []byte) (string, error) {
	m := new(ententev1.BulkSubmitIntelligenceItemsResponse)
	if err := proto.Unmarshal(answer, m); err != nil {
		return "", err
	}
	if failure := m.GetResult().GetError(); failure != nil {
		return "", fmt.Errorf("a row was refused: %s", failure.GetMessage())
	}
	return m.GetResult().GetReceipt().GetName(), nil
}

func reportTaken(answer []byte) error {
	m := new(ententev1.BulkSubmitSeizureReportsResponse)
	if err := proto.Unmarshal(answer, m); err != nil {
		return err
	}
	if failure := m.GetResult().GetError(); failure != nil {
		return fmt.Errorf("a row was refused: %s", failure.GetMessage())
	}
	return nil
}

// probe is a lone caller that reads a record again and again while others load.
type probe struct {
	b     *bencher
	name  atomic.Pointer[string]
	ended chan struct{}
	times []time.Duration
}

// probePause is how long the lone caller rests between two calls.
const probePause = 10 * time.Millisecond

func newProbe(b *bencher) *probe { return &probe{b: b, ended: make(chan struct{})} }

func (p *probe) stop() { close(p.ended) }

// run probes until it is stopped; what it returns is closed then.
func (p *probe) run(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for pause := time.NewTicker(probePause); ; {
			select {
			case <-p.ended:
				pause.Stop()
				return
			case <-pause.C:
				p.call(ctx)
			}
		}
	}()
	return done
}

func (p *probe) call(ctx context.Context) {
	name := p.name.Load()
	if name == nil {
		return
	}
	began := time.Now()
	err := p.b.invoke(ctx, p.b.conns[0], ententev1.IntelligenceService_GetIntelligenceItem_FullMethodName, 0, getRequest(*name), nil)
	if err == nil {
		p.times = append(p.times, time.Since(began))
	}
}

func (p *probe) tell() {
	slices.Sort(p.times)
	if len(p.times) > 0 {
		p.b.app.say("meanwhile a lone get was answered, its consultation durable, after %v (median), %v (99 of 100), %v (worst of %d)",
			quantile(p.times, 0.5).Round(10*time.Microsecond), quantile(p.times, 0.99).Round(10*time.Microsecond), quantile(p.times, 1).Round(10*time.Microsecond), len(p.times))
	}
}

// restart tells what the benchmark's own hub holds, and how long it takes to come up again.
func (b *bencher) restart(ctx context.Context) error {
	if b.remote != nil {
		return nil
	}
	memory := b.hub.memory()
	var was, is hubSettled
	if err := b.hub.last(&was); err != nil {
		return err
	}
	_, index, err := b.onDisk()
	if err != nil {
		return err
	}
	if b.hub, err = startChild(ctx, "bench", "hub", b.dir); err != nil {
		return err
	}
	b.app.say("hub: %.0f MB of memory for %d records (mapped file aside); restart in %d ms, then %.0f MB",
		float64(memory)/1e6, was.Records, b.hub.ready.StartMillis, float64(b.hub.memory())/1e6)
	item := float64(b.loadedBytes) / float64(max(1, b.loaded))
	per := float64(was.Records) * item
	b.app.say("disk: %.2f bytes in the file for a byte of item, %.2f of them once the journal is cut behind a snapshot, which took %d ms, and %.3f in the index; items are of %.0f bytes",
		float64(was.Before)/per, float64(was.Used)/per, was.BackupMillis, float64(index)/per, item)
	err = b.hub.last(&is)
	b.hub = nil
	return err
}
