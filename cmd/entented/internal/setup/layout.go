package setup

import "path/filepath"

// Layout names the files in the folder of a hub.
type Layout struct{ dir string }

// In is the layout of a folder.
func In(dir string) Layout { return Layout{dir: dir} }

// Dir is the folder.
func (l Layout) Dir() string { return l.dir }

// Config is the configuration.
func (l Layout) Config() string { return filepath.Join(l.dir, "hub.yaml") }

// Data is the data folder.
func (l Layout) Data() string { return filepath.Join(l.dir, "data") }

// Pair is a certificate and its key.
type Pair struct{ Cert, Key string }

// HubAuthority signs the hub's certificate.
func (l Layout) HubAuthority() Pair { return l.Pair("hub-ca") }

// Hub is the hub's certificate.
func (l Layout) Hub() Pair { return l.Pair("hub") }

// OperatorAuthority signs the operator's certificates.
func (l Layout) OperatorAuthority() Pair { return l.Pair("operator-ca") }

// Operator is the operator's certificate.
func (l Layout) Operator() Pair { return l.Pair("operator") }

// Pair is any other pair beside these.
func (l Layout) Pair(name string) Pair {
	base := filepath.Join(l.dir, "pki", name)
	return Pair{Cert: base + ".crt", Key: base + ".key"}
}
