package corpus

import (
	"strings"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// The forms that a name comes in.
const (
	latin   = iota
	variant // another spelling in Latin letters
	arabicScript
	cyrillic
	forms
)

// people are what the names of persons are made of: a given name, the father's
// and a family's, each in every form.
type people struct{ given, family [][forms]string }

func newPeople() people { return people{given: split(givenNames), family: split(familyNames)} }

func split(table string) [][forms]string {
	var out [][forms]string
	for line := range strings.Lines(strings.TrimSpace(table)) {
		var row [forms]string
		copy(row[:], strings.Split(strings.TrimSpace(line), "/"))
		out = append(out, row)
	}
	return out
}

// fullName is the k-th person's name in a form.
func (p people) fullName(k uint64, form int) string {
	x := mixed(k, 8)
	given, father := p.given[x%uint64(len(p.given))], p.given[x>>16%uint64(len(p.given))]
	family := p.family[x>>32%uint64(len(p.family))]
	return given[form] + " " + father[form] + " " + family[form]
}

// Name is the k-th person's name, in the form that records do not use in
// Latin letters: another spelling. Records name persons by recurring numbers.
func (c *Corpus) Name(k uint64) string { return c.people.fullName(k, variant) }

// person is somebody whom other records may name as well, as the writer's
// language and chance have the name, with the number of a document.
func (d *draw) person(t tongue) *ententev1.Subject {
	k := d.recurring()
	name := &ententev1.PersonName{}
	switch {
	case t == arabic:
		name.FullName, name.ScriptCode = d.people.fullName(k, arabicScript), "Arab"
		if d.chance.IntN(2) == 0 {
			name.RomanizedName = d.people.fullName(k, latin)
		}
	case d.Owner(d.n) == 10: // of Serbia
		name.FullName, name.ScriptCode = d.people.fullName(k, cyrillic), "Cyrl"
	default:
		name.FullName, name.ScriptCode = d.people.fullName(k, latin), "Latn"
	}
	roles := [...]ententev1.SmugglingRole{
		ententev1.SmugglingRole_SMUGGLING_ROLE_ORGANISER, ententev1.SmugglingRole_SMUGGLING_ROLE_SKIPPER, ententev1.SmugglingRole_SMUGGLING_ROLE_DRIVER,
		ententev1.SmugglingRole_SMUGGLING_ROLE_HAWALADAR,
	}
	nationalities := [...]string{"TUN", "LBY", "EGY", "SYR", "IRQ", "TUR", "MAR", "DZA"}
	return d.subject(&ententev1.Subject{Kind: &ententev1.Subject_Person{Person: &ententev1.Person{
		Category:  ententev1.DataSubjectCategory_DATA_SUBJECT_CATEGORY_SUSPECT,
		AgeStatus: ententev1.AgeStatus_AGE_STATUS_ADULT,
		Names:     []*ententev1.PersonName{name}, BirthDate: digits("19", 60+k%40, 2),
		Nationalities: []string{nationalities[k%uint64(len(nationalities))]},
		Roles:         []ententev1.SmugglingRole{roles[d.chance.IntN(len(roles))]},
	}}}, Document(d.own()))
}

const givenNames = `
Mohamed/Muhammad/محمد/Мухаммад
Ahmed/Ahmad/أحمد/Ахмад
Mahmoud/Mahmud/محمود/Махмуд
Ali/Aly/علي/Али
Omar/Umar/عمر/Омар
Hassan/Hasan/حسن/Хасан
Hussein/Husayn/حسين/Хусейн
Khaled/Khalid/خالد/Халид
Youssef/Yusuf/يوسف/Юсуф
Ibrahim/Ebrahim/إبراهيم/Ибрагим
Mustafa/Moustapha/مصطفى/Мустафа
Said/Saeed/سعيد/Саид
Karim/Kareem/كريم/Карим
Samir/Sameer/سمير/Самир
Rashid/Rachid/رشيد/Рашид
Tarek/Tariq/طارق/Тарик
Walid/Waleed/وليد/Валид
Nabil/Nabeel/نبيل/Набил
Jamal/Gamal/جمال/Джамал
Bilal/Bilel/بلال/Билал
Faisal/Faysal/فيصل/Фейсал
Hamza/Hamzah/حمزة/Хамза
Ismail/Ismael/إسماعيل/Исмаил
Salem/Salim/سالم/Салем
Fatima/Fatma/فاطمة/Фатима
Mariam/Maryam/مريم/Марьям
Amina/Ameena/أمينة/Амина
Layla/Leila/ليلى/Лейла
Adel/Adil/عادل/Адель
Anwar/Anouar/أنور/Анвар
Fuad/Fouad/فؤاد/Фуад
Munir/Mounir/منير/Мунир
`

const familyNames = `
Trabelsi/Trabelssi/الطرابلسي/Трабелси
Ben Salem/Bensalem/بن سالم/Бен Салем
Al-Masri/El Masry/المصري/Аль-Масри
Haddad/Hadad/حداد/Хаддад
Khoury/Khouri/خوري/Хури
Mansour/Mansur/منصور/Мансур
Al-Zawi/El Zaoui/الزاوي/Аль-Зави
Bouazizi/Buazizi/البوعزيزي/Буазизи
Gharbi/Gherbi/الغربي/Гарби
Jaziri/Djaziri/الجزيري/Джазири
Qaddour/Kaddour/قدور/Каддур
Sharif/Cherif/شريف/Шариф
Najjar/Nejjar/نجار/Наджар
Rahmani/Rahmany/رحماني/Рахмани
Sassi/Sassy/ساسي/Сасси
Tounsi/Tunsi/التونسي/Тунси
Warfalli/Werfalli/الورفلي/Варфалли
Zuwari/Zouari/الزواري/Зувари
Barakat/Baraket/بركات/Баракат
Darwish/Derwiche/درويش/Дарвиш
Farah/Ferah/فرح/Фарах
Hamdi/Hamdy/حمدي/Хамди
Jabari/Djabari/الجباري/Джабари
Kurdi/Kourdi/الكردي/Курди
Lahmar/Lahmer/الأحمر/Лахмар
Maghrabi/Maghraby/المغربي/Маграби
Nasri/Nasry/نصري/Насри
Othmani/Uthmani/العثماني/Османи
Qasimi/Kasimi/القاسمي/Касими
Saadi/Saady/السعدي/Саади
Tamimi/Temimi/التميمي/Тамими
Yazidi/Yezidi/اليزيدي/Язиди
`
