package projectlist

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// From says whose list is loaded, and what its projects pass.
type From struct {
	Org       org.ID
	Lifecycle string
}

// Report says what a load does, or would do.
type Report struct {
	New, Changed, Unchanged int
	Bad                     []Bad // rows that are left out, and what of a row is not taken, in the list's order
}

// Bad is something of one row.
type Bad struct {
	Row   int    // of the file; 0 of a row that was typed
	Key   string // the project's number
	Fault *fault.Fault
}

// Plan is what a load would write.
type Plan struct {
	Report Report
	add    []project.Project
	more   []project.More
}

// sourceOf begins the source of everything that a list says.
const sourceOf = "项目台账"

// renewed is the reason of a day that the list states anew.
const renewed = "项目台账更新"

// maxFile bounds a file's name within a source, in characters.
const maxFile = 200

// Prepare reads the list that an org files and says what loading it would change. It writes nothing.
//
// Errors: Invalid "projectlist.no_table" (lifecycle), "project.bad_kind"; NotFound "org.not_found", "lifecycle.not_found",
// "projectlist.empty" (org) when the org has no such list.
func Prepare(ctx context.Context, r db.Reader, act org.Act, lifecycles *lifecycle.Library, from From) (*Plan, error) {
	l, err := newLoading(ctx, r, act, lifecycles, from)
	if err == nil {
		err = l.read()
	}
	if err == nil {
		err = l.judge()
	}
	if err != nil {
		return nil, fault.Wrap("projectlist.Prepare", err)
	}
	return &l.plan, nil
}

// loading is one pass over a list.
type loading struct {
	ctx     context.Context
	r       db.Reader
	act     org.Act
	from    From
	table   *Table
	columns []column
	today   period.Date
	course  *lifecycle.Pack
	parks   map[string]park.ID // below the org, by folded name; "" for a name that several have
	files   map[string]string  // names of files, by batch
	rows    []row
	plan    Plan

	lifecycles *lifecycle.Library
}

// row is a project as its row of the list tells it.
type row struct {
	no  int
	key string
	p   project.Project
}

func newLoading(ctx context.Context, r db.Reader, act org.Act, lifecycles *lifecycle.Library, from From) (*loading, error) {
	l := &loading{ctx: ctx, r: r, act: act, from: from, lifecycles: lifecycles, parks: map[string]park.ID{}, files: map[string]string{}}
	l.today = period.DayOf(act.At)
	var stages ForLifecycle
	var err error
	if l.table, err = Shipped(); err == nil {
		l.course, stages, err = l.table.course(lifecycles, from.Lifecycle, l.today)
	}
	if err != nil {
		return nil, err
	}
	for _, s := range l.course.Stages { // in the order of the lifecycle
		stage := project.Stage(s.Code)
		if field := stages.Planned[stage]; field != "" {
			l.columns = append(l.columns, column{stage, tenancy.Planned, field})
		}
		if field := stages.Claimed[stage]; field != "" {
			l.columns = append(l.columns, column{stage, tenancy.Claimed, field})
		}
	}
	at, err := org.Get(ctx, r, act.Scope, from.Org)
	if err != nil {
		return nil, err
	}
	return l, park.EachFacts(ctx, r, act.Scope.City, nil, func(f park.Facts) error {
		if name := org.Fold(f.Name); strings.HasPrefix(f.OrgPath, at.Path) {
			if _, twice := l.parks[name]; twice {
				l.parks[name] = ""
			} else {
				l.parks[name] = f.ID
			}
		}
		return nil
	})
}

// read turns the list's records into projects.
func (l *loading) read() error {
	ref := filing.Ref{Kind: form.OfOrg, Subject: string(l.from.Org), Form: l.table.Form}
	var records []filing.Record
	err := filing.EachRecord(l.ctx, l.r, l.act.Scope, ref, func(rec *filing.Record) error {
		one := *rec
		one.Cells = filing.Cells{}
		for code, text := range rec.Cells {
			one.Cells[code] = text
		}
		records = append(records, one)
		return nil
	})
	if err == nil && len(records) == 0 {
		err = fault.New(fault.NotFound, "projectlist.empty", "org", l.from.Org)
	}
	if err != nil {
		return err
	}
	slices.SortStableFunc(records, func(a, b filing.Record) int { return a.Origin.Row - b.Origin.Row })
	for _, rec := range records {
		source, err := l.source(rec)
		if err != nil {
			return err
		}
		l.rows = append(l.rows, l.rowOf(rec, source))
	}
	return nil
}

// source says where a record stands: 项目台账 file.csv 第12行.
func (l *loading) source(rec filing.Record) (string, error) {
	if rec.Origin.Batch == "" {
		return sourceOf + " " + rec.Key, nil
	}
	name, ok := l.files[rec.Origin.Batch]
	if !ok {
		err := l.r.QueryRow(l.ctx, `SELECT file FROM import_batch WHERE city = $1 AND id = $2`, l.act.Scope.City, rec.Origin.Batch).Scan(&name)
		if err != nil {
			return "", err
		}
		if short := []rune(name); len(short) > maxFile {
			name = string(short[:maxFile]) + "…"
		}
		l.files[rec.Origin.Batch] = name
	}
	return sourceOf + " " + name + " 第" + strconv.Itoa(rec.Origin.Row) + "行", nil
}

