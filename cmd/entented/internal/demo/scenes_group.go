package demo

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

func (s *stage) aGroup(ctx context.Context) {
	s.scene("A group: you read what was released while you were a member")
	germany, france, states := s.by("de-police"), s.by("fr-border"), s.by("us-customs")
	var early, late string
	s.step(ctx, "Germany founds one with France and releases an item to it", func(ctx context.Context) (err error) {
		answer, err := germany.groups.CreateGroup(ctx, &ententev1.CreateGroupRequest{
			Justification: germany.why(), DisplayName: "Engines", Members: []string{france.agency.resource()}, MembersVisible: true,
		})
		if err != nil {
			return err
		}
		s.group = answer.GetGroup()
		early, err = s.toGroup(ctx, germany, "Engines without serial numbers")
		return err
	})
	s.step(ctx, "France reads it; for the United States there is neither item nor group", func(ctx context.Context) error {
		_, readable := france.get(ctx, early)
		_, hidden := states.get(ctx, early)
		_, group := states.groups.GetGroup(ctx, &ententev1.GetGroupRequest{Justification: states.why(), Name: s.group.GetName()})
		return errors.Join(readable, refusedWith(hidden, codes.NotFound, ""), refusedWith(group, codes.NotFound, ""))
	})
	s.step(ctx, "the United States joins, and Germany releases another item", func(ctx context.Context) (err error) {
		answer, err := germany.groups.UpdateGroupMembers(ctx, &ententev1.UpdateGroupMembersRequest{
			Justification: germany.why(), Name: s.group.GetName(), Etag: s.group.GetEtag(), Add: []string{states.agency.resource()},
		})
		if err != nil {
			return err
		}
		s.group = answer.GetGroup()
		late, err = s.toGroup(ctx, germany, "Where the engines are repaired")
		return err
	})
	s.step(ctx, "it reads the new one, and still not the old one", func(ctx context.Context) error {
		_, readable := states.get(ctx, late)
		_, hidden := states.get(ctx, early)
		return errors.Join(readable, refusedWith(hidden, codes.NotFound, ""))
	})
}

// toGroup submits an item to the group and returns its name.
func (s *stage) toGroup(ctx context.Context, by *player, title string) (string, error) {
	release := released("")
	release.Audience = &ententev1.Audience{Groups: []string{s.group.GetName()}}
	content := departures()
	content.Title = title
	answer, err := by.items.SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
		Justification: by.why(), Draft: &ententev1.IntelligenceItemDraft{Content: plain(content), Release: release},
	})
	return answer.GetReceipt().GetName(), err
}
