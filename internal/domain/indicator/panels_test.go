package indicator_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
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
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// answers are all indicators, in each split for some period: what a view knows.
func answers(t fatal, b *indicator.Book, v *indicator.View, city string) map[string]indicator.Reading {
	t.Helper()
	out := map[string]indicator.Reading{}
	for _, d := range b.All() {
		for text, by := range map[string]indicator.By{"2023": indicator.ByOrg, "2025": indicator.ByPark, "2024-06": indicator.ByIndustry,
			"2024": indicator.ByMonth, "2019": indicator.ByMonth} { // changes file returns of 2019
			p, err := period.Parse(text)
			if err != nil {
				t.Fatalf("Parse(%q) = %v", text, err)
			}
			r, err := b.Read(v, indicator.Query{Code: d.Code, Scope: auth.Whole(city), Period: p, By: by})
			if err != nil {
				t.Fatalf("Read(%s, %s, %s) = %v", d.Code, text, by, err)
			}
			out[d.Code+" by "+string(by)+" of "+text] = r
		}
	}
	return out
}

// ledger is a world that goes on changing.
type ledger struct {
	*world
	db  *db.DB
	act org.Act
	n   int
}

// change makes one random change of one of the nouns and says which.
func (l *ledger) change(t *rapid.T) (what string) {
	l.n++
	ways := map[string]func(context.Context, *rapid.T, db.Writer) error{
		"park.Add": l.addPark, "park.Record": l.recordFigure, "park.Choose": l.chooseFigure, "park.AddPhase": l.addPhase, "park.Update": l.renamePark,
		"park.Commit": l.importList, "enterprise.Add": l.addFirm, "enterprise.Rename": l.renameFirm, "tenancy.Add": l.addTenancy,
		"tenancy.Enter": l.enterStage, "project.Add": l.addProject, "filing.AddMany": l.addReturns, "filing.Correct": l.correctReturn,
	}
	names := make([]string, 0, len(ways))
	for name := range ways {
		names = append(names, name)
	}
	slices.Sort(names)
	what = rapid.SampledFrom(names).Draw(t, "change")
	write(t, l.db, func(ctx context.Context, w db.Writer) error { return ways[what](ctx, t, w) })
	return what
}

func (l *ledger) anyPark(t *rapid.T) park.ID {
	return rapid.SampledFrom(l.parks).Draw(t, "park").ID
}

func (l *ledger) anyFirm(t *rapid.T) enterprise.ID {
	return rapid.SampledFrom(l.firms).Draw(t, "firm").ID
}

func (l *ledger) addPark(ctx context.Context, t *rapid.T, w db.Writer) error {
	p := park.Park{ID: park.ID(fmt.Sprintf("q%d", l.n)), Org: l.org(rapid.SampledFrom(places).Draw(t, "org")), Name: fmt.Sprintf("新园%d", l.n), Source: "list"}
	l.parks = append(l.parks, worldPark{Park: p})
	_, err := park.Add(ctx, w, l.act, p)
	return err
}

func (l *ledger) recordFigure(ctx context.Context, t *rapid.T, w db.Writer) error {
	s := park.Statement{Field: park.LandArea, Text: fmt.Sprint(500 + 100*l.n), Nature: nature(t), Source: rapid.SampledFrom([]string{"land", "office"}).Draw(t, "source")}
	if maybe(t, "opening", 50) {
		s.Field, s.Text = park.Opened, someDay(t, "opened").String()
	}
	_, err := park.Record(ctx, w, l.act, l.anyPark(t), s)
	return err
}

func (l *ledger) chooseFigure(ctx context.Context, t *rapid.T, w db.Writer) error {
	id := l.anyPark(t)
	f, err := park.Record(ctx, w, l.act, id, park.Statement{Field: park.LandArea, Text: "1200", Nature: figure.Estimate, Source: fmt.Sprint("guess ", l.n)})
	if err != nil {
		return err
	}
	return park.Choose(ctx, w, l.act, id, park.Choice{Field: park.LandArea, Figure: f.ID, Reason: "seen"})
}

