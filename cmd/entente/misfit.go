package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// place is where the JSON library found a mistake, in text that nobody wrote: the request as it was put together.
var place = regexp.MustCompile(`^proto:\s*(syntax error )?\(line \d+:\d+\):\s*`)

// misfit says what of a body does not fit a message: where it stands, and what would. The library's own words are for
// what it finds and this does not.
func misfit(d protoreflect.MessageDescriptor, body any, library error) string {
	if found := misfits(d, "", body); len(found) > 0 {
		return strings.Join(found, "\n  ")
	}
	return place.ReplaceAllString(strings.ReplaceAll(library.Error(), "\u00a0", " "), "")
}

// misfits lists fields that there are not, names that an enum does not have, and times that are none.
func misfits(d protoreflect.MessageDescriptor, path string, v any) []string {
	if strings.HasPrefix(string(d.FullName()), "google.protobuf.") {
		return notATime(d, path, v)
	}
	fields, ok := v.(map[string]any)
	if !ok {
		if v == nil {
			return nil
		}
		return []string{at(path) + "holds fields with values"}
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		f := d.Fields().ByJSONName(name)
		if f == nil {
			f = d.Fields().ByTextName(name)
		}
		here := strings.TrimPrefix(path+"."+name, ".")
		if f == nil {
			found = append(found, here+": there is no such field; there are "+strings.Join(jsonNames(d), ", "))
			continue
		}
		found = append(found, misfitsOf(f, here, fields[name])...)
	}
	return found
}

// misfitsOf looks at the value of one field, or at each of its values.
func misfitsOf(f protoreflect.FieldDescriptor, path string, v any) []string {
	if !f.IsList() {
		return misfitOf(f, path, v)
	}
	list, ok := v.([]any)
	if !ok {
		if _, text := v.(string); text && f.Enum() != nil {
			return []string{path + ": is a list of values, as in [A, B]"}
		}
		return nil
	}
	var found []string
	for i, each := range list {
		found = append(found, misfitOf(f, fmt.Sprintf("%s[%d]", path, i), each)...)
	}
	return found
}

func misfitOf(f protoreflect.FieldDescriptor, path string, v any) []string {
	if f.IsMap() {
		return nil
	}
	if m := f.Message(); m != nil {
		return misfits(m, path, v)
	}
	name, ok := v.(string)
	if f.Enum() == nil || !ok || f.Enum().Values().ByName(protoreflect.Name(name)) != nil {
		return nil
	}
	prefix, short := choices(f.Enum())
	for i := range short {
		short[i] = prefix + short[i]
	}
	return []string{path + ": is one of " + strings.Join(short, ", ")}
}

// notATime looks at a message that JSON writes as text; only times are looked at.
func notATime(d protoreflect.MessageDescriptor, path string, v any) []string {
	text, ok := v.(string)
	if d.FullName() != "google.protobuf.Timestamp" || !ok {
		return nil
	}
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return nil
	}
	return []string{at(path) + "is a time as in 2026-11-20T22:00:00Z"}
}

// at is a path with what parts it from the words behind it, nothing for the whole.
func at(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

func jsonNames(d protoreflect.MessageDescriptor) []string {
	names := make([]string, d.Fields().Len())
	for i := range names {
		names[i] = d.Fields().Get(i).JSONName()
	}
	return names
}

// decoded is JSON as misfit looks at it.
func decoded(text []byte) any {
	var v any
	_ = json.Unmarshal(text, &v) // what is no JSON has no fields to look at
	return v
}

// moment is a time as a flag gives it: RFC 3339, or a day, which begins at midnight UTC. Empty stays empty.
func moment(flag, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return text, nil
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text + "T00:00:00Z", nil
	}
	return "", usage("--" + flag + " is a time as in 2026-11-20T22:00:00Z, or a day as in 2026-11-20")
}
