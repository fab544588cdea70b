package index

// askedInWords has the fields of both kinds that are asked of words, names,
// places and the like.
func askedInWords() map[string]fieldAsked {
	person := func(name string) kept {
		return kept{content: `subjects { person { names { full_name: "` + name + `" } } }`}
	}
	phone := func(raw string) kept {
		return kept{content: `subjects { identifiers { type: IDENTIFIER_TYPE_PHONE_NUMBER raw_value: "` + raw + `" } }`}
	}
	other := func(raw string) kept {
		return kept{content: `subjects { identifiers { type: IDENTIFIER_TYPE_OTHER raw_value: "` + raw + `" } }`}
	}
	at := func(where string) kept { return kept{content: `places { point { ` + where + ` } }`} }
	smuggling := kept{content: `crime_areas: CRIME_AREA_IMMIGRANT_SMUGGLING`}
	return map[string]fieldAsked{
		"text": {
			text: `text: "boat \"black engine\" warehou* 東京湾"`,
			yes: []kept{
				{content: `language_code: "en" title: "Boats: a BLACK engine" narrative: "of the warehouse, 東京湾で"`},
				{content: `renditions { language_code: "en" title: "boats" narrative: "Warehousing a black engine" } narrative: "東京湾"`},
			},
			no: []kept{
				{content: `language_code: "en" title: "Boats: black engines" narrative: "of the warehouse, 東京湾"`},
				{content: `language_code: "en" title: "Boats: an engine, black" narrative: "of the warehouse, 東京湾"`},
				{content: `language_code: "en" title: "Boats: a black" narrative: "engine of the warehouse, 東京湾"`},
				{content: `language_code: "en" title: "A boat: a black engine" narrative: "of the ware, 東京湾"`},
				{content: `language_code: "en" title: "A boat: a black engine" narrative: "of the warehouse, 東京と京湾"`},
			},
		},
		"names": {
			text: `names: ["Mohammed Karimi", "Sea Star"]`,
			yes:  []kept{person("محمد كريمي"), person("KARIMI, Muhammad Ali"), {content: `subjects { vessel { display_name: "SEASTAR" } }`}, person("Karimi")},
			no:   []kept{person("Mohammed Hassan"), person("Anna Schmidt"), {content: `title: "Mohammed Karimi"`}},
		},
		"identifier_parts": {
			text: `identifier_parts { type: IDENTIFIER_TYPE_PHONE_NUMBER starts_with: "+33 6 12" } identifier_parts { type: IDENTIFIER_TYPE_PHONE_NUMBER ends_with: "345-678-901" } identifier_parts { type: IDENTIFIER_TYPE_OTHER starts_with: "٠٦١" }`,
			yes:  []kept{phone("+33 6 12 34 56 78"), phone("+39 345 678 901"), other("٠٦١-٢٣٤"), other("０６１２３４"), other("061 23")},
			no:   []kept{other("٦١٠٢٣٤"), phone("+33 6 13 34 56 78"), phone("+39 345 678 902"), phone("+39 335 678 901"), {content: `subjects { identifiers { type: IDENTIFIER_TYPE_IMSI raw_value: "336123456789012" } }`}},
		},
		"places": {
			text: `places { radius { center { latitude: 51 longitude: 1.5 } radius_meters: 20000 } } places { box { south: -17 west: 179 north: -16 east: -179 } } places { route_corridor: SMUGGLING_ROUTE_CENTRAL_MEDITERRANEAN }`,
			yes:  []kept{at("latitude: 51.1 longitude: 1.4"), at("latitude: -16.5 longitude: -179.5"), at("latitude: -17 longitude: 180"), at("latitude: 34 longitude: 12"), {content: `subjects { place { point { latitude: 51 longitude: 1.5 } } }`}},
			no:   []kept{at("latitude: 51.3 longitude: 1.5"), at("latitude: -16.5 longitude: 178"), at("latitude: 45 longitude: 12"), at("latitude: 91 longitude: 1.5"), {}},
		},
		"subjects": {
			text: `subjects { birth_year_from: 1985 birth_year_to: 2001 nationality: "IRQ" } subjects { make: "yamaha motor" }`,
			yes: []kept{
				{content: `subjects { person { birth_date: "1985-03" nationalities: "IRQ" } }`},
				{content: `subjects { person { birth_date: "1993" nationalities: "SYR" nationalities: "IRQ" } }`},
				{content: `subjects { equipment { manufacturer: "YAMAHA Motor Co." } }`},
				{content: `subjects { vehicle { make: "Motor-Yamaha" } }`},
			},
			no: []kept{
				{content: `subjects { person { birth_date: "1984" nationalities: "IRQ" } }`},
				{content: `subjects { person { birth_date: "2002" nationalities: "IRQ" } }`},
				{content: `subjects { person { birth_date: "1993" } } subjects { person { nationalities: "IRQ" } }`},
				{content: `subjects { equipment { manufacturer: "Yamaha" } }`},
				{content: `subjects { equipment { manufacturer: "Yamaha" } } subjects { equipment { manufacturer: "Motor" } }`},
			},
		},
		"any_of": {
			text: `any_of { crime_areas: CRIME_AREA_CORRUPTION } any_of { text: "beach" } any_of { none_of { originators: "agencies/fra" } }`,
			yes:  []kept{{content: `crime_areas: CRIME_AREA_CORRUPTION`}, {content: `title: "beach"`}, {agency: "jpn"}},
			no:   []kept{smuggling},
		},
		"all_of": {
			text: `all_of { routes: SMUGGLING_ROUTE_WESTERN_BALKAN } all_of { any_of { text: "lorry" } any_of { text: "\"on foot\"" } }`,
			yes:  []kept{{content: `route: SMUGGLING_ROUTE_WESTERN_BALKAN title: "on foot"`}, {content: `route: SMUGGLING_ROUTE_WESTERN_BALKAN title: "a lorry"`}},
			no:   []kept{{content: `route: SMUGGLING_ROUTE_WESTERN_BALKAN title: "foot on"`}, {content: `title: "a lorry"`}},
		},
		"none_of": {
			text: `none_of { text: "\"no boat\"" } none_of { originators: "agencies/fra" }`,
			yes:  []kept{{agency: "jpn", content: `title: "boat, no"`}, {agency: "ita"}},
			no:   []kept{{}, {agency: "jpn", content: `title: "no boat"`}},
		},
	}
}
