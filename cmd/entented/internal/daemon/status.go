package daemon

import (
	"math"
	"time"
)

// The states of a hub, as /status and /readyz tell them.
const (
	// StateStarting: it does not answer yet.
	StateStarting = "starting"
	// StateServing: it answers everything.
	StateServing = "serving"
	// StateFull: there is no room; nothing is answered that would have to be put on
	// record, which includes reads. Suspending, revoking and recalling still work.
	StateFull = "full"
	// StateStopping: it ends the calls that are under way.
	StateStopping = "stopping"
)

// Status is what an operator sees of a hub at a glance. It tells nothing of any
// record; numbers are rounded to two digits, so that they do not tell when one
// came in.
type Status struct {
	State   string `json:"state"`
	Hub     string `json:"hub"`
	Version string `json:"version"`
	// StartTime is when the process began, Time the hub's clock, JournalTime that
	// of the last entry.
	StartTime   time.Time `json:"start_time"`
	Time        time.Time `json:"time"`
	JournalTime time.Time `json:"journal_time"`
	// CertificateExpireTime is the end of the hub's own certificate.
	CertificateExpireTime time.Time `json:"certificate_expire_time"`
	Agencies              int       `json:"agencies"`
	RecordsAbout          int       `json:"records_about"`
	// BehindAbout is how many records the matcher has still to look at: standing
	// queries and deconfliction tell of them later.
	BehindAbout int `json:"behind_about"`
	// Problem says in words what stands in the way of StateServing.
	Problem string `json:"problem,omitempty"`
}

// Status is the state of this moment.
func (d *Daemon) Status() Status {
	s := Status{
		State: StateStarting, Hub: d.Config.Hub, Version: d.Version, StartTime: d.started.UTC(), Time: d.Clock().UTC(),
		JournalTime: time.UnixMicro(d.view.Hub().GetTimeMicros()).UTC(), CertificateExpireTime: d.reloader.Leaf().NotAfter.UTC(),
		Agencies: len(d.view.Roster().Agencies()), RecordsAbout: about(d.view.Len()),
		BehindAbout: d.behind(),
	}
	switch d.phase.Load() {
	case serving:
		s.State = StateServing
		if err := d.view.Room(); err != nil {
			s.State, s.Problem = StateFull, "there is no room for more; make some, the hub goes on by itself"
		}
	case stopping:
		s.State = StateStopping
	}
	return s
}

// behind is how far the matcher is behind, in records. Fewer than a hundred are
// none: one that just came in is looked at within milliseconds.
func (d *Daemon) behind() int {
	if n := int(d.hub.Behind()); n >= 100 {
		return about(n)
	}
	return 0
}

// about rounds to two digits.
func about(n int) int {
	if n < 100 {
		return n
	}
	step := int(math.Pow10(len2(n)))
	return (n + step/2) / step * step
}

// len2 is the number of decimal digits behind the second.
func len2(n int) int { return int(math.Floor(math.Log10(float64(n)))) - 1 }
