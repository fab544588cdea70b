package intel

import (
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// goodStep is a step to a stage with what the stage asks for.
func goodStep(stage ententev1.RecoveryStage) *ententev1.RecoveryStep {
	s := &ententev1.RecoveryStep{AssetId: "cash", Stage: stage, StepDate: "2026-11", Authority: "Tribunale di Bari", JurisdictionRegionCode: "IT"}
	switch stage {
	case sought, confiscated, disposed, shared:
		s.ConfiscationBasis = ententev1.ConfiscationBasis_CONFISCATION_BASIS_CONVICTION
	}
	switch stage {
	case disposed:
		s.DisposalMethod = ententev1.DisposalMethod_DISPOSAL_METHOD_SALE
	case shared:
		s.Sharing = []*ententev1.SharingShare{
			{RegionCode: "IT", BasisPoints: 6000}, {RegionCode: "FR", BasisPoints: 4000},
			{RegionCode: "GB", Amount: &money.Money{CurrencyCode: "GBP", Units: 1}},
		}
	}
	return s
}

func TestGoodSteps(t *testing.T) {
	for stage := traced; stage <= released; stage++ {
		s := goodStep(stage)
		if err := protovalidate.Validate(s); err != nil {
			t.Errorf("%v: %v", stage, err)
		}
		before := proto.CloneOf(s)
		sameRefusals(t, CheckStep(s, noon))
		if !proto.Equal(s, before) {
			t.Errorf("%v was changed", stage)
		}
	}
}

func TestStepRules(t *testing.T) {
	euros := func(units int64, nanos int32) *money.Money {
		return &money.Money{CurrencyCode: "EUR", Units: units, Nanos: nanos}
	}
	for _, c := range []struct {
		name   string
		stage  ententev1.RecoveryStage
		change func(*ententev1.RecoveryStep)
		want   []string
	}{
		{"no stage", none, func(*ententev1.RecoveryStep) {}, refuses("stage", ReasonStage)},
		{"only voids", none, func(s *ententev1.RecoveryStep) { s.VoidsStepNumber = 1 }, nil},
		{"a number", seized, func(s *ententev1.RecoveryStep) { s.StepNumber = 1 }, refuses("stepNumber", ReasonOutputOnly)},
		{"a time", seized, func(s *ententev1.RecoveryStep) { s.CreateTime = at(2026, 1, 1) }, refuses("createTime", ReasonOutputOnly)},
		{"void from the start", seized, func(s *ententev1.RecoveryStep) { s.Voided = true }, refuses("voided", ReasonOutputOnly)},
		{"no such day", seized, func(s *ententev1.RecoveryStep) { s.StepDate = "2026-02-30" }, refuses("stepDate", "DATE_DAY")},
		{"next month", seized, func(s *ententev1.RecoveryStep) { s.StepDate = "2026-12" }, refuses("stepDate", ReasonFuture)},
		{"this year", seized, func(s *ententev1.RecoveryStep) { s.StepDate = "2026" }, nil},
		{"no such country", seized, func(s *ententev1.RecoveryStep) { s.JurisdictionRegionCode = "UK" }, refuses("jurisdictionRegionCode", "REGION_CODE")},
		{"a ground too early", seized, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 1 }, refuses("confiscationBasis", ReasonBasisEarly)},
		{"a ground of a release", released, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 1 }, refuses("confiscationBasis", ReasonBasisEarly)},
		{"sought on no ground", sought, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 0 }, refuses("confiscationBasis", ReasonBasisRequired)},
		{"confiscated on no ground", confiscated, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 0 }, refuses("confiscationBasis", ReasonBasisRequired)},
		{"disposed on no ground", disposed, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 0 }, refuses("confiscationBasis", ReasonBasisRequired)},
		{"shared on no ground", shared, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 0 }, refuses("confiscationBasis", ReasonBasisRequired)},
		{"returned on a ground", returned, func(s *ententev1.RecoveryStep) { s.ConfiscationBasis = 1 }, nil},
		{"sold early on no ground", disposed, func(s *ententev1.RecoveryStep) {
			s.ConfiscationBasis, s.DisposalMethod = 0, ententev1.DisposalMethod_DISPOSAL_METHOD_INTERLOCUTORY_SALE
		}, nil},
		{"sold early in custody", seized, func(s *ententev1.RecoveryStep) {
			s.DisposalMethod = ententev1.DisposalMethod_DISPOSAL_METHOD_INTERLOCUTORY_SALE
		}, nil},
		{"sold early before custody", traced, func(s *ententev1.RecoveryStep) {
			s.DisposalMethod = ententev1.DisposalMethod_DISPOSAL_METHOD_INTERLOCUTORY_SALE
		}, refuses("disposalMethod", ReasonDisposalEarly)},
		{"disposed of somehow", disposed, func(s *ententev1.RecoveryStep) { s.DisposalMethod = 0 }, refuses("disposalMethod", ReasonDisposalRequired)},
		{"sold while seized", seized, func(s *ententev1.RecoveryStep) { s.DisposalMethod = 1 }, refuses("disposalMethod", ReasonDisposalEarly)},
		{"shared with nobody", shared, func(s *ententev1.RecoveryStep) { s.Sharing = nil }, refuses("sharing", ReasonSharingRequired)},
		{"shares of what is held", seized, func(s *ententev1.RecoveryStep) { s.Sharing = goodStep(shared).Sharing }, refuses("sharing", ReasonSharingEarly)},
		{"a share twice", shared, func(s *ententev1.RecoveryStep) { s.Sharing[1].RegionCode = "IT" }, refuses("sharing[1].regionCode", ReasonShareTwice)},
		{"a share of nowhere", shared, func(s *ententev1.RecoveryStep) { s.Sharing[1].RegionCode = "UK" }, refuses("sharing[1].regionCode", "REGION_CODE")},
		{"a share of nothing", shared, func(s *ententev1.RecoveryStep) { s.Sharing[1].BasisPoints = 0 }, refuses("sharing[1]", ReasonShareForm)},
		{"a share in two forms", shared, func(s *ententev1.RecoveryStep) { s.Sharing[2].BasisPoints = 1 },
			[]string{"sharing[2] " + ReasonShareForm, "sharing " + ReasonSharesWhole}},
		{"a negative share", shared, func(s *ententev1.RecoveryStep) { s.Sharing[2].Amount = euros(-1, 0) }, refuses("sharing[2].amount", ReasonNegative)},
		{"more than the whole", shared, func(s *ententev1.RecoveryStep) { s.Sharing[0].BasisPoints = 6001 }, refuses("sharing", ReasonSharesWhole)},
		{"a value of two signs", seized, func(s *ententev1.RecoveryStep) { s.Valuation = &ententev1.Valuation{Amount: euros(1, -5)} }, refuses("valuation.amount", "MONEY_SIGN")},
		{"a value below zero", seized, func(s *ententev1.RecoveryStep) { s.Valuation = &ententev1.Valuation{Amount: euros(0, -5)} }, refuses("valuation.amount", ReasonNegative)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := goodStep(c.stage)
			c.change(s)
			sameRefusals(t, CheckStep(s, noon), c.want...)
		})
	}
}

