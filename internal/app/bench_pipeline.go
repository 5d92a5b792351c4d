package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// pipelineReport is what `bench pipeline` prints. Times are of one machine at one moment.
type pipelineReport struct {
	Machine struct {
		Go   string `json:"go"`
		CPUs int    `json:"cpus"`
	} `json:"machine"`
	Projects   int              `json:"projects"`
	Milestones int              `json:"milestones_each"`
	Entries    int64            `json:"entries"`
	LoadMS     float64          `json:"load_ms"`
	HeapMiB    float64          `json:"heap_mib"`
	Clients    int              `json:"clients"`
	Questions  []pipelineAnswer `json:"questions"`
	Mixed      pipelineAnswer   `json:"mixed" doc:"all questions at once, each client its own seeded order"`
	Change     struct {
		NextMS float64 `json:"next_view_ms" doc:"median from the commit of one entry to a view that holds it"`
		Anew   bool    `json:"read_anew"`
	} `json:"after_one_change"`
}

// pipelineAnswer is how long one question takes: in the program, and over HTTP with all clients asking.
type pipelineAnswer struct {
	Name  string  `json:"name"`
	Bytes int64   `json:"bytes"`
	GoP50 float64 `json:"go_p50_ms"`
	GoP99 float64 `json:"go_p99_ms"`
	P50   float64 `json:"http_p50_ms"`
	P99   float64 `json:"http_p99_ms"`
	Max   float64 `json:"http_max_ms"`
	Goal  bool    `json:"p99_within_50_ms"`
}

type pipelineOptions struct {
	projects, clients, requests int
	asJSON                      bool
}

