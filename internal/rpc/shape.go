package rpc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
)

// shape holds requests to the rules that stand beside their fields in the proto
// files, so that a client sees the very rules that it is held to.
type shape struct {
	validator protovalidate.Validator
	rules     rulebook
}

// newShape compiles the rules of all request types; a rule that does not compile
// keeps the hub from starting. A type that was not given is refused by check.
func newShape(types []protoreflect.MessageDescriptor) (*shape, error) {
	v, err := protovalidate.New(protovalidate.WithMessageDescriptors(types...), protovalidate.WithDisableLazy())
	if err != nil {
		return nil, fmt.Errorf("rpc: the rules of a request do not compile: %w", err)
	}
	return &shape{validator: v, rules: newRulebook(types)}, nil
}

// check holds m to its rules. The error is a fault.Invalid with a violation for
// each field at fault, in the order of the rules.
func (s *shape) check(m proto.Message) error { return s.checkParts(m, 0) }

// manyParts is from how many messages and list elements on only the first violation
// is told. A violation costs a hundred times what a rule that is met does, and a
// request can have as many as it has parts.
const manyParts = 1000

// checkParts is check of a message that is made of so many parts.
func (s *shape) checkParts(m proto.Message, parts int) error {
	if s.rules.surely(m) {
		return nil
	}
	with := []protovalidate.ValidationOption{unlessMet}
	if parts > manyParts {
		with = append(with, protovalidate.WithFailFast())
	}
	err := s.validator.Validate(m, with...)
	if err == nil {
		return nil
	}
	var broke *protovalidate.ValidationError
	if !errors.As(err, &broke) {
		return fault.Wrap(err, fault.Internal, "RULE_FAILED", "The hub could not check the request; tell the operator.")
	}
	violations := make([]fault.Violation, 0, len(broke.Violations))
	for _, v := range broke.Violations {
		violations = append(violations, violation(m.ProtoReflect().Descriptor(), v.Proto))
	}
	return fault.Violated(violations...)
}

// unlessMet leaves the one rule that is an expression to its interpreter only where
// it is broken: every call meets it, and the interpreter takes longer than all other
// rules of a short call together.
var unlessMet = protovalidate.WithFilter(protovalidate.FilterFunc(func(m protoreflect.Message, of protoreflect.Descriptor) bool {
	_, message := of.(protoreflect.MessageDescriptor)
	return !message || !excused(m)
}))

// excused tells a Justification that meets its expression.
func excused(m protoreflect.Message) bool {
	j, ok := m.Interface().(*ententev1.Justification)
	return ok && (j.GetCaseReference() != "" || j.GetReason() != "")
}

// violation in the hub's spelling. The text is the rule's own and holds no value.
func violation(d protoreflect.MessageDescriptor, v *validate.Violation) fault.Violation {
	text := v.GetMessage()
	if text == "" {
		text = "does not meet the rule " + v.GetRuleId()
	}
	return fault.Violation{Field: pathOf(d, v.GetField()), Reason: reasonOf(v.GetRuleId()), Description: text}
}

// reasonOf is a rule's id as a stable reason: "string.max_len" is STRING_MAX_LEN.
func reasonOf(ruleID string) string {
	reason := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		default:
			return '_'
		}
	}, ruleID)
	if reason == "" {
		return "INVALID"
	}
	return reason
}

// pathOf is a field path in JSON spelling. Keys of maps come from outside, so they
// are left out.
func pathOf(d protoreflect.MessageDescriptor, path *validate.FieldPath) string {
	var b strings.Builder
	for _, e := range path.GetElements() {
		name := e.GetFieldName() // a oneof, which has no number
		if d != nil {
			if f := d.Fields().ByNumber(protoreflect.FieldNumber(e.GetFieldNumber())); f != nil {
				name, d = f.JSONName(), f.Message()
			}
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
		if e.WhichSubscript() == validate.FieldPathElement_Index_case {
			b.WriteString("[" + strconv.FormatUint(e.GetIndex(), 10) + "]")
		}
	}
	return b.String()
}
