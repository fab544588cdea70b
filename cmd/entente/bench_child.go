package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/types/known/wrapperspb"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/heap"
	"github.com/seed-1d76a664/entente/internal/identity"
	"github.com/seed-1d76a664/entente/internal/rpc"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/testnet/corpus"
	hubview "github.com/seed-1d76a664/entente/internal/view"
)

// child is a process of the benchmark: it says where it listens, and ends when its input does.
type child struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	ready   childReady
}

// childReady is the line that a child prints.
type childReady struct {
	Address, Bulk string
	StartMillis   int64
}

func startChild(ctx context.Context, args ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{command: exec.CommandContext(ctx, self, args...)}
	c.command.Stderr = os.Stderr
	if c.in, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	line, err := c.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &c.ready)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the process did not come up: %w", err), c.stop())
	}
	return c, nil
}

func (c *child) stop() error { return errors.Join(c.in.Close(), c.command.Wait()) }

// last stops the child and reads the last thing that it has to say.
func (c *child) last(into any) error {
	err := c.in.Close()
	line, readErr := c.out.ReadBytes('\n')
	if readErr == nil {
		readErr = json.Unmarshal(line, into)
	}
	return errors.Join(err, readErr, c.command.Wait())
}

// cpu is how much processor time the process has used.
func (c *child) cpu() time.Duration {
	if c == nil {
		return 0
	}
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.command.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // ticks of Linux
}

