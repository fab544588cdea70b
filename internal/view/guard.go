package view

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/seed-1d76a664/entente/internal/index/segment"
)

// guarded runs fn over the file. bbolt trusts its pages, which have no checksum: a damaged one makes it panic, or leads it outside the file. Both are
// damage here; every other panic goes on.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if d, ok := p.(*segment.Damage); ok {
				err = d
				return
			}
			if !ofTheFile(p, string(debug.Stack())) {
				panic(p)
			}
			err = damage(fmt.Errorf("view: the file does not hold together: %v", p))
		}
	}()
	return fn()
}

// caught runs fn over segments: one that is damaged is an error, as in guarded.
func caught(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d, ok := p.(*segment.Damage)
			if !ok {
				panic(p)
			}
			err = d
		}
	}()
	return fn()
}

// ofTheFile tells whether a panic came out of bbolt, or out of memory that is the file.
func ofTheFile(p any, stack string) bool {
	if _, address := p.(interface{ Addr() uintptr }); address {
		return true
	}
	_, below, _ := strings.Cut(stack, "panic(") // the frames of whoever panicked follow
	_, below, _ = strings.Cut(below, "\n")
	_, below, _ = strings.Cut(below, "\n")
	return strings.HasPrefix(below, "go.etcd.io/bbolt")
}
