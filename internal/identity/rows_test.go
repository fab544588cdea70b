package identity

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// row is one certificate that must be refused (THREATS T5).
type row struct {
	name   string
	reason Reason
	// chain is what the client presents, leaf first.
	chain func(t *testing.T, w *world) [][]byte
	// bend changes the trust before it is published, or is nil.
	bend func(*world, *Trust)
	// key is what the client signs with; keys.leaf when nil.
	key func() crypto.Signer
	// config bends the client's TLS.
	config func(*tls.Config)
	// tlsOnly rows are refused by TLS or its parser, before Verify is asked.
	tlsOnly bool
}

func refusedRows() []row {
	return slices.Concat(uriRows(), nameRows(), domainRows(), usageRows(), strengthRows(),
		lifeRows(), chainRows(), sizeRows(), revokedRows(), memberRows(), protocolRows())
}

// one is a row of a single certificate of the French authority.
func one(name string, reason Reason, changes ...change) row {
	return row{name: name, reason: reason, chain: func(t *testing.T, w *world) [][]byte {
		return [][]byte{forgeLeaf(t, frGateway, w.fr, changes...)}
	}}
}

func (r row) onlyTLS() row {
	r.tlsOnly = true
	return r
}

// Spellings of an ID that Go's own parser of certificates refuses carry the
// reason of a failed handshake: they never reach a judgement.
func uriRows() []row {
	spellings := []struct{ name, uri string }{
		{"wildcard domain", "spiffe://*.fr.example/gateway"},
		{"wildcard path", "spiffe://police.fr.example/*"},
		{"upper-case scheme", "SPIFFE://police.fr.example/gateway"},
		{"mixed-case scheme", "Spiffe://police.fr.example/gateway"},
		{"https scheme", "https://police.fr.example/gateway"},
		{"no scheme", "police.fr.example/gateway"},
		{"opaque", "spiffe:police.fr.example/gateway"},
		{"three slashes", "spiffe:///police.fr.example/gateway"},
		{"upper-case domain", "spiffe://POLICE.fr.example/gateway"},
		{"query", "spiffe://police.fr.example/gateway?x=1"},
		{"empty query", "spiffe://police.fr.example/gateway?"},
		{"fragment", "spiffe://police.fr.example/gateway#x"},
		{"empty fragment", "spiffe://police.fr.example/gateway#"},
		{"dot dot", "spiffe://police.fr.example/a/../gateway"},
		{"dot", "spiffe://police.fr.example/./gateway"},
		{"escaped slash", "spiffe://police.fr.example/a%2fgateway"},
		{"escaped dots", "spiffe://police.fr.example/%2e%2e/gateway"},
		{"escaped letter", "spiffe://police.fr.example/%67ateway"},
		{"empty segment", "spiffe://police.fr.example//gateway"},
		{"slash at the end", "spiffe://police.fr.example/gateway/"},
		{"no path", "spiffe://police.fr.example"},
		{"root path", "spiffe://police.fr.example/"},
		{"backslash", `spiffe://police.fr.example/a\gateway`},
		{"space", "spiffe://police.fr.example/gate way"},
		{"plus", "spiffe://police.fr.example/gate+way"},
		{"punycode", "spiffe://xn--plice-jua.fr.example/gateway"},
		{"address", "spiffe://10.0.0.1/gateway"},
		{"hyphen first", "spiffe://-police.fr.example/gateway"},
		{"port", "spiffe://police.fr.example:443/gateway"},
		{"userinfo", "spiffe://fr@police.fr.example/gateway"},
		{"IPv6 address", "spiffe://[::1]/gateway"},
		{"too long", "spiffe://police.fr.example/" + strings.Repeat("a", 2048)},
	}
	var rows []row
	for _, s := range spellings {
		rows = append(rows, one(s.name, ReasonID, sans(uriName(s.uri))))
	}
	for _, s := range []struct{ name, uri string }{
		{"NUL in the path", "spiffe://police.fr.example/gate\x00way"},
		{"NUL in the domain", "spiffe://police.fr.example\x00.gone.example/gateway"},
		{"line feed", "spiffe://police.fr.example/gateway\n"},
		{"escape in the domain", "spiffe://police%2efr.example/gateway"},
		{"bad escape", "spiffe://police.fr.example/%zz"},
		{"IDN look-alike", "spiffe://p\u043elice.fr.example/gateway"},
		{"dot at the end of the domain", "spiffe://police.fr.example./gateway"},
		{"empty label", "spiffe://police..example/gateway"},
		{"escape sequence", "spiffe://police.fr.example/\x1b[31mred"},
	} {
		rows = append(rows, one(s.name, ReasonHandshake, sans(uriName(s.uri))).onlyTLS())
	}
	return rows
}

