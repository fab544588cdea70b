package worlds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// Findings is what probing found.
type Findings struct {
	// Differences tell where the worlds could be told apart.
	Differences []string
	// Missing are RPCs without a row.
	Missing []string
	// Probes and Decided count, by RPC, how many probes there were, and how many got
	// as far as a decision.
	Probes, Decided map[string]int
	// Shown are the fields that answers carried, by RPC: a field that was never there was never compared.
	Shown map[string]map[string]bool
}

// Undecided lists the RPCs of which less than half of the probes reached a decision.
func (f *Findings) Undecided() []string {
	var list []string
	for name, n := range f.Probes {
		if 2*f.Decided[name] < n {
			list = append(list, fmt.Sprintf("%s: %d of %d", name, f.Decided[name], n))
		}
	}
	slices.Sort(list)
	return list
}

// Probe drives every RPC that reflection names with so many probes each, in both
// worlds, and compares. The same seed makes the same probes. Checks come first: what
// other probes submit makes the very numbers common that checks ask for.
func (p *Pair) Probe(ctx context.Context, seed uint64, each int) (*Findings, error) {
	f := &Findings{Probes: map[string]int{}, Decided: map[string]int{}, Shown: map[string]map[string]bool{}}
	methods, err := p.methods(ctx)
	if err != nil {
		return nil, err
	}
	table := rows()
	for _, m := range methods {
		name := strings.TrimPrefix(m.path(), "/")
		r, known := table[name]
		if !known {
			f.Missing = append(f.Missing, name)
		}
		if r == nil {
			continue
		}
		if err := p.probeMethod(ctx, m, name, r, seed, each, f); err != nil {
			return f, fmt.Errorf("worlds: %s: %w", name, err)
		}
	}
	return f, nil
}

func (p *Pair) probeMethod(ctx context.Context, m method, name string, r *row, seed uint64, each int, f *Findings) error {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	chance := rand.New(rand.NewPCG(seed, h.Sum64()))
	g := &Generator{Targets: p.Targets(), Now: p.With.source.Now()}
	for i := range each {
		p.count++
		who := r.callers[i%len(r.callers)]
		requests := p.requests(m, r, g, chance, i)
		if err := p.compare(ctx, m, name, who, requests, requests, f); err != nil {
			return err
		}
	}
	return nil
}

// requests are those of one probe: sound ones, sound ones that are aimed, and those
// that follow from the rules alone.
func (p *Pair) requests(m method, r *row, g *Generator, chance *rand.Rand, i int) []proto.Message {
	if r.base == nil || i%8 == 7 && !m.IsStreamingClient() {
		req := g.Make(m.in, chance)
		complete(req, p.count)
		harmless(req)
		return []proto.Message{req}
	}
	requests := r.base(p.With, p.count)
	if i%4 != 0 {
		for _, req := range requests {
			g.Aim(req, chance)
			complete(req, p.count)
			harmless(req)
		}
	}
	return requests
}

// complete gives a request the justification that every call needs, a request_id of
// its own, and no token that nobody gave.
func complete(req proto.Message, n int) {
	m := req.ProtoReflect()
	for name, value := range map[protoreflect.Name]protoreflect.Value{
		"justification": protoreflect.ValueOfMessage(why().ProtoReflect()), "request_id": protoreflect.ValueOfString(fmt.Sprint("probe-", n)),
		"page_token": protoreflect.ValueOfString(""), "plain_bytes": protoreflect.ValueOfBytes(nil),
	} {
		if f := m.Descriptor().Fields().ByName(name); f != nil {
			m.Set(f, value)
		}
	}
	if a := m.Descriptor().Fields().ByName("after"); a != nil && m.Has(a) {
		m.Set(a, protoreflect.ValueOfMessage((&ententev1.InboxCursor{Number: int64(n % 3)}).ProtoReflect()))
	}
}

// harmless keeps aimed changes of trust from being made: one that revokes the prober's own certificates ends all probing.
func harmless(req proto.Message) {
	m := req.ProtoReflect()
	if f := m.Descriptor().Fields().ByName("validate_only"); f != nil && m.Descriptor().Fields().ByName("justification") == nil {
		m.Set(f, protoreflect.ValueOfBool(true))
	}
}

// followed bounds how many pages are followed.
const followed = 3

// compare makes a call in both worlds and compares; a page token is followed, each world's own.
func (p *Pair) compare(ctx context.Context, m method, name string, who identity, with, without []proto.Message, f *Findings) error {
	for range followed {
		a, err := p.With.timed(ctx, who, m, with)
		if err != nil {
			return err
		}
		b, err := p.Without.timed(ctx, who, m, without)
		if err != nil {
			return err
		}
		f.Probes[name]++
		if a.decided() {
			f.Decided[name]++
		}
		f.show(name, a)
		if string(a.bytes()) != string(b.bytes()) {
			f.Differences = append(f.Differences, fmt.Sprintf("%s by %s%s\n%v\n--- with\n%s--- without\n%s", name, who.agency, who.path, with, a.text(), b.text()))
			return nil
		}
		next, more := turned(a, with), turned(b, without)
		if next == nil || more == nil {
			return nil
		}
		with, without = []proto.Message{next}, []proto.Message{more}
	}
	return nil
}

// timed lets a moment pass before a call, in either world alike.
func (w *World) timed(ctx context.Context, who identity, m method, requests []proto.Message) (answer, error) {
	w.source.Pass(time.Millisecond)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	a, err := w.call(ctx, who, m, requests...)
	return a, errors.Join(err, w.Settle(ctx))
}

// turned is the request for the next page, nil when there is none.
func turned(a answer, requests []proto.Message) proto.Message {
	if len(a.messages) != 1 || len(requests) != 1 {
		return nil
	}
	answered := a.messages[0].ProtoReflect()
	given := answered.Descriptor().Fields().ByName("next_page_token")
	if given == nil || answered.Get(given).String() == "" {
		return nil
	}
	next := proto.Clone(requests[0])
	next.ProtoReflect().Set(next.ProtoReflect().Descriptor().Fields().ByName("page_token"), answered.Get(given))
	return next
}

// methods asks the hub's reflection for all services and gives their methods.
func (p *Pair) methods(ctx context.Context) ([]method, error) {
	conn, err := p.With.Dial(Prober, "/gateway")
	if err != nil {
		return nil, err
	}
	services, err := listServices(ctx, conn)
	if err != nil {
		return nil, err
	}
	var list []method
	for _, s := range services {
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(s))
		if err != nil {
			return nil, err
		}
		service, ok := d.(protoreflect.ServiceDescriptor)
		if !ok {
			return nil, fmt.Errorf("worlds: %s is no service", s)
		}
		methods := service.Methods()
		for i := range methods.Len() {
			m, err := methodOf(methods.Get(i))
			if err != nil {
				return nil, err
			}
			list = append(list, m)
		}
	}
	return list, nil
}

func listServices(ctx context.Context, conn *grpc.ClientConn) ([]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}); err != nil {
		return nil, err
	}
	answer, err := s.Recv()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, each := range answer.GetListServicesResponse().GetService() {
		names = append(names, each.GetName())
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return names, nil
}

// rank puts checks first.
func rank(service string) int {
	if service == "entente.v1.MatchService" {
		return 0
	}
	return 1
}
