package worlds

import (
	"context"

	"google.golang.org/genproto/googleapis/type/latlng"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// why is the justification of all calls of the scripts.
func why() *ententev1.Justification {
	return &ententev1.Justification{Officer: "77", Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_INVESTIGATION, CaseReference: "C-1"}
}

// to is a release to agencies.
func to(ids ...string) *ententev1.Release {
	r := &ententev1.Release{
		Audience: &ententev1.Audience{}, Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
	}
	for _, id := range ids {
		r.Audience.Agencies = append(r.Audience.Agencies, intel.AgencyID(id).Name())
	}
	return r
}

// toAll is a release to all partners.
func toAll() *ententev1.Release {
	r := to()
	r.Audience.AllPartners = true
	return r
}

// Item is a draft of an item in the given words, about one telephone.
func Item(words, phone string, release *ententev1.Release) *ententev1.IntelligenceItemDraft {
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
			Title: words, Narrative: words + " left Gravelines by night.", LanguageCode: "en",
			Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
				Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
				Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
			}}},
			CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			Subjects: []*ententev1.Subject{{
				SubjectId: "phone", Kind: &ententev1.Subject_Phone{Phone: &ententev1.Phone{}},
				Identifiers: []*ententev1.Identifier{{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: phone}},
			}, {
				SubjectId: "gang", Kind: &ententev1.Subject_Organisation{Organisation: &ententev1.Organisation{DisplayName: words, RegionCode: "FR"}},
			}},
			Places: []*ententev1.Place{{Point: gravelines()}},
		}},
		Release: release,
	}
}

// gravelines is where they leave from.
func gravelines() *latlng.LatLng { return &latlng.LatLng{Latitude: 50.99, Longitude: 2.13} }

// Report is a draft of a report in the given words, about some cash that was seized.
func Report(words string, release *ententev1.Release) *ententev1.SeizureReportDraft {
	return &ententev1.SeizureReportDraft{
		Content: &ententev1.SeizureReportDraft_Plain{Plain: &ententev1.SeizureContent{
			Title: words, LanguageCode: "en", CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			Assets: []*ententev1.Asset{{AssetId: "cash", Type: ententev1.AssetType_ASSET_TYPE_CASH, Description: words, Valuations: []*ententev1.Valuation{{
				Amount: &money.Money{CurrencyCode: "EUR", Units: int64(1000 * len(words))}, Basis: ententev1.ValuationBasis_VALUATION_BASIS_FACE,
			}}}},
		}},
		Release:       release,
		RecoverySteps: []*ententev1.RecoveryStep{{AssetId: "cash", Stage: ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, StepDate: "2026-11-01"}},
	}
}

// SubmitItem is a step in which an agency submits an item.
func SubmitItem(label, agency string, hidden bool, draft *ententev1.IntelligenceItemDraft) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, label string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		d := proto.CloneOf(draft)
		d.Release.Audience.Groups = w.groups(d.GetRelease().GetAudience().GetGroups())
		answer, err := ententev1.NewIntelligenceServiceClient(conn).SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
			Justification: why(), Draft: d, RequestId: label,
		})
		w.known[label] = answer.GetReceipt()
		return err
	}}
}

// groups are the names of groups that earlier steps made under these labels.
func (w *World) groups(labels []string) []string {
	var names []string
	for _, l := range labels {
		names = append(names, w.group[l].GetName())
	}
	return names
}

// SubmitReport is a step in which an agency submits a report.
func SubmitReport(label, agency string, hidden bool, draft *ententev1.SeizureReportDraft) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, label string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		answer, err := ententev1.NewSeizureServiceClient(conn).SubmitSeizureReport(ctx, &ententev1.SubmitSeizureReportRequest{
			Justification: why(), Draft: proto.CloneOf(draft), RequestId: label,
		})
		w.known[label] = answer.GetReceipt()
		return err
	}}
}

// MakeGroup is a step in which an agency makes a group with others.
func MakeGroup(label, agency string, hidden bool, members ...string) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, label string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		req := &ententev1.CreateGroupRequest{Justification: why(), DisplayName: label, RequestId: label}
		for _, m := range members {
			req.Members = append(req.Members, intel.AgencyID(m).Name())
		}
		answer, err := ententev1.NewGroupServiceClient(conn).CreateGroup(ctx, req)
		w.group[label] = answer.GetGroup()
		return err
	}}
}

// Act is a step in which an agency does something with what is known.
func Act(label, agency string, hidden bool, do func(ctx context.Context, w *World, item ententev1.IntelligenceServiceClient) error) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, _ string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		return do(ctx, w, ententev1.NewIntelligenceServiceClient(conn))
	}}
}

// Stand is a step in which an agency makes a standing query.
func Stand(label, agency string, hidden bool, draft *ententev1.StandingQueryDraft) Step {
	return Step{Label: label, Hidden: hidden, Take: func(ctx context.Context, w *World, label string) error {
		conn, err := w.Dial(agency, "/gateway")
		if err != nil {
			return err
		}
		answer, err := ententev1.NewStandingQueryServiceClient(conn).CreateStandingQuery(ctx, &ententev1.CreateStandingQueryRequest{
			Justification: why(), Draft: draft, RequestId: label,
		})
		w.query[label] = answer.GetStandingQuery()
		return err
	}}
}

// lookFor is a standing query for telephones.
func lookFor(name string, phones ...string) *ententev1.StandingQueryDraft {
	set := &ententev1.IdentifierSet{}
	for _, p := range phones {
		set.Identifiers = append(set.Identifiers, &ententev1.Identifier{Type: ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER, RawValue: p})
	}
	return &ententev1.StandingQueryDraft{DisplayName: name, Subject: &ententev1.StandingQueryDraft_Identifiers{Identifiers: set}}
}