func TestFirstSteps(t *testing.T) {
	assets := []string{"cash", "car"}
	about := func(asset string, stage ententev1.RecoveryStage, voids int32) *ententev1.RecoveryStep {
		s := goodStep(stage)
		s.AssetId, s.VoidsStepNumber = asset, voids
		return s
	}
	for _, c := range []struct {
		name  string
		steps []*ententev1.RecoveryStep
		want  []string
	}{
		{"none", nil, nil},
		{"two assets", []*ententev1.RecoveryStep{about("cash", seized, 0), about("car", confiscated, 0), about("cash", frozen, 0), about("car", disposed, 0)}, nil},
		{"backwards", []*ententev1.RecoveryStep{about("cash", confiscated, 0), about("cash", seized, 0)}, refuses("recoverySteps[1].stage", ReasonIllegalTransition)},
		{"a slip, mended", []*ententev1.RecoveryStep{about("cash", confiscated, 0), about("cash", seized, 1)}, nil},
		{"another's slip", []*ententev1.RecoveryStep{about("cash", confiscated, 0), about("car", seized, 1)}, refuses("recoverySteps[1].voidsStepNumber", ReasonVoidedStep)},
		{"what is not there yet", []*ententev1.RecoveryStep{about("cash", none, 1)}, refuses("recoverySteps[0].voidsStepNumber", ReasonVoidedStep)},
		{"nothing", []*ententev1.RecoveryStep{about("cash", none, 0)}, refuses("recoverySteps[0].stage", ReasonStage)},
		{"of another report", []*ententev1.RecoveryStep{about("house", seized, 0)}, refuses("recoverySteps[0].assetId", ReasonAssetUnknown)},
	} {
		t.Run(c.name, func(t *testing.T) { sameRefusals(t, CheckSteps(c.steps, assets, noon), c.want...) })
	}
}