// benchPipeline measures the board over a made city of projects with twelve milestones each.
func benchPipeline(ctx context.Context, h *host, args []string) error {
	var o pipelineOptions
	s, rest, err := h.flags("bench pipeline", args, func(fs *flag.FlagSet) {
		fs.IntVar(&o.projects, "projects", 5000, "size of the city that is made")
		fs.IntVar(&o.clients, "clients", 8, "how many ask at the same time")
		fs.IntVar(&o.requests, "requests", 800, "how often each question is asked")
		fs.BoolVar(&o.asJSON, "json", false, "answer as JSON")
	}, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	if len(rest) != 0 || o.projects < 1 || o.clients < 1 || o.requests < o.clients {
		return errUsage
	}
	dir, err := os.MkdirTemp("", "parkbrain-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.Data, s.AdminPassword = filepath.Join(dir, "city"), "bench-"+fmt.Sprint(h.now().UnixNano())
	c, err := h.openCity(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	var r pipelineReport
	r.Machine.Go, r.Machine.CPUs, r.Clients = runtime.Version(), runtime.GOMAXPROCS(0), o.clients
	if err := c.measurePipeline(ctx, &r, o); err != nil {
		return err
	}
	return writePipeline(h.stdout, r, o.asJSON)
}

func writePipeline(to io.Writer, r pipelineReport, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(to)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(to, "%d projects, %d entries, loaded in %.0f ms, %.0f MiB; one change is seen after %.1f ms\n", r.Projects, r.Entries, r.LoadMS, r.HeapMiB, r.Change.NextMS)
	fmt.Fprintf(to, "ms in the program and over HTTP with %d clients:\n%-14s %8s %8s %8s %8s %8s %8s\n", r.Clients, "", "bytes", "p50", "p99", "p50", "p99", "max")
	for _, q := range r.Questions {
		fmt.Fprintf(to, "%-14s %8d %8.2f %8.2f %8.2f %8.2f %8.2f\n", q.Name, q.Bytes, q.GoP50, q.GoP99, q.P50, q.P99, q.Max)
	}
	_, err := fmt.Fprintf(to, "%-14s %26s %8.2f %8.2f %8.2f\n", r.Mixed.Name, "", r.Mixed.P50, r.Mixed.P99, r.Mixed.Max)
	return err
}

// pipelineStages are the twelve milestones of the measured lifecycle; two of them feed lights.
var pipelineStages = []string{"reserve", "signed", "registered", "land", "approved", "started", "equipment", "topped_out", "completed", "production", "at_capacity", "enrolled"}

func pipelineLifecycle() string {
	var b strings.Builder
	b.WriteString("lifecycle: bench\nof: project\nname: {zh: 测试, en: Bench}\nissuer: bench\nnumber: bench-1\nfrom: \"2021-01-01\"\nsuspended: {zh: 停工, en: Stopped}\nstages:\n")
	for i, s := range pipelineStages {
		fmt.Fprintf(&b, "  - code: %s\n    name: {zh: 第%d步, en: Step %d}\n    basis: assumed\n", s, i+1, i+1)
		if i > 0 {
			fmt.Fprintf(&b, "    after: [%s]\n", pipelineStages[i-1])
		}
	}
	return b.String()
}

// pipelineCity writes the projects: each has all twelve planned, some of them anew, and has entered a part of them.
func (c *city) pipelineCity(ctx context.Context, n int) (entries int64, err error) {
	act := org.Act{Scope: auth.Whole(c.ref.ID), Actor: "bench", At: c.now(), NewID: c.ids.New}
	src := rand.New(rand.NewPCG(1, 7))
	err = c.db.Write(ctx, func(w db.Writer) error {
		if _, err := lifecycle.Put(ctx, w, act, "bench", []byte(pipelineLifecycle()), "bench"); err != nil {
			return err
		}
		orgs, err := org.All(ctx, w.Reader, c.ref.ID)
		if err != nil {
			return err
		}
		for i := range 120 {
			_, err := park.Add(ctx, w, act, park.Park{ID: park.ID(fmt.Sprintf("bench-%03d", i)), Org: orgs[1+i%(len(orgs)-1)].ID, Name: fmt.Sprintf("测试园区%03d", i), Source: "bench"})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for from := 0; from < n; from += 1000 {
		list := make([]project.Project, 0, 1000)
		for i := from; i < min(from+1000, n); i++ {
			list = append(list, pipelineProject(src, i))
			entries += int64(len(list[len(list)-1].Milestones))
		}
		if err := c.db.Write(ctx, func(w db.Writer) error {
			_, err := project.AddMany(ctx, w, act, list)
			return err
		}); err != nil {
			return 0, err
		}
	}
	return entries, nil
}

func pipelineProject(src *rand.Rand, i int) project.Project {
	fen := src.Int64N(500_000) * 1_000_000
	p := project.Project{ID: project.ID(fmt.Sprintf("bench-%06d", i)), Kind: "bench", Name: fmt.Sprintf("测试招商引资项目%06d（一期）", i), Park: park.ID(fmt.Sprintf("bench-%03d", i%120)),
		InvestmentFen: &fen, Nature: figure.Simulated, Source: "bench"}
	day := time.Date(2022+src.IntN(4), time.Month(1+src.IntN(12)), 1+src.IntN(28), 0, 0, 0, 0, time.UTC)
	say := func(stage string, way tenancy.Way, at time.Time) {
		p.Milestones = append(p.Milestones, project.Milestone{Stage: project.Stage(stage), Way: way, Day: period.DateOf(at.Year(), int(at.Month()), at.Day()), Nature: figure.Simulated, Source: "bench"})
	}
	reached := src.IntN(len(pipelineStages) + 1)
	limit := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	for k, stage := range pipelineStages {
		for range 1 + src.IntN(3) {
			say(stage, tenancy.Planned, day.AddDate(0, 0, src.IntN(90)))
		}
		if k < reached && day.Before(limit) {
			say(stage, tenancy.Claimed, day)
			if src.IntN(2) == 0 {
				say(stage, tenancy.Verified, day)
			}
		}
		day = day.AddDate(0, 0, 20+src.IntN(120))
	}
	return p
}

func (c *city) measurePipeline(ctx context.Context, r *pipelineReport, o pipelineOptions) (err error) {
	if r.Entries, err = c.pipelineCity(ctx, o.projects); err != nil {
		return err
	}
	r.Projects, r.Milestones = o.projects, len(pipelineStages)
	board := pipeline.NewBoard(c.db, c.ref.ID, c.now)
	began := time.Now()
	if _, err = board.Now(ctx); err != nil {
		return err
	}
	r.LoadMS = ms(time.Since(began))
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	r.HeapMiB = float64(mem.HeapAlloc) / (1 << 20)
	questions := pipelineQuestions(c.ref.ID)
	for _, q := range questions {
		var took []time.Duration
		for range max(100, o.requests/o.clients) {
			began := time.Now()
			v, err := board.Now(ctx)
			if err == nil {
				err = q.ask(v)
			}
			if err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		r.Questions = append(r.Questions, pipelineAnswer{Name: q.name, GoP50: ms(percentile(took, 0.5)), GoP99: ms(percentile(took, 0.99))})
	}
	if err := c.changePipeline(ctx, r, board); err != nil {
		return err
	}
	return c.servePipeline(ctx, r, o, questions)
}

// pipelineQuestion is one question as the program and as HTTP ask it.
type pipelineQuestion struct {
	name, path string
	ask        func(v *pipeline.View) error
}

func pipelineQuestions(cityID string) []pipelineQuestion {
	q := pipeline.Query{Scope: auth.Whole(cityID), Kind: "project", Lifecycle: "bench"}
	table := func(sort string) func(v *pipeline.View) error {
		return func(v *pipeline.View) error {
			_, err := v.List(q, sort, "", 100)
			return err
		}
	}
	return []pipelineQuestion{
		{"kanban", "/pipeline/kanban?kind=project&lifecycle=bench", func(v *pipeline.View) error { _, _, err := v.Kanban(q); return err }},
		{"table", "/pipeline/table?kind=project&lifecycle=bench&limit=100", table("")},
		{"table by name", "/pipeline/table?kind=project&lifecycle=bench&limit=100&sort=-name", table("-name")},
		{"gantt 1000", "/pipeline/gantt?kind=project&lifecycle=bench&limit=1000", func(v *pipeline.View) error {
			_, _, err := v.Gantt(q, pipeline.Span{}, "", 1000)
			return err
		}},
		{"funnel", "/pipeline/funnel?kind=project&lifecycle=bench&by=county", func(v *pipeline.View) error { _, _, _, err := v.Funnel(q, pipeline.ByCounty); return err }},
		{"funnel parks", "/pipeline/funnel?kind=project&lifecycle=bench&by=park", func(v *pipeline.View) error { _, _, _, err := v.Funnel(q, pipeline.ByPark); return err }},
		{"compare", "/baselines/compare?kind=project&lifecycle=bench&a=2025-01-01&b=now&by=stage", func(v *pipeline.View) error {
			_, err := v.Compare(q, 0, time.Now().UnixMicro(), pipeline.ByStage)
			return err
		}},
	}
}

// changePipeline enters one milestone at a time and waits for a view that holds it.
func (c *city) changePipeline(ctx context.Context, r *pipelineReport, board *pipeline.Board) error {
	act := org.Act{Scope: auth.Whole(c.ref.ID), Actor: "bench", At: c.now(), NewID: c.ids.New}
	loads, version := board.Loads(), int64(1)
	took, err := median(func() (time.Duration, error) {
		err := c.db.Write(ctx, func(w db.Writer) (err error) {
			version, err = project.Enter(ctx, w, act, "bench-000000", version, project.Milestone{Stage: "enrolled", Way: tenancy.Planned,
				Day: 20260101, Nature: figure.Simulated, Source: "bench", Reason: "bench"})
			return err
		})
		if err != nil {
			return 0, err
		}
		began := time.Now()
		_, err = board.Now(ctx)
		return time.Since(began), err
	}, 15)
	r.Change.NextMS, r.Change.Anew = ms(took), board.Loads() != loads
	return err
}

func (c *city) servePipeline(ctx context.Context, r *pipelineReport, o pipelineOptions, questions []pipelineQuestion) error {
	book, err := indicator.Load()
	if err != nil {
		return err
	}
	return c.serving(ctx, book, indicator.NewPanels(c.db, c.ref.ID, c.now), func(base string) error { return c.askPipeline(ctx, r, o, base, questions) })
}

func (c *city) askPipeline(ctx context.Context, r *pipelineReport, o pipelineOptions, base string, questions []pipelineQuestion) error {
	client, err := c.loggedIn(ctx, base, o.clients)
	if err != nil {
		return err
	}
	var paths []string
	for i, q := range questions {
		path := "/api/v1" + q.path
		paths = append(paths, path)
		if r.Questions[i].Bytes, err = sizeOf(ctx, client, base+path); err != nil { // which also warms up
			return err
		}
	}
	for i := range questions {
		took, err := pipelineTimes(ctx, client, base, paths[i:i+1], o)
		if err != nil {
			return err
		}
		r.Questions[i].set(took)
	}
	took, err := pipelineTimes(ctx, client, base, paths, o)
	if err != nil {
		return err
	}
	r.Mixed.Name = "mixed"
	r.Mixed.set(took)
	return nil
}

func (a *pipelineAnswer) set(took []time.Duration) {
	slices.Sort(took)
	a.P50, a.P99, a.Max = ms(percentile(took, 0.5)), ms(percentile(took, 0.99)), ms(took[len(took)-1])
	a.Goal = a.P99 <= 50
}

func sizeOf(ctx context.Context, client *http.Client, address string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return io.Copy(io.Discard, res.Body)
}

// pipelineTimes asks with all clients at once, each its own seeded order.
func pipelineTimes(ctx context.Context, client *http.Client, base string, paths []string, o pipelineOptions) ([]time.Duration, error) {
	took, errs := make([][]time.Duration, o.clients), make([]error, o.clients)
	var wait sync.WaitGroup
	for n := range o.clients {
		wait.Go(func() {
			order := rand.New(rand.NewPCG(uint64(n), 7))
			for range o.requests / o.clients {
				a, err := ask(ctx, client, base, paths[order.IntN(len(paths))])
				if err != nil {
					errs[n] = err
					return
				}
				took[n] = append(took[n], a.took)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(took...), nil
}
