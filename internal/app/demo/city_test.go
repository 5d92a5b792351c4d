package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/app"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
	"github.com/parkbrain/parkbrain/refdata"
)

const quanzhou = "350500"

// TestMain gives the first account a password: without one the program prints a new one for each city.
func TestMain(m *testing.M) {
	_ = os.Setenv("PARKBRAIN_ADMIN_PASSWORD", "a password for tests 1") // fails for a bad name only
	os.Exit(m.Run())
}

// made makes a city with the program itself.
func made(t *testing.T, e db.Engine, args ...string) *db.DB {
	t.Helper()
	address := dbtest.URL(t, e)
	if code := app.Main(append([]string{"demo", "--db", address, "--log-level", "error"}, args...)); code != 0 {
		t.Fatalf("demo %v = exit code %d, want 0", args, code)
	}
	return dbtest.At(t, address)
}

type reader interface {
	Read(context.Context, func(db.Reader) error) error
}

// list runs a query and gives its rows as texts.
func list(t *testing.T, d reader, columns int, query string, args ...any) (rows [][]string) {
	t.Helper()
	ctx := context.Background()
	err := d.Read(ctx, func(r db.Reader) error {
		rows = nil
		return db.Each(ctx, r, func(s db.Scanner) error {
			cells, into := make([]any, columns), make([]any, columns)
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := s.Scan(into...); err != nil {
				return err
			}
			row := make([]string, columns)
			for i, c := range cells {
				if b, ok := c.([]byte); ok {
					c = hex.EncodeToString(b)
				}
				row[i] = fmt.Sprint(c)
			}
			rows = append(rows, row)
			return nil
		}, query, args...)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// none fails for every row that a query finds.
func none(t *testing.T, d reader, what string, columns int, query string, args ...any) {
	t.Helper()
	if rows := list(t, d, columns, query, args...); len(rows) > 0 {
		t.Errorf("%s: %d rows, the first is %v", what, len(rows), rows[0])
	}
}

// tables are what a city is made of, with the columns that order their rows first; accounts and sessions are not of it.
var tables = map[string]string{
	"org": "id, parent, kind, name_zh, path, version", "zone": "code, name, area_m2, source", "park": "id, org, parent, name, pilot, zone, source, version",
	"park_alias": "park, name, source", "park_phase": "park, no, name, floor_area_built_m2, lettable_area_m2, completed, opened, nature, source",
	"figure":     "subject, field, id, value, stated, nature, source, recorder, recorded_at, replaced",
	"enterprise": "id, uscc, name, org, industry, nature, source", "enterprise_name": "enterprise, since, name, source",
	"tenancy":       "enterprise, id, park, area_m2, relocated, nature, source",
	"tenancy_stage": "tenancy, stage, way, seq, day, nature, source, reason, recorder, recorded_at",
	"project":       "id, org, park, kind, name, enterprise, investment_fen, nature, source", "project_milestone": "project, stage, way, seq, day, nature, source, reason, recorder, recorded_at",
	"milestone_pause": "subject, seq, act, day, reason, recorder, recorded_at",
	"filing_value":    "enterprise, month, field, value, nature, source, version", "target": "org, year, indicator, kind, value, source",
	"filing":        "subject, form, period, subject_kind, org, form_version, state, level, confirmed, version, approved_version, submitted_at, submitted_by, changed_at",
	"filing_record": "subject, form, period, row_key, version, filing_version, cells, nature, way, recorder, at", "filing_event": "subject, form, period, seq, action, level, filing_version, reason, actor, actor_org, at",
	"audit_line": "seq, at, actor, action, kind, detail", "import_batch": "id, file, digest, rows_read",
}

// digests sums up each table.
func digests(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for table, columns := range tables {
		names := strings.Split(columns, ", ")
		where := ""
		if table == "audit_line" {
			where = " WHERE kind <> 'user'"
		}
		h := sha256.New()
		for _, row := range list(t, d, len(names), "SELECT "+columns+" FROM "+table+where+" ORDER BY "+strings.Join(names[:min(4, len(names))], ", ")) {
			fmt.Fprintln(h, strings.Join(row, "\x00"))
		}
		out[table] = hex.EncodeToString(h.Sum(nil)[:8])
	}
	return out
}

func TestMake_givesTheSameCityForTheSameSeedOnBothEngines(t *testing.T) {
	t.Parallel()
	size := []string{"--enterprises", "300", "--months", "12"}
	first := digests(t, made(t, db.SQLite, append(size, "--seed", "5")...))
	again := digests(t, made(t, db.Postgres, append(size, "--seed", "5")...))
	for table := range tables {
		if again[table] != first[table] {
			t.Errorf("table %s is %s on the other engine, want %s", table, again[table], first[table])
		}
	}
	other := digests(t, made(t, db.Postgres, append(size, "--seed", "6")...))
	for _, table := range []string{"figure", "park_phase", "enterprise", "tenancy", "tenancy_stage", "project", "filing_value"} {
		if other[table] == first[table] {
			t.Errorf("table %s is the same with another seed", table)
		}
	}
	for _, table := range []string{"org", "zone", "target"} {
		if other[table] != first[table] {
			t.Errorf("table %s differs with another seed", table)
		}
	}
}

// The default city is made on the engine that the race detector slows less; what it is made of does not depend on that.
func TestMake_defaultCity(t *testing.T) {
	t.Parallel()
	d := opened(t, made(t, db.Postgres))
	for _, part := range []struct {
		name string
		test func(*testing.T, city)
	}{
		{"meets the published results", meetsResults}, {"says that it is simulated", saysSimulated}, {"leaves what sources state", leavesStated},
		{"has credit codes of no place", codesOfNoPlace}, {"keeps the order of stages", keepsOrder}, {"lets no more than there is", letsNoMore},
		{"has the tenants that sources declare", declaredTenants}, {"files what its size says", filesBySize}, {"looks like Quanzhou", looksRight},
		{"goes the ways of lifecycles", goesWays}, {"counts the ledger", countsTheLedger},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, d) })
	}
}