func (l *ledger) addPhase(ctx context.Context, t *rapid.T, w db.Writer) error {
	return park.AddPhase(ctx, w, l.act, park.Phase{Park: l.anyPark(t), No: int64(100 + l.n), FloorAreaBuiltM2: amount(t, "built", 80), LettableM2: amount(t, "lettable", 80),
		Completed: someDay(t, "completed"), Nature: nature(t), Source: "phases"})
}

func (l *ledger) renamePark(ctx context.Context, t *rapid.T, w db.Writer) error {
	id, name := l.anyPark(t), fmt.Sprintf("改名园%d", l.n)
	row, err := park.Get(ctx, w.Reader, l.act.Scope, id)
	if err != nil {
		return err
	}
	_, err = park.Update(ctx, w, l.act, id, row.Version, park.Edit{Name: &name})
	return err
}

func (l *ledger) importList(ctx context.Context, t *rapid.T, w db.Writer) error {
	return l.importRow(ctx, w, map[string]string{"name": fmt.Sprintf("导入园%d", l.n), "org": "乙县", park.LandArea: "1001", park.Opened: "2024-05"})
}

func (l *ledger) importRow(ctx context.Context, w db.Writer, cells map[string]string) error {
	row := park.Listed{Row: 2, Cells: map[string]park.ListedCell{}}
	for key, text := range cells {
		row.Cells[key] = park.ListedCell{Text: text, Column: key, Ref: key}
	}
	plan, err := park.Prepare(ctx, w.Reader, park.Import{User: auth.User{ID: "u", City: l.city, Username: "u", Role: auth.SystemAdmin},
		File: park.ListFile{File: "list.csv", Digest: fmt.Sprint(l.n), Rows: []park.Listed{row}}})
	if err != nil {
		return err
	}
	if len(plan.Problems) > 0 {
		return fmt.Errorf("the list has problems: %+v", plan.Problems)
	}
	_, err = park.Commit(ctx, w, plan, park.Batch{ID: l.act.NewID(), Actor: "u", At: clock, NewID: l.act.NewID})
	return err
}

func (l *ledger) addFirm(ctx context.Context, t *rapid.T, w db.Writer) error {
	code, err := uscc.Make(fmt.Sprintf("91350599MB%06d", l.n))
	if err != nil {
		return err
	}
	e := enterprise.Enterprise{ID: enterprise.ID(fmt.Sprintf("f%d", l.n)), USCC: code, Name: "新企业", Org: l.org(rapid.SampledFrom(places).Draw(t, "org")), Industry: "1952",
		AboveScaleSince: someDay(t, "above scale"), Nature: nature(t), Source: "registry"}
	l.firms = append(l.firms, e)
	_, err = enterprise.Add(ctx, w, l.act, e)
	return err
}

func (l *ledger) renameFirm(ctx context.Context, t *rapid.T, w db.Writer) error {
	d, err := enterprise.Get(ctx, w.Reader, l.act.Scope, l.anyFirm(t))
	if err != nil {
		return err
	}
	since := period.DateOf(1990+l.n, 1, 1)
	if latest := d.Names[len(d.Names)-1].Since; latest >= since {
		since = latest + 10000
	}
	_, err = enterprise.Rename(ctx, w, l.act, enterprise.Renaming{ID: d.ID, Version: d.Version, Name: fmt.Sprintf("更名%d", l.n), Since: since, Source: "registry"})
	return err
}

func (l *ledger) addTenancy(ctx context.Context, t *rapid.T, w db.Writer) error {
	one := l.drawTenancy(t, l.anyFirm(t), 1000+l.n)
	l.tenancies = append(l.tenancies, one)
	_, err := tenancy.Add(ctx, w, l.act, one)
	return err
}

func (l *ledger) enterStage(ctx context.Context, t *rapid.T, w db.Writer) error {
	if len(l.tenancies) == 0 {
		return nil
	}
	d, err := tenancy.Get(ctx, w.Reader, l.act.Scope, rapid.SampledFrom(l.tenancies).Draw(t, "tenancy").ID)
	if err != nil {
		return err
	}
	s := rapid.SampledFrom([]tenancy.Stage{tenancy.Signed, tenancy.Production, tenancy.Enrolled, tenancy.Cleared}).Draw(t, "stage")
	_, err = tenancy.Enter(ctx, w, l.act, d.ID, d.Version, tenancy.Entry{Stage: s, Way: tenancy.Verified, Day: someDay(t, "day"), Nature: figure.Record, Source: "visit"})
	return err
}

