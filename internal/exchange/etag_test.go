package exchange

import (
	"testing"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

func newTestETags(t testing.TB) etags {
	t.Helper()
	e, err := newETags(newRing(t), func() string { return "0011" })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func envelope(change func(*internalv1.Envelope)) *internalv1.Envelope {
	env := &internalv1.Envelope{Uid: []byte("0123456789abcdef"), Revision: 1, ReleaseVersion: 1, MarkingsVersion: 1, LinksVersion: 1, Number: 9}
	if change != nil {
		change(env)
	}
	return env
}

// A reader's tag moves with what the reader sees, and with nothing else: a change of the audience or the links moves it not.
func TestRecordTagMovesWithWhatReadersSee(t *testing.T) {
	e := newTestETags(t)
	before := e.record(envelope(nil))
	for name, row := range map[string]struct {
		change func(*internalv1.Envelope)
		moves  bool
	}{
		"content":  {func(env *internalv1.Envelope) { env.Revision++ }, true},
		"markings": {func(env *internalv1.Envelope) { env.MarkingsVersion++ }, true},
		"step":     {func(env *internalv1.Envelope) { env.Steps = append(env.Steps, &internalv1.StepMark{}) }, true},
		"recall":   {func(env *internalv1.Envelope) { env.State = recalled }, true},
		"release":  {func(env *internalv1.Envelope) { env.ReleaseVersion++ }, false},
		"links":    {func(env *internalv1.Envelope) { env.LinksVersion++ }, false},
		"number":   {func(env *internalv1.Envelope) { env.Number++ }, false},
	} {
		if moved := e.record(envelope(row.change)) != before; moved != row.moves {
			t.Errorf("%s: the tag moves: %v", name, moved)
		}
	}
}

// Tags of different things differ, have one length, and cannot be made without the secret.
func TestTagsAreKeyedAndApart(t *testing.T) {
	e := newTestETags(t)
	uid := []byte("0123456789abcdef")
	tags := []string{e.of(uid, 1, 1, 0, false), e.release(uid, 1), e.links(uid, 1), e.agency(string(uid), 1), e.group(uid, 1), newTestETags(t).release(uid, 1)}
	seen := map[string]bool{}
	for i, tag := range tags {
		if len(tag) != etagSize || seen[tag] {
			t.Errorf("tag %d: %q", i, tag)
		}
		seen[tag] = true
	}
}
