package config

import (
	"path/filepath"
	"time"
)

// Config is everything that an operator decides about a hub.
type Config struct {
	// Hub is the hub's DNS name: clients check it in the hub's certificate. It
	// is also the hub's id in the journal.
	Hub string `yaml:"hub"`
	// Data is the folder of the view, the keys and the snapshots.
	Data string `yaml:"data"`
	// Certificate and Key are the hub's own, PEM; they are read again when they
	// change.
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
	// Operator is whoever runs the hub.
	Operator Operator `yaml:"operator"`
	// Listen is where the hub listens.
	Listen Listen `yaml:"listen"`
	// Storage bounds the disk.
	Storage Storage `yaml:"storage"`
	// Log is what the hub says about itself.
	Log Log `yaml:"log"`
	// ShutdownGrace is what calls in flight have left when the hub is told to
	// stop.
	ShutdownGrace time.Duration `yaml:"shutdown_grace"`
	// Limits are what callers may ask for.
	Limits Limits `yaml:"limits"`
}

// Operator is the trust domain that has the right OPERATE. A hub takes it over
// at its first start; from then on it stands in the journal, and a file that
// says something else is refused.
type Operator struct {
	// TrustDomain is its SPIFFE trust domain.
	TrustDomain string `yaml:"trust_domain"`
	// Bundle is a file with the certificates of its authorities, PEM.
	Bundle string `yaml:"bundle"`
	// RecoveryDelay is how long a bundle that the operator replaces for an
	// agency is announced before it takes effect.
	RecoveryDelay time.Duration `yaml:"recovery_delay"`
}

// Listen are the addresses, host:port.
type Listen struct {
	// Main takes every call but bulk streams, and Bulk those.
	Main string `yaml:"main"`
	Bulk string `yaml:"bulk"`
	// Admin serves /livez, /readyz, /status, /metrics and /debug/pprof: without
	// TLS on a loopback address, and anywhere else only to certificates of the
	// operator.
	Admin string `yaml:"admin"`
	// BulkAdvertised is the bulk address as partners reach it, told by WhoAmI;
	// the hub's name with Bulk's port when it is left out.
	BulkAdvertised string `yaml:"bulk_advertised"`
}

// Storage bounds what lies in the data folder.
type Storage struct {
	// MaxBytes bounds the view's file; 0 leaves it to the disk.
	MaxBytes Size `yaml:"max_bytes"`
	// Reserve is kept free for what takes trust or records away.
	Reserve Size `yaml:"reserve"`
	// IndexCache is how much of the index's segments is kept open in memory.
	IndexCache Size `yaml:"index_cache"`
	// SnapshotEvery is how often a snapshot is taken, checked, and the journal
	// before it cut; 0 is never, and lets the journal grow for ever.
	SnapshotEvery time.Duration `yaml:"snapshot_every"`
	// Snapshots is how many of them are kept.
	Snapshots int `yaml:"snapshots"`
}

// Log is how the hub logs, always to standard error.
type Log struct {
	// Format is text or json.
	Format string `yaml:"format"`
	// Level is debug, info, warn or error.
	Level string `yaml:"level"`
}

// Default is the configuration of a hub on one machine, all on loopback. Hub,
// the files and the operator's domain are left to the caller.
func Default() Config {
	return Config{
		Data: "data",
		Operator: Operator{
			RecoveryDelay: 72 * time.Hour,
		},
		Listen: Listen{
			Main:  "127.0.0.1:7443",
			Bulk:  "127.0.0.1:7444",
			Admin: "127.0.0.1:7445",
		},
		Storage:       Storage{Reserve: 16 << 20, IndexCache: 192 << 20, SnapshotEvery: 24 * time.Hour, Snapshots: 1},
		Log:           Log{Format: "text", Level: "info"},
		ShutdownGrace: 20 * time.Second,
		Limits:        defaultLimits(),
	}
}

// from makes the relative paths those of a file in dir.
func (c *Config) from(dir string) {
	for _, path := range []*string{&c.Data, &c.Certificate, &c.Key, &c.Operator.Bundle} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
}
