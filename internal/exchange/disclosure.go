package exchange

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// ListDisclosures lists who read the caller's agency's records, oldest first.
func (h *Hub) ListDisclosures(ctx context.Context, call Call, req *ententev1.ListDisclosuresRequest) (*ententev1.ListDisclosuresResponse, error) {
	answer := new(ententev1.ListDisclosuresResponse)
	err := h.read(ctx, call, req, func(r *reading) error {
		answer.Disclosures = nil
		own := r.agency().GetOrdinal()
		head := r.ReadershipHead(own)
		last, err := after(r.Snapshot, req.GetAfter(), head)
		if err != nil {
			return err
		}
		size := int(req.GetPageSize())
		if size == 0 {
			size = defaultPage
		}
		scanned, filled := 0, 0
		err = r.Readings(own, last, func(row view.Reading) (bool, error) {
			if len(answer.GetDisclosures()) == size || filled > pageBytes || scanned >= scanAtMost {
				return false, nil
			}
			last = row.Number
			d, err := r.disclosure(own, row)
			scanned += 1 + len(d.GetNames())/namesARow
			if err == nil && (req.GetName() == "" || slices.Contains(d.GetNames(), req.GetName())) {
				answer.Disclosures = append(answer.Disclosures, d)
				filled += proto.Size(d)
			}
			return true, err
		})
		answer.ResumeFrom, answer.Head = cursor(r.Snapshot, last), cursor(r.Snapshot, head)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// namesARow is how many names cost about as much as the row that they stand in.
const namesARow = 8

// disclosure is what an originator learns of a read of its records: not who in the agency, in which case, with what question, and of nobody else's records.
func (r *reading) disclosure(own uint32, row view.Reading) (*ententev1.Disclosure, error) {
	to := &r.reader
	if r.call.Caller.Has(intel.Supervise) {
		to = nil // who supervises sees which records were read, never what is in them
	}
	names, err := r.Disclosed(own, row.Reader, row.Consultation, to)
	return &ententev1.Disclosure{
		Number: int64(row.Number), Agency: intel.AgencyID(r.Roster().AgencyAt(row.Reader).GetId()).Name(), DiscloseTime: timestamp(row.Micros),
		Purpose: row.Purpose, Kind: row.Kind, Names: sorted(names), Handle: r.h.handle(row.Reader, row.Consultation),
	}, err
}

// handle is under what an originator and a reading agency speak of a read: the same on both sides, and it tells nothing.
func (h *Hub) handle(reader uint32, consultation uint64) string {
	mac := hmac.New(sha256.New, h.refs[:])
	mac.Write([]byte("handle\x00"))
	mac.Write(binary.BigEndian.AppendUint32(nil, reader))
	mac.Write(binary.BigEndian.AppendUint64(nil, consultation))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// ListConsultations lists the caller's own agency's reads in full, newest first.
func (h *Hub) ListConsultations(ctx context.Context, call Call, req *ententev1.ListConsultationsRequest) (*ententev1.ListConsultationsResponse, error) {
	answer := new(ententev1.ListConsultationsResponse)
	next, err := h.backwards(ctx, call, req, func(r *reading, before uint64) (last uint64, more bool, err error) {
		answer.Consultations = nil
		return r.consultations(req, before, answer)
	})
	if err != nil {
		return nil, err
	}
	answer.NextPageToken = next
	return answer, nil
}

// consultations fills a page before a number and tells the last number that it looked at, and whether more follows.
func (r *reading) consultations(req *ententev1.ListConsultationsRequest, before uint64, answer *ententev1.ListConsultationsResponse) (last uint64, more bool, err error) {
	size := int(req.GetPageSize())
	if size == 0 {
		size = defaultPage
	}
	own, scanned, filled := r.agency().GetOrdinal(), 0, 0
	err = r.Consultations(own, before, func(number uint64, c *internalv1.ConsultationState) (bool, error) {
		if len(answer.GetConsultations()) == size || filled > pageBytes || scanned >= scanAtMost {
			more = true
			return false, nil
		}
		last = number
		if start := req.GetStartTime(); start != nil && c.GetMicros() < start.AsTime().UnixMicro() {
			return false, nil // newest first: nothing older can match
		}
		row, err := r.consultation(own, number, c)
		scanned += 1 + len(row.GetNames())/namesARow
		if err == nil && wanted(req, row) {
			answer.Consultations = append(answer.Consultations, row)
			filled += proto.Size(row)
		}
		return true, err
	})
	return last, more, err
}

// wanted tells whether a consultation is one that the request asks for.
func wanted(req *ententev1.ListConsultationsRequest, c *ententev1.Consultation) bool {
	switch {
	case req.GetOfficer() != "" && req.GetOfficer() != c.GetJustification().GetOfficer(),
		req.GetName() != "" && !slices.Contains(c.GetNames(), req.GetName()),
		req.GetEndTime() != nil && c.GetConsultTime().AsTime().After(req.GetEndTime().AsTime()):
		return false
	}
	return true
}

// consultation is one read as the supervisor of the reading agency sees it.
func (r *reading) consultation(own uint32, number uint64, c *internalv1.ConsultationState) (*ententev1.Consultation, error) {
	names, err := r.ConsultedNames(c)
	if err != nil {
		return nil, err
	}
	o, q := c.GetOrigin(), c.GetConsult()
	row := &ententev1.Consultation{
		Number: int64(number), ConsultTime: timestamp(c.GetMicros()), Method: q.GetMethod(), Path: o.GetPath(), CertificateSerial: o.GetSerial(),
		Justification: c.GetJustification(), Query: asJSON(q), Names: names, Handle: r.h.handle(own, number), RequestSource: q.GetSource(),
	}
	if o.GetUnit() != "" {
		row.Unit = intel.UnitName(intel.AgencyID(o.GetAgency()), intel.UnitID(o.GetUnit()))
	}
	return row, nil
}

// asJSON is what was asked, as JSON. The hub kept the request as it came; one of a method that is no more is shown as nothing.
func asJSON(q *internalv1.Consult) string {
	request := requestOf(q.GetMethod())
	if request == nil || proto.Unmarshal(q.GetQuery(), request) != nil {
		return ""
	}
	loose, err := protojson.Marshal(request)
	if err != nil {
		return ""
	}
	var compact bytes.Buffer // protojson varies its spaces on purpose
	if json.Compact(&compact, loose) != nil {
		return ""
	}
	return compact.String()
}

// requestOf is an empty request of a method, nil when there is no such method.
func requestOf(method string) proto.Message {
	name := protoreflect.FullName(dotted(method))
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return nil
	}
	m, ok := d.(protoreflect.MethodDescriptor)
	if !ok {
		return nil
	}
	t, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
	if err != nil {
		return nil
	}
	return t.New().Interface()
}

// dotted is the name of a method as descriptors have it: /a.B/C is a.B.C.
func dotted(method string) string {
	b := []byte(method)
	if len(b) > 0 && b[0] == '/' {
		b = b[1:]
	}
	return string(bytes.ReplaceAll(b, []byte("/"), []byte(".")))
}
