package main

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// finding is the flags that ask for what a record says: words, names, parts of identifiers, places, values, subjects, and conditions of conditions.
type finding struct {
	text                                                                                string
	names, starts, ends, near, boxes, corridors, values, subjects, anyOf, allOf, noneOf []string
}

func (q *finding) flags(c *cobra.Command, n noun) {
	f := c.Flags()
	f.StringVar(&q.text, "text", "", `words that the record says, "in quotes" as written, boa* as a beginning`)
	f.StringArrayVar(&q.names, "name", nil, "a name, in any script or spelling; the answer tells how alike")
	f.StringArrayVar(&q.starts, "identifier-starts", nil, "TYPE=PART of an identifier that begins so, as in PHONE_NUMBER=+3361")
	f.StringArrayVar(&q.ends, "identifier-ends", nil, "TYPE=PART of an identifier that ends so, as in PHONE_NUMBER=678")
	f.StringArrayVar(&q.near, "near", nil, "LAT,LON,KM: a place within so many kilometres of a point, as in 50.99,2.13,10")
	f.StringArrayVar(&q.boxes, "box", nil, "SOUTH,WEST,NORTH,EAST: a place in a box, in degrees")
	f.StringSliceVar(&q.corridors, "along", nil, "a place along these routes")
	complete(c, "along", ententev1.SmugglingRoute(0).Descriptor())
	f.StringArrayVar(&q.subjects, "who", nil, "a subject with all of these: make=yamaha,model=40, born=1985-1990,nationality=IRQ, region=PA,vessel-type=trawler")
	f.StringArrayVar(&q.anyOf, "any", nil, "at least one of these holds: a flag that asks something, as in text=WORDS, name=NAME, route=ROUTE, or a filter as JSON")
	f.StringArrayVar(&q.allOf, "all-of", nil, "each of these holds, as in --any")
	f.StringArrayVar(&q.noneOf, "none", nil, "none of these holds, as in --any")
	if n.use == "seizure" {
		f.StringArrayVar(&q.values, "value", nil, "CURRENCY:FROM-TO of an asset, as in EUR:1000-50000, EUR:1000- or EUR:-500")
	}
}

// into puts what is asked into the query message in JSON spelling.
func (q *finding) into(n noun, body map[string]any) error {
	if q.text != "" {
		body["text"] = q.text
	}
	if len(q.names) > 0 {
		body["names"] = q.names
	}
	for _, part := range []struct {
		flag, field string
		given       []string
	}{{"identifier-starts", "startsWith", q.starts}, {"identifier-ends", "endsWith", q.ends}} {
		for _, given := range part.given {
			kind, value, _ := strings.Cut(given, "=")
			kinds, err := chosen(part.flag, ententev1.IdentifierType(0).Descriptor(), []string{kind})
			if err != nil {
				return err
			}
			put(body, "identifierParts", map[string]any{"type": kinds[0], part.field: value})
		}
	}
	for _, step := range []func(map[string]any) error{q.places, q.bands, q.who} {
		if err := step(body); err != nil {
			return err
		}
	}
	return q.filters(n, body)
}

// put adds to a list of the message.
func put(body map[string]any, field string, value any) {
	list, _ := body[field].([]any)
	body[field] = append(list, value)
}

func (q *finding) places(body map[string]any) error {
	for _, given := range q.near {
		n, err := numbersOf(given, 3, "--near is LAT,LON,KM, as in 50.99,2.13,10")
		if err != nil {
			return err
		}
		put(body, "places", map[string]any{"radius": map[string]any{
			"center": map[string]any{"latitude": n[0], "longitude": n[1]}, "radiusMeters": 1000 * n[2],
		}})
	}
	for _, given := range q.boxes {
		n, err := numbersOf(given, 4, "--box is SOUTH,WEST,NORTH,EAST, as in 50.5,1,51.5,3")
		if err != nil {
			return err
		}
		put(body, "places", map[string]any{"box": map[string]any{"south": n[0], "west": n[1], "north": n[2], "east": n[3]}})
	}
	routes, err := chosen("along", ententev1.SmugglingRoute(0).Descriptor(), q.corridors)
	for _, route := range routes {
		put(body, "places", map[string]any{"routeCorridor": route})
	}
	return err
}

// numbersOf are so many numbers with commas between them.
func numbersOf(given string, count int, advice string) ([]float64, error) {
	parts := strings.Split(given, ",")
	if len(parts) != count {
		return nil, usage(advice)
	}
	numbers := make([]float64, count)
	for i, part := range parts {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, usage(advice)
		}
		numbers[i] = n
	}
	return numbers, nil
}

