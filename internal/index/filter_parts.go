package index

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/identifier"
)

// parts asks for identifiers by how they begin or end.
func (c *compiler) parts(f *Filter, parts []*ententev1.IdentifierPart, at string) {
	if len(parts) == 0 {
		return
	}
	clause, rough := never(), false
	var asked []askedPart
	for i, p := range parts {
		a := readPart(p)
		if why, advice := a.refused(p.GetType()); why != "" {
			c.refuse(fmt.Sprintf("%s.identifierParts[%d]", at, i), why, advice)
			continue
		}
		field, part := FieldIdentifierStart, firstOf(a.value, identifierFirst)
		if a.end {
			field, part = FieldIdentifierEnd, lastOf(a.value, identifierLast)
		}
		rough = rough || part != a.value
		asked = append(asked, a)
		clause.AnyOf = append(clause.AnyOf, c.h.Term(field, a.namespace+"\x00"+part))
	}
	c.add(f, len(parts), leaf{clause: clause, rough: rough, holds: func(r *Facts) bool {
		return slices.ContainsFunc(r.identifiers(), func(k IdentifierKey) bool {
			value, ok := partial(k)
			return ok && slices.ContainsFunc(asked, func(a askedPart) bool { return a.of(k.Namespace, value) })
		})
	}})
}

// askedPart is a part of an identifier, bare.
type askedPart struct {
	namespace, value string
	end              bool
}

func readPart(p *ententev1.IdentifierPart) askedPart {
	a := askedPart{namespace: identifier.Namespace(p.GetType()), value: bare(identifier.Plain(p.GetStartsWith() + p.GetEndsWith()))}
	if _, a.end = p.GetPart().(*ententev1.IdentifierPart_EndsWith); !a.end {
		a.value = asNormal(p.GetType(), a.value)
	}
	return a
}

// asNormal is a beginning as normal forms have it, without what people write in front of them.
func asNormal(of ententev1.IdentifierType, value string) string {
	switch of {
	case ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER:
		return strings.TrimPrefix(value, "00") // as + is dialled
	case ententev1.IdentifierType_IDENTIFIER_TYPE_IMO_NUMBER:
		return strings.TrimPrefix(value, "imo")
	case ententev1.IdentifierType_IDENTIFIER_TYPE_IBAN:
		return strings.TrimPrefix(value, "iban")
	case ententev1.IdentifierType_IDENTIFIER_TYPE_URI:
		if rest, is := strings.CutPrefix(value, "hxxp"); is { // so that nobody clicks on it
			return "http" + rest
		}
	}
	return value
}

// refused says why a part cannot be looked for, and what to do.
func (a askedPart) refused(of ententev1.IdentifierType) (reason, advice string) {
	switch {
	case utf8.RuneCountInString(a.value) < minPart:
		return "IDENTIFIER_PART_TOO_SHORT", "has fewer than three letters or digits; give it more of them"
	case !a.end && of == ententev1.IdentifierType_IDENTIFIER_TYPE_PHONE_NUMBER && a.value[0] == '0':
		return "IDENTIFIER_PART_NATIONAL", "begins as a number is dialled at home; begin with the country code, as in +33 6"
	}
	return "", ""
}

func (a askedPart) of(namespace, value string) bool {
	if a.namespace != namespace {
		return false
	}
	if a.end {
		return strings.HasSuffix(value, a.value)
	}
	return strings.HasPrefix(value, a.value)
}

// identifierParts posts how identifiers begin and end.
func (p *poster) identifierParts(keys []IdentifierKey) {
	for _, k := range keys {
		value, ok := partial(k)
		if !ok {
			continue
		}
		post := func(field Field, part string) { p.terms = append(p.terms, p.h.spaced(field, k.Namespace, part)) }
		prefixes(value, identifierFirst, func(prefix string) { post(FieldIdentifierStart, prefix) })
		suffixes(value, identifierLast, func(suffix string) { post(FieldIdentifierEnd, suffix) })
	}
}

// partial is the value of a key of which parts are asked for; ok is false in the
// namespaces that are no identifier type's.
func partial(k IdentifierKey) (value string, ok bool) {
	of, ok := typeOf[k.Namespace]
	if !ok {
		return "", false
	}
	value = k.Value
	if within[of] {
		if _, rest, cut := strings.Cut(value, ":"); cut {
			value = rest
		}
	}
	if !ascii(value) {
		value = identifier.Plain(value) // as what is asked for, in whatever digits it is written
	}
	return bare(value), true
}

// typeOf is the type of a namespace.
var typeOf = func() map[string]ententev1.IdentifierType {
	types := map[string]ententev1.IdentifierType{}
	for n := range ententev1.IdentifierType_name {
		if space := identifier.Namespace(ententev1.IdentifierType(n)); space != "" {
			types[space] = ententev1.IdentifierType(n)
		}
	}
	return types
}()

// within are the types whose normal form begins with the country or platform
// that they mean something in, up to a colon.
var within = map[ententev1.IdentifierType]bool{
	ententev1.IdentifierType_IDENTIFIER_TYPE_REGISTRATION_PLATE:  true,
	ententev1.IdentifierType_IDENTIFIER_TYPE_NATIONAL_ID:         true,
	ententev1.IdentifierType_IDENTIFIER_TYPE_COMPANY_NUMBER:      true,
	ententev1.IdentifierType_IDENTIFIER_TYPE_ONLINE_HANDLE:       true,
	ententev1.IdentifierType_IDENTIFIER_TYPE_PLATFORM_ACCOUNT_ID: true,
}

// bare is a value without what people leave out of numbers: letters, digits
// and the stars of a masked card number, in lower case.
func bare(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '*' {
			return unicode.ToLower(r)
		}
		return -1
	}, value)
}