func nameRows() []row {
	many := []generalName{uriName(frGateway)}
	for i := range maxNames {
		many = append(many, dnsName(fmt.Sprintf("d%d.example", i)))
	}
	email := generalName{1, []byte("a@police.fr.example")}
	return []row{
		one("two URIs", ReasonURI, sans(uriName(frGateway), uriName("spiffe://police.fr.example/admin"))),
		one("the same URI twice", ReasonURI, sans(uriName(frGateway), uriName(frGateway))),
		one("own URI beside a foreign one", ReasonURI, sans(uriName("spiffe://nca.gb.example/gateway"), uriName(frGateway))),
		one("DNS name only", ReasonURI, sans(dnsName("police.fr.example"))),
		one("email only", ReasonURI, sans(email)),
		one("CN only", ReasonNames, sans(), func(c *x509.Certificate) { c.Subject.CommonName = frGateway }),
		one("17 names", ReasonNames, sans(many...)),
		one("names twice", ReasonHandshake, func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, c.ExtraExtensions[0])
		}).onlyTLS(),
		one("empty names", ReasonURI, func(c *x509.Certificate) { c.ExtraExtensions[0].Value = []byte{0x30, 0} }),
		one("serial of 21 octets", ReasonSerial, serial(new(big.Int).Lsh(big.NewInt(1), 160))),
		one("serial zero", ReasonSerial, serial(new(big.Int))),
		one("unknown critical extension", ReasonChain, extension(asn1.ObjectIdentifier{1, 2, 3, 4}, true, []byte{5, 0})),
	}
}

func domainRows() []row {
	under := func(name, uri string, reason Reason, issuer func(*world) pair) row {
		return row{name: name, reason: reason, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeaf(t, uri, issuer(w))}
		}}
	}
	fr := func(w *world) pair { return w.fr }
	hub := func(w *world) pair { return w.hub }
	return []row{
		under("other agency's domain under own authority", "spiffe://nca.gb.example/gateway", ReasonChain, fr),
		under("own domain under other agency's authority", frGateway, ReasonChain, func(w *world) pair { return w.gb }),
		under("operator's domain under an agency's authority", "spiffe://hub.entente.example/ops", ReasonChain, fr),
		under("agency's domain under the operator's authority", frGateway, ReasonChain, hub),
		under("the hub's own identity", "spiffe://hub.entente.example/hub", ReasonHub, hub),
		under("below the hub's own identity", "spiffe://hub.entente.example/hub/2", ReasonHub, hub),
		under("unknown domain", "spiffe://stranger.example/gateway", ReasonDomain, fr),
		under("subdomain", "spiffe://x.police.fr.example/gateway", ReasonDomain, fr),
		under("parent domain", "spiffe://fr.example/gateway", ReasonDomain, fr),
		under("look-alike with a digit", "spiffe://p0lice.fr.example/gateway", ReasonDomain, fr),
		under("look-alike with a hyphen", "spiffe://police-fr.example/gateway", ReasonDomain, fr),
		under("suspended agency", "spiffe://gdf.it.example/gateway", ReasonSuspended, func(w *world) pair { return w.it }),
		under("expelled agency", "spiffe://gone.example/gateway", ReasonExpelled, func(w *world) pair { return w.xk }),
		under("name constraint broken", "spiffe://constrained.example/gateway", ReasonChain,
			func(w *world) pair { return w.constrained }),
	}
}

func usageRows() []row {
	return []row{
		one("CA", ReasonAuthority, func(c *x509.Certificate) { c.IsCA = true }),
		one("keyCertSign", ReasonAuthority, usage(x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign)),
		one("cRLSign", ReasonAuthority, usage(x509.KeyUsageDigitalSignature|x509.KeyUsageCRLSign)),
		one("no key usage", ReasonUsage, usage(0)),
		one("keyAgreement only", ReasonUsage, usage(x509.KeyUsageKeyAgreement)),
		one("no extended usage", ReasonUsage, extUsage()),
		one("serverAuth only", ReasonUsage, extUsage(x509.ExtKeyUsageServerAuth)),
		one("any usage", ReasonUsage, extUsage(x509.ExtKeyUsageAny)),
		one("any usage beside clientAuth", ReasonUsage, extUsage(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageAny)),
	}
}