func (l *loading) rowOf(rec filing.Record, source string) row {
	nature := figure.Record
	if rec.Nature == figure.Simulated {
		nature = figure.Simulated
	}
	p := project.Project{ID: idOf(l.from.Org, rec.Key), Org: l.from.Org, Kind: project.Kind(l.from.Lifecycle), Name: strings.TrimSpace(rec.Cells[l.table.Name]),
		Park: l.parks[org.Fold(rec.Cells[l.table.Park])], Nature: nature, Source: source}
	if fen, err := strconv.ParseInt(rec.Cells[l.table.Investment], 10, 64); err == nil && fen >= 0 {
		p.InvestmentFen = &fen
	}
	out := row{no: rec.Origin.Row, key: rec.Key}
	for _, c := range l.columns {
		text := rec.Cells[c.field]
		if text == "" {
			continue
		}
		day, err := period.ParseDate(text)
		if err != nil { // a record holds only dates there, so this does not happen
			l.bad(out, fault.New(fault.Invalid, "date.invalid", "text", text))
			continue
		}
		way := c.way
		if day > l.today {
			way = tenancy.Planned
		}
		p.Milestones = slices.DeleteFunc(p.Milestones, func(m project.Milestone) bool { return m.Stage == c.stage && m.Way == way }) // a day says more than a plan
		p.Milestones = append(p.Milestones, project.Milestone{Stage: c.stage, Way: way, Day: day, Nature: nature, Source: source})
	}
	out.p = p
	return out
}

// name is a stage's.
func (l *loading) name(stage project.Stage) pack.Text {
	if s := l.course.Stage(string(stage)); s != nil {
		return s.Name
	}
	return pack.Text{ZH: string(stage), EN: string(stage)}
}

// nameOf is a lifecycle's.
func (l *loading) nameOf(kind project.Kind) pack.Text {
	if p, err := l.lifecycles.For(string(kind), l.today); err == nil {
		return p.Name
	}
	return pack.Text{ZH: string(kind), EN: string(kind)}
}

func (l *loading) bad(r row, f *fault.Fault) {
	l.plan.Report.Bad = append(l.plan.Report.Bad, Bad{r.no, r.key, f})
}

// idOf gives the id of an org's project by its number in the list. It is the same each time.
func idOf(at org.ID, key string) project.ID {
	sum := sha256.Sum256([]byte("project_list\x00" + string(at) + "\x00" + key))
	return project.ID("L" + base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])[:25])
}

// judge compares the list with the ledger.
func (l *loading) judge() error {
	known := map[project.ID]*project.Project{}
	for _, r := range l.rows {
		known[r.p.ID] = nil
	}
	err := project.EachRow(l.ctx, l.r, l.act.Scope.City, nil, func(p *project.PanelRow) error {
		if _, listed := known[p.ID]; listed {
			known[p.ID] = &p.Project
		}
		return nil
	})
	if err != nil {
		return err
	}
	taken, err := project.TakenBack(l.ctx, l.r, l.act.Scope.City)
	if err != nil {
		return err
	}
	report := &l.plan.Report
	for _, r := range l.rows {
		was := known[r.p.ID]
		switch {
		case r.p.Name == "":
			l.bad(r, fault.New(fault.Invalid, "project.no_name"))
		case was == nil:
			report.New++
			l.plan.add = append(l.plan.add, r.p)
		case was.Kind != r.p.Kind:
			name := l.nameOf(was.Kind)
			l.bad(r, fault.New(fault.Invalid, "projectlist.other_lifecycle", "lifecycle", name.ZH, "lifecycle_en", name.EN))
		default:
			said := append(slices.Clone(was.Milestones), taken[r.p.ID]...)
			if more, changed := l.compare(r, was, said); changed {
				report.Changed++
				l.plan.more = append(l.plan.more, more)
			} else {
				report.Unchanged++
			}
		}
	}
	return nil
}

// compare says what of a row is new. said is all that was ever said of the project, also what was taken back.
func (l *loading) compare(r row, was *project.Project, said []project.Milestone) (project.More, bool) {
	more := project.More{ID: was.ID, Version: was.Version}
	if r.p.Name != was.Name {
		more.Name = &r.p.Name
	}
	if fen := r.p.InvestmentFen; fen != nil && (was.InvestmentFen == nil || *fen != *was.InvestmentFen) {
		more.InvestmentFen = fen
	}
	for _, m := range r.p.Milestones {
		switch last := lastOf(said, m.Stage, m.Way); {
		case last.Seq == 0:
			more.Milestones = append(more.Milestones, m)
		case last.Day != m.Day:
			m.Reason = renewed
			more.Milestones = append(more.Milestones, m)
		}
	}
	for _, c := range l.columns {
		stated := slices.ContainsFunc(r.p.Milestones, func(m project.Milestone) bool {
			return m.Stage == c.stage && (m.Way == c.way || c.way == tenancy.Planned) // what is entered needs no plan
		})
		if last := lastOf(said, c.stage, c.way); !stated && last.Seq > 0 {
			l.bad(r, fault.New(fault.Invalid, "projectlist.day_gone", "stage", l.name(c.stage).ZH, "stage_en", l.name(c.stage).EN, "day", last.Day.String()))
		}
	}
	return more, more.Name != nil || more.InvestmentFen != nil || len(more.Milestones) > 0
}

// lastOf gives what the list said last of a stage and way; the zero Milestone where it never did.
func lastOf(said []project.Milestone, stage project.Stage, way tenancy.Way) (last project.Milestone) {
	for _, m := range said {
		if m.Stage == stage && m.Way == way && m.Seq > last.Seq && strings.HasPrefix(m.Source, sourceOf+" ") {
			last = m
		}
	}
	return last
}
