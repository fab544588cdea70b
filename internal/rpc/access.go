package rpc

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/fault"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// access is who may call a method and what a call costs, as the method declares
// it. The zero access lets nobody in.
type access struct {
	rights   intel.Rights // one of them is enough
	enrolled bool         // every accepted caller, whatever its rights
	class    ententev1.CallClass
}

// CheckMethods says which methods of the services do not declare who may call
// them, or declare it in a way that means nothing; nil when every one does. A hub
// with such a method does not start.
func CheckMethods(services ...protoreflect.ServiceDescriptor) error {
	var errs []error
	for _, s := range services {
		for i := range s.Methods().Len() {
			_, err := accessOf(s.Methods().Get(i))
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// accessOf reads the option of a method.
func accessOf(d protoreflect.MethodDescriptor) (access, error) {
	declared, _ := proto.GetExtension(d.Options(), ententev1.E_Access).(*ententev1.Access)
	a := access{enrolled: declared.GetEnrolled(), class: declared.GetCallClass()}
	for _, r := range declared.GetAnyOf() {
		right := intel.Right(r)
		if r <= 0 || r > ententev1.Right_RIGHT_OPERATE || a.rights.Has(right) {
			return access{}, fmt.Errorf("rpc: %s declares a right twice, or one that does not exist", d.FullName())
		}
		a.rights = a.rights.With(right)
	}
	switch {
	case a.enrolled == (a.rights != 0):
		return access{}, fmt.Errorf("rpc: %s must declare either rights or enrolled", d.FullName())
	case !slices.Contains(classes(), a.class):
		return access{}, fmt.Errorf("rpc: %s declares no call class", d.FullName())
	case a.rights.Has(intel.Operate) && a.rights.Without(intel.Operate).Without(intel.Administer) != 0:
		return access{}, fmt.Errorf("rpc: %s would let the operator read or submit", d.FullName())
	}
	return a, nil
}

// admits tells whether the caller may call; the error says which right is missing,
// not who has it.
func (a access) admits(c intel.Caller) error {
	if a.enrolled {
		return nil
	}
	for _, r := range a.rights.List() {
		if c.Has(r) {
			return nil
		}
	}
	return fault.New(fault.Denied, "RIGHT_REQUIRED",
		"Your certificate's path does not hold the right that this method needs; ask your agency's administrator for a binding.").
		WithMetadata(fault.KeyRight, a.rights.String())
}
