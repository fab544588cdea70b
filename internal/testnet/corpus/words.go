package corpus

import (
	"math/rand/v2"
	"strings"
)

// tongue is a language that records are written in.
type tongue int

// The languages. Arabic and Japanese have scripts of their own, and Japanese no spaces.
const (
	english tongue = iota
	french
	german
	italian
	spanish
	arabic
	japanese
	tongues
)

func languages() [tongues]string { return [tongues]string{"en", "fr", "de", "it", "es", "ar", "ja"} }

// tongue is the owner's language in 60 of 100 records, else English.
func (d *draw) tongue() tongue {
	of := [...]tongue{french, french, german, italian, japanese, english, english, italian, english, arabic, german, arabic, spanish}
	if d.chance.IntN(100) < 60 {
		return of[d.Owner(d.n)]
	}
	return english
}

// The words of a language: the k-th is said as often as 1/(k+4). So each octave
// of k+4 is said as often as any other, and drawing needs no table and no
// fractions, which processors round differently.
const (
	firstOctave = 2
	octaves     = 12
	wordsEach   = 1<<(firstOctave+octaves) - 1<<firstOctave
)

// vocabulary is the words of a language, the most common first.
type vocabulary struct {
	words []string
	space string
}

func newVocabulary(t tongue) vocabulary {
	v := vocabulary{words: strings.Fields(common()[t]), space: " "}
	if t == japanese {
		v.space = ""
	}
	known := make(map[string]bool, wordsEach)
	for _, w := range v.words {
		known[w] = true
	}
	chance := rand.New(rand.NewPCG(uint64(t), 1))
	syllables := strings.Fields(syllables()[t])
	for len(v.words) < wordsEach {
		w := ""
		for range 2 + chance.IntN(3) {
			w += syllables[chance.IntN(len(syllables))]
		}
		if !known[w] {
			known[w] = true
			v.words = append(v.words, w)
		}
	}
	return v
}

func (v *vocabulary) draw(chance *rand.Rand) string {
	for {
		x := chance.Uint64()
		low := uint64(1) << (firstOctave + x&(1<<32-1)*octaves>>32)
		k := low + x>>32&(low-1)
		if x>>46*k < low<<18 { // low in k draws
			return v.words[k-1<<firstOctave]
		}
	}
}

// textBytes is how long a narrative gets: about 230 words with spaces.
const textBytes = 1560

func (d *draw) narrative(t tongue) string {
	v := &d.tongues[t]
	var b strings.Builder
	b.Grow(textBytes + 64)
	for n := 0; b.Len() < textBytes; n++ {
		switch {
		case n == 0:
		case n%14 == 0 && t == japanese:
			b.WriteString("。")
		case n%14 == 0:
			b.WriteString(". ")
		default:
			b.WriteString(v.space)
		}
		b.WriteString(v.draw(d.chance))
	}
	return b.String()
}

func (d *draw) title(t tongue) string {
	v := &d.tongues[t]
	words := make([]string, 5)
	for i := range words {
		words[i] = v.draw(d.chance)
	}
	return strings.Join(words, v.space)
}

// Words are the words of a language (en, fr, de, it, es, ar, ja), the most
// common first; nil of another.
func (c *Corpus) Words(language string) []string {
	for t, name := range languages() {
		if name == language {
			return c.tongues[t].words
		}
	}
	return nil
}

// common are the words that each language says most.
func common() [tongues]string {
	return [tongues]string{
		english:  "the of and to in a was with by on at from for that three two boats boat coast engine night driver cash broker transfer lorry harbour beach convoy phone trailers van warehouse lifejackets fuel routes meetings paid crossing departure arrival group men north south border forest river camp station hotel ticket payments leaving hidden witnesses recruited",
		french:   "de la le les et des en un du une dans par pour sur avec au bateau bateaux côte moteur nuit chauffeur espèces passeur passeurs virement camion port plage convoi téléphone remorque fourgon entrepôt gilets carburant traversée départ arrivée groupe hommes nord sud frontière forêt rivière gare hôtel été payés cachés",
		german:   "der die und in den von zu das mit auf für ist im dem nicht ein eine Boot Boote Küste Motor Nacht Fahrer Bargeld Schleuser Überweisung Lastwagen Hafen Strand Telefon Anhänger Lieferwagen Lagerhaus Schwimmwesten Treibstoff Strecke Treffen bezahlt Überfahrt Abfahrt Ankunft Gruppe Männer Grenze Wald Fluss Bahnhof Häuser",
		italian:  "di il la che e un in per con una del da sono le dei al barca barche costa motore notte autista contanti scafista bonifico camion porto spiaggia convoglio telefono rimorchio furgone magazzino giubbotti carburante rotta incontri pagato traversata partenza arrivo gruppo uomini nord confine foresta fiume stazione città",
		spanish:  "de la el en y los que un por con una las del para al patera pateras costa motor noche conductor efectivo transferencia camión puerto playa convoy teléfono remolque furgoneta almacén chalecos combustible ruta reunión pagado travesía salida llegada grupo hombres norte frontera bosque río estación",
		arabic:   "في من على إلى عن مع ثلاثة رجال القارب قوارب الساحل المحرك الليل السائق نقدا المهرب المهربين تحويل شاحنة الميناء الشاطئ القافلة الهاتف مستودع وقود الطريق اجتماع مدفوع العبور المغادرة الوصول المجموعة الشمال الحدود الغابة النهر المحطة الفندق",
		japanese: "の に は を が で から 密航 小型船 海岸 夜間 運転手 現金 送金 港 倉庫 燃料 経路 会合 支払 出発 到着 集団 国境 森林 河川 駅 電話 船舶 エンジン ボート トラック",
	}
}

// syllables are what the other words are made of.
func syllables() [tongues]string {
	return [tongues]string{
		english:  "ba ter ing lan der mar ston wick har bor lo ra ven tor el dan mi ges col pro ver sen tri al fer men ted con ri so",
		french:   "ba ré lle ment cou ran tié vou chan ge ton lai é que sou ri vé pon tai gne mar che lo ni eau tre fa bo leu ci",
		german:   "ver ge schl ung stra be ter heit lich kei mer wald brü cken hau ser feld mann ab zu mei fen grö ßen rau tal ber kung no",
		italian:  "ca ro ne lla sti man do ra ti gio vi chi ase tta lu mi pre zzo be nto ve gli sco re fa pi so al gra ni",
		spanish:  "ca ro ción lla que man do ra ti jo vi cha año ta lu mi pre zo be nto ve ño es re fa pi so al gra ni",
		arabic:   "با تر مس نا كر لم وا دي سو رح في عد قل شم جا هر يو طا صب غر",
		japanese: "東 西 南 北 山 川 田 中 島 野 村 町 橋 市 海 岸 船 車 道 路 港 空 金 銀 石 木 林 森 水 火",
	}
}
