package daemon

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// openAdmin makes the admin server. On an address that others can reach it wants
// a certificate of the operator.
func (d *Daemon) openAdmin() error {
	d.admin = &http.Server{
		Handler: d.adminHandler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(d.Log.Handler(), slog.LevelDebug),
	}
	if !loopback(d.bound.admin.Addr()) {
		d.admin.TLSConfig = d.verifier.ServerConfig(d.reloader.Certificate)
		d.admin.Handler = d.operatorOnly(d.admin.Handler)
	}
	return nil
}

// loopback tells whether only this machine can reach the address.
func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

func (d *Daemon) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", d.readyz)
	mux.HandleFunc("GET /status", d.statusPage)
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// operatorOnly lets in who is the operator at this moment: the handshake alone
// would also let in every agency.
func (d *Daemon) operatorOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := d.verifier.Verify(r.TLS.PeerCertificates)
		if err == nil {
			caller, refused := d.verifier.Caller(peer)
			if refused == nil && caller.Operator {
				next.ServeHTTP(w, r)
				return
			}
		}
		say(w, http.StatusForbidden, "this listener is for the operator of the hub")
	})
}

func (d *Daemon) readyz(w http.ResponseWriter, _ *http.Request) {
	s := d.Status()
	code := http.StatusOK
	if s.State != StateServing {
		code = http.StatusServiceUnavailable
	}
	say(w, code, s.State)
}

func (d *Daemon) statusPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(d.Status()); err != nil {
		d.Log.Debug("the status was not read to its end")
	}
}

func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = fmt.Fprintln(w, text) // whoever asked may be gone
}
