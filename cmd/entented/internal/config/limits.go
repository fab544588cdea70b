package config

import "time"

// Limits are what callers may ask for. docs/operating.md says what each of them
// protects.
type Limits struct {
	// ReadsPerSecond, WritesPerSecond and BulkRowsPerSecond are the budgets of
	// each agency, and ReservedPerSecond what administration has on top, so that
	// a busy agency can still be suspended. BurstSeconds is how many seconds of
	// them can be saved up.
	ReadsPerSecond    float64 `yaml:"reads_per_second"`
	WritesPerSecond   float64 `yaml:"writes_per_second"`
	BulkRowsPerSecond float64 `yaml:"bulk_rows_per_second"`
	ReservedPerSecond float64 `yaml:"reserved_per_second"`
	BurstSeconds      float64 `yaml:"burst_seconds"`

	// Main and Bulk bound the two listeners.
	Main Door `yaml:"main"`
	Bulk Door `yaml:"bulk"`

	// Handshakes that are not finished: of one listener, of one network address,
	// and how long one may take.
	Handshakes          int           `yaml:"handshakes"`
	HandshakesPerSource int           `yaml:"handshakes_per_source"`
	HandshakeTimeout    time.Duration `yaml:"handshake_timeout"`
	// StreamsPerIdentity bounds the calls in flight of one certificate identity.
	StreamsPerIdentity int `yaml:"streams_per_identity"`

	// Deadline is that of a unary call that states none; MaxDeadline caps those
	// that do.
	Deadline    time.Duration `yaml:"deadline"`
	MaxDeadline time.Duration `yaml:"max_deadline"`
	// Stall is how long a message waits for a reader that does not read, Silence
	// how long a stream may say nothing.
	Stall   time.Duration `yaml:"stall"`
	Silence time.Duration `yaml:"silence"`
	// Idle ends a connection without calls.
	Idle time.Duration `yaml:"idle"`

	// BulkRows bounds the rows of one bulk stream that are not answered yet.
	BulkRows int `yaml:"bulk_rows"`
	// BulkMemory bounds what the rows of all bulk streams together take up until
	// they are durable.
	BulkMemory Size `yaml:"bulk_memory"`
}

// Door bounds one listener.
type Door struct {
	// Connections open at once: of everybody, of one certificate identity, of one
	// agency.
	Connections int `yaml:"connections"`
	PerIdentity int `yaml:"connections_per_identity"`
	PerAgency   int `yaml:"connections_per_agency"`
	// Streams bounds the calls in flight on one connection.
	Streams int `yaml:"streams_per_connection"`
	// StreamWindow and ConnectionWindow are what a sender may have under way.
	StreamWindow     Size `yaml:"stream_window"`
	ConnectionWindow Size `yaml:"connection_window"`
	// MaxAge is how long a connection may live.
	MaxAge time.Duration `yaml:"max_age"`
}

// defaultLimits are for partners who are a quarter of a second away.
func defaultLimits() Limits {
	return Limits{
		ReadsPerSecond: 2000, WritesPerSecond: 1000, BulkRowsPerSecond: 10_000, ReservedPerSecond: 50, BurstSeconds: 2,
		Main: Door{
			Connections: 1024, PerIdentity: 8, PerAgency: 64, Streams: 100,
			StreamWindow: 64 << 10, ConnectionWindow: 1 << 20, MaxAge: time.Hour,
		},
		Bulk: Door{
			Connections: 128, PerIdentity: 2, PerAgency: 2, Streams: 4,
			StreamWindow: 1 << 20, ConnectionWindow: 4 << 20, MaxAge: 6 * time.Hour,
		},
		Handshakes: 256, HandshakesPerSource: 32, HandshakeTimeout: 5 * time.Second,
		StreamsPerIdentity: 200,
		Deadline:           30 * time.Second, MaxDeadline: time.Minute,
		Stall: time.Minute, Silence: 5 * time.Minute, Idle: 5 * time.Minute,
		BulkRows: 512, BulkMemory: 16 << 20,
	}
}
