package demo

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func (s *stage) britainSeizes(ctx context.Context) {
	s.scene("Britain seizes, and reports")
	italy, britain := s.by("it-finance"), s.by("gb-crime")
	s.step(ctx, "a link to Italy's item, which Britain may not see, is a link to nothing", func(ctx context.Context) error {
		_, hidden := britain.seize(ctx, s.item.GetName())
		_, absent := britain.seize(ctx, absentName)
		if hidden == nil {
			return errors.New("the link was taken")
		}
		return sameAnswer(hidden, absent)
	})
	s.step(ctx, "Italy opens its item to Britain", func(ctx context.Context) error {
		answer, err := italy.items.UpdateIntelligenceItemRelease(ctx, &ententev1.UpdateIntelligenceItemReleaseRequest{
			Justification: italy.why(), Name: s.item.GetName(), ReleaseEtag: s.item.GetReleaseEtag(),
			Release: released("fr-border", "de-police", "gb-crime"),
		})
		if err == nil {
			s.item = answer.GetReceipt()
		}
		return err
	})
	s.step(ctx, "now Britain reports cash and engines, linked to it, to Italy and Tunisia", func(ctx context.Context) error {
		answer, err := britain.seize(ctx, s.item.GetName())
		s.report = answer.GetReceipt()
		return err
	})
	s.step(ctx, "the cash is confiscated; the engines are not there yet", func(ctx context.Context) error { return s.confiscate(ctx, britain) })
}

// seize reports cash and engines to Italy and Tunisia, with a link to an item.
func (p *player) seize(ctx context.Context, item string) (*ententev1.SubmitSeizureReportResponse, error) {
	return p.seizures.SubmitSeizureReport(ctx, &ententev1.SubmitSeizureReportRequest{
		Justification: p.why(),
		Draft: &ententev1.SeizureReportDraft{
			Content: &ententev1.SeizureReportDraft_Plain{Plain: cashAndEngines()}, Release: released("it-finance", "tn-guard"),
			Links: []*ententev1.Link{{Target: item, Type: ententev1.LinkType_LINK_TYPE_SEIZED_ON}},
			RecoverySteps: []*ententev1.RecoveryStep{
				recovery("cash", ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, "2026-03-20"),
				recovery("engines", ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED, "2026-03-20"),
			},
		},
	})
}

// confiscate takes the cash one step further and looks where both assets stand.
func (s *stage) confiscate(ctx context.Context, britain *player) error {
	step := recovery("cash", ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED, "2026-09-02")
	step.ConfiscationBasis, step.OrderReference = ententev1.ConfiscationBasis_CONFISCATION_BASIS_CIVIL_RECOVERY, "FO/2026/881"
	_, err := britain.seizures.RecordRecoveryStep(ctx, &ententev1.RecordRecoveryStepRequest{
		Justification: britain.why(), Name: s.report.GetName(), Step: step,
	})
	if err != nil {
		return err
	}
	report, err := s.by("it-finance").report(ctx, s.report.GetName())
	if err != nil {
		return err
	}
	stands := map[string]ententev1.RecoveryStage{}
	for _, standing := range report.GetStandings() {
		stands[standing.GetAssetId()] = standing.GetStage()
	}
	return errors.Join(
		want("the cash", stands["cash"], ententev1.RecoveryStage_RECOVERY_STAGE_CONFISCATED),
		want("the engines", stands["engines"], ententev1.RecoveryStage_RECOVERY_STAGE_SEIZED),
	)
}

func (s *stage) linksShowOnlySoFar(ctx context.Context) {
	s.scene("A link shows only to who may see its other end")
	for _, row := range []struct {
		id, text string
		links    int
	}{
		{"it-finance", "Italy sees that the report belongs to its item", 1},
		{"tn-guard", "Tunisia reads the same report, without a trace of the item", 0},
	} {
		s.step(ctx, row.text, func(ctx context.Context) error {
			report, err := s.by(row.id).report(ctx, s.report.GetName())
			if err != nil {
				return err
			}
			return want("the number of links", len(report.GetMetadata().GetLinks()), row.links)
		})
	}
	s.step(ctx, "Morocco sees neither", func(ctx context.Context) error {
		_, err := s.by("ma-border").report(ctx, s.report.GetName())
		return refusedWith(err, codes.NotFound, "")
	})
}
