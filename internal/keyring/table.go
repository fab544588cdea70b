package keyring

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"
)

// table holds all versions of all secrets, ascending; the last is current. Body of the file secrets:
//
//	count (2 bytes) of names, ascending, each
//	    length (1 byte), name
//	    count (1 byte) of versions, ascending, each
//	        version (1 byte, from 1), created (8 bytes, Unix milliseconds), key (32 bytes)
//
// Versions are never used again, not even after they are retired: the current one is always the highest that there ever was.
type table map[Name][]Secret

func newTable(names []Name, random io.Reader, now time.Time) (table, error) {
	t := table{}
	for _, name := range slices.Sorted(slices.Values(names)) {
		if err := t.make(name, random, now); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t table) clone() table {
	c := make(table, len(t))
	for name, versions := range t {
		c[name] = slices.Clone(versions)
	}
	return c
}

func (t table) current(name Name) (Secret, error) {
	versions := t[name]
	if len(versions) == 0 {
		return Secret{}, unknown(name)
	}
	return versions[len(versions)-1], nil
}

func (t table) at(name Name, version uint8) (Secret, error) {
	for _, s := range t[name] {
		if s.Version == version {
			return s, nil
		}
	}
	return Secret{}, unknown(name)
}

// unknown does not print the name unless it is one.
func unknown(name Name) error {
	if !name.valid() {
		name = "secret"
	}
	return fmt.Errorf("keyring: %s: %w", name, ErrUnknown)
}

// make adds the first version of a secret.
func (t table) make(name Name, random io.Reader, now time.Time) error {
	if _, taken := t[name]; taken || !name.valid() {
		return fmt.Errorf("keyring: make: %w", ErrName)
	}
	s, err := newSecret(name, 1, random, now)
	if err != nil {
		return err
	}
	t[name] = []Secret{s}
	return nil
}

// rotate adds the next version.
func (t table) rotate(name Name, random io.Reader, now time.Time) error {
	last, err := t.current(name)
	if err != nil {
		return err
	}
	if last.Version == math.MaxUint8 {
		return fmt.Errorf("keyring: rotate %s: %w", name, ErrExhausted)
	}
	s, err := newSecret(name, last.Version+1, random, now)
	if err != nil {
		return err
	}
	t[name] = append(t[name], s)
	return nil
}

// retire removes a version that is not current.
func (t table) retire(name Name, version uint8) error {
	if _, err := t.at(name, version); err != nil {
		return err
	}
	if last, _ := t.current(name); last.Version == version {
		return fmt.Errorf("keyring: retire %s: %w", name, ErrCurrent)
	}
	t[name] = slices.DeleteFunc(t[name], func(s Secret) bool { return s.Version == version })
	return nil
}

func (t table) names() []Name { return slices.Sorted(maps.Keys(t)) }

func (t table) encode() []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(t)))
	for _, name := range t.names() {
		out = append(append(out, byte(len(name))), name...)
		out = append(out, byte(len(t[name])))
		for _, s := range t[name] {
			out = binary.BigEndian.AppendUint64(append(out, s.Version), uint64(s.Created.UnixMilli()))
			out = append(out, s.key.bytes()...)
		}
	}
	return out
}

func decodeTable(body []byte) (table, error) {
	count, ok := field(&body, 2)
	if !ok {
		return nil, broken("secrets: no list")
	}
	t := table{}
	last := Name("")
	for range binary.BigEndian.Uint16(count) {
		name, ok := nameField(&body)
		if !ok || name <= last {
			return nil, broken("secrets: name")
		}
		last = name
		versions, err := decodeVersions(name, &body)
		if err != nil {
			return nil, err
		}
		t[name] = versions
	}
	if len(body) > 0 {
		return nil, broken("secrets: more than belongs there")
	}
	return t, nil
}

func nameField(body *[]byte) (Name, bool) {
	length, ok := field(body, 1)
	if !ok {
		return "", false
	}
	name, ok := field(body, int(length[0]))
	return Name(name), ok && Name(name).valid()
}

func decodeVersions(name Name, body *[]byte) ([]Secret, error) {
	count, ok := field(body, 1)
	if !ok || count[0] == 0 {
		return nil, broken("secrets: no version of a secret")
	}
	versions := make([]Secret, 0, count[0])
	last := uint8(0)
	for range count[0] {
		head, ok := field(body, 1+8)
		if !ok || head[0] <= last {
			return nil, broken("secrets: versions of a secret")
		}
		last = head[0]
		key, ok := keyField(body)
		if !ok {
			return nil, broken("secrets: key of a secret")
		}
		created := time.UnixMilli(int64(binary.BigEndian.Uint64(head[1:]))).UTC()
		versions = append(versions, Secret{Name: name, Version: last, Created: created, key: hide(key)})
	}
	return versions, nil
}
