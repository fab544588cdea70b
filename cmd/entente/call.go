package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "github.com/seed-1d76a664/entente/gen/entente/v1" // the API's descriptors
	"github.com/seed-1d76a664/entente/internal/identity"
)

// apiPackage is what all services are in.
const apiPackage = "entente.v1."

// dial opens a connection to an endpoint.
func (a *app) dial(s settings, endpoint string) (*grpc.ClientConn, error) {
	if endpoint != "" && hostOf(endpoint) == "" {
		return nil, usage(noEndpoint)
	}
	missing := []string{}
	for _, each := range []setting{{name: "endpoint", value: &endpoint}, {name: "hub-ca", value: &s.HubCA}, {name: "cert", value: &s.Cert}, {name: "key", value: &s.Key}} {
		if *each.value == "" {
			missing = append(missing, "--"+each.name)
		}
	}
	if len(missing) > 0 {
		return nil, usage("where the hub is and who you are is not known: give " + strings.Join(missing, ", ") + ", or add a context (entente context add --help)")
	}
	config, err := tlsOf(s, endpoint)
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient("passthrough:///"+endpoint, grpc.WithTransportCredentials(alerted{credentials.NewTLS(config)}), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
	if err != nil {
		return nil, err
	}
	a.conns = append(a.conns, conn)
	return conn, nil
}

// hangUp ends a connection before the program does.
func (a *app) hangUp(conn *grpc.ClientConn) {
	_ = conn.Close() // nothing is in flight that anybody waits for
	a.conns = slices.DeleteFunc(a.conns, func(c *grpc.ClientConn) bool { return c == conn })
}

func tlsOf(s settings, endpoint string) (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(s.Cert, s.Key)
	if err != nil {
		return nil, usage(fmt.Sprintf("the own certificate: %v", err))
	}
	if ended := own.Leaf.NotAfter; time.Now().After(ended) {
		return nil, usage(fmt.Sprintf("the own certificate %s is good until %s only, which is over by this machine's clock: have another issued", s.Cert, ended.UTC().Format(time.RFC3339)))
	}
	bundle, err := os.ReadFile(s.HubCA)
	if err != nil {
		return nil, usage(fmt.Sprintf("the hub's authority: %v", err))
	}
	certs, err := identity.ParseBundle(string(bundle))
	if err != nil {
		return nil, usage(s.HubCA + " holds no bundle of certificates in PEM")
	}
	name := s.ServerName
	if name == "" {
		name = hostOf(endpoint)
	}
	config, err := identity.ClientConfig(own, identity.Pool(certs), name)
	if err == nil && s.HubID != "" {
		config.VerifyConnection = onlyHub(s.HubID)
	}
	return config, err
}

// onlyHub takes no server but the hub of that id, beside everything else that is checked: whoever
// gets a certificate of the operator's for another workload is not the hub.
func onlyHub(id string) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		uris := state.PeerCertificates[0].URIs
		if len(uris) != 1 || uris[0].String() != id {
			return errors.New("tls: the server's certificate is not that of the hub named by hub-id")
		}
		return nil
	}
}

// noEndpoint says what an endpoint is.
const noEndpoint = "an endpoint is host:port, as in hub.example:7443"

// hostOf is the host of host:port, empty where it is not of that form.
func hostOf(endpoint string) string {
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		return ""
	}
	return host
}

// methodOf finds a method of the API, as in IntelligenceService/GetIntelligenceItem.
func methodOf(name string) (d protoreflect.MethodDescriptor, in, out protoreflect.MessageType, err error) {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(apiPackage + strings.ReplaceAll(name, "/", ".")))
	if err != nil {
		return nil, nil, nil, err
	}
	d, ok := found.(protoreflect.MethodDescriptor)
	if !ok {
		return nil, nil, nil, fmt.Errorf("%s is no method", name)
	}
	if in, err = protoregistry.GlobalTypes.FindMessageByName(d.Input().FullName()); err != nil {
		return nil, nil, nil, err
	}
	out, err = protoregistry.GlobalTypes.FindMessageByName(d.Output().FullName())
	return d, in, out, err
}

// request makes a request of a body in JSON spelling. What the method wants beside it is filled in: the justification, an id for a write, --dry-run.
func (a *app) request(in protoreflect.MessageType, s settings, body map[string]any) (proto.Message, error) {
	fields := in.Descriptor().Fields()
	filled := map[string]any{}
	if fields.ByName("justification") != nil {
		why, err := s.justification()
		if err != nil {
			return nil, err
		}
		filled["justification"] = why
	}
	if fields.ByName("request_id") != nil {
		if a.requestID = a.repeat; a.requestID == "" {
			a.requestID = strings.ToLower(rand.Text())
		}
		filled["requestId"] = a.requestID
	}
	if fields.ByName("validate_only") != nil && a.dryRun {
		filled["validateOnly"] = true
	}
	for name, value := range body {
		filled[name] = value
	}
	return messageOf(in, filled)
}

// messageOf reads a message from what was JSON or YAML.
func messageOf(t protoreflect.MessageType, body any) (proto.Message, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, usage(err.Error())
	}
	m := t.New().Interface()
	if err := protojson.Unmarshal(text, m); err != nil {
		return nil, usage("the input is not what the API takes\n  " + misfit(t.Descriptor(), decoded(text), err))
	}
	return m, nil
}

// call makes a call and gives the answer in JSON spelling.
func (a *app) call(ctx context.Context, method string, body map[string]any) (map[string]any, error) {
	answer, err := a.ask(ctx, method, body)
	if err != nil {
		return nil, err
	}
	return plain(answer)
}

// ask makes a call and gives the answer.
func (a *app) ask(ctx context.Context, method string, body map[string]any) (proto.Message, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	_, in, out, err := methodOf(method)
	if err != nil {
		return nil, err
	}
	req, err := a.request(in, s, body)
	if err != nil {
		return nil, err
	}
	if a.hub == nil {
		if a.hub, err = a.dial(s, s.Endpoint); err != nil {
			return nil, err
		}
	}
	answer := out.New().Interface()
	if err := a.invoke(ctx, a.hub, method, req, answer); err != nil {
		return nil, err
	}
	a.shape = out.Descriptor()
	return answer, nil
}

// The pauses before a call is made again that the hub could not take just now. The same request_id goes with it, so nothing happens twice.
func pauses() []time.Duration {
	return []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second}
}

func (a *app) invoke(ctx context.Context, conn *grpc.ClientConn, method string, req, answer proto.Message) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	for _, pause := range pauses() {
		err := conn.Invoke(ctx, "/"+apiPackage+method, req, answer)
		if status.Code(err) != codes.Unavailable || handshakeFailed(err) {
			return err
		}
		select {
		case <-time.After(max(pause, retryDelay(status.Convert(err)))):
		case <-ctx.Done():
			return err
		}
	}
	return conn.Invoke(ctx, "/"+apiPackage+method, req, answer)
}

// plain is a message in JSON spelling. Numbers stay as they are written.
func plain(m proto.Message) (map[string]any, error) {
	text, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	body := map[string]any{}
	return body, decoder.Decode(&body)
}
