package view

import (
	"slices"

	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// revokeOperator refuses certificates of the operator's. It is no event: operating is nobody's inbox.
func (b *batch) revokeOperator(c *internalv1.Command, r *internalv1.RevokeCertificate) (*internalv1.Outcome, error) {
	if !c.GetOrigin().GetOperator() {
		return refuse(RefusedRight), nil
	}
	revocation := proto.CloneOf(r.GetRevocation())
	revocation.RevokedMicros = b.now()
	b.hub.OperatorRevocations = append(b.hub.GetOperatorRevocations(), revocation)
	b.roster = b.roster.withOperator(b.hub.GetOperatorRevocations())
	return &internalv1.Outcome{}, nil
}

// withOperator returns a copy in which these certificates of the operator are refused.
func (r *Roster) withOperator(revocations []*internalv1.Revocation) *Roster {
	next := r.copied()
	next.operator = slices.Clone(revocations)
	return next
}

// OperatorRevocations are the certificates of the operator that are refused. Read only.
func (r *Roster) OperatorRevocations() []*internalv1.Revocation { return r.operator }
