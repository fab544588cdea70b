package index

import ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"

// A question for words looks into everything that people wrote: title,
// narrative and their renditions, each in its own language, and what is said
// of subjects, places, assets and pictures, and their names, in that of the
// narrative.

// saying visits the texts of a content, one by one, each with its language.
type saying func(language, words string)

func itemTexts(c *ententev1.IntelligenceContent, say saying) {
	language := c.GetLanguageCode()
	say(language, c.GetTitle())
	say(language, c.GetNarrative())
	renditions(c.GetRenditions(), say)
	subjectTexts(c.GetSubjects(), language, say)
	placeTexts(c.GetPlaces(), language, say)
	mediaTexts(c.GetMedia(), language, say)
}

func seizureTexts(c *ententev1.SeizureContent, say saying) {
	language := c.GetLanguageCode()
	say(language, c.GetTitle())
	say(language, c.GetNarrative())
	renditions(c.GetRenditions(), say)
	for _, a := range c.GetAssets() {
		say(language, a.GetDescription())
		say(language, a.GetPlace().GetDescription())
	}
	subjectTexts(c.GetSubjects(), language, say)
	placeTexts(c.GetPlaces(), language, say)
	mediaTexts(c.GetMedia(), language, say)
}

func renditions(list []*ententev1.Rendition, say saying) {
	for _, r := range list {
		say(r.GetLanguageCode(), r.GetTitle())
		say(r.GetLanguageCode(), r.GetNarrative())
	}
}

func subjectTexts(subjects []*ententev1.Subject, language string, say saying) {
	for _, s := range subjects {
		say(language, s.GetNote())
		for _, name := range s.GetPerson().GetNames() {
			say("", name.GetFullName())
			say("", name.GetRomanizedName())
		}
		say("", s.GetOrganisation().GetDisplayName())
		say("", s.GetVessel().GetDisplayName())
		say("", s.GetOnlineAccount().GetDisplayName())
		say(language, s.GetPlace().GetDescription())
	}
}

func placeTexts(places []*ententev1.Place, language string, say saying) {
	for _, p := range places {
		say(language, p.GetDescription())
	}
}

func mediaTexts(media []*ententev1.MediaReference, language string, say saying) {
	for _, m := range media {
		say(language, m.GetDescription())
	}
}