func strengthRows() []row {
	return []row{
		{name: "RSA 2048", reason: ReasonKey, key: keys.rsa2048, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.rsa2048())}
		}},
		{name: "P-224", reason: ReasonKey, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeafKey(t, frGateway, w.fr, keys.p224())}
		}},
		{name: "RSA 2048 authority", reason: ReasonKey, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "weak", w.fr, keys.rsa2048()))
		}},
		{name: "P-224 authority", reason: ReasonKey, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "weak", w.fr, keys.p224()))
		}},
		one("SHA-1", ReasonSignature, algorithm(x509.ECDSAWithSHA1)),
		{name: "SHA-1 authority", reason: ReasonSignature, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "weak", w.fr, freshKey(), algorithm(x509.ECDSAWithSHA1)))
		}},
		{name: "RSA 2048 root", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeaf(t, frGateway, w.weak)}
		}, bend: func(w *world, t *Trust) { t.Members[frDomain].Roots = Pool([]*x509.Certificate{w.weak.cert}) }},
	}
}

// under is a French leaf of an intermediate authority, and that authority.
func under(t *testing.T, issuer pair, changes ...change) [][]byte {
	return [][]byte{forgeLeaf(t, frGateway, issuer, changes...), issuer.cert.Raw}
}

func lifeRows() []row {
	hour := time.Hour
	return []row{
		one("expired", ReasonExpired, validity(now.Add(-2*hour), now.Add(-hour))),
		one("expires now", ReasonExpired, validity(now.Add(-2*hour), now)),
		one("not yet valid", ReasonNotYet, validity(now.Add(hour), now.Add(2*hour))),
		{name: "expired authority", reason: ReasonExpired, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "old", w.fr, freshKey(), validity(now.Add(-2*hour), now.Add(-hour))))
		}},
	}
}

func chainRows() []row {
	return []row{
		{name: "self-signed", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeaf(t, frGateway, pair{})}
		}},
		{name: "authority of the same name", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			twin := forgeAuthority(t, "fr", pair{}, freshKey())
			return [][]byte{forgeLeaf(t, frGateway, twin), twin.cert.Raw}
		}},
		{name: "authority missing", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, w.frInter)[:1]
		}},
		{name: "authority that is none", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			notCA := forgeAuthority(t, "not a CA", w.fr, freshKey(), func(c *x509.Certificate) {
				c.IsCA, c.MaxPathLen = false, -1
			})
			return under(t, notCA)
		}},
		{name: "leaf as authority", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			leaf := mustParse(t, forgeLeaf(t, frGateway, w.fr))
			return under(t, pair{leaf, keys.leaf()})
		}},
		{name: "authority for servers only", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "servers", w.fr, freshKey(), extUsage(x509.ExtKeyUsageServerAuth)))
		}},
		{name: "authority without keyCertSign", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "no sign", w.fr, freshKey(), usage(x509.KeyUsageCRLSign)))
		}},
		{name: "path too long", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			last := forgeAuthority(t, "last", w.fr, freshKey(), func(c *x509.Certificate) {
				c.MaxPathLen, c.MaxPathLenZero = 0, true
			})
			more := forgeAuthority(t, "more", last, freshKey())
			return append(under(t, more), last.cert.Raw)
		}},
		{name: "signature changed", reason: ReasonChain, chain: func(t *testing.T, w *world) [][]byte {
			der := forgeLeaf(t, frGateway, w.fr)
			der[len(der)-1] ^= 1
			return [][]byte{der}
		}},
	}
}

func sizeRows() []row {
	padding := asn1.ObjectIdentifier{1, 2, 3, 5}
	return []row{
		{name: "5 certificates", reason: ReasonChainLength, chain: func(t *testing.T, w *world) [][]byte {
			return append(under(t, w.frInter), w.fr.cert.Raw, w.gb.cert.Raw, w.it.cert.Raw)
		}},
		{name: "100 authorities", reason: ReasonChainLength, chain: func(t *testing.T, w *world) [][]byte {
			chain := under(t, w.frInter)[:1]
			for range 100 {
				chain = append(chain, w.frInter.cert.Raw)
			}
			return chain
		}},
		one("certificate of 17 KiB", ReasonSize, extension(padding, false, make([]byte, 17<<10))),
		one("certificate of 1 MiB", ReasonHandshake, extension(padding, false, make([]byte, 1<<20))).onlyTLS(),
		one("10,000 names", ReasonSize, func(c *x509.Certificate) {
			all := []generalName{uriName(frGateway)}
			for i := range 10_000 {
				all = append(all, dnsName(fmt.Sprintf("d%d", i)))
			}
			sans(all...)(c)
		}),
		{name: "authority of 17 KiB", reason: ReasonSize, chain: func(t *testing.T, w *world) [][]byte {
			return under(t, forgeAuthority(t, "fat", w.fr, freshKey(), extension(padding, false, make([]byte, 17<<10))))
		}},
	}
}

