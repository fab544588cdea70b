package keyring

import (
	"fmt"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// What can be wrong with a stored value. Match with errors.Is. Callers of the hub may see the text, so it says no more than
// that; the wrapping around it, for the log, says which step noticed.
var (
	// ErrDamaged (DATA_LOSS) says that bytes are not what was written: flipped, cut, of another place or of an unknown format.
	ErrDamaged error = fault.New(fault.DataLoss, "VALUE_DAMAGED",
		"A stored value is damaged and was not served; tell the operator of the hub.")
	// ErrDestroyed (DATA_LOSS) says that the bytes are intact and the key that opens them was destroyed on purpose.
	ErrDestroyed error = fault.New(fault.DataLoss, "KEY_DESTROYED",
		"The key of a stored value was destroyed; the value cannot be read any more.")
	// ErrStale (DATA_LOSS) says that a value was made with a newer ring than this one.
	ErrStale error = fault.New(fault.DataLoss, "KEYS_STALE",
		"The hub's keys are older than its data; the operator has to restore the newest copy of the keys.")
	// ErrTooLarge (EXHAUSTED) says that a value exceeds MaxValue.
	ErrTooLarge error = fault.New(fault.Exhausted, "VALUE_TOO_LARGE",
		"The value is larger than a stored value may be; split it.")
)

// What can be wrong with a ring, as an operator learns of it at start or at a rotation. Match with errors.Is.
var (
	// ErrAbsent (PRECONDITION) says that there is no ring in the folder.
	ErrAbsent error = fault.New(fault.Precondition, "KEYS_ABSENT",
		"There are no keys here; create them once with a new hub, or restore them.")
	// ErrExists (PRECONDITION) says that Create found something at its place.
	ErrExists error = fault.New(fault.Precondition, "KEYS_EXIST",
		"There is something here already and keys are never overwritten; open it, or choose another folder.")
	// ErrHalfMade (PRECONDITION) says that an earlier Create was interrupted. What it left was never used.
	ErrHalfMade error = fault.New(fault.Precondition, "KEYS_HALF_MADE",
		"An interrupted creation left a folder with the suffix .new beside this one; it was never used: remove it and create again.")
	// ErrBroken (DATA_LOSS) says that a key file is missing, cut or damaged.
	ErrBroken error = fault.New(fault.DataLoss, "KEYS_DAMAGED",
		"A key file is missing or damaged; restore the newest copy of the folder.")
	// ErrForeign (PRECONDITION) says that a file is no key file, of a newer format, or of another ring.
	ErrForeign error = fault.New(fault.Precondition, "KEYS_FOREIGN",
		"A key file is of another kind, format or ring; restore both files from one copy.")
	// ErrExposed (PRECONDITION) says that others than the owner may read or change the keys.
	ErrExposed error = fault.New(fault.Precondition, "KEYS_EXPOSED",
		"Others can reach the keys; set the folder to 0700 and its files to 0600, and rotate all secrets.")
	// ErrInUse (PRECONDITION) says that the ring is open elsewhere.
	ErrInUse error = fault.New(fault.Precondition, "KEYS_IN_USE",
		"The keys are open already; stop the other process first.")
	// ErrClosed (PRECONDITION) says that a ring was to be changed after Close.
	ErrClosed error = fault.New(fault.Precondition, "KEYS_CLOSED",
		"The keys were closed; open them again before changing them.")
	// ErrUnknown (PRECONDITION) says that there is no secret of that name or version.
	ErrUnknown error = fault.New(fault.Precondition, "SECRET_UNKNOWN",
		"There is no secret of this name and version; make it, or restore the newest copy of the keys.")
	// ErrName (INVALID) says that a name is none: 1 to 32 of A-Z, 0-9 and _, a letter first.
	ErrName error = fault.New(fault.Invalid, "SECRET_NAME",
		"A secret's name has 1 to 32 characters out of A-Z, 0-9 and _, a letter first, and is not taken.")
	// ErrCurrent (PRECONDITION) says that the current version of a secret was to be retired.
	ErrCurrent error = fault.New(fault.Precondition, "SECRET_CURRENT",
		"The current version of a secret cannot be retired; rotate it first.")
	// ErrExhausted (EXHAUSTED) says that a secret has used up its 255 versions, or a slot its generations.
	ErrExhausted error = fault.New(fault.Exhausted, "VERSIONS_EXHAUSTED",
		"No version is left for this key; move the data to a hub with new keys.")
	// ErrNotScrubbed (INTERNAL) says that a change is in force and durable, but the replaced copy of the file was not overwritten.
	ErrNotScrubbed error = fault.New(fault.Internal, "OLD_KEYS_REMAIN",
		"The change is durable, but the old copy of the key file may remain on the disk; wipe its free space.")
)

func damaged(what string) error { return fmt.Errorf("keyring: %s: %w", what, ErrDamaged) }

func broken(what string) error { return fmt.Errorf("keyring: %s: %w", what, ErrBroken) }

func foreign(what string) error { return fmt.Errorf("keyring: %s: %w", what, ErrForeign) }
