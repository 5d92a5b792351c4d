package app

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// importBench is what `bench import` prints. The library only streams the file, the engine only stores as many rows of as many
// whole numbers; ours reads, maps, checks and commits the file.
type importBench struct {
	Machine struct {
		Go   string `json:"go"`
		CPUs int    `json:"cpus"`
	} `json:"machine"`
	Rows    int              `json:"rows"`
	Columns int              `json:"columns"`
	Rules   int              `json:"rules"`
	Runs    int              `json:"runs" doc:"times are medians"`
	Engine  float64          `json:"engine_ms" doc:"of the database for as many bare rows in one transaction: nothing that keeps them is faster"`
	Files   []importFileTime `json:"files"`
}

// importFileTime is one file, both ways.
type importFileTime struct {
	Kind      string  `json:"kind"`
	Library   string  `json:"library"`
	MiB       float64 `json:"mib"`
	LibraryMS float64 `json:"library_ms"`
	OursMS    float64 `json:"ours_ms"`
	CheckMS   float64 `json:"ours_read_map_check_ms"`
	CommitMS  float64 `json:"ours_commit_ms"`
	Ratio     float64 `json:"ours_over_library"`
	Both      float64 `json:"ours_over_library_and_engine"`
	PeakMiB   float64 `json:"ours_peak_mib" doc:"of the whole process, as the operating system counts it"`
	Written   int64   `json:"records_written"`
}

