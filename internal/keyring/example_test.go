package keyring_test

import (
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-1d76a664/entente/internal/keyring"
)

// A record's part is sealed before its command is made, and opened where it is stored.
func Example() {
	parent, err := os.MkdirTemp("", "ring")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(parent)
	ring, err := keyring.Create(filepath.Join(parent, "keys"), rand.Reader, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	defer ring.Close()

	uid := []byte("0123456789abcdef")
	id := keyring.FirstRecordKey + keyring.KeyID(uid[15])
	key, wrapped, err := ring.NewRecordKey(rand.Reader, id)
	if err != nil {
		log.Fatal(err)
	}
	at := keyring.At("content", uid)
	frame, err := key.Seal(nil, at, []byte("two boats left at night"), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}

	// Later, from wrapped and frame alone.
	again, err := ring.Unwrap(id, wrapped)
	if err != nil {
		log.Fatal(err)
	}
	plain, err := again.Open(nil, at, frame)
	fmt.Printf("%s, %v\n", plain, err)
	_, err = again.Open(nil, keyring.At("content", []byte("another record's")), frame)
	fmt.Println(err)
	// Output:
	// two boats left at night, <nil>
	// keyring: checksum of a frame: DATA_LOSS VALUE_DAMAGED: A stored value is damaged and was not served; tell the operator of the hub.
}
