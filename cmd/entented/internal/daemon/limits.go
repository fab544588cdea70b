package daemon

import (
	"math"

	"github.com/seed-1d76a664/entente/cmd/entented/internal/config"
	"github.com/seed-1d76a664/entente/internal/rpc"
)

// limitsOf are the edge's limits with what the configuration says about them.
func limitsOf(c config.Limits) rpc.Limits {
	l := rpc.DefaultLimits()
	l.Main, l.Bulk = doorOf(c.Main), doorOf(c.Bulk)
	rate := func(perSecond float64) rpc.Rate {
		return rpc.Rate{PerSecond: perSecond, Burst: int(min(math.Ceil(perSecond*c.BurstSeconds), math.MaxInt32))}
	}
	l.Budgets = rpc.Rates{
		Reads: rate(c.ReadsPerSecond), Writes: rate(c.WritesPerSecond),
		Rows: rate(c.BulkRowsPerSecond), Reserved: rate(c.ReservedPerSecond),
	}
	l.Handshakes, l.HandshakesPerSource, l.HandshakeTimeout = c.Handshakes, c.HandshakesPerSource, c.HandshakeTimeout
	l.StreamsPerIdentity = c.StreamsPerIdentity
	l.Deadline, l.MaxDeadline = c.Deadline, c.MaxDeadline
	l.Stall, l.Silence, l.Idle = c.Stall, c.Silence, c.Idle
	l.BulkRows, l.BulkMemory = c.BulkRows, int(c.BulkMemory)
	return l
}

func doorOf(c config.Door) rpc.Door {
	return rpc.Door{
		Connections: c.Connections, PerIdentity: c.PerIdentity, PerAgency: c.PerAgency, Streams: uint32(min(max(c.Streams, 0), math.MaxInt32)),
		StreamWindow: window(c.StreamWindow), ConnectionWindow: window(c.ConnectionWindow), Age: c.MaxAge,
	}
}

// window is a size as HTTP/2 has it, which knows no more than 31 bits.
func window(s config.Size) int32 { return int32(min(s, math.MaxInt32)) }
