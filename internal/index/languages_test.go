package index

import "testing"

// TestTextsInTheirLanguages: words by their stems, phrases as they are written, and beginnings, in each language; every text of a record by its own.
func TestTextsInTheirLanguages(t *testing.T) {
	d := newDesk(t, item)
	for _, row := range []struct {
		language, narrative string
		finds, misses       []string
	}{
		{"en", "Inflatable boats were hidden near the beach", []string{"BOAT", "hidden BEACHES", `"boats were hidden"`, "inflat*"}, []string{`"boat were"`, "beac"}},
		{"fr", "Les bateaux étaient surchargés à l’arrivée", []string{"bateau", "ETAIENT", "surchargée", `"bateaux etaient"`, "arriv*", "l'arrivée"}, []string{`"bateau etaient"`, "surch"}},
		{"de", "Die Schlauchboote lagen in alten Häusern an der Straße", []string{"schlauchboot", "haus", "STRASSE", `"alten häusern"`, "schlauch*"}, []string{`"altes haus"`, "boote"}},
		{"it", "Le imbarcazioni partivano dall’Albania di notte", []string{"imbarcazione", "albania notte", `"partivano dall'albania"`, "imbarc*"}, []string{`"partiva dall'albania"`, "barcazioni"}},
		{"es", "Las lanchas cruzaron el Estrecho con niños", []string{"lancha", "niño", "nino", `"cruzaron el estrecho"`, "estre*"}, []string{`"lancha cruzaron"`, "anchas"}},
		{"ar", "شوهدت قَوَارِبُ المهرّبين قرب الشاطئ", []string{"قوارب", "مهرب", "المهربين", `"قوارب المهربين"`, "شوه*"}, []string{`"المهربين قوارب"`, "طائرة"}},
		{"ja", "東京湾で小型ボートと偽造旅券を発見した", []string{"東京湾", "湾", "ﾎﾞｰﾄ", "偽造旅券 発見", `"偽造旅券を発見"`, "旅券*"}, []string{"京東", `"旅券偽造"`}},
	} {
		for _, field := range []string{`language_code: "` + row.language + `" narrative: "` + row.narrative + `"`,
			`language_code: "xx" title: "Unknown" renditions { language_code: "` + row.language + `" narrative: "` + row.narrative + `" }`} {
			it := plain().and(kept{content: field})
			for _, q := range row.finds {
				if !d.finds(`text: '`+quoted(q)+`'`, it) {
					t.Errorf("%s is not found in %s", q, field)
				}
			}
			for _, q := range row.misses {
				if d.finds(`text: '`+quoted(q)+`'`, it) {
					t.Errorf("%s is found in %s", q, field)
				}
			}
		}
	}
	// A text is read in the language that it states, not in that of another text beside it.
	for content, want := range map[string]bool{
		`language_code: "ja" narrative: "hidden boats"`:                                                             false,
		`language_code: "ja" narrative: "hidden boats" renditions { language_code: "en" title: "Lorries" }`:         false,
		`language_code: "ja" narrative: "東京" renditions { language_code: "en" title: "Hidden boats" }`:              true,
		`language_code: "en" narrative: "hidden boats" renditions { language_code: "ja" title: "東京" }`:              true,
		`language_code: "en" narrative: "lorries" renditions { language_code: "ja" narrative: "hidden boats, 東京" }`: false,
	} {
		if d.finds(`text: "boat"`, plain().and(kept{content: content})) != want {
			t.Errorf("%s: want %v", content, want)
		}
	}
}

// quoted is a question inside the single quotes of a text message.
func quoted(q string) string {
	var out []rune
	for _, r := range q {
		if r == '\'' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
