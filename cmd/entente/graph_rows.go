package main

import (
	"fmt"
	"strings"
	"time"

	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// glimpse is what a graph needs of a record of either kind.
type glimpse struct {
	name, title, originator string
	created                 time.Time
	links                   []*ententev1.Link
	marks                   map[markKey]*ententev1.Identifier
}

// take takes over what is known of a record, and keeps what was known before.
func (f *found) take(r glimpse) {
	if f.full {
		return
	}
	f.glimpse = r
}

// nounOf is the kind of record that a name is of.
func nounOf(name string) noun {
	if strings.Contains(name, "/seizureReports/") {
		return reports()
	}
	return items()
}

// row is the answer for one name.
type row struct {
	name   string
	err    *rpcstatus.Status
	record glimpse
}

// rowsOf are those of an answer to BatchGet.
func rowsOf(m proto.Message) (rows []row) {
	switch answer := m.(type) {
	case *ententev1.BatchGetIntelligenceItemsResponse:
		for _, r := range answer.GetResults() {
			rows = append(rows, row{r.GetName(), r.GetError(), itemRecord(r.GetIntelligenceItem())})
		}
	case *ententev1.BatchGetSeizureReportsResponse:
		for _, r := range answer.GetResults() {
			rows = append(rows, row{r.GetName(), r.GetError(), reportRecord(r.GetSeizureReport())})
		}
	}
	return rows
}

// pageOf are the rows of an answer to Query, and how many match in all.
func pageOf(m proto.Message) (rows []glimpse, total int64) {
	switch answer := m.(type) {
	case *ententev1.QueryIntelligenceItemsResponse:
		for _, r := range answer.GetIntelligenceItems() {
			rows = append(rows, itemRecord(r))
		}
		return rows, answer.GetTotalSize()
	case *ententev1.QuerySeizureReportsResponse:
		for _, r := range answer.GetSeizureReports() {
			rows = append(rows, reportRecord(r))
		}
		return rows, answer.GetTotalSize()
	}
	return nil, 0
}

func itemRecord(x *ententev1.IntelligenceItem) glimpse {
	return recordOf(x.GetMetadata(), x.GetPlain(), x.GetAssessment(), x.GetPlain().GetTitle()+x.GetSummary().GetTitle())
}

func reportRecord(x *ententev1.SeizureReport) glimpse {
	return recordOf(x.GetMetadata(), x.GetPlain(), x.GetAssessment(), x.GetPlain().GetTitle()+x.GetSummary().GetTitle())
}

// recordOf reads a record. One that is listed has no content, and its title stands in the summary; one in full is the other way round.
func recordOf(m *ententev1.RecordMetadata, content proto.Message, assessed *ententev1.Assessment, title string) glimpse {
	r := glimpse{
		name: m.GetName(), title: title, originator: strings.TrimPrefix(m.GetOriginator(), "agencies/"), created: m.GetCreateTime().AsTime(), links: m.GetLinks(),
		marks: map[markKey]*ententev1.Identifier{},
	}
	normal := map[string]string{}
	for _, e := range assessed.GetEntries() {
		normal[e.GetFieldPath()] = e.GetNormalizedValue()
	}
	if content.ProtoReflect().IsValid() {
		identifiersIn(content.ProtoReflect(), "", func(path string, id *ententev1.Identifier) {
			value := normal[path]
			if value == "" {
				value = id.GetRawValue()
			}
			if id.GetType() != ententev1.IdentifierType_IDENTIFIER_TYPE_PAYMENT_CARD { // of cards the hub keeps too little to ask for
				r.marks[markKey{id.GetType(), value}] = id
			}
		})
	}
	return r
}

// identifiersIn visits the identifiers in a message, each with its path in JSON spelling: subjects[0].identifiers[1].
func identifiersIn(m protoreflect.Message, at string, visit func(path string, id *ententev1.Identifier)) {
	if id, ok := m.Interface().(*ententev1.Identifier); ok {
		visit(at, id)
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Message() == nil || f.IsMap() {
			return true
		}
		path := f.JSONName()
		if at != "" {
			path = at + "." + path
		}
		if !f.IsList() {
			identifiersIn(v.Message(), path, visit)
			return true
		}
		for i := range v.List().Len() {
			identifiersIn(v.List().Get(i).Message(), fmt.Sprint(path, "[", i, "]"), visit)
		}
		return true
	})
}