func (l *ledger) addProject(ctx context.Context, t *rapid.T, w db.Writer) error {
	_, err := project.Add(ctx, w, l.act, project.Project{Kind: project.Investment, Name: "新项目", Park: l.anyPark(t), Enterprise: l.anyFirm(t), InvestmentFen: amount(t, "investment", 90),
		Nature: nature(t), Source: "projects", Milestones: []project.Milestone{{Stage: "signed", Way: tenancy.Claimed, Day: someDay(t, "signed"), Nature: figure.Declared, Source: "projects"}}})
	return err
}

func (l *ledger) addReturns(ctx context.Context, t *rapid.T, w db.Writer) error {
	e, m := l.anyFirm(t), period.MonthOf(2019, 1)+period.Month(l.n) // months that no world has yet
	if maybe(t, "recent", 50) {
		m = period.MonthOf(2026, 1) + period.Month(l.n) // filed ahead: not yet to be read
	}
	list := []filing.Value{
		{Enterprise: e, Month: m, Field: filing.Output, Value: 777, Nature: nature(t), Source: "returns"},
		{Enterprise: e, Month: m, Field: filing.Jobs, Value: 7, Nature: nature(t), Source: "returns"},
	}
	l.returns = append(l.returns, list...)
	_, err := filing.AddMany(ctx, w, l.act, slices.Values(list))
	return err
}

func (l *ledger) correctReturn(ctx context.Context, t *rapid.T, w db.Writer) error {
	if len(l.returns) == 0 {
		return nil
	}
	v := rapid.SampledFrom(l.returns).Draw(t, "return")
	act := l.act
	act.Scope = auth.Scope{City: l.city, Enterprise: string(v.Enterprise)}
	stored, _, err := filing.Values(ctx, w.Reader, l.act.Scope, filing.Query{Enterprise: v.Enterprise, From: v.Month, To: v.Month, Limit: 50})
	if err != nil {
		return err
	}
	for _, s := range stored {
		if s.Field == v.Field {
			_, err = filing.Correct(ctx, w, act, filing.Correction{Enterprise: v.Enterprise, Month: v.Month, Field: v.Field, Version: s.Version, Value: int64(l.n), Source: "returns", Reason: "typo"})
		}
	}
	return err
}

// kept is an older view and what it answered when it was new.
type kept struct {
	view    *indicator.View
	answers map[string]indicator.Reading
}

func TestPanels_answerAfterChangesAsAFreshOneDoes(t *testing.T) {
	b := book(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(t *rapid.T) {
			w := drawWorld(t)
			w.save(t, d)
			l := &ledger{world: w, db: d, act: act(w.city)}
			l.act.NewID = func() string { l.n++; return fmt.Sprintf("%s-c-%06d", w.city, l.n) }
			panels := indicator.NewPanels(d, w.city, now)
			old := kept{view(t, panels), answers(t, b, view(t, panels), w.city)}
			var done []string
			for range 2 {
				for range rapid.IntRange(1, 4).Draw(t, "changes") {
					done = append(done, l.change(t))
				}
				got, fresh := view(t, panels), view(t, indicator.NewPanels(d, w.city, now))
				l.compare(t, b, got, fresh, done)
			}
			if again := answers(t, b, old.view, w.city); !reflect.DeepEqual(again, old.answers) {
				t.Fatalf("after %v the view from before answers otherwise than before", done)
			}
			if n := panels.Loads(); n != 1 {
				t.Fatalf("%v made the panels read the ledger %d times, want once", done, n)
			}
		})
	})
}