// city is a made city and the view of it that the tests read.
type city struct {
	*db.DB
	book *indicator.Book
	view *indicator.View
}

func opened(t *testing.T, d *db.DB) city {
	t.Helper()
	book, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC) }
	v, err := indicator.NewPanels(d, quanzhou, now).Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return city{d, book, v}
}

func (c city) read(t *testing.T, q indicator.Query) indicator.Reading {
	t.Helper()
	q.Scope = auth.Whole(quanzhou)
	r, err := c.book.Read(c.view, q)
	if err != nil || r.Value == nil {
		t.Fatalf("Read(%+v) = %v, %v", q, r.Value, err)
	}
	return r
}

func meetsResults(t *testing.T, d city) {
	city, err := refdata.LoadCity(quanzhou)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range city.Targets {
		if result.Kind != "result" {
			continue
		}
		want, _ := result.Value.Canonical()
		r := d.read(t, indicator.Query{Code: result.Indicator, Period: period.Year(result.Year)})
		if got := r.Value.N; got < want || got > want+want/100 { // "more than 100 bn": met, and by no more than 1 %
			t.Errorf("%s of %d = %d, published %d (%s)", result.Indicator, result.Year, got, want, result.Source)
		}
		if len(r.Natures) == 0 || result.Indicator != "park.over_1000_mu" && !slices.Contains(r.Natures, "simulated") {
			t.Errorf("%s of %d has the natures %v, want simulated among them", result.Indicator, result.Year, r.Natures)
		}
	}
	if got := d.read(t, indicator.Query{Code: "filing.output.year", Period: period.Year(2024)}).Value.N; got != 10_030_000_000_000 {
		t.Errorf("output of 2024 = %d fen, want exactly what is calibrated", got)
	}
}

func saysSimulated(t *testing.T, d city) {
	for _, table := range []string{"enterprise", "tenancy", "tenancy_stage", "project", "project_milestone", "filing_value"} {
		none(t, d, table+" with another nature or source", 2, `SELECT nature, source FROM `+table+` WHERE nature <> 'simulated' OR source NOT LIKE '模拟数据%' LIMIT 1`)
	}
	none(t, d, "simulated phase without a source", 1, `SELECT source FROM park_phase WHERE nature = 'simulated' AND source NOT LIKE '模拟数据%'`)
	none(t, d, "name that may be a real one", 1, `SELECT name FROM enterprise WHERE name NOT LIKE '%模拟%'`)
}

