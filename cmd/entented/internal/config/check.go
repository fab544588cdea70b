package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"slices"
	"strconv"
)

// Check says everything that is wrong with the configuration, each with its key,
// or nil. Whether a limit is large enough to work with is the edge's to say.
func (c Config) Check() error {
	return errors.Join(
		c.required(),
		host("hub", c.Hub),
		address("listen.main", c.Listen.Main),
		address("listen.bulk", c.Listen.Bulk),
		address("listen.admin", c.Listen.Admin),
		distinct(c.Listen),
		c.Listen.advertised(),
		oneOf("log.format", c.Log.Format, "text", "json"),
		oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error"),
		c.times(),
		c.Storage.check(),
		c.Limits.rates(),
		c.Limits.deadlines(),
	)
}

func (c Config) required() error {
	var errs []error
	for _, key := range []struct{ name, value string }{
		{"hub", c.Hub}, {"data", c.Data}, {"certificate", c.Certificate}, {"key", c.Key},
		{"operator.trust_domain", c.Operator.TrustDomain}, {"operator.bundle", c.Operator.Bundle},
	} {
		if key.value == "" {
			errs = append(errs, fmt.Errorf("%s is missing; entented init writes it", key.name))
		}
	}
	return errors.Join(errs...)
}

// host refuses what is an address, or has a port.
func host(key, name string) error {
	_, _, err := net.SplitHostPort(name)
	if net.ParseIP(name) != nil || err == nil {
		return fmt.Errorf("%s is the DNS name alone, without a port, and no IP address", key)
	}
	return nil
}

func address(key, text string) error {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s is host:port with a port number, as in 127.0.0.1:7443", key)
	}
	return nil
}

// distinct refuses two listeners on one address; port 0 is always another one.
func distinct(l Listen) error {
	seen := map[string]bool{}
	for _, text := range []string{l.Main, l.Bulk, l.Admin} {
		if _, port, err := net.SplitHostPort(text); err != nil || port == "0" {
			continue
		}
		if seen[text] {
			return errors.New("listen.main, listen.bulk and listen.admin are three different addresses")
		}
		seen[text] = true
	}
	return nil
}

// advertised refuses what partners could not connect to; empty is the hub's name.
func (l Listen) advertised() error {
	if l.BulkAdvertised == "" {
		return nil
	}
	return address("listen.bulk_advertised", l.BulkAdvertised)
}

func oneOf(key, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s is one of %v", key, allowed)
}

func (c Config) times() error {
	if c.Operator.RecoveryDelay < 0 || c.ShutdownGrace < 0 {
		return errors.New("operator.recovery_delay and shutdown_grace are not negative")
	}
	return nil
}

// rates refuses what no bucket can be made of; NaN is not greater than zero.
func (l Limits) rates() error {
	for _, rate := range []float64{l.ReadsPerSecond, l.WritesPerSecond, l.BulkRowsPerSecond, l.ReservedPerSecond, l.BurstSeconds} {
		if !(rate > 0) || rate > math.MaxInt32 {
			return errors.New("limits: the rates per second and burst_seconds are above 0 and below 2147483648")
		}
	}
	return nil
}

func (l Limits) deadlines() error {
	if l.MaxDeadline < l.Deadline {
		return errors.New("limits.max_deadline is not below limits.deadline")
	}
	return nil
}

func (s Storage) check() error {
	if s.SnapshotEvery < 0 || s.Snapshots < 1 {
		return errors.New("storage.snapshot_every is a time, 0 for never, and storage.snapshots how many are kept, 1 at least")
	}
	return nil
}
