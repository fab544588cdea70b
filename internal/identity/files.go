package identity

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-1d76a664/entente/internal/fault"
)

// Modes of what is written: a certificate is for everybody, a key for its owner.
const (
	certMode fs.FileMode = 0o644
	keyMode  fs.FileMode = 0o600
)

// Save writes the authority's certificate (mode 0644) and key (0600, PKCS #8, in
// clear), the key first. Each file appears complete and fsynced or not at all.
// An existing file is never overwritten, since the old key could not be had
// back: then the error is a fault.AlreadyExists with reason FILE_EXISTS.
func (a *Authority) Save(certFile, keyFile string) error {
	key, err := keyPEM(a.key)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(certFile); err == nil {
		return errExists(fs.ErrExist) // before a key is left without certificate
	}
	if err := place(keyFile, key, keyMode, os.Link); err != nil {
		return err
	}
	if err := place(certFile, certPEM(a.cert.Raw), certMode, os.Link); err != nil {
		return errors.Join(err, os.Remove(keyFile)) // ours, and of no use alone
	}
	return nil
}

// LoadAuthority reads what Save wrote. The trust domain is the one in the
// certificate's URI; the key must be an ECDSA key and belong to the certificate.
func LoadAuthority(certFile, keyFile string, clock func() time.Time) (*Authority, error) {
	if clock == nil {
		return nil, errors.New("identity: load authority: a clock is required")
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("identity: load authority: %w", err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("identity: load authority: the key is not an ECDSA key")
	}
	domain, err := authorityDomain(pair.Leaf)
	if err != nil {
		return nil, fmt.Errorf("identity: load authority: %w", err)
	}
	return &Authority{trustDomain: domain, cert: pair.Leaf, key: key, clock: clock}, nil
}

// authorityDomain is the trust domain that an authority names in its one URI.
func authorityDomain(c *x509.Certificate) (string, error) {
	if err := checkAuthority(c, 1); err != nil {
		return "", err
	}
	if len(c.URIs) != 1 {
		return "", errors.New("the certificate does not name one trust domain")
	}
	domain := c.URIs[0].Host
	if err := CheckTrustDomain(domain); err != nil {
		return "", err
	}
	return domain, CheckAuthorities(domain, []*x509.Certificate{c})
}

// Save writes the certificate (mode 0644) and its key (0600), the key first,
// replacing older ones. Each file changes at once and is fsynced; between the
// two a reader may see a new key beside the old certificate, which Reloader
// outlasts.
func (c Credential) Save(certFile, keyFile string) error {
	if err := place(keyFile, c.KeyPEM, keyMode, os.Rename); err != nil {
		return err
	}
	return place(certFile, c.CertPEM, certMode, os.Rename)
}

// place puts content under name in one step: a temporary file beside it,
// fsynced, then moved by rename (which replaces) or link (which never does),
// then the directory fsynced.
func place(name string, content []byte, mode fs.FileMode, move func(from, to string) error) error {
	dir := filepath.Dir(name)
	temp, err := writeTemp(dir, content, mode)
	if err != nil {
		return fmt.Errorf("identity: write: %w", err)
	}
	err = move(temp, name)
	// After a link the temporary name is superfluous; after a rename it is gone.
	if removed := os.Remove(temp); err == nil && removed != nil && !errors.Is(removed, fs.ErrNotExist) {
		err = removed
	}
	if errors.Is(err, fs.ErrExist) {
		return errExists(err)
	}
	if err != nil {
		return fmt.Errorf("identity: write: %w", err)
	}
	return syncDir(dir)
}

func writeTemp(dir string, content []byte, mode fs.FileMode) (name string, err error) {
	f, err := os.CreateTemp(dir, ".entente-*") // 0600 from the start
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(content); err != nil {
		return "", err
	}
	if err := f.Chmod(mode); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("identity: write: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("identity: write: %w", err)
	}
	return nil
}

func errExists(inner error) error {
	return fault.Wrap(inner, fault.AlreadyExists, "FILE_EXISTS",
		"A file of that name is already there and was left alone; choose another folder, or move it away first.")
}