func leavesStated(t *testing.T, d city) {
	none(t, d, "simulated beside a stated figure", 2, `SELECT f.subject, f.field FROM figure f JOIN figure g ON g.city = f.city AND g.kind = f.kind AND g.subject = f.subject AND g.field = f.field
		WHERE f.nature = 'simulated' AND g.nature <> 'simulated'`)
	none(t, d, "figure of the demo that does not say so", 2, `SELECT subject, field FROM figure WHERE (recorder = '(demo)') <> (nature = 'simulated')`)
	none(t, d, "replaced figure", 2, `SELECT f.subject, f.field FROM figure f JOIN figure g ON g.id = f.replaced WHERE g.nature = 'simulated'`)
	if n := list(t, d, 1, `SELECT COUNT(*) FROM figure WHERE nature <> 'simulated'`)[0][0]; n == "0" {
		t.Error("the city has no stated figure at all")
	}
}

func codesOfNoPlace(t *testing.T, d city) {
	divisions, err := refdata.Divisions()
	if err != nil {
		t.Fatal(err)
	}
	exists := map[string]bool{}
	for _, one := range divisions {
		exists[string(one.Code)] = true
	}
	for _, row := range list(t, d, 1, `SELECT uscc FROM enterprise ORDER BY uscc`) {
		code, err := uscc.Parse(row[0])
		if err != nil {
			t.Fatalf("credit code %s: %v", row[0], err)
		}
		if exists[string(code)[2:8]] || !exists[quanzhou] {
			t.Fatalf("credit code %s is of a place that exists", code)
		}
	}
}

// keepsOrder checks the way from the intention to full work, and that nobody moves in before there is a building.
func keepsOrder(t *testing.T, d city) {
	var order []string
	for s := tenancy.Intent; s <= tenancy.AtCapacity; s++ {
		order = append(order, s.String())
	}
	days := map[string]map[string]string{}
	for _, row := range list(t, d, 3, `SELECT tenancy, stage, day FROM tenancy_stage WHERE way = 'claimed' ORDER BY tenancy, day`) {
		if days[row[0]] == nil {
			days[row[0]] = map[string]string{}
		}
		days[row[0]][row[1]] = row[2]
	}
	for id, of := range days {
		last := ""
		for _, s := range order {
			if of[s] != "" && of[s] <= last {
				t.Fatalf("tenancy %s: %s on %s, the stage before on %s", id, s, of[s], last)
			}
			last = max(last, of[s])
		}
		if of["enrolled"] != "" && (of["production"] == "" || of["enrolled"] <= of["production"]) || of["cleared"] != "" && of["production"] != "" {
			t.Fatalf("tenancy %s has the stages %v", id, of)
		}
	}
	none(t, d, "moved in before the park's first building", 3, `SELECT t.id, s.stage, s.day FROM tenancy t JOIN tenancy_stage s ON s.city = t.city AND s.enterprise = t.enterprise AND s.tenancy = t.id
		WHERE s.way <> 'planned' AND s.stage IN ('handed_over', 'production') AND s.day / 100 < (SELECT MIN(completed) / 100 FROM park_phase p WHERE p.city = t.city AND p.park = t.park AND p.nature = 'simulated')`)
	none(t, d, "day after the window", 1, `SELECT day FROM tenancy_stage WHERE way <> 'planned' AND day > 20250630`)
}

func letsNoMore(t *testing.T, d city) {
	for _, p := range []string{"2024", "2025"} {
		of, _ := period.Parse(p)
		for _, g := range d.read(t, indicator.Query{Code: "premises.leasing_rate", Period: of, By: indicator.ByPark}).Groups {
			if g.Value != nil && g.Value.N > g.Value.D {
				t.Errorf("park %s lets %d of %d m² in %s", g.Key, g.Value.N, g.Value.D, p)
			}
		}
	}
	none(t, d, "park with more floor area than is stated", 3, `SELECT p.park, SUM(p.floor_area_built_m2), MAX(f.value) FROM park_phase p
		JOIN figure f ON f.city = p.city AND f.kind = 'park' AND f.subject = p.park AND f.field = 'floor_area' AND f.replaced IS NULL
		WHERE p.nature = 'simulated' GROUP BY p.park HAVING SUM(p.floor_area_built_m2) > MAX(f.value)`)
}

