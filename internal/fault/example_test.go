package fault_test

import (
	"errors"
	"fmt"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// A room wraps what went wrong; the edge asks what to tell.
func ExampleAs() {
	inner := errors.New("checksum of page 4711 differs")
	err := fmt.Errorf("get record: %w",
		fault.Wrap(inner, fault.DataLoss, "RECORD_DAMAGED", "The record cannot be read; tell the operator."))
	f := fault.As(err)
	fmt.Println(f.Kind, f.Reason)
	fmt.Println(f.Message)
	// Output:
	// DATA_LOSS RECORD_DAMAGED
	// The record cannot be read; tell the operator.
}

// Whoever checks a part of a message leaves it to its caller to say where that
// part stands.
func ExampleFault_Under() {
	part := fault.Violated(fault.Violation{Field: "phone", Reason: "MALFORMED", Description: "give it in E.164"})
	fmt.Println(part.Under("content.subjects[2]").Violations[0].Field)
	// Output: content.subjects[2].phone
}