func (q *finding) bands(body map[string]any) error {
	for _, given := range q.values {
		currency, span, _ := strings.Cut(given, ":")
		from, to, both := strings.Cut(span, "-")
		band := map[string]any{"currencyCode": strings.ToUpper(currency)}
		for field, text := range map[string]string{"atLeast": from, "atMost": to} {
			if text == "" {
				continue
			}
			if _, err := strconv.ParseUint(text, 10, 63); err != nil {
				both = false
			}
			band[field] = text
		}
		if !both {
			return usage("--value is CURRENCY:FROM-TO in whole units, as in EUR:1000-50000, EUR:1000- or EUR:-500")
		}
		put(body, "values", band)
	}
	return nil
}

// attributes are the keys of --who beside born, with the field of each.
var attributes = map[string]string{
	"nationality": "nationality", "role": "role", "region": "regionCode", "vessel-type": "vesselType", "make": "make", "model": "model", "colour": "colour",
	"equipment": "equipmentType", "plate": "plateCondition", "institution": "institution", "document": "documentType", "platform": "platform",
}

func (q *finding) who(body map[string]any) error {
	for _, given := range q.subjects {
		subject := map[string]any{}
		for pair := range strings.SplitSeq(given, ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if err := attribute(subject, key, value); err != nil {
				return err
			}
		}
		put(body, "subjects", subject)
	}
	return nil
}

func attribute(subject map[string]any, key, value string) error {
	if key == "born" {
		from, to, span := strings.Cut(value, "-")
		if !span {
			to = from
		}
		for field, text := range map[string]string{"birthYearFrom": from, "birthYearTo": to} {
			year, err := strconv.ParseUint(text, 10, 14)
			if text != "" && err != nil {
				return usage("born is a year, or years from-to, as in born=1985-1990")
			}
			subject[field] = year
		}
		return nil
	}
	field, known := attributes[key]
	if !known {
		return usage("--who is KEY=VALUE,KEY=VALUE with the keys born, nationality, role, region, vessel-type, make, model, colour, equipment, plate, institution, document, platform")
	}
	switch {
	case field == "nationality":
		if value = strings.ToUpper(value); len(value) == 2 || len(value) > 3 {
			return usage("nationality is a code as passports have it, of three letters, as in IRQ; Germany is D")
		}
	case field == "regionCode":
		if value = strings.ToUpper(value); len(value) != 2 {
			return usage("region is a country by two letters, as in PA")
		}
	}
	subject[field] = value
	f := (&ententev1.SubjectAttributes{}).ProtoReflect().Descriptor().Fields().ByJSONName(field)
	if f.Kind() == protoreflect.EnumKind {
		names, err := chosen("who", f.Enum(), []string{value})
		if err != nil {
			return err
		}
		subject[field] = names[0]
	}
	return nil
}

// filters reads the conditions of conditions.
func (q *finding) filters(n noun, body map[string]any) error {
	for field, list := range map[string][]string{"anyOf": q.anyOf, "allOf": q.allOf, "noneOf": q.noneOf} {
		for _, given := range list {
			filter, err := filterOf(n, given)
			if err != nil {
				return err
			}
			put(body, field, filter)
		}
	}
	return nil
}

// filterOf is a condition as the command line has it: a flag of the same command, without its dashes, or JSON.
func filterOf(n noun, given string) (filter map[string]any, err error) {
	if strings.HasPrefix(given, "{") {
		if json.Unmarshal([]byte(given), &filter) != nil {
			return nil, usage("a filter that begins with { is JSON, as in '{\"text\": \"lorry\", \"routes\": [\"SMUGGLING_ROUTE_ENGLISH_CHANNEL\"]}'")
		}
		return filter, nil
	}
	c, inner := &cobra.Command{}, &query{}
	inner.asks(c, n)
	flag, value, found := strings.Cut(given, "=")
	if !found || c.Flags().Lookup(flag) == nil {
		return nil, usage("a filter is FLAG=VALUE with a flag that asks something, as in text=WORDS, name=NAME, originator=AGENCY, route=ROUTE, or JSON in braces")
	}
	if err := c.Flags().Set(flag, value); err != nil {
		return nil, usage(err.Error())
	}
	if filter, err = inner.body(n); err != nil {
		return nil, err
	}
	fields := (&ententev1.Filter{}).ProtoReflect().Descriptor().Fields()
	for field, value := range filter {
		switch {
		case value == nil || value == "" || value == false:
			delete(filter, field)
		case fields.ByJSONName(field) == nil:
			return nil, usage("--" + flag + " stands by itself and is in no filter")
		}
	}
	return filter, nil
}

// scored puts each row's score into the row, for tables.
func scored(rows []any, matches any) {
	list, _ := matches.([]any)
	for i, row := range rows {
		r, isRow := row.(map[string]any)
		if i >= len(list) || !isRow {
			return
		}
		r["match"] = list[i]
	}
}