// declaredTenants: where a source says how many tenants are in production or have signed, so many are.
func declaredTenants(t *testing.T, d city) {
	stated := map[string]map[string]int{}
	for _, row := range list(t, d, 3, `SELECT subject, field, value FROM figure WHERE field LIKE 'tenants_%' AND replaced IS NULL AND nature <> 'simulated' ORDER BY subject, field, as_of, id`) {
		if stated[row[0]] == nil {
			stated[row[0]] = map[string]int{}
		}
		stated[row[0]][row[1]] = max(stated[row[0]][row[1]], number(t, row[2]))
	}
	checked := 0
	for park, of := range stated {
		for field, stage := range map[string]string{"tenants_producing": "production", "tenants_signed": "signed"} {
			want, ok := of[field]
			rows := list(t, d, 1, `SELECT COUNT(*) FROM tenancy t JOIN tenancy_stage s ON s.city = t.city AND s.enterprise = t.enterprise AND s.tenancy = t.id WHERE t.city = '350500' AND t.park = $1 AND s.stage = $2 AND s.way <> 'planned' AND s.day < 20250000`, park, stage)
			if ok && list(t, d, 1, `SELECT COUNT(*) FROM park_phase WHERE park = $1 AND nature = 'simulated'`, park)[0][0] != "0" {
				checked++
				if rows[0][0] != fmt.Sprint(want) {
					t.Errorf("park %s has %s tenants with the stage %s, declared are %d", park, rows[0][0], stage, want)
				}
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d declared counts were checked", checked)
	}
}

// filesBySize: who is in the statistics makes 20 million yuan a year or more, nearly all others make less.
func filesBySize(t *testing.T, d city) {
	const line = 20_000_000 * 100 // fen
	since := map[string]int{}
	for _, row := range list(t, d, 2, `SELECT enterprise, day FROM tenancy_stage WHERE stage = 'enrolled' ORDER BY enterprise`) {
		since[row[0]] = number(t, row[1])
	}
	var listed, others [2]int // that made less than the line, and more
	for _, row := range list(t, d, 2, `SELECT enterprise, CAST(SUM(value) AS BIGINT) FROM filing_value
		WHERE field = 'output' AND month BETWEEN 202401 AND 202412 AND value > 0 GROUP BY enterprise ORDER BY enterprise`) {
		above := 0
		if number(t, row[1]) >= line {
			above = 1
		}
		switch day := since[row[0]]; {
		case day == 0:
			others[above]++
		case day < 20240000:
			listed[above]++
		}
	}
	if listed[1] == 0 || listed[0]*20 > listed[1] {
		t.Errorf("of the enterprises that were enrolled before 2024, %d made less than 20 million yuan in it and %d made that", listed[0], listed[1])
	}
	if others[0] == 0 || others[1]*10 > others[0] {
		t.Errorf("of the enterprises that never were enrolled, %d made 20 million yuan in 2024 and %d less", others[1], others[0])
	}
}

func number(t *testing.T, text string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%q is not a number: %v", text, err)
	}
	return n
}

// looksRight: Jinjiang is by far the largest unit, then Nan'an, Shishi and Hui'an; every year more comes into use.
func looksRight(t *testing.T, d city) {
	byOrg := map[string]float64{}
	for _, g := range d.read(t, indicator.Query{Code: "filing.output.year", Period: period.Year(2024), By: indicator.ByOrg}).Groups {
		if g.Value == nil {
			t.Errorf("%s has no output", g.Key)
			continue
		}
		byOrg[g.Key] = g.Value.Float()
	}
	order := []string{"350582", "350583", "350581", "350521"}
	for i, org := range order[1:] {
		if byOrg[order[i]] < byOrg[org] {
			t.Errorf("%s makes %.0f yuan, less than the %.0f of %s", order[i], byOrg[order[i]], byOrg[org], org)
		}
	}
	if byOrg["350582"] < 1.5*byOrg["350583"] {
		t.Errorf("Jinjiang makes %.0f yuan, Nan'an %.0f: not by far the largest", byOrg["350582"], byOrg["350583"])
	}
	last := map[string]int64{}
	for year := 2022; year <= 2024; year++ {
		for _, code := range []string{"park.in_operation.new", "tenancy.production.new", "tenancy.enrolled.new"} {
			n := d.read(t, indicator.Query{Code: code, Period: period.Year(year)}).Value.N
			if n <= last[code] {
				t.Errorf("%s of %d = %d, not more than the year before", code, year, n)
			}
			last[code] = n
		}
	}
	jobs := d.read(t, indicator.Query{Code: "filing.jobs", Period: period.Year(2024)}).Value.N
	if perJob := 10_030_000_000_000 / 100 / jobs; perJob < 300_000 || perJob > 1_500_000 {
		t.Errorf("a job makes %d yuan a year", perJob)
	}
}
