package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Who writes words as other searches have them is told what they mean here, and programs are told nothing.
func TestHints(t *testing.T) {
	for text, want := range map[string]string{
		`boat "black engine" warehou* north-west who?`: "",
		"boat OR lorry":    "--any text=",
		"boat AND lorry":   "all words are required",
		"boat NOT lorry":   "--none text=…",
		"boat -lorry":      "--none text=lorry",
		"bo?t":             "only a * at the end",
		"*oat":             "only a * at the end",
		`"black engin*"`:   "in quotes * is no beginning",
		"+33612345678":     "--identifier +33612345678",
		`"!" ,`:            "holds no word",
		"OR or Oregon and": "OR is a word",
	} {
		got := strings.Join(hints(text), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Count(got, "\n") > 0 {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
	s := newScript(t)
	s.unary = func(int, string, proto.Message) (proto.Message, error) {
		return &ententev1.QueryIntelligenceItemsResponse{}, nil
	}
	if _, errs := s.ok("item", "list", "--text", "boat -lorry"); !strings.Contains(errs, "Note: -lorry") {
		t.Errorf("a person is told: %s", errs)
	}
	for args, want := range map[string]string{"--text|black boat": "fewer words", "--name|Ali Karimi": "one part alone", "--originator|nobody": "agency list"} {
		flag, value, _ := strings.Cut(args, "|")
		if _, errs := s.ok("item", "list", flag, value); !strings.Contains(errs, "Nothing found.") || !strings.Contains(errs, want) {
			t.Errorf("%s %s finds nothing: %s", flag, value, errs)
		}
	}
	if _, errs := s.ok("item", "list", "--text", "boat -lorry", "-o", "json"); errs != "" {
		t.Errorf("a program is told: %s", errs)
	}
}
