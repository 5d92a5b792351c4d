package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/httpserver"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/obs"
	"github.com/parkbrain/parkbrain/refdata"
	"github.com/parkbrain/parkbrain/web"
)

// maxUpload bounds an uploaded file: real lists of a city are below 1 MB, a province's workbook below 20.
const maxUpload = 50 << 20

// sweepEvery is how often ended sessions and tokens are removed.
const sweepEvery = 10 * time.Minute

// haltTimeout is how long a stopping server waits for jobs, which another server or the next start goes on with.
const haltTimeout = 20 * time.Second

func serve(ctx context.Context, h *host, args []string) error {
	var today string
	s, rest, err := h.flags("serve", args, func(fs *flag.FlagSet) {
		fs.StringVar(&today, "today", "", "day that a demonstration takes for today, 2025-07-12")
	})
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	c, err := h.openCity(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	if today != "" {
		if err := c.pretend(ctx, today); err != nil {
			return err
		}
	}
	users := c.auth()
	if err := c.firstAdmin(ctx, users); err != nil {
		return err
	}
	return c.serve(ctx, users)
}

// firstAdmin makes the first administrator and says the one-time password, to the terminal only.
func (c *city) firstAdmin(ctx context.Context, users *auth.Service) error {
	once, created, err := users.EnsureAdmin(ctx, c.settings.AdminPassword)
	if err != nil || !created {
		return err
	}
	if once != "" {
		fmt.Fprintf(c.stdout, "first start: log in as admin with the one-time password %s (it must be changed at once)\n", once)
	} else {
		fmt.Fprintln(c.stdout, "first start: the account admin has the password of PARKBRAIN_ADMIN_PASSWORD")
	}
	return nil
}

func (c *city) serve(ctx context.Context, users *auth.Service) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.settings.Listen, err)
	}
	book, err := indicator.Load()
	if err != nil {
		return err
	}
	panels := indicator.NewPanels(c.db, c.ref.ID, c.now)
	handler, err := c.handler(users, book, panels)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		c.sweep(ctx, users)
	}()
	jobs := c.work()
	jobs.Start(ctx)
	ended := context.AfterFunc(ctx, func() { close(c.closing) }) // streams end, so that the server can
	defer ended()
	fmt.Fprintf(c.stdout, "parkbrain %s serves http://%s\n", Version, ln.Addr())
	err = httpserver.Run(ctx, ln, handler)
	stop()
	<-swept
	halt, cancel := context.WithTimeout(context.WithoutCancel(ctx), haltTimeout)
	defer cancel()
	return errors.Join(err, jobs.Stop(halt))
}

func (c *city) sweep(ctx context.Context, users *auth.Service) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := users.Sweep(ctx); err != nil && ctx.Err() == nil {
				c.logger.Warn("sweep ended sessions", "error", err)
			}
		}
	}
}

// api makes the operations over the opened ledger.
func (c *city) api(users *auth.Service, book *indicator.Book, panels *indicator.Panels) (*api.API, error) {
	industries, err := refdata.Industries()
	if err != nil {
		return nil, err
	}
	return api.New(api.Deps{
		DB: c.db, Auth: users, City: c.ref.ID, Book: book, Panels: panels, Industries: industries, OrgAliases: c.ref.OrgAliases(), Texts: c.texts,
		ParkList: readParkList, Template: c.makeTemplate, Export: c.makeExport, Intakes: c.intakeTools(c.work(), c.closing), IDs: c.ids, Now: c.now, Logger: c.logger, Version: Version, Secure: c.settings.SecureCookie(), MaxUpload: maxUpload,
	}), nil
}

// readParkList hands the workbook edge's reader to the API in the noun's terms.
func readParkList(ctx context.Context, file string, r io.ReaderAt, size int64) (park.ListFile, []park.Problem, int, error) {
	list, problems, err := sheet.ParkList(ctx, file, r, size)
	return list, parkProblems(problems), problems.More, err
}

func parkProblems(unread sheet.Problems) (out []park.Problem) {
	for _, p := range unread.List {
		out = append(out, park.Problem{Row: p.Row, Column: p.Column, Cell: p.Cell, Text: p.Text, Key: p.Key, Args: p.Args})
	}
	return out
}

func (c *city) handler(users *auth.Service, book *indicator.Book, panels *indicator.Panels) (http.Handler, error) {
	operations, err := c.api(users, book, panels)
	if err != nil {
		return nil, err
	}
	metrics := obs.NewMetrics(Version)
	health := &obs.Health{}
	health.Add("database", func(ctx context.Context) error {
		return c.db.Read(ctx, func(r db.Reader) error {
			var one int64
			return r.QueryRow(ctx, `SELECT 1`).Scan(&one)
		})
	})
	health.Add("panel", func(ctx context.Context) error {
		_, err := panels.Now(ctx)
		return err
	})
	metrics.Counter("panel_loads_total", "How often the ledger was read into the panel as a whole.", func() float64 { return float64(panels.Loads()) })
	jobs := c.work()
	metrics.Gauge("jobs_due", "Jobs that are waiting and ready to run, on all servers.", func() float64 { return float64(jobs.Stats().Due) })
	metrics.Gauge("jobs_running", "Jobs that run, on all servers.", func() float64 { return float64(jobs.Stats().Running) })
	metrics.Gauge("jobs_oldest_seconds", "How long the oldest due job has been ready.", func() float64 { return jobs.Stats().Oldest.Seconds() })
	metrics.Counter("jobs_done_total", "Jobs that this server ended well.", func() float64 { return float64(jobs.Stats().Done) })
	metrics.Counter("jobs_failed_total", "Jobs that this server gave up.", func() float64 { return float64(jobs.Stats().Failed) })
	return httpserver.Handler(httpserver.Parts{
		API: operations.Handler(), CrossSite: operations.CrossSite(),
		Plain: map[string]http.Handler{
			"GET /healthz": http.HandlerFunc(alive),
			"GET /readyz":  ready(health),
			"GET /metrics": metrics.Handler(),
		},
		Web: web.Dist(), Logger: c.logger, Now: c.now, Secure: c.settings.SecureCookie(), Proxies: c.settings.TrustedProxies,
		Observe: func(pattern, method string, status int, took time.Duration) {
			metrics.Observe(obs.Request{Method: method, Route: pattern, Status: status, Took: took})
		},
	}), nil
}

func alive(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok", "version": Version})
}

func ready(health *obs.Health) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		results, ok := health.Check(r.Context())
		checks := map[string]string{}
		for _, res := range results {
			checks[res.Name] = "ok"
			if !res.OK {
				checks[res.Name] = res.Key
			}
		}
		status, word := http.StatusOK, "ok"
		if !ok {
			status, word = http.StatusServiceUnavailable, "not ready"
		}
		writeJSON(w, status, map[string]any{"status": word, "checks": checks})
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
