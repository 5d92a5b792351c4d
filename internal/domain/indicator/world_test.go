package indicator_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// TestMain draws fewer worlds than the hundred of rapid unless the command line says how many: each is a transaction or more.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "20") // the flag is there: rapid is imported
	os.Exit(m.Run())
}

// clock is when the worlds are recorded and read.
var clock = time.Date(2025, 3, 20, 4, 0, 0, 0, time.UTC)

func now() time.Time { return clock }

// world is a small random ledger as plain values: what is written, and what the reference counts. Its tree:
//
//	city ─┬─ a ── op      parks and enterprises may hang on any of them, the city included
//	      ├─ b
//	      └─ c (empty)
type world struct {
	city      string
	parks     []worldPark
	firms     []enterprise.Enterprise
	tenancies []tenancy.Tenancy
	projects  []project.Project
	returns   []filing.Value
}

type worldPark struct {
	park.Park
	land, opened string // as stated; empty: unknown
	phases       []park.Phase
}

var places = []string{"a", "op", "b", ""}

// path is an org's path; the empty id is the city.
func (w *world) path(id string) string {
	return map[string]string{"": w.city + ".", "a": w.city + ".a.", "op": w.city + ".a.op.", "b": w.city + ".b.", "c": w.city + ".c."}[id]
}

func (w *world) org(id string) org.ID {
	if id == "" {
		return org.ID(w.city)
	}
	return org.ID(id)
}

// cities gives every world a city of its own, so that all share one database.
var cities atomic.Int64

func newCity() string { return fmt.Sprintf("w%06d", cities.Add(1)) }

// someDay is a date up to the clock's day, from a whole date to a year alone; zero where the entry is missing.
func someDay(t *rapid.T, label string) period.Date {
	year, month := rapid.IntRange(2022, 2025).Draw(t, label+" year"), rapid.IntRange(1, 12).Draw(t, label+" month")
	if year == 2025 {
		month = 1 + month%3
	}
	switch rapid.IntRange(0, 9).Draw(t, label+" precision") {
	case 0:
		return period.DateOf(year, 0, 0)
	case 1:
		return period.DateOf(year, month, 0)
	default:
		return period.DateOf(year, month, rapid.IntRange(1, 20).Draw(t, label+" day"))
	}
}

func maybe(t *rapid.T, label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(t, label) <= percent
}

func amount(t *rapid.T, label string, percent int) *int64 {
	if !maybe(t, label+" known", percent) {
		return nil
	}
	v := rapid.Int64Range(0, 5000).Draw(t, label)
	return &v
}

var natures = []figure.Nature{figure.Declared, figure.Record, figure.Simulated}

func nature(t *rapid.T) figure.Nature { return rapid.SampledFrom(natures).Draw(t, "nature") }

// drawWorld draws the values of a world.
func drawWorld(t *rapid.T) *world {
	w := &world{city: newCity()}
	place := rapid.SampledFrom(places)
	for i := range rapid.IntRange(1, 4).Draw(t, "parks") {
		p := worldPark{Park: park.Park{ID: park.ID(fmt.Sprintf("p%d", i)), Org: w.org(place.Draw(t, "park org")), Name: fmt.Sprintf("园%d", i), Source: "list"}}
		if maybe(t, "land known", 70) {
			p.land = fmt.Sprint(rapid.SampledFrom([]int{10, 999, 1000, 1001, 5000}).Draw(t, "land"))
		}
		if maybe(t, "opened known", 70) {
			p.opened = someDay(t, "opened").String()
		}
		for no := range rapid.IntRange(0, 3).Draw(t, "phases") {
			p.phases = append(p.phases, park.Phase{Park: p.ID, No: int64(no + 1), FloorAreaBuiltM2: amount(t, "built", 80), LettableM2: amount(t, "lettable", 80),
				Completed: someDay(t, "completed"), Nature: nature(t), Source: "phases"})
		}
		w.parks = append(w.parks, p)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "firms") {
		e := enterprise.Enterprise{ID: enterprise.ID(fmt.Sprintf("e%d", i)), Name: fmt.Sprintf("企业%d", i), Org: w.org(place.Draw(t, "firm org")), Nature: nature(t), Source: "registry"}
		e.USCC, _ = uscc.Make(fmt.Sprintf("91350599MA%06d", i))
		e.Industry = rapid.SampledFrom([]industry.Code{"", "1952", "1819", "19", "G"}).Draw(t, "industry")
		if maybe(t, "above scale", 20) {
			e.AboveScaleSince = someDay(t, "above scale")
		}
		w.firms = append(w.firms, e)
		for k := range rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3}).Draw(t, "tenancies") {
			w.tenancies = append(w.tenancies, w.drawTenancy(t, e.ID, k))
		}
		w.returns = append(w.returns, drawReturns(t, e.ID)...)
	}
	w.drawProjects(t)
	return w
}

func (w *world) drawTenancy(t *rapid.T, e enterprise.ID, k int) tenancy.Tenancy {
	p := rapid.SampledFrom(w.parks).Draw(t, "park")
	out := tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("t-%s-%d", e, k)), Enterprise: e, Park: p.ID, AreaM2: amount(t, "area", 75),
		Relocated: maybe(t, "relocated", 20), Nature: nature(t), Source: "ledger"}
	for _, s := range tenancy.Stages() {
		percent := 55
		if s == tenancy.Cleared {
			percent = 20
		}
		for maybe(t, s.String(), percent) && len(out.Entries) < 20 {
			way := rapid.SampledFrom(tenancy.Ways()).Draw(t, "way")
			out.Entries = append(out.Entries, tenancy.Entry{Stage: s, Way: way, Day: someDay(t, s.String()), Nature: nature(t), Source: "ledger"})
			percent = 25 // sometimes stated again
		}
	}
	return out
}

