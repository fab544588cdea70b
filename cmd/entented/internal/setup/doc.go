// Package setup makes what a hub needs before its first start: the authorities
// of the hub and of its operator, a certificate from each, the data folder with
// its keys, and the configuration.
//
//	hub.yaml             the configuration
//	pki/hub-ca.crt .key  whom clients trust to vouch for the hub; give them the .crt
//	pki/hub.crt .key     the hub's own certificate, read again when it changes
//	pki/operator-ca.crt .key   whom the hub trusts to vouch for its operator
//	pki/operator.crt .key      a certificate with the right OPERATE
//	data/                format, keys/, and from the first start on view.db
//
// The two authorities are apart, so that whoever can make hub certificates
// cannot make operators. Their keys are not needed by a running hub: keep them
// elsewhere.
package setup
