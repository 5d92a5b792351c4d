package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/app/demo"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/config"
)

// benchReport is what `bench readings` prints. Times are of one machine at one moment: the ratios are what to compare.
type benchReport struct {
	Machine struct {
		Go   string `json:"go"`
		CPUs int    `json:"cpus"`
	} `json:"machine"`
	City struct {
		Enterprises int            `json:"enterprises"`
		Months      int            `json:"months"`
		Rows        map[string]int `json:"panel_rows"`
		Engine      string         `json:"engine"`
	} `json:"city"`
	Panel struct {
		LoadMS  float64 `json:"load_ms"`
		Bytes   int64   `json:"bytes"`
		HeapMiB float64 `json:"heap_mib_after_load"`
	} `json:"panel"`
	Readings struct {
		Clients  int            `json:"clients"`
		Requests int            `json:"requests"`
		P50      float64        `json:"p50_ms"`
		P99      float64        `json:"p99_ms"`
		Max      float64        `json:"max_ms"`
		Slowest  string         `json:"slowest"`
		PerS     float64        `json:"per_second"`
		Status   map[string]int `json:"status"`
	} `json:"readings"`
	Change struct {
		Rows   int     `json:"rows"`
		Commit float64 `json:"commit_ms"`
		Next   float64 `json:"next_reading_ms"`
		Seen   bool    `json:"seen"`
		Whole  bool    `json:"read_anew" doc:"the panel had to be read as a whole"`
	} `json:"after_change"`
	RollUp struct {
		What     string  `json:"what"`
		PanelMS  float64 `json:"panel_ms"`
		SQLMS    float64 `json:"database_ms"`
		Ratio    float64 `json:"database_over_panel"`
		SameSums bool    `json:"same_sums"`
	} `json:"roll_up"`
}

type benchOptions struct {
	demo.Options
	clients  int
	requests int
	asJSON   bool
	data     string
}

func bench(ctx context.Context, h *host, args []string) error {
	if len(args) > 0 && args[0] == "plausible" {
		return benchPlausible(ctx, h, args[1:])
	}
	if len(args) > 0 && args[0] == "import" {
		return benchImport(ctx, h, args[1:])
	}
	if len(args) > 0 && args[0] == "pipeline" {
		return benchPipeline(ctx, h, args[1:])
	}
	o := benchOptions{Options: demo.Options{Seed: 1, Enterprises: 20_000, Months: 36}}
	s, rest, err := h.flags("bench", args, func(fs *flag.FlagSet) {
		fs.IntVar(&o.Enterprises, "enterprises", 20_000, "size of the city that is made")
		fs.IntVar(&o.Months, "months", 36, "months of returns of the city that is made")
		fs.IntVar(&o.clients, "clients", 8, "how many ask at the same time")
		fs.IntVar(&o.requests, "requests", 4000, "how many readings are asked for")
		fs.BoolVar(&o.asJSON, "json", false, "answer as JSON")
		fs.StringVar(&o.data, "data", "", "measure a copy of this data directory instead of a made city")
	}, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "readings" || o.clients < 1 || o.requests < o.clients {
		return errUsage
	}
	dir, err := os.MkdirTemp("", "parkbrain-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.Data = filepath.Join(dir, "city")
	if o.data == "" { // a copied city has its own administrator, whose password the environment gives
		s.AdminPassword = "bench-" + fmt.Sprint(h.now().UnixNano())
	}
	if err := h.benchCity(ctx, s, &o); err != nil {
		return err
	}
	report, err := h.measure(ctx, s, o)
	if err != nil {
		return err
	}
	return writeBench(h.stdout, report, o.asJSON)
}

// benchCity makes the city to measure, or copies the one that was named.
func (h *host) benchCity(ctx context.Context, s config.Settings, o *benchOptions) (err error) {
	if o.data != "" {
		if err := os.MkdirAll(s.Data, 0o700); err != nil {
			return err
		}
		return copyFile(filepath.Join(s.Data, databaseFile), filepath.Join(o.data, databaseFile))
	}
	if o.Options, err = o.Options.Check(); err != nil {
		return err
	}
	quiet := *h
	quiet.stdout = h.stderr
	return quiet.demoInDirectory(ctx, s, o.Options, false)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err != nil {
		_ = out.Close() // the copy failed already
		return err
	}
	return out.Close()
}

func (h *host) measure(ctx context.Context, s config.Settings, o benchOptions) (r benchReport, err error) {
	c, err := h.openCity(ctx, s)
	if err != nil {
		return r, err
	}
	defer c.Close()
	r.Machine.Go, r.Machine.CPUs = runtime.Version(), runtime.GOMAXPROCS(0)
	book, err := indicator.Load()
	if err != nil {
		return r, err
	}
	panels := indicator.NewPanels(c.db, c.ref.ID, c.now)
	began := time.Now()
	view, err := panels.Now(ctx)
	if err != nil {
		return r, err
	}
	r.Panel.LoadMS, r.Panel.Bytes = ms(time.Since(began)), view.Bytes()
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	r.Panel.HeapMiB = float64(mem.HeapAlloc) / (1 << 20)
	r.City.Enterprises, r.City.Months, r.City.Rows, r.City.Engine = o.Enterprises, o.Months, view.Rows(), string(c.db.Engine())
	for _, part := range []func() error{
		func() error { return c.benchHTTP(ctx, &r, o, book, panels) },
		func() error { return c.benchRollUp(ctx, &r, book, panels) },
		func() error { return c.benchChange(ctx, &r, book, panels) },
	} {
		if err := part(); err != nil {
			return r, err
		}
	}
	return r, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// percentile gives the value below which the share p of the sorted durations lies.
func percentile(sorted []time.Duration, p float64) time.Duration {
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

func median(f func() (time.Duration, error), times int) (time.Duration, error) {
	var all []time.Duration
	for range times {
		d, err := f()
		if err != nil {
			return 0, err
		}
		all = append(all, d)
	}
	slices.Sort(all)
	return percentile(all, 0.5), nil
}

func writeBench(w io.Writer, r benchReport, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	_, err := fmt.Fprintf(w, `panel      %v rows, %.0f MiB, loaded in %.0f ms
readings   p50 %.2f ms, p99 %.2f ms, max %.2f ms (%s), %d clients, %.0f/s over HTTP
change     %d rows committed in %.1f ms; next reading after %.1f ms, seen: %v
roll-up    %s: panel %.3f ms, database %.1f ms, ratio %.0f, same sums: %v
`, r.City.Rows, float64(r.Panel.Bytes)/(1<<20), r.Panel.LoadMS, r.Readings.P50, r.Readings.P99, r.Readings.Max, r.Readings.Slowest, r.Readings.Clients,
		r.Readings.PerS, r.Change.Rows, r.Change.Commit, r.Change.Next, r.Change.Seen, r.RollUp.What, r.RollUp.PanelMS, r.RollUp.SQLMS, r.RollUp.Ratio, r.RollUp.SameSums)
	return err
}

var errBench = fault.New(fault.Internal, "internal")