// memory is what the process holds in bytes, mapped files aside.
func (c *child) memory() int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.command.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, found := strings.CutPrefix(line, "RssAnon:"); found {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// announce says where a child listens, answers every line of its input, and returns at its end.
func (a *app) announce(r childReady, answer func() (any, error)) error {
	out := json.NewEncoder(a.out)
	if err := out.Encode(r); err != nil {
		return err
	}
	for lines := bufio.NewScanner(a.in); lines.Scan(); {
		said, err := answer()
		if err == nil {
			err = out.Encode(said)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask has the child answer.
func (c *child) ask(into any) error {
	if _, err := io.WriteString(c.in, "\n"); err != nil {
		return err
	}
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

func (a *app) benchHubCommand() *cobra.Command {
	profile := ""
	c := &cobra.Command{Use: "hub DIR", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) (err error) {
		go heap.Keep(cmd.Context()) // as entented does
		stop, err := profiled(profile)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		pki, err := testnet.NewPKI(corpus.Agencies()...)
		if err != nil {
			return err
		}
		limits := rpc.DefaultLimits()
		plenty := rpc.Rate{PerSecond: 1e6, Burst: 1e6}
		limits.Budgets = rpc.Rates{Reads: plenty, Writes: plenty, Rows: plenty, Reserved: plenty}
		began, commits := time.Now(), new(commitTimes)
		n, err := testnet.Start(cmd.Context(), testnet.Options{
			PKI: pki, Dir: filepath.Join(args[0], "hub"), Limits: &limits, Journal: commits.watch,
			FlushRecords: hubview.FlushRecords, // as entented does, and not as tests do, which seal a few records at a time
		})
		if err != nil {
			return err
		}
		took := time.Since(began)
		defer func() { err = errors.Join(err, n.Close()) }()
		if n.View.Len() == 0 {
			if err := enrolAll(cmd.Context(), n); err != nil {
				return err
			}
		}
		if err := savePKI(pki, args[0]); err != nil {
			return err
		}
		ready := childReady{Address: n.Address, Bulk: n.BulkAddress, StartMillis: took.Milliseconds()}
		if err := a.announce(ready, func() (any, error) { return commits.take(), n.Settle(cmd.Context()) }); err != nil {
			return err
		}
		return a.settle(n.View)
	}}
	c.Flags().StringVar(&profile, "cpuprofile", "", "")
	return c
}

// enrolAll enrols all agencies, with budgets of checks that do not end.
func enrolAll(ctx context.Context, n *testnet.Net) error {
	if err := n.Enrol(ctx, corpus.Agencies()...); err != nil {
		return err
	}
	operator, err := n.Dial("", "/operator")
	if err != nil {
		return err
	}
	_, err = ententev1.NewMatchServiceClient(operator).SetCheckBudget(ctx, &ententev1.SetCheckBudgetRequest{PerDay: 1e12})
	return err
}

// hubSettled is what a hub says at its end: what its file holds once the journal behind
// a snapshot is cut, as it is every day, and what it took.
type hubSettled struct{ Before, Used, Records, BackupMillis int64 }

func (a *app) settle(v *hubview.View) error {
	before, err := v.Used()
	if err != nil {
		return err
	}
	began := time.Now()
	backup, err := v.Backup()
	if err != nil {
		return err
	}
	if _, err := v.CutJournal(backup); err != nil {
		return err
	}
	took := time.Since(began)
	used, err := v.Used()
	if err != nil {
		return err
	}
	return json.NewEncoder(a.out).Encode(hubSettled{Before: before, Used: used, Records: int64(v.Hub().GetNextRecord()), BackupMillis: took.Milliseconds()})
}

// profiled writes a CPU profile until it is stopped, where a file is given.
func profiled(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// savePKI writes what the driving process needs: the operator's bundle, and a certificate of each agency.
func savePKI(pki *testnet.PKI, dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), []byte(pki.OperatorBundle()), 0o600); err != nil {
		return err
	}
	for _, id := range corpus.Agencies() {
		own, err := pki.Certificate(id, "/gateway")
		if err != nil {
			return err
		}
		if err := saveCertificate(own, filepath.Join(dir, id)); err != nil {
			return err
		}
	}
	return nil
}

func saveCertificate(own tls.Certificate, base string) error {
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		return err
	}
	var certs []byte
	for _, c := range own.Certificate {
		certs = append(certs, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
	}
	return errors.Join(os.WriteFile(base+".pem", certs, 0o600), os.WriteFile(base+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
}

// The methods of the echo: a payload in, one of the size that its first four bytes say out.
const (
	echoMethod = "/bench.Echo/Echo"
	echoStream = "/bench.Echo/Stream"
)

func (a *app) benchEchoCommand() *cobra.Command {
	return &cobra.Command{Use: "echo DIR", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
		config, err := echoTLS(args[0])
		if err != nil {
			return err
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)), grpc.MaxRecvMsgSize(4<<20), grpc.MaxConcurrentStreams(100))
		server.RegisterService(echoService(), nil)
		served := make(chan error, 1)
		go func() { served <- server.Serve(l) }()
		err = a.announce(childReady{Address: l.Addr().String()}, func() (any, error) { return nil, nil })
		server.Stop()
		return errors.Join(err, <-served)
	}}
}

// echoTLS is TLS as the hub has it: 1.3, a certificate of the client's, checked.
func echoTLS(dir string) (*tls.Config, error) {
	domain := "echo.example"
	authority, err := identity.NewAuthority(domain, identity.AuthorityOptions{Clock: time.Now})
	if err != nil {
		return nil, err
	}
	own, err := authority.Issue(identity.HubPath, identity.IssueOptions{Server: true, DNS: []string{"localhost"}})
	if err != nil {
		return nil, err
	}
	server, err := own.TLS()
	if err != nil {
		return nil, err
	}
	clients := x509.NewCertPool()
	clients.AddCert(authority.Certificate())
	caller, err := authority.Issue("/gateway", identity.IssueOptions{})
	if err != nil {
		return nil, err
	}
	if err := caller.Save(filepath.Join(dir, "echo.pem"), filepath.Join(dir, "echo.key")); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "echo-ca.pem"), []byte(authority.BundlePEM()), 0o600); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients,
		NextProtos: []string{"h2"}, SessionTicketsDisabled: true,
	}, nil
}

func echoService() *grpc.ServiceDesc {
	answer := func(in *wrapperspb.BytesValue) *wrapperspb.BytesValue {
		if len(in.GetValue()) < 4 {
			return &wrapperspb.BytesValue{}
		}
		return &wrapperspb.BytesValue{Value: make([]byte, min(binary.BigEndian.Uint32(in.GetValue()), 4<<20))}
	}
	return &grpc.ServiceDesc{
		ServiceName: "bench.Echo", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Echo", Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			in := new(wrapperspb.BytesValue)
			if err := decode(in); err != nil {
				return nil, err
			}
			return answer(in), nil
		}}},
		Streams: []grpc.StreamDesc{{StreamName: "Stream", ServerStreams: true, ClientStreams: true, Handler: func(_ any, s grpc.ServerStream) error {
			for {
				in := new(wrapperspb.BytesValue)
				if err := s.RecvMsg(in); err != nil {
					if errors.Is(err, io.EOF) {
						return nil
					}
					return err
				}
				if err := s.SendMsg(answer(in)); err != nil {
					return err
				}
			}
		}}},
	}
}
