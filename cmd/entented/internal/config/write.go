package config

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

const head = `# The configuration of a hub; docs/operating.md explains every key. A key that is
# not known is refused, and what is left out has its default. Relative paths
# begin at the folder of this file.
`

// Encode is the configuration as a file that Parse reads back to the same.
func (c Config) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(head)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(c); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return out.Bytes(), encoder.Close()
}
