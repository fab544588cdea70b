package policy

import (
	"fmt"
	"slices"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/intel"
)

// act is what a command of the tests' little hub does.
type act int

const (
	enrol act = iota
	suspend
	reinstate
	expel
	join
	leave
	release // a version of the one record's release
	recall
	idle // something that changes nothing here
)

// command is one change. Its place in the history, from 1, is its ordinal.
type command struct {
	act     act
	agency  intel.AgencyID
	group   uint32
	release *ententev1.Release
	open    bool // open_to_current_members
}

func (c command) String() string {
	return fmt.Sprintf("%d %s group %d open %v [%v]", c.act, c.agency, c.group, c.open, c.release)
}

// history is every command there ever was. The model answers each question by
// reading it from the beginning: it keeps no spans, generations or stamps, so it
// shares no idea with the package but the rules.
type history []command

func (h history) now() uint64 { return uint64(len(h)) }

type status int

const (
	unknown status = iota
	active
	suspended
	expelled
)

// status of an agency after the first n commands.
func (h history) status(n uint64, a intel.AgencyID) status {
	s := unknown
	for _, c := range h[:n] {
		if c.agency != a {
			continue
		}
		switch c.act {
		case enrol, reinstate:
			s = active
		case suspend:
			s = suspended
		case expel:
			s = expelled
		}
	}
	return s
}

// listed tells whether an agency stood on a group's list after n commands.
func (h history) listed(n uint64, group uint32, a intel.AgencyID) bool {
	on := false
	for _, c := range h[:n] {
		switch {
		case c.agency != a:
		case c.act == join && c.group == group:
			on = true
		case c.act == leave && c.group == group, c.act == expel:
			on = false
		}
	}
	return on
}

// member tells whether an agency was a member in standing after n commands.
func (h history) member(n uint64, group uint32, a intel.AgencyID) bool {
	return h.status(n, a) == active && (group == AllPartners || h.listed(n, group, a))
}

// versions are the ordinals of the record's releases, oldest first.
func (h history) versions() []uint64 {
	var list []uint64
	for i, c := range h {
		if c.act == release {
			list = append(list, uint64(i+1))
		}
	}
	return list
}

// inForce is the ordinal of the release in force after n commands; 0 for none.
func (h history) inForce(n uint64) uint64 {
	v := uint64(0)
	for _, at := range h.versions() {
		if at <= n {
			v = at
		}
	}
	return v
}

func (h history) at(ordinal uint64) command { return h[ordinal-1] }

// released is the moment that counts for a group in a version: that of the first
// of the unbroken row of versions that name it, or of the last that opened it anew.
func (h history) released(version uint64, group uint32) uint64 {
	moment := version
	for _, v := range slices.Backward(h.versions()) {
		if v > version {
			continue
		}
		if !names(h.at(v).release, group) {
			break
		}
		moment = v
		if h.at(v).open {
			break
		}
	}
	return moment
}

// groupName is what releases call the groups of the tests.
func groupName(group uint32) string {
	return intel.GroupName("fr-one", [16]byte{15: byte(group)})
}

func names(r *ententev1.Release, group uint32) bool {
	if group == AllPartners {
		return r.GetAudience().GetAllPartners()
	}
	return slices.Contains(r.GetAudience().GetGroups(), groupName(group))
}
