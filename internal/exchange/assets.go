package exchange

import (
	"google.golang.org/protobuf/proto"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
	"github.com/seed-1d76a664/entente/internal/view"
)

// reread understands the current content of a record again.
func (h *Hub) reread(x *view.Record) (intel.Reading, error) {
	stored, err := x.Content()
	if err != nil {
		return intel.Reading{}, err
	}
	if x.Envelope().GetKind() == kindReport {
		content := new(ententev1.SeizureContent)
		err = proto.Unmarshal(stored, content)
		reading, _ := intel.ReadSeizure(content, nil, h.Source.Now()) // it was accepted once
		return reading, err
	}
	content := new(ententev1.IntelligenceContent)
	err = proto.Unmarshal(stored, content)
	reading, _ := intel.ReadItem(content, nil, h.Source.Now()) // it was accepted once
	return reading, err
}

// assetsOf lists the asset ids of a report's current content.
func assetsOf(x *view.Record) ([]string, error) {
	stored, err := x.Content()
	if err != nil {
		return nil, err
	}
	content := new(ententev1.SeizureContent)
	if err := proto.Unmarshal(stored, content); err != nil {
		return nil, err
	}
	ids := make([]string, len(content.GetAssets()))
	for i, a := range content.GetAssets() {
		ids[i] = a.GetAssetId()
	}
	return ids, nil
}

func transition(marks []*internalv1.StepMark, asset uint64, step *ententev1.RecoveryStep) error {
	return intel.Transition(marks, asset, step.GetStage(), step.GetVoidsStepNumber())
}
