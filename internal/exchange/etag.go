package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sync"

	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
	"github.com/seed-1d76a664/entente/internal/keyring"
)

// etags makes entity tags: keyed, so that versions cannot be counted from them, and each over just what its reader can see. A change of the audience moves
// the release's tag, which the originator alone sees, and no reader's. A restored hub gives versions again that it has lost: a tag is good for one epoch.
type etags struct {
	macs  *sync.Pool
	epoch func() string
}

// etagSize is how many hexadecimal digits a tag has.
const etagSize = 24

func newETags(ring *keyring.Ring, epoch func() string) (etags, error) {
	secret, err := ring.Secret(keyring.ETag)
	if err != nil {
		return etags{}, err
	}
	key, err := secret.Derive("etag")
	return etags{macs: &sync.Pool{New: func() any { return hmac.New(sha256.New, key[:]) }}, epoch: epoch}, err
}

func (e etags) tag(kind string, uid []byte, versions ...uint64) string {
	mac, ok := e.macs.Get().(hash.Hash)
	if !ok {
		panic("exchange: the pool of tags holds something else")
	}
	defer e.macs.Put(mac)
	mac.Reset()
	text := make([]byte, 0, 80)
	text = append(append(text, kind...), uid...)
	for _, v := range versions {
		text = binary.BigEndian.AppendUint64(text, v)
	}
	mac.Write(append(text, e.epoch()...))
	var sum [sha256.Size]byte
	return hex.EncodeToString(mac.Sum(sum[:0])[:etagSize/2])
}

func (e etags) record(env *internalv1.Envelope) string {
	return e.of(env.GetUid(), env.GetRevision(), env.GetMarkingsVersion(), uint32(len(env.GetSteps())), env.GetState() == recalled)
}

func (e etags) of(uid []byte, revision, markings, steps uint32, isRecalled bool) string {
	state := uint64(0)
	if isRecalled {
		state = 1
	}
	return e.tag("record", uid, uint64(revision), uint64(markings), uint64(steps), state)
}

func (e etags) release(uid []byte, version uint32) string {
	return e.tag("release", uid, uint64(version))
}

func (e etags) links(uid []byte, version uint32) string { return e.tag("links", uid, uint64(version)) }

func (e etags) agency(id string, version uint64) string { return e.tag("agency", []byte(id), version) }

func (e etags) group(uid []byte, version uint64) string { return e.tag("group", uid, version) }

func (e etags) standingQuery(uid []byte, version uint64) string {
	return e.tag("standing", uid, version)
}