// benchImport compares an import with the reader library.
func benchImport(ctx context.Context, h *host, args []string) error {
	rows, runs, asJSON := 100_000, 3, false
	s, rest, err := h.flags("bench import", args, func(fs *flag.FlagSet) {
		fs.IntVar(&rows, "rows", rows, "rows of the file")
		fs.IntVar(&runs, "runs", runs, "how often each is measured")
		fs.BoolVar(&asJSON, "json", false, "answer as JSON")
	}, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	if len(rest) > 0 || rows < 1 || runs < 1 {
		return errUsage
	}
	dir, err := os.MkdirTemp("", "parkbrain-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := importBench{Rows: rows, Columns: len(benchFields), Rules: benchRules, Runs: runs}
	r.Machine.Go, r.Machine.CPUs = runtime.Version(), runtime.GOMAXPROCS(0)
	if r.Engine, err = h.timeEngine(ctx, dir, r); err != nil {
		return err
	}
	for _, kind := range []string{"xlsx", "csv"} {
		one, err := h.timeImport(ctx, s, dir, kind, r)
		if err != nil {
			return err
		}
		r.Files = append(r.Files, one)
	}
	if asJSON {
		enc := json.NewEncoder(h.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(h.stdout, "the database alone keeps %d rows of %d whole numbers in %.0f ms\n", r.Rows, r.Columns, r.Engine)
	for _, f := range r.Files {
		fmt.Fprintf(h.stdout, "%-5s %d rows × %d columns, %d rules: %s streams it in %.0f ms; read, mapped, checked and committed in %.0f ms (%.1f ×; %.1f × library and database; check %.0f, commit %.0f), peak %.0f MiB\n",
			f.Kind, r.Rows, r.Columns, r.Rules, f.Library, f.LibraryMS, f.OursMS, f.Ratio, f.Both, f.CheckMS, f.CommitMS, f.PeakMiB)
	}
	return nil
}

func (h *host) timeImport(ctx context.Context, s config.Settings, dir, kind string, r importBench) (out importFileTime, err error) {
	path := filepath.Join(dir, "bench."+kind)
	write, library, name := writeBenchXLSX, streamXLSX, "excelize"
	if kind == "csv" {
		write, library, name = writeBenchCSV, streamCSV, "encoding/csv"
	}
	if err := write(path, r.Rows); err != nil {
		return out, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return out, err
	}
	out = importFileTime{Kind: kind, Library: name, MiB: float64(info.Size()) / (1 << 20)}
	var theirs, check, commit, whole []time.Duration
	for n := range r.Runs {
		s.Data = filepath.Join(dir, kind+strconv.Itoa(n))
		one, err := h.importOnce(ctx, s, path)
		if err != nil {
			return out, err
		}
		check, commit, whole = append(check, one.check), append(commit, one.commit), append(whole, one.check+one.commit)
		out.PeakMiB, out.Written = max(out.PeakMiB, one.peak), one.written
		debug.FreeOSMemory()
		began := time.Now()
		if err := library(path, r.Rows); err != nil {
			return out, err
		}
		theirs = append(theirs, time.Since(began))
	}
	middle := func(d []time.Duration) float64 {
		slices.Sort(d)
		return ms(percentile(d, 0.5))
	}
	out.LibraryMS, out.OursMS, out.CheckMS, out.CommitMS = middle(theirs), middle(whole), middle(check), middle(commit)
	out.Ratio, out.Both = out.OursMS/out.LibraryMS, out.OursMS/(out.LibraryMS+r.Engine)
	return out, nil
}

// timeEngine is how long the database takes to keep the numbers of a file in one transaction, without reading, checking or
// knowing anything of them.
func (h *host) timeEngine(ctx context.Context, dir string, r importBench) (float64, error) {
	var took []time.Duration
	for n := range r.Runs {
		one, err := engineOnce(ctx, filepath.Join(dir, "engine"+strconv.Itoa(n)), r.Rows, r.Columns)
		if err != nil {
			return 0, err
		}
		took = append(took, one)
	}
	slices.Sort(took)
	return ms(percentile(took, 0.5)), nil
}

func engineOnce(ctx context.Context, dir string, rows, columns int) (took time.Duration, err error) {
	address, err := fileAddress(dir)
	if err != nil {
		return 0, err
	}
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	names, marks := make([]string, columns), make([]string, columns)
	for i := range columns {
		names[i], marks[i] = fmt.Sprintf("c%d", i+1), fmt.Sprintf("$%d", i+1)
	}
	err = d.Write(ctx, func(w db.Writer) error {
		_, err := w.Exec(ctx, "CREATE TABLE bench ("+strings.Join(names, " BIGINT NOT NULL, ")+" BIGINT NOT NULL, PRIMARY KEY (c1))")
		return err
	})
	if err != nil {
		return 0, err
	}
	began, values := time.Now(), make([]any, columns)
	err = d.Write(ctx, func(w db.Writer) error {
		s, err := w.Prepare(ctx, "INSERT INTO bench ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")")
		if err != nil {
			return err
		}
		for n := range rows {
			for i := range values {
				values[i] = int64(n + i)
			}
			if err := s.Queue(ctx, values...); err != nil {
				return errors.Join(err, s.Close())
			}
		}
		return s.Close()
	})
	return time.Since(began), err
}

// importRun is one import that was measured.
type importRun struct {
	check, commit time.Duration
	peak          float64
	written       int64
}

// importOnce imports the file into a new city by a mapping that is known, as the command import does with --map FILE.
func (h *host) importOnce(ctx context.Context, s config.Settings, path string) (run importRun, err error) {
	quiet := *h
	quiet.stdout = io.Discard
	c, err := quiet.openCity(ctx, s)
	if err != nil {
		return run, err
	}
	defer c.Close()
	err = c.db.Write(ctx, func(w db.Writer) error {
		_, err := form.Put(ctx, w, c.act(), benchForm, []byte(benchFormYAML()), period.DateOf(2020, 1, 1), "bench")
		return err
	})
	if err != nil {
		return run, err
	}
	im := &formImport{city: c, o: formOptions{form: benchForm, mapping: "auto", asJSON: true}, name: filepath.Base(path)}
	im.content, err = os.ReadFile(path)
	if err == nil {
		err = c.db.Read(ctx, func(r db.Reader) error { return im.resolve(ctx, r) })
	}
	if err == nil {
		err = im.benchMapping(ctx)
	}
	if err != nil {
		return run, err
	}
	im.content = nil
	debug.FreeOSMemory()
	resetPeak()
	began := time.Now()
	if im.content, err = os.ReadFile(path); err == nil {
		err = im.check(ctx)
	}
	if err != nil {
		return run, err
	}
	run.check, began = time.Since(began), time.Now()
	if r := im.plan.Report; r.Bad > 0 || r.New == 0 {
		return run, fmt.Errorf("bench: %d rows are bad, %d new: %v: %w", r.Bad, r.New, firstOf(r.Problems), errBench)
	}
	report, err := im.commit(ctx)
	run.commit, run.written, run.peak = time.Since(began), report.Written, peakMiB()
	return run, err
}

func firstOf(p []intake.Problem) any {
	if len(p) == 0 {
		return nil
	}
	return p[0]
}

const (
	benchForm  = "bench_list"
	benchRules = 30
)

// benchFields are the columns of the file that is measured, by dictionary code, title and unit.
var benchFields = []struct{ code, title, unit string }{
	{"project_no", "项目编号", ""}, {"project_name", "项目名称", ""}, {"developer", "建设单位", ""}, {"county", "县市区", ""}, {"technology", "工艺", ""},
	{"project_kind", "项目类型", ""}, {"planned_investment", "计划投资(万元)", "万元"}, {"investment_total", "总投资(万元)", "万元"}, {"land_area", "用地(亩)", "亩"},
	{"area_started", "开工面积(平方米)", "平方米"}, {"area_completed", "竣工面积(平方米)", "平方米"}, {"area_usable", "可用面积(平方米)", "平方米"},
	{"area_leased", "出租面积(平方米)", "平方米"}, {"tenants_signed", "签约(家)", "家"}, {"tenants_producing", "投产(家)", "家"}, {"expected_output", "预计产值(万元)", "万元"},
	{"signed_date", "签约日期", ""}, {"handover_date", "交付日期", ""}, {"above_scale", "是否规上", ""}, {"note", "备注", ""},
}

// benchFormYAML is a form of 20 fields and 30 rules: ranges, sums, dates and conditions.
func benchFormYAML() string {
	var b strings.Builder
	fmt.Fprintf(&b, "form: %s\nname: {zh: 测量表, en: Bench}\nnote: {zh: 测量, en: For measuring}\nissuer: bench\nnumber: bench\nsubject: org\nevery: standing\nlist: true\nsections:\n  - code: all\n    name: {zh: 全部, en: All}\n    items:\n", benchForm)
	for i, f := range benchFields {
		key := ""
		if i == 0 {
			key = ", key: true"
		}
		fmt.Fprintf(&b, "      - {field: %s%s}\n", f.code, key)
	}
	b.WriteString("rules:\n")
	checks := []string{
		"area_completed <= area_started", "area_usable <= area_completed", "area_leased <= area_usable", "tenants_producing <= tenants_signed",
		"handover_date >= signed_date", "investment_total >= planned_investment", "area_usable + area_leased <= area_started + area_completed",
		"tenants_signed == 0 || area_leased > 0", "above_scale == false || expected_output >= 100万元", "project_kind != 'construction' || known(land_area)",
		"land_area <= 10000亩", "signed_date >= 2000-01-01", "known(project_name)", "coalesce(tenants_signed, 0) >= coalesce(tenants_producing, 0)",
		"known(developer) || known(county)",
	}
	checks[11] = `signed_date >= date("2000-01-01")`
	checks[9] = `project_kind != "construction" || known(land_area)`
	for i := range benchRules {
		check := checks[i%len(checks)]
		severity := "error"
		if i >= len(checks) {
			severity = "warning"
			check = "(" + check + ") || is_missing(project_no)"
		}
		fmt.Fprintf(&b, "  - code: rule_%02d\n    check: '%s'\n    severity: %s\n    message: {zh: '第%d条规则不符。', en: 'Rule %d does not hold.'}\n", i+1, check, severity, i+1, i+1)
	}
	return b.String()
}

// benchMapping is the mapping that the office kept of last month's file with the same header: what Detect proposes, with the
// fields and units of the bench.
func (im *formImport) benchMapping(ctx context.Context) error {
	if err := im.choose(ctx); err != nil {
		return err
	}
	for i := range im.mapping.Columns {
		c := &im.mapping.Columns[i]
		c.Field, c.Unit = benchFields[i].code, benchFields[i].unit
	}
	return nil
}

// benchRow is the row n of the file, as an office would fill it in: texts that repeat, numbers, days.
func benchRow(n int) []string {
	counties := []string{"晋江市", "石狮市", "南安市", "惠安县", "安溪县", "永春县", "德化县", "洛江区"}
	kinds := []string{"园区建设", "招商", "技改", "增资扩产"}
	started := 20_000 + n%5000
	return []string{
		fmt.Sprintf("P%07d", n), "标准厂房项目" + strconv.Itoa(n), "建设单位" + strconv.Itoa(n%700), counties[n%len(counties)], "数控加工",
		kinds[n%len(kinds)], fmt.Sprintf("%d.%02d", 1000+n%900, n%100), strconv.Itoa(2000 + n%900), fmt.Sprintf("%d.%d", 10+n%90, n%10),
		strconv.Itoa(started), strconv.Itoa(started - 500), strconv.Itoa(started - 1000), strconv.Itoa(started - 9000), strconv.Itoa(10 + n%20), strconv.Itoa(n % 10),
		strconv.Itoa(500 + n%4000), fmt.Sprintf("2023-%02d-%02d", 1+n%12, 1+n%28), fmt.Sprintf("2024-%02d-%02d", 1+n%12, 1+n%28), []string{"是", "否"}[n%2], "",
	}
}

func benchTitles() []string {
	var out []string
	for _, f := range benchFields {
		out = append(out, f.title)
	}
	return out
}

func writeBenchCSV(path string, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffered := bufio.NewWriterSize(f, 1<<20)
	w := csv.NewWriter(buffered)
	if err := w.Write(benchTitles()); err != nil {
		return err
	}
	for n := range rows {
		if err := w.Write(benchRow(n)); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush())
}

func writeBenchXLSX(path string, rows int) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	cells := func(texts []string) []any {
		out := make([]any, len(texts))
		for i, s := range texts {
			out[i] = s
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				out[i] = v
			}
		}
		return out
	}
	if err := w.SetRow("A1", cells(benchTitles())); err != nil {
		return err
	}
	for n := range rows {
		if err := w.SetRow("A"+strconv.Itoa(n+2), cells(benchRow(n))); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), f.SaveAs(path))
}

// streamXLSX is all that the library does: it hands out each row's texts.
func streamXLSX(path string, want int) (err error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return err
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
		n++
	}
	if n != want+1 {
		return fmt.Errorf("bench: the library gave %d rows, want %d: %w", n, want+1, errBench)
	}
	return errors.Join(rows.Error(), rows.Close())
}

func streamCSV(path string, want int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
	r.ReuseRecord = true
	for n := 0; ; n++ {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			if n != want+1 {
				return fmt.Errorf("bench: the library gave %d rows, want %d: %w", n, want+1, errBench)
			}
			return nil
		} else if err != nil {
			return err
		}
	}
}

// resetPeak lets the operating system count the peak anew, where it can (Linux).
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) }

// peakMiB is the most memory that the process had at once since resetPeak; elsewhere than on Linux all that the runtime ever
// took.
func peakMiB() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				if kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64); err == nil {
					return kib / 1024
				}
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
