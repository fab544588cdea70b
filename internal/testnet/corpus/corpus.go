package corpus

import (
	"math/rand/v2"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Agencies are the ids of those who submit: thirteen, of the G7 and of states
// on the routes.
func Agencies() []string {
	return []string{
		"ca-police", "fr-border", "de-police", "it-finance", "jp-coast", "gb-crime", "us-customs",
		"al-police", "gr-coast", "ma-border", "rs-police", "tn-guard", "tr-coast",
	}
}

// Corpus makes records. It is never changed after New, and is safe for use by
// several goroutines.
type Corpus struct {
	seed     uint64
	agencies []string // resource names
	tongues  [tongues]vocabulary
	people   people
	coasts   []coast
}

// New returns the corpus of a seed.
func New(seed uint64) *Corpus {
	c := &Corpus{seed: seed, people: newPeople(), coasts: newCoasts()}
	for _, id := range Agencies() {
		c.agencies = append(c.agencies, "agencies/"+id)
	}
	for t := range c.tongues {
		c.tongues[t] = newVocabulary(tongue(t))
	}
	return c
}

// Owner is who submits record n, as a place in Agencies.
func (c *Corpus) Owner(n int) int { return n % len(c.agencies) }

// seizureEvery is how many records come to one report of a seizure. It has no
// divisor in common with the number of agencies, so all of them report.
const seizureEvery = 50

// IsSeizure says whether record n is a report of a seizure: Seizure makes it
// then, and otherwise Item does.
func (c *Corpus) IsSeizure(n int) bool { return n%seizureEvery == seizureEvery-1 }

// draw is how one record is being made.
type draw struct {
	*Corpus
	n        int
	chance   *rand.Rand
	subjects int
}

func (c *Corpus) draw(n int) *draw {
	return &draw{Corpus: c, n: n, chance: rand.New(rand.NewPCG(c.seed, uint64(n)))}
}

// Item is record n as an intelligence item, with its release.
func (c *Corpus) Item(n int) *ententev1.IntelligenceItemDraft {
	d := c.draw(n)
	release := d.release()
	t := d.tongue()
	coast := &c.coasts[d.chance.IntN(len(c.coasts))]
	observed := d.interval()
	content := &ententev1.IntelligenceContent{
		Title: d.title(t), Narrative: d.narrative(t), LanguageCode: languages()[t],
		Urgency:         ententev1.Urgency(1 + d.chance.IntN(3)),
		Evaluation:      d.evaluation(),
		CrimeAreas:      d.crimeAreas(),
		Route:           coast.route,
		CrossingMethods: []ententev1.CrossingMethod{ententev1.CrossingMethod(1 + d.chance.IntN(8))},
		Subjects:        d.allSubjects(t),
		Places: []*ententev1.Place{
			d.place(coast, ententev1.PlaceRole_PLACE_ROLE_DEPARTURE), d.place(coast, ententev1.PlaceRole_PLACE_ROLE_MEETING),
		},
		Observed: observed,
	}
	return &ententev1.IntelligenceItemDraft{Content: &ententev1.IntelligenceItemDraft_Plain{Plain: content}, Release: release}
}

// Release is that of record n alone, which is quickly made.
func (c *Corpus) Release(n int) *ententev1.Release { return c.draw(n).release() }

// release comes first of all that is drawn: it is to all in 40 of 100 records, else to one or two others.
func (d *draw) release() *ententev1.Release {
	r := &ententev1.Release{Audience: &ententev1.Audience{}, Markings: &ententev1.Markings{
		Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED,
	}}
	if d.chance.IntN(100) >= 60 {
		r.Audience.AllPartners = true
		return r
	}
	count := len(d.agencies)
	first := 1 + d.chance.IntN(count-1)
	second := 1 + d.chance.IntN(count-1)
	r.Audience.Agencies = []string{d.agencies[(d.n+first)%count]}
	if d.chance.IntN(2) == 0 && second != first {
		r.Audience.Agencies = append(r.Audience.Agencies, d.agencies[(d.n+second)%count])
	}
	return r
}

func (d *draw) evaluation() *ententev1.Evaluation {
	return &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
		Source:      ententev1.EuropolSourceEvaluation(1 + d.chance.IntN(4)),
		Information: ententev1.EuropolInformationEvaluation(1 + d.chance.IntN(4)),
	}}}
}

func (d *draw) crimeAreas() []ententev1.CrimeArea {
	areas := []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING}
	if d.chance.IntN(4) == 0 {
		areas = append(areas, ententev1.CrimeArea(2+d.chance.IntN(11)))
	}
	return areas
}

// From and Until bound the times that are observed.
func From() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }

// Until is where the times that are observed end.
func Until() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func (d *draw) interval() *ententev1.Interval {
	minutes := int64(Until().Sub(From())/time.Minute) - 120
	start := From().Add(time.Duration(d.chance.Int64N(minutes)) * time.Minute)
	return &ententev1.Interval{StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(2 * time.Hour))}
}

func (d *draw) subject(s *ententev1.Subject, identifiers ...*ententev1.Identifier) *ententev1.Subject {
	d.subjects++
	s.SubjectId, s.Identifiers = "s"+strconv.Itoa(d.subjects), identifiers
	return s
}