// drawReturns draws a run of months with holes; some have only one of the fields, or no output.
func drawReturns(t *rapid.T, e enterprise.ID) (out []filing.Value) {
	first := period.MonthOf(2022, 1) + period.Month(rapid.IntRange(0, 30).Draw(t, "first filing"))
	last := min(first+period.Month(rapid.IntRange(-1, 26).Draw(t, "filing months")), period.MonthAt(clock)+2)
	for m := first; m <= last; m++ {
		fields := rapid.SampledFrom([][]filing.Field{nil, nil, {filing.Output}, {filing.Jobs}, {filing.Output, filing.Jobs},
			{filing.Output, filing.Jobs}, {filing.Output, filing.Jobs, filing.Tax}, {filing.Tax}}).Draw(t, "fields")
		for _, f := range fields {
			v := rapid.SampledFrom([]int64{0, 1, 37, 4_000_00, 5_000_000_00}).Draw(t, "value")
			out = append(out, filing.Value{Enterprise: e, Month: m, Field: f, Value: v, Nature: nature(t), Source: "returns"})
		}
	}
	return out
}

func (w *world) drawProjects(t *rapid.T) {
	for i := range rapid.IntRange(0, 4).Draw(t, "projects") {
		p := project.Project{ID: project.ID(fmt.Sprintf("j%d", i)), Name: "项目", Kind: rapid.SampledFrom([]project.Kind{project.Investment, project.Construction}).Draw(t, "kind"),
			Park: rapid.SampledFrom(w.parks).Draw(t, "park").ID, InvestmentFen: amount(t, "investment", 80), Nature: nature(t), Source: "projects"}
		if maybe(t, "no park", 20) {
			p.Org, p.Park = rapid.SampledFrom([]org.ID{"a", "b", "op"}).Draw(t, "project's org"), ""
		}
		if maybe(t, "has enterprise", 60) {
			p.Enterprise = rapid.SampledFrom(w.firms).Draw(t, "firm").ID
		}
		if maybe(t, "signed", 80) {
			p.Milestones = append(p.Milestones, project.Milestone{Stage: "signed", Way: tenancy.Claimed, Day: someDay(t, "signed"), Nature: nature(t), Source: "projects"})
		}
		w.projects = append(w.projects, p)
	}
}

// act is an act of the city's office.
func act(city string) org.Act {
	n := 0
	return org.Act{Scope: auth.Whole(city), Actor: "tester", At: clock, NewID: func() string { n++; return fmt.Sprintf("%s-%06d", city, n) }}
}

// fatal is what tests of both kinds can do.
type fatal interface {
	Helper()
	Fatalf(string, ...any)
}

func write(t fatal, d *db.DB, fn func(ctx context.Context, w db.Writer) error) {
	t.Helper()
	if err := d.Write(context.Background(), func(w db.Writer) error { return fn(context.Background(), w) }); err != nil {
		t.Fatalf("Write = %v", err)
	}
}

// addOrgs adds the tree of a world's city.
func addOrgs(ctx context.Context, w db.Writer, city string) error {
	_, err := org.Add(ctx, w, act(city),
		org.Org{ID: org.ID(city), Kind: org.City, NameZH: "市"},
		org.Org{ID: "a", Parent: org.ID(city), Kind: org.County, NameZH: "甲县", Sort: 2},
		org.Org{ID: "op", Parent: "a", Kind: org.Operator, NameZH: "运营"},
		org.Org{ID: "b", Parent: org.ID(city), Kind: org.County, NameZH: "乙县", Sort: 1},
		org.Org{ID: "c", Parent: org.ID(city), Kind: org.County, NameZH: "丙县", Sort: 3})
	return err
}

// save writes a world through the nouns.
func (w *world) save(t fatal, d *db.DB) {
	t.Helper()
	a := act(w.city)
	write(t, d, func(ctx context.Context, tx db.Writer) error {
		if err := addOrgs(ctx, tx, w.city); err != nil {
			return err
		}
		bulk := park.Bulk{}
		for _, p := range w.parks {
			bulk.Parks, bulk.Phases = append(bulk.Parks, p.Park), append(bulk.Phases, p.phases...)
			if p.land != "" {
				bulk.Figures = append(bulk.Figures, park.Stated{Park: p.ID, Statement: park.Statement{Field: park.LandArea, Text: p.land, Nature: figure.Record, Source: "land"}})
			}
			if p.opened != "" {
				bulk.Figures = append(bulk.Figures, park.Stated{Park: p.ID, Statement: park.Statement{Field: park.Opened, Text: p.opened, Nature: figure.Declared, Source: "news"}})
			}
		}
		if _, err := park.Load(ctx, tx, a, bulk); err != nil {
			return err
		}
		if _, err := enterprise.AddMany(ctx, tx, a, w.firms); err != nil {
			return err
		}
		if _, err := tenancy.AddMany(ctx, tx, a, w.tenancies); err != nil {
			return err
		}
		if _, err := project.AddMany(ctx, tx, a, w.projects); err != nil {
			return err
		}
		_, err := filing.AddMany(ctx, tx, a, slices.Values(w.returns))
		return err
	})
}

// book is the shipped definitions.
func book(t testing.TB) *indicator.Book {
	t.Helper()
	b, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func view(t fatal, p *indicator.Panels) *indicator.View {
	t.Helper()
	v, err := p.Now(context.Background())
	if err != nil {
		t.Fatalf("Now = %v", err)
	}
	return v
}