func (l *ledger) compare(t *rapid.T, b *indicator.Book, got, fresh *indicator.View, done []string) {
	t.Helper()
	var seq int64
	if err := l.db.Read(context.Background(), func(r db.Reader) (err error) {
		seq, err = audit.Seq(context.Background(), r, l.city)
		return err
	}); err != nil {
		t.Fatalf("Seq = %v", err)
	}
	type outside struct {
		sequence int64
		first    period.Month
		horizon  period.Month
		period   period.Period
		mixed    bool
		rows     map[string]int
		name     string
	}
	see := func(v *indicator.View) outside {
		return outside{v.Sequence, v.First, v.Horizon, v.DefaultPeriod(), v.Simulated(), v.Rows(), v.ParkName(string(l.parks[0].ID))}
	}
	if x, y := see(got), see(fresh); !reflect.DeepEqual(x, y) || x.sequence != seq {
		t.Fatalf("after %v the view is %+v, a fresh one %+v, the ledger at %d", done, x, y, seq)
	}
	x, y := answers(t, b, got, l.city), answers(t, b, fresh, l.city)
	for i := range x {
		if !reflect.DeepEqual(x[i], y[i]) {
			t.Fatalf("after %v %s reads %+v, from a fresh panel %+v", done, i, x[i], y[i])
		}
	}
}

// small is a world without chance, for tests of how panels catch up.
func small(t fatal, d *db.DB) *ledger {
	w := rapid.Custom(drawWorld).Example(7)
	w.city = newCity()
	for i := range w.parks {
		w.parks[i].Org = "a"
	}
	for i := range w.firms {
		w.firms[i].Org = "b"
	}
	w.save(t, d)
	l := &ledger{world: w, db: d, act: act(w.city)}
	l.act.NewID = func() string { l.n++; return fmt.Sprintf("%s-c-%06d", w.city, l.n) }
	return l
}

// file adds a return of its own.
func (l *ledger) file(t fatal, month period.Month, jobs int64) {
	write(t, l.db, func(ctx context.Context, w db.Writer) error {
		_, err := filing.AddMany(ctx, w, l.act, slices.Values([]filing.Value{
			{Enterprise: l.firms[0].ID, Month: month, Field: filing.Jobs, Value: jobs, Nature: figure.Declared, Source: "returns"}}))
		return err
	})
}

func TestPanels_readAnewWhatReachesFurtherThanItsRows(t *testing.T) {
	b := book(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := small(t, d)
		panels := indicator.NewPanels(d, l.city, now)
		view(t, panels)
		for name, change := range map[string]func(context.Context, db.Writer) error{
			"a list moves a park to another org": func(ctx context.Context, w db.Writer) error {
				return l.importRow(ctx, w, map[string]string{"name": l.parks[0].Name, "org": "丙县"})
			},
			"everything of a kind is touched": func(ctx context.Context, w db.Writer) error {
				_, err := audit.Append(ctx, w, audit.Entry{City: l.city, Actor: "t", Action: "test", Kind: filing.Kind, At: clock, Touched: []audit.Touch{{Kind: filing.Kind, ID: audit.Every}}})
				return err
			},
			"the tree": func(ctx context.Context, w db.Writer) error {
				_, err := org.Add(ctx, w, l.act, org.Org{ID: "new", Parent: "b", Kind: org.Operator, NameZH: "新"})
				return err
			},
		} {
			before := panels.Loads()
			write(t, d, change)
			got, fresh := view(t, panels), view(t, indicator.NewPanels(d, l.city, now))
			if panels.Loads() != before+1 {
				t.Errorf("%s: the ledger was read %d times, want once", name, panels.Loads()-before)
			}
			if x, y := answers(t, b, got, l.city), answers(t, b, fresh, l.city); !reflect.DeepEqual(x, y) {
				t.Errorf("%s: the panels answer otherwise than a fresh one", name)
			}
		}
	})
}

