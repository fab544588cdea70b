package index

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// interval is a wire interval of Unix seconds; 0 leaves an end open.
func interval(from, to int64) *ententev1.Interval {
	i := new(ententev1.Interval)
	if from != 0 {
		i.StartTime = &timestamppb.Timestamp{Seconds: from}
	}
	if to != 0 {
		i.EndTime = &timestamppb.Timestamp{Seconds: to}
	}
	return i
}
