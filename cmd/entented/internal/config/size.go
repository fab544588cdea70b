package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Size is a number of bytes, written as 65536, 64KiB, 16MiB or 2GiB.
type Size int64

var errSize = errors.New("a size is a whole number of bytes, or of KiB, MiB, GiB or TiB, as in 64KiB")

// UnmarshalYAML reads a size.
func (s *Size) UnmarshalYAML(node *yaml.Node) error {
	size, err := parseSize(node.Value)
	if node.Kind != yaml.ScalarNode || err != nil {
		return fmt.Errorf("line %d: %w", node.Line, errSize)
	}
	*s = size
	return nil
}

// MarshalYAML writes the shortest spelling.
func (s Size) MarshalYAML() (any, error) {
	text := s.String()
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	return text, nil
}

// String is the shortest spelling that parses to the same.
func (s Size) String() string {
	for _, unit := range units() {
		if s != 0 && int64(s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(s)/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

func parseSize(text string) (Size, error) {
	factor := int64(1)
	for _, unit := range units() {
		if rest, ok := strings.CutSuffix(text, unit.name); ok {
			text, factor = strings.TrimSpace(rest), unit.bytes
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/factor {
		return 0, errSize
	}
	return Size(n * factor), nil
}

type unit struct {
	name  string
	bytes int64
}

// units, the largest first.
func units() []unit {
	return []unit{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}
}
