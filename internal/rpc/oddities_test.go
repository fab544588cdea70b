package rpc

import (
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

const whoAmI = ententev1.AgencyService_WhoAmI_FullMethodName

// Requests that no client library makes. None may be answered as if it were a
// good one, unless it is; the hub lives on.
func TestOddRequests(t *testing.T) {
	h := func(name, value string) hpack.HeaderField { return hpack.HeaderField{Name: name, Value: value} }
	base := func(change map[string]string, more ...hpack.HeaderField) []hpack.HeaderField {
		var list []hpack.HeaderField
		for _, f := range []hpack.HeaderField{
			h(":method", "POST"), h(":scheme", "https"), h(":path", whoAmI), h(":authority", hubName), h("content-type", "application/grpc"), h("te", "trailers"),
		} {
			if v, ok := change[f.Name]; ok {
				if v == "-" {
					continue
				}
				f.Value = v
			}
			list = append(list, f)
		}
		return append(list, more...)
	}
	path := func(p string) []hpack.HeaderField { return base(map[string]string{":path": p}) }
	long := strings.Repeat("x", 4000)
	good := map[string][]hpack.HeaderField{
		"as it should be": base(nil), "claims in metadata": base(nil, h("x-forwarded-client-cert", "URI=spiffe://it.example/x"), h("x-forwarded-for", "10.0.0.1"), h("agency", "it-police"), h("authorization", "Bearer x")),
		"a subtype of content": base(map[string]string{"content-type": "application/grpc+proto"}), "another codec's name": base(map[string]string{"content-type": "application/grpc+json"}),
		"a host instead of an authority": append(base(map[string]string{":authority": "-"}), h("host", hubName)),
		"no te":                          base(map[string]string{"te": "-"}), "another scheme": base(map[string]string{":scheme": "http"}), "a foreign authority": base(map[string]string{":authority": "it.example"}),
		"an unknown metadata": base(nil, h("x-unknown", long)), "a binary metadata": base(nil, h("x-bin", "AAEC")), "the same twice": base(nil, h("x-a", "1"), h("x-a", "2")),
		"accepts anything": base(nil, h("grpc-accept-encoding", "gzip,br,canary")), "no compression": base(nil, h("grpc-encoding", "identity")), "a far deadline": base(nil, h("grpc-timeout", "99999999H")),
	}
	bad := map[string][]hpack.HeaderField{
		"no slash": path("entente.v1.AgencyService.WhoAmI"), "one slash missing": path("entente.v1.AgencyService/WhoAmI/"), "two slashes": path("//entente.v1.AgencyService/WhoAmI"), "a slash more": path(whoAmI + "/"),
		"an empty path": path(""), "a slash": path("/"), "two": path("//"), "dots": path("/./entente.v1.AgencyService/WhoAmI"), "up": path("/x/../entente.v1.AgencyService/WhoAmI"), "escaped": path("/entente.v1.AgencyService%2fWhoAmI"),
		"escaped letters": path("/entente.v1.AgencyService/Who%41mI"), "a query": path(whoAmI + "?a=b"), "a fragment": path(whoAmI + "#a"), "lower case": path(strings.ToLower(whoAmI)), "upper case": path(strings.ToUpper(whoAmI)),
		"an unknown service": path("/canary.Service/WhoAmI"), "an unknown method": path("/entente.v1.AgencyService/Canary"), "the package alone": path("/entente.v1/WhoAmI"), "a star": path("*"), "a whole URL": path("https://" + hubName + whoAmI),
		"a backslash": path(`\entente.v1.AgencyService\WhoAmI`), "a space": path(whoAmI + " "), "a long path": path("/" + long), "an internal service": path("/entente.internal.v1.Journal/Append"), "not ASCII": path("/entente.v1.AgencyService/WhoАmI"),
		"GET": base(map[string]string{":method": "GET"}), "PUT": base(map[string]string{":method": "PUT"}), "no method": base(map[string]string{":method": "-"}), "CONNECT": base(map[string]string{":method": "CONNECT"}), "post": base(map[string]string{":method": "post"}),
		"no content type": base(map[string]string{"content-type": "-"}), "JSON": base(map[string]string{"content-type": "application/json"}), "gRPC-Web": base(map[string]string{"content-type": "application/grpc-web"}), "a prefix of it": base(map[string]string{"content-type": "application/grp"}),
		"no authority": base(map[string]string{":authority": "-"}), "two authorities": base(nil, h(":authority", "it.example")), "two hosts": base(nil, h("host", "a"), h("host", "b")),
		"a pseudo header late": base(nil, h("x-a", "1"), h(":path", "/x")), "an unknown pseudo header": base(nil, h(":canary", "1")), "upper-case metadata": base(nil, h("X-Upper", "1")), "a connection header": base(nil, h("connection", "close")),
		"a broken binary metadata": base(nil, h("x-bin", "!")), "a line break in metadata": base(nil, h("x-a", "a\r\nb: c")), "a NUL in metadata": base(nil, h("x-a", "a\x00b")),
		"a deadline without unit": base(nil, h("grpc-timeout", "10")), "a negative deadline": base(nil, h("grpc-timeout", "-1S")), "a deadline of letters": base(nil, h("grpc-timeout", "aS")), "a deadline with nine digits": base(nil, h("grpc-timeout", "123456789S")), "no time": base(nil, h("grpc-timeout", "0S")),
		"an unknown compression": base(nil, h("grpc-encoding", "canary")), "headers too large": base(nil, h("x-a", strings.Repeat(long, 5))), "many headers": base(nil, slicesOf(h("x-a", "1"), 2000)...),
	}
	if len(good)+len(bad) < 60 {
		t.Errorf("only %d requests", len(good)+len(bad))
	}
	w := newWorld(t, setup{limits: func(l *Limits) {
		l.Main.PerIdentity, l.Main.PerAgency, l.HandshakesPerSource = 1000, 1000, 1000
	}})
	config := w.config("fr.example", "/gateway")
	ask := func(fields []hpack.HeaderField) outcome {
		r := dialRaw(t, w, config)
		id, err := r.open(r.encoded(fields), false)
		if err == nil {
			err = r.framer.WriteData(id, true, framed(false, 0, nil))
		}
		if err != nil {
			return outcome{reset: true}
		}
		return r.outcome(id)
	}
	for name, fields := range good {
		o := ask(fields)
		me := new(ententev1.WhoAmIResponse)
		if o.status != "0" || len(o.body) < 5 || proto.Unmarshal(o.body[5:], me) != nil || me.GetAgency() != "agencies/fr-police" {
			t.Errorf("%s: %+v", name, o)
		}
	}
	for name, fields := range bad {
		if o := ask(fields); o.status == "0" || len(o.body) > 0 {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if _, err := ententev1.NewAgencyServiceClient(w.dial("it.example", "/gateway")).WhoAmI(w.ctx(), new(ententev1.WhoAmIRequest)); err != nil {
		t.Errorf("the hub is down: %v", err)
	}
}

func slicesOf(f hpack.HeaderField, n int) []hpack.HeaderField {
	list := make([]hpack.HeaderField, n)
	for i := range list {
		list[i] = f
	}
	return list
}
