package index

import (
	"slices"
	"testing"
)

// reviewedAt is a record of owner 1 with a review time.
func reviewedAt(n Number, seconds int64) Change {
	return Change{Number: n, Columns: Columns{Kind: item, Owner: 1, ReviewSeconds: seconds}}
}

// TestReviewTimePasses follows one record through its review time, as its
// originator and another see it.
func TestReviewTimePasses(t *testing.T) {
	x := New()
	if err := x.Apply(0, []Change{reviewedAt(1, 10), reviewedAt(2, 0)}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		now, at          int64 // microseconds
		others, own, due []Number
	}{
		{0, 0, []Number{2, 1}, []Number{2, 1}, nil},
		{9_999_999, 0, []Number{2, 1}, []Number{2, 1}, nil},
		{9_999_999, 10_000_000, []Number{2}, []Number{2, 1}, []Number{1}},
		{10_000_000, 0, []Number{2}, []Number{2, 1}, []Number{1}},
		{5, 0, []Number{2}, []Number{2, 1}, []Number{1}},
	} {
		if err := x.Apply(step.now, nil); err != nil {
			t.Fatal(err)
		}
		for _, asked := range []struct {
			review Review
			want   []Number
		}{
			{Review{At: step.at}, step.others},
			{Review{At: step.at, Owner: 2}, step.others},
			{Review{At: step.at, Owner: 1}, step.own},
			{Review{At: step.at, Owner: 1, Due: true}, step.due},
			{Review{At: step.at, Owner: 2, Due: true}, nil},
			{Review{At: step.at, Due: true}, nil},
		} {
			q := Query{Review: &asked.review}
			if got := numbers(x, q, 9); !slices.Equal(got, asked.want) {
				t.Errorf("%+v, %+v: %v, want %v", step, asked.review, got, asked.want)
			}
			if n, _, _ := x.Count(q, 9); n != len(asked.want) {
				t.Errorf("%+v, %+v: counted %d", step, asked.review, n)
			}
		}
	}
}

// TestReviewMoved says that a new review time takes the place of the old one.
func TestReviewMoved(t *testing.T) {
	x := New()
	for _, seconds := range []int64{10, 5, 100, 0, 3} {
		if err := x.Apply(1e6, []Change{reviewedAt(1, seconds)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Apply(2e6, nil); err != nil || len(numbers(x, Query{Review: &Review{}}, 9)) != 1 {
		t.Fatal("due too early", err)
	}
	if err := x.Apply(3e6, nil); err != nil || len(numbers(x, Query{Review: &Review{}}, 9)) != 0 {
		t.Fatal("not due", err)
	}
	if err := x.Apply(3e6, []Change{reviewedAt(1, 4)}); err != nil || len(numbers(x, Query{Review: &Review{}}, 9)) != 1 {
		t.Fatal("still due", err)
	}
}

// TestAppointmentsDoNotPileUp says that records which change their review time
// again and again do not fill the memory with the old ones.
func TestAppointmentsDoNotPileUp(t *testing.T) {
	x := New()
	for i := range 20_000 {
		if err := x.Apply(0, []Change{reviewedAt(1, int64(1000+i))}); err != nil {
			t.Fatal(err)
		}
	}
	if waiting := len(x.reviews.waiting); waiting > 1100 {
		t.Fatalf("%d appointments for one record", waiting)
	}
	if err := x.Apply(20_998e6, nil); err != nil || len(numbers(x, Query{Review: &Review{}}, 9)) != 1 {
		t.Fatal("due too early", err)
	}
	if err := x.Apply(20_999e6, nil); err != nil || len(numbers(x, Query{Review: &Review{}}, 9)) != 0 {
		t.Fatal("not due", err)
	}
}

// TestWholeSeconds rounds down, also before 1970.
func TestWholeSeconds(t *testing.T) {
	for micros, want := range map[int64]int64{0: 0, 999_999: 0, 1_000_000: 1, -1: -1, -1_000_000: -1, -1_000_001: -2} {
		if got := wholeSeconds(micros); got != want {
			t.Errorf("%d: %d, want %d", micros, got, want)
		}
	}
}