func TestPanels_serveManyWhileTheLedgerChanges(t *testing.T) {
	b := book(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := small(t, d)
		panels := indicator.NewPanels(d, l.city, now)
		const changes, askers = 20, 4
		var wait sync.WaitGroup
		done := make(chan struct{})
		for range askers {
			wait.Go(func() {
				last := int64(0)
				for {
					v, err := panels.Now(context.Background())
					if err != nil || v.Sequence < last {
						t.Errorf("Now = %v, %v after %d", v, err, last)
						return
					}
					last = v.Sequence
					if _, err := b.Read(v, indicator.Query{Code: "filing.jobs", Scope: auth.Whole(l.city), Period: period.Year(2024), By: indicator.ByPark}); err != nil {
						t.Errorf("Read = %v", err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for i := range changes {
			l.file(t, period.MonthOf(2010, 1)+period.Month(i), int64(i))
		}
		close(done)
		wait.Wait()
		r, err := b.Read(view(t, panels), indicator.Query{Code: "filing.jobs", Scope: auth.Whole(l.city), Period: period.OfMonth(period.MonthOf(2010, 1) + changes - 1)})
		if err != nil || r.Value == nil || r.Value.N != changes-1 || panels.Loads() != 1 {
			t.Errorf("Read after %d changes = %v, %v with %d loads, want %d and one", changes, r.Value, err, panels.Loads(), changes-1)
		}
	})
}

func TestNow_endsWithTheAskerAndIsTriedAgainByTheNext(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	l := small(t, d)
	blocked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	panels := indicator.NewPanels(d, l.city, func() time.Time {
		once.Do(func() { close(blocked); <-release }) // the first asker hangs while it loads
		return clock
	})
	first := make(chan error, 1)
	loading, cancel := context.WithCancel(context.Background())
	go func() {
		_, err := panels.Now(loading)
		first <- err
	}()
	<-blocked
	waiting, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	if _, err := panels.Now(waiting); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Now while another loads = %v, want the asker's own deadline", err)
	}
	cancel()
	close(release)
	<-first // the load may have ended just before
	if v, err := panels.Now(context.Background()); err != nil || v.Sequence == 0 {
		t.Errorf("Now after a load that was given up = %v, %v", v, err)
	}
	cancelled, cancelNow := context.WithCancel(context.Background())
	cancelNow()
	if _, err := indicator.NewPanels(d, l.city, now).Now(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("Now with a cancelled context = %v, want context.Canceled", err)
	}
}

func TestNow_readsAFailedLoadAnew(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	l := small(t, d)
	panels := indicator.NewPanels(d, l.city, now)
	breakIt := func(text string) {
		write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, text)
			return err
		})
	}
	breakIt("ALTER TABLE filing_value RENAME TO filing_gone")
	if v, err := panels.Now(context.Background()); err == nil {
		t.Fatalf("Now without the table of returns = %v, want an error", v)
	}
	breakIt("ALTER TABLE filing_gone RENAME TO filing_value")
	if v := view(t, panels); v.Sequence == 0 || panels.Loads() != 2 {
		t.Errorf("Now after the table is back is at %d with %d loads, want the ledger's sequence and two", v.Sequence, panels.Loads())
	}
}

func TestNow_seesTheMonthPass(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	l := small(t, d)
	ahead := period.MonthOf(2025, 5)
	l.file(t, ahead, 3)
	at := clock
	panels := indicator.NewPanels(d, l.city, func() time.Time { return at })
	if h := view(t, panels).Horizon; h >= ahead {
		t.Errorf("Horizon in %v = %v, want nothing of what is filed ahead", at.Month(), h)
	}
	at = at.AddDate(0, 2, 0)
	if h := view(t, panels).Horizon; h != ahead || panels.Loads() != 1 {
		t.Errorf("Horizon two months later = %v with %d loads, want %v and one", h, panels.Loads(), ahead)
	}
}

func TestNow_readsALedgerThatWentBackAnew(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	l := small(t, d)
	panels := indicator.NewPanels(d, l.city, now)
	view(t, panels)
	write(t, d, func(ctx context.Context, w db.Writer) error { // as a restored backup: the chain is shorter
		_, err := w.Exec(ctx, `UPDATE audit_head SET seq = 1 WHERE city = $1`, l.city)
		return err
	})
	if v := view(t, panels); v.Sequence != 1 || panels.Loads() != 2 {
		t.Errorf("Now is at %d with %d loads, want 1 and two", v.Sequence, panels.Loads())
	}
}
