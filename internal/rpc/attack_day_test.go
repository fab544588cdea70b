//go:build !night

package rpc

import (
	"testing"
	"time"
)

// By day an attack shows that it does no harm at once; figures are for the night.
const (
	attackLength    = 300 * time.Millisecond
	attackHandshake = 2 * time.Second
)

func (h harm) judge(*testing.T) {}
