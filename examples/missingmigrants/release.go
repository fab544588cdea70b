package main

import (
	"errors"
	"slices"
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// releaseTo says who may read the items. What IOM has published needs no
// restriction towards whoever is named.
func releaseTo(list string) (*ententev1.Release, error) {
	audience := new(ententev1.Audience)
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case name == "all":
			audience.AllPartners = true
		case !strings.HasPrefix(name, "agencies/"):
			return nil, errors.New("--to takes names such as agencies/fr-ofast, names of groups, or all")
		case strings.Contains(name, "/groups/"):
			audience.Groups = append(audience.Groups, name)
		default:
			audience.Agencies = append(audience.Agencies, name)
		}
	}
	for _, names := range []*[]string{&audience.Agencies, &audience.Groups} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return &ententev1.Release{
		Audience: audience,
		Markings: &ententev1.Markings{
			TrafficLight:   ententev1.TrafficLight_TRAFFIC_LIGHT_CLEAR,
			Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED,
		},
	}, nil
}
