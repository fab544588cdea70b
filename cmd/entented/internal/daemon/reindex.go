package daemon

import (
	"context"
	"errors"

	"github.com/seed-1d76a664/entente/internal/view"
)

// Reindex makes the search index of a hub that is not running again, from its
// records. progress is told how many of them are done. The records, and who may
// see them, are not touched.
func Reindex(ctx context.Context, o Options, progress func(done, of uint64)) (err error) {
	d := &Daemon{Options: o}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.openKeys(); err != nil {
		return err
	}
	return view.Reindex(ctx, o.Config.Data, d.ring, progress)
}
