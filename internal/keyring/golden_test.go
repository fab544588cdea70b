package keyring

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"slices"
	"testing"
)

// Frames of the value "value" at bucket "b", key "k", on the ring of dice(1). Stored values look like this for ever.
const (
	goldenClear   = "010000456092c076616c7565"
	goldenRecord  = "0100ac0247a03f46c6c150a912520b1c7c69c20d30cc014f81f1d688841ca98884edb295042dd25087"
	goldenSame    = "0100ac0208e25b3e9b939ab9ccf634b19c04c22b92a3adff85f0a88dc73c4d66134e0e04d89e398d51"
	goldenStorage = "0100011b1836bec6217a7ada30df05d095000cbbde575fb60d478c4d0559e1d3ae279af93318996d"
	goldenWrapped = "0100000001b7826c64126b5c53987122a9d84007f40f89b0b36ae850d589753ec6007dda204cf001dc980b7a6e2e7fc7674d628c48606ae829af132c9329f5a4849494e646"
)

// What stands in files for years is compared with what it was on the first day.
func TestFramesAreWhatTheyWere(t *testing.T) {
	r := newRing(t, 1)
	at := At("b", []byte("k"))
	key, wrapped := newKey(t, r, 300)
	recordFrame, err := key.Seal(nil, at, []byte("value"), dice(3))
	if err != nil {
		t.Fatal(err)
	}
	storageFrame, err := storage(t, r, 1).Seal(nil, at, []byte("value"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	same, err := key.SealSame(nil, at, []byte("value"), AsIs)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"clear":       {SealClear(nil, at, []byte("value")), goldenClear},
		"record":      {recordFrame, goldenRecord},
		"record same": {same, goldenSame},
		"storage":     {storageFrame, goldenStorage},
		"wrapped":     {wrapped, goldenWrapped},
	} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A frame is made by hand, from the package's documentation and nothing of its code.
func TestAStorageFrameByHand(t *testing.T) {
	r := newRing(t, 1)
	root := secret(t, r, Storage).Key()
	location := []byte("\x01b\x01k")
	head := []byte{1, 0, 1}
	context := slices.Concat(location, head)

	mac := hmac.New(sha256.New, byHand(t, root[:], "entente/v1/secret/STORAGE/nonce"))
	mac.Write(context)
	mac.Write([]byte("value"))
	nonce := mac.Sum(nil)[:12]
	sealed := gcmByHand(t, byHand(t, root[:], "entente/v1/secret/STORAGE/seal")).Seal(nil, nonce, []byte("value"), context)

	payload := slices.Concat(nonce, sealed)
	sum := crc32.Checksum(slices.Concat(context, payload), crc32.MakeTable(crc32.Castagnoli))
	want := slices.Concat(binary.BigEndian.AppendUint32(head, sum), payload)
	if hex.EncodeToString(want) != goldenStorage {
		t.Errorf("by hand %x, by the package %s", want, goldenStorage)
	}
}

func TestAWrappedKeyByHand(t *testing.T) {
	r := newRing(t, 1)
	const id = 300
	key := make([]byte, KeySize)
	if _, err := dice(300%256 + 77).Read(key); err != nil {
		t.Fatal(err)
	}
	file := r.now().encode(wrappingFile)
	slotKey := file[25+(id%256)*36+4:][:KeySize]

	head := []byte{1, 0, 0, 0, 1}
	idBytes := []byte{0, 0, 0, 0, 0, 0, 1, 0x2c}
	context := slices.Concat(idBytes, head)
	mac := hmac.New(sha256.New, byHand(t, slotKey, "entente/v1/wrapping/nonce"))
	mac.Write(context)
	mac.Write(key)
	nonce := mac.Sum(nil)[:12]
	want := slices.Concat(head, nonce, gcmByHand(t, slotKey).Seal(nil, nonce, key, context))
	sum := crc32.Checksum(slices.Concat(idBytes, want), crc32.MakeTable(crc32.Castagnoli))
	want = binary.BigEndian.AppendUint32(want, sum)
	if hex.EncodeToString(want) != goldenWrapped || len(want) != WrappedSize {
		t.Errorf("by hand %x, by the package %s", want, goldenWrapped)
	}
}

func TestAClearFrameByHand(t *testing.T) {
	sum := crc32.Checksum([]byte("\x01b\x01k\x01\x00\x00value"), crc32.MakeTable(crc32.Castagnoli))
	want := append(binary.BigEndian.AppendUint32([]byte{1, 0, 0}, sum), "value"...)
	if got := SealClear(nil, At("b", []byte("k")), []byte("value")); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func byHand(t *testing.T, key []byte, info string) []byte {
	t.Helper()
	out, err := hkdf.Key(sha256.New, key, nil, info, 32)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func gcmByHand(t *testing.T, key []byte) cipher.AEAD {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return aead
}