func revokedRows() []row {
	number := big.NewInt(0xabcdef)
	revoke := func(rs ...Revocation) func(*world, *Trust) {
		return func(_ *world, t *Trust) { t.Members[frDomain].Revocations = rs }
	}
	leaf := func(name string, r Revocation) row {
		made := one(name, ReasonRevoked, serial(number))
		made.bend = revoke(Revocation{Serial: "1"}, r)
		return made
	}
	chained := func(name string, bad string) row {
		return row{name: name, reason: ReasonRevoked, bend: revoke(Revocation{Serial: bad}),
			chain: func(t *testing.T, w *world) [][]byte {
				return under(t, forgeAuthority(t, "revoked", w.fr, freshKey(), serial(number)))
			}}
	}
	return []row{
		leaf("revoked by serial", Revocation{Serial: "abcdef"}),
		leaf("revoked by path", Revocation{PathPrefix: "/gateway"}),
		leaf("revoked by the whole domain", Revocation{PathPrefix: "/"}),
		leaf("revoked by time of issue", Revocation{IssuedBefore: now}),
		leaf("revoked by path and time of issue", Revocation{PathPrefix: "/gateway", IssuedBefore: now}),
		leaf("revoked by nothing in particular", Revocation{}),
		leaf("revoked by a serial ill spelled", Revocation{Serial: "0X12"}),
		leaf("revoked by a path ill spelled", Revocation{PathPrefix: "/admin/"}),
		chained("revoked authority", "abcdef"),
		{name: "revoked root", reason: ReasonRevoked, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeaf(t, frGateway, w.fr)}
		}, bend: func(w *world, t *Trust) {
			t.Members[frDomain].Revocations = []Revocation{{Serial: Serial(w.fr.cert)}}
		}},
		{name: "revoked operator", reason: ReasonRevoked, chain: func(t *testing.T, w *world) [][]byte {
			return [][]byte{forgeLeaf(t, "spiffe://hub.entente.example/ops", w.hub)}
		}, bend: func(_ *world, t *Trust) { t.OperatorRevocations = []Revocation{{PathPrefix: "/ops"}} }},
	}
}

func memberRows() []row {
	bent := func(name string, reason Reason, bend func(*Member)) row {
		r := one(name, reason)
		r.bend = func(_ *world, t *Trust) { bend(t.Members[frDomain]) }
		return r
	}
	return []row{
		bent("member in no known state", ReasonStatus, func(m *Member) { m.Status = 0 }),
		bent("member in a state of the future", ReasonStatus, func(m *Member) { m.Status = 9 }),
		bent("member under another's domain", ReasonStatus, func(m *Member) { m.TrustDomain = gbDomain }),
		bent("member without a name", ReasonStatus, func(m *Member) { m.Agency = "" }),
		bent("member without roots", ReasonChain, func(m *Member) { m.Roots = nil }),
		bent("member with an empty pool", ReasonChain, func(m *Member) { m.Roots = x509.NewCertPool() }),
	}
}

func protocolRows() []row {
	bent := func(name string, reason Reason, config func(*tls.Config)) row {
		r := one(name, reason).onlyTLS()
		r.config = config
		return r
	}
	none := bent("no certificate", ReasonHandshake, nil)
	none.chain = func(*testing.T, *world) [][]byte { return nil }
	thief := one("somebody else's certificate", ReasonHandshake).onlyTLS()
	thief.key = keys.other
	garbage := bent("garbage for a certificate", ReasonHandshake, nil)
	garbage.chain = func(*testing.T, *world) [][]byte { return [][]byte{[]byte("\x30\x03garbage")} }
	return []row{
		none, thief, garbage,
		bent("TLS 1.2", ReasonHandshake, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }),
		bent("HTTP/3", ReasonHandshake, func(c *tls.Config) { c.NextProtos = []string{"h3"} }),
		bent("HTTP/1.1", ReasonProtocol, func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} }),
		bent("no protocol", ReasonProtocol, func(c *tls.Config) { c.NextProtos = nil }),
	}
}
