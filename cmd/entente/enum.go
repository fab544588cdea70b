package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// choices are the names of an enum's values without what all of them begin with, the unspecified one aside.
func choices(enum protoreflect.EnumDescriptor) (prefix string, short []string) {
	values := enum.Values()
	prefix = strings.TrimSuffix(string(values.Get(0).Name()), "UNSPECIFIED")
	for i := 1; i < values.Len(); i++ {
		short = append(short, strings.TrimPrefix(string(values.Get(i).Name()), prefix))
	}
	return prefix, short
}

// chosen are the full names of the choices that a flag gives.
func chosen(flag string, enum protoreflect.EnumDescriptor, given []string) ([]any, error) {
	prefix, short := choices(enum)
	names := make([]any, len(given))
	for i, text := range given {
		name := strings.TrimPrefix(strings.ToUpper(text), prefix)
		if !slices.Contains(short, name) {
			return nil, usage("--" + flag + " is one of " + strings.Join(short, ", "))
		}
		names[i] = prefix + name
	}
	return names, nil
}

// complete lets the shell complete a flag by the choices of an enum.
func complete(c *cobra.Command, flag string, enum protoreflect.EnumDescriptor) {
	_, short := choices(enum)
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(short, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
}

// gradingOf reads a grading as it is spoken, with its scheme: europol:B2. The first sign is the source, the second the information.
func gradingOf(text string) (map[string]any, error) {
	wrong := usage("a grading is SCHEME:XY, as in europol:B2, uk:2B or admiralty:C3")
	scheme, code, _ := strings.Cut(strings.ToLower(text), ":")
	field := (&ententev1.Evaluation{}).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(scheme))
	if field == nil || field.Message() == nil || len(code) != 2 {
		return nil, wrong
	}
	axes, grading := field.Message().Fields(), map[string]any{}
	for i := range 2 {
		value := bySign(axes.Get(i).Enum(), strings.ToUpper(code[i:i+1]))
		if value == "" {
			return nil, wrong
		}
		grading[axes.Get(i).JSONName()] = value
	}
	return map[string]any{scheme: grading}, nil
}

// bySign is the value that has a sign for its name, or a sign and words: B, or B_KNOWN_INDIRECTLY.
func bySign(enum protoreflect.EnumDescriptor, sign string) string {
	prefix, short := choices(enum)
	for _, name := range short {
		if name == sign || strings.HasPrefix(name, sign+"_") {
			return prefix + name
		}
	}
	return ""
}
