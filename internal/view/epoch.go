package view

import internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"

// Epoch of the inboxes, the readerships and the consultations: their numbers are good for one epoch.
func (v *View) Epoch() string { return epochOf(v.Hub()) }

func epochOf(hub *internalv1.HubState) string {
	if epoch := hub.GetEpoch(); epoch != "" {
		return epoch
	}
	return hub.GetGenesis().GetEpoch()
}

// beginEpoch is the first command after a restore, and the hub's own: what was acknowledged after the snapshot is lost, its numbers will be given again, and
// every cursor of before is refused.
func (b *batch) beginEpoch(c *internalv1.Command, e *internalv1.BeginEpoch) (*internalv1.Outcome, error) {
	if !c.GetOrigin().GetHub() || e.GetEpoch() == "" || e.GetEpoch() == epochOf(b.hub) {
		return refuse(RefusedRight), nil
	}
	b.hub.Epoch = e.GetEpoch()
	return &internalv1.Outcome{}, nil
}
