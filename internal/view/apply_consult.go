package view

import (
	"slices"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// consult puts a read on record: one row in the reading agency's own log, and one in the readership of each other agency whose records were shown.
//
// It decides the read again: when the reader's agency fell out of standing, or one of the records was restricted after the reader's snapshot, the
// outcome is RefusedReadAgain and nothing is recorded. So the commit is the moment at which the read takes place, and no answer is sent after the
// acknowledgement of what forbids it.
func (b *batch) consult(c *internalv1.Command, q *internalv1.Consult) (*internalv1.Outcome, error) {
	agency := b.roster.Agency(agencyID(c.GetOrigin()))
	if agency.GetStatus() != ententev1.AgencyStatus_AGENCY_STATUS_ACTIVE {
		return refuse(RefusedCaller), nil
	}
	if again, err := b.overtaken(agencyID(c.GetOrigin()), q); err != nil || again {
		return refuse(RefusedReadAgain), err
	}
	if affords, err := b.affords(agency.GetOrdinal(), q.GetCheck()); err != nil || !affords {
		return refuse(RefusedBudget), err
	}
	number := b.next(logRef{logConsultation, agency.GetOrdinal()})
	b.consulted(agency.GetOrdinal(), number)
	state := &internalv1.ConsultationState{
		Origin: c.GetOrigin(), Justification: c.GetJustification(), Micros: b.now(), Consult: withoutCheck(q),
	}
	if err := b.putSealed(bucketConsultations, logKey(agency.GetOrdinal(), number), state); err != nil {
		return nil, err
	}
	if err := b.disclose(c, q, agency.GetOrdinal(), number); err != nil {
		return nil, err
	}
	if err := b.read(q.GetRecords(), agency.GetOrdinal()); err != nil {
		return nil, err
	}
	if q.GetCheck() != nil {
		if err := b.check(c, q, agency.GetOrdinal(), number); err != nil {
			return nil, err
		}
	}
	return &internalv1.Outcome{Consultation: number}, nil
}

// consulted notes the end of an agency's log of consultations.
func (b *batch) consulted(agency uint32, number uint64) {
	for uint32(len(b.hub.GetConsultations())) < agency {
		b.hub.Consultations = append(b.hub.Consultations, 0)
	}
	b.hub.Consultations[agency-1] = number
}

// overtaken tells whether something was taken from readers since the snapshot, and one of these records is concerned.
func (b *batch) overtaken(reader intel.AgencyID, q *internalv1.Consult) (bool, error) {
	if b.hub.GetLastRestriction() <= q.GetAsOf() {
		return false, nil
	}
	numbers := answering(q)
	if b.hub.GetRosterRestriction() > q.GetAsOf() || b.roster.LeftSince(reader, q.GetAsOf()) {
		return len(numbers) > 0, nil
	}
	for _, number := range numbers {
		env, err := b.store().envelope(number)
		if err != nil {
			return false, err
		}
		if env.GetRestrictedOrdinal() > q.GetAsOf() {
			return true, nil
		}
	}
	return false, nil
}

// disclose writes the readership rows, owner by owner in the order of their ordinals.
func (b *batch) disclose(c *internalv1.Command, q *internalv1.Consult, reader uint32, number uint64) error {
	for _, owner := range owners(q.GetRecords(), reader) {
		row := Reading{
			Reader: reader, Consultation: number, Kind: shown(q.GetRecords(), owner),
			Purpose: c.GetJustification().GetPurpose(), Micros: b.now(),
		}
		log := logRef{logReadership, owner}
		row.Number = b.next(log)
		b.append(log, row.Number, row.encode(), row.fields())
	}
	return nil
}

// owners lists whose records were shown, the reader's own left out.
func owners(records []*internalv1.ConsultedRecord, reader uint32) []uint32 {
	var list []uint32
	for _, r := range records {
		if r.GetOwner() != reader && !slices.Contains(list, r.GetOwner()) {
			list = append(list, r.GetOwner())
		}
	}
	slices.Sort(list)
	return list
}

// shown is the most that was shown of one owner's records.
func shown(records []*internalv1.ConsultedRecord, owner uint32) ententev1.DisclosureKind {
	for _, r := range records {
		if r.GetOwner() == owner && r.GetFull() {
			return ententev1.DisclosureKind_DISCLOSURE_KIND_READ
		}
	}
	return ententev1.DisclosureKind_DISCLOSURE_KIND_LISTED
}
