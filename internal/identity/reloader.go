package identity

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// reloadEvery is how often, at most, the files are looked at.
const reloadEvery = time.Second

// maxKeyFile bounds what is read of a certificate or key file.
const maxKeyFile = 1 << 20

// Reloader is the hub's own certificate, read from two files and read again
// when they change, without a restart. It looks at the files when a handshake
// asks for the certificate, at most once a second, so it has no goroutine and
// nothing to close. Its methods may be called from many goroutines at once.
type Reloader struct {
	certFile, keyFile string
	clock             func() time.Time
	report            func(error)

	current atomic.Pointer[loaded]
	mu      sync.Mutex // held by the one that looks at the files
	next    time.Time  // when to look again; under mu
	failure string     // the last failure reported; under mu
}

// loaded is what a pair of files held.
type loaded struct {
	digest [sha256.Size]byte // of both files
	cert   *tls.Certificate
}

// OpenReloader reads the files for the first time; a certificate that
// CheckHubCertificate refuses is an error here. report, if not nil, is told when
// a new certificate is in use (with nil) and when a change could not be used
// (with the reason, once for each reason); the old one stays in use then. It
// runs on a handshake's goroutine and must not block.
func OpenReloader(certFile, keyFile string, clock func() time.Time, report func(error)) (*Reloader, error) {
	if clock == nil {
		return nil, errors.New("identity: a reloader needs a clock")
	}
	if report == nil {
		report = func(error) {}
	}
	r := &Reloader{certFile: certFile, keyFile: keyFile, clock: clock, report: report}
	first, err := r.load()
	if err != nil {
		return nil, err
	}
	r.current.Store(first)
	r.next = clock().Add(reloadEvery)
	return r, nil
}

// Certificate is the current certificate, as tls.Config.GetCertificate wants it.
// It never fails: a bad new file leaves the old certificate in use.
func (r *Reloader) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	r.look()
	return r.current.Load().cert, nil
}

// Leaf is the parsed certificate in use; do not change it.
func (r *Reloader) Leaf() *x509.Certificate { return r.current.Load().cert.Leaf }

// look reads the files if it is time. Handshakes that come meanwhile go on with
// the certificate that there is.
func (r *Reloader) look() {
	if !r.mu.TryLock() {
		return
	}
	defer r.mu.Unlock()
	now := r.clock()
	if now.Before(r.next) && r.next.Sub(now) <= reloadEvery { // not a clock set back
		return
	}
	r.next = now.Add(reloadEvery)
	fresh, err := r.load()
	switch {
	case err != nil:
		r.fail(err)
	case fresh.digest != r.current.Load().digest:
		r.current.Store(fresh)
		r.failure = ""
		r.report(nil)
	default:
		r.failure = ""
	}
}

func (r *Reloader) fail(err error) {
	if text := err.Error(); text != r.failure {
		r.failure = text
		r.report(err)
	}
}

// load reads and checks both files. Contents are compared, not times: two small
// files a second cost nothing, and a change within one tick of the file system's
// clock is not missed.
func (r *Reloader) load() (*loaded, error) {
	certPEM, err := readBounded(r.certFile)
	if err != nil {
		return nil, fmt.Errorf("identity: hub certificate: %w", err)
	}
	keyPEM, err := readBounded(r.keyFile)
	if err != nil {
		return nil, fmt.Errorf("identity: hub key: %w", err)
	}
	digest := sha256.Sum256(bytes.Join([][]byte{certPEM, keyPEM}, []byte{0}))
	if old := r.current.Load(); old != nil && old.digest == digest {
		return old, nil
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("identity: hub certificate: %w", err)
	}
	if err := CheckHubCertificate(pair.Leaf, r.clock()); err != nil {
		return nil, err
	}
	return &loaded{digest: digest, cert: &pair}, nil
}

func readBounded(name string) (content []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err = io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err == nil && len(content) > maxKeyFile {
		err = errors.New("file is larger than 1 MiB")
	}
	return content, err
}

// CheckHubCertificate says why a certificate cannot be the hub's own at that
// time, or nil: one SPIFFE URI, a DNS name beside it (clients check that),
// serverAuth, no authority, an accepted key, valid now.
func CheckHubCertificate(c *x509.Certificate, now time.Time) error {
	found, err := readNames(c)
	if err != nil {
		return fmt.Errorf("identity: hub certificate: %w", err)
	}
	if len(found.uris) != 1 || found.dns == 0 {
		return errors.New("identity: hub certificate: it needs exactly one SPIFFE URI and a DNS name")
	}
	if _, err := ParseID(found.uris[0]); err != nil {
		return fmt.Errorf("identity: hub certificate: %w", err)
	}
	if c.IsCA || !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
		return errors.New("identity: hub certificate: it must be no authority and allow serverAuth")
	}
	if err := checkKey(c); err != nil {
		return fmt.Errorf("identity: hub certificate: %w", err)
	}
	if now.Before(c.NotBefore) || !now.Before(c.NotAfter) {
		return errors.New("identity: hub certificate: it is not valid at this time")
	}
	return nil
}
