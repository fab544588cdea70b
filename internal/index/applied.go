package index

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// The terms of this file are posted by the view when it applies a command, and
// follow the record's envelope, release, links, references and steps.

// Standing is the term of a record of a kind in a state. Every record has
// exactly one, and every query asks for it.
func (h *Hasher) Standing(kind internalv1.RecordKind, state ententev1.RecordState) Term {
	return h.number(FieldStanding, uint64(kind)<<32|uint64(state))
}

// Originator is the term of the records of an agency.
func (h *Hasher) Originator(agency intel.AgencyID) Term {
	return h.Term(FieldOriginator, string(agency))
}

// Audience is the term of one of policy's audience terms, such as an agency, a
// unit, an officer, or a group at a generation.
func (h *Hasher) Audience(term string) Term { return h.Term(FieldAudience, term) }

// Hit is the term of one of policy's terms of hit audiences.
func (h *Hasher) Hit(term string) Term { return h.Term(FieldHit, term) }

// Link is the term of the records with an edge to the target, a record name as
// it stands in the link.
func (h *Hasher) Link(target string) Term { return h.Term(FieldLink, target) }

// Stage is the term of the reports with an asset that stands at the stage.
func (h *Hasher) Stage(stage ententev1.RecoveryStage) Term {
	return h.number(FieldStage, uint64(stage))
}

// Case is the term of an agency's records of one of its cases; an empty
// reference is posted by none. References are compared without regard to case,
// width and surrounding space, and never across agencies.
func (h *Hasher) Case(agency intel.AgencyID, reference string) Term {
	return h.Term(FieldCase, string(agency)+"\x00"+fold(reference))
}
