package exchange

import (
	"github.com/seed-1d76a664/entente/internal/view"
)

// Walks is how often the index is asked whom a record meets.
func Walks(h *Hub, number uint64) (int, error) {
	c := &comparing{Due: view.Due{Number: number, Revision: 1}}
	err := h.View.Read(func(s *view.Snapshot) error {
		x, _, err := s.Compared(number, 1)
		if err != nil {
			return err
		}
		c.owner = x.Owner()
		found, err := h.identified(x)
		for _, id := range found {
			c.probes = append(c.probes, id.probe)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	err = h.meets(c)
	return c.walks, err
}
