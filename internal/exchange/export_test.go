package exchange

import "github.com/seed-1d76a664/entente/internal/view"

// Walks is how often the index is asked whom a record meets.
func Walks(h *Hub, number uint64) (int, error) {
	c := &comparing{Due: view.Due{Number: number, Revision: 1}}
	err := h.meets(c)
	return c.walks, err
}
