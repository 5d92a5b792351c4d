package intake

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// How says how a plan is written.
type How struct {
	OnlyGood bool   // rows that are bad or conflict are left out; else they refuse the whole
	Submit   bool   // hand the filings in as well
	Reason   string // needed where the period is closed
	// Watch hears how many records were handed to the ledger; it may be nil, and begins anew where the Write runs again.
	Watch func(done int64)
}

// Commit writes what a plan says: the records, the batch and one audit line, all or nothing with the Write that it is part of,
// and says so in the intake. A plan that says nothing new writes no batch, so that the same file twice makes one. It gives the
// report as it is then kept.
//
// It looks at the filings again and refuses when one of them changed since the check.
//
// Errors: Invalid "intake.has_problems" (bad, conflicting); Stale "intake.moved" (subject); those of filing.SaveAll and Submit.
func Commit(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, in Intake, p *Plan, how How) (Report, error) {
	report := p.Report
	if in.Report != nil {
		report.Batches, report.Written = in.Report.Batches, in.Report.Written
	}
	err := p.write(ctx, w, act, lib, in, how, &report)
	if err == nil {
		report.Commit = act.At.UTC()
		err = setState(ctx, w, act, &in, Committed, &report)
	}
	return report, fault.Wrap("intake.Commit", err)
}

func (p *Plan) write(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, in Intake, how How, report *Report) error {
	if report.Failure != nil || !how.OnlyGood && report.Bad+report.Conflicting > 0 {
		return fault.New(fault.Invalid, "intake.has_problems", "bad", report.Bad, "conflicting", report.Conflicting)
	}
	groups := p.groups()
	for at, rows := range groups {
		if err := p.stillAs(ctx, w, act, p.subjects[at], len(rows) > 0); err != nil {
			return err
		}
	}
	if len(p.rows) == 0 {
		return nil
	}
	batch := in.ID
	if n := len(report.Batches); n > 0 {
		batch += "-" + strconv.Itoa(n+1)
	}
	if err := p.insertBatch(ctx, w, act, in, batch, *report); err != nil {
		return err
	}
	for at, rows := range groups {
		if len(rows) == 0 {
			continue
		}
		n, err := filing.SaveAll(ctx, w, act, lib, filing.Bulk{Ref: p.target.ref(p.subjects[at].id), Batch: batch, Reason: how.Reason}, p.changes(at, rows, batch, how.watch(report.Written)))
		if err != nil {
			return err
		}
		report.Written += n
	}
	report.Batches = append(report.Batches, batch)
	if how.Submit {
		return p.submit(ctx, w, act, lib, groups, how, report)
	}
	return nil
}

// watch tells of every lot of rows, counted from those written before.
func (how How) watch(before int64) func(n int) {
	return func(n int) {
		if how.Watch != nil && n%lot == 0 {
			how.Watch(before + int64(n))
		}
	}
}

// groups are the places of rows by the filing that they go to.
func (p *Plan) groups() [][]int32 {
	out := make([][]int32, len(p.subjects))
	for i := range p.rows {
		at := p.rows[i].place
		out[at] = append(out[at], int32(i))
	}
	for _, rows := range out { // in the order of their keys, in which the database inserts them quickest
		slices.SortFunc(rows, func(a, b int32) int { return strings.Compare(p.rows[a].key, p.rows[b].key) })
	}
	return out
}

// stillAs refuses a filing that is not as the check saw it.
func (p *Plan) stillAs(ctx context.Context, w db.Writer, act org.Act, at place, written bool) error {
	if at.ledger == nil || !written {
		return nil
	}
	now, _, err := filing.Get(ctx, w.Reader, act.Scope, p.target.ref(at.id))
	if err == nil && (now.Version != at.filing.Version || now.Confirmed != at.filing.Confirmed) {
		err = fault.New(fault.Stale, "intake.moved", "subject", at.name)
	}
	return err
}

// changes gives rows as filing takes them. It may be asked more than once.
func (p *Plan) changes(at int, rows []int32, batch string, watch func(n int)) iter.Seq[filing.Change] {
	return func(yield func(filing.Change) bool) {
		for n, i := range rows {
			watch(n)
			row := &p.rows[i]
			cells := p.shape.cells(row.after)
			if rec := p.subjects[at].records[row.key]; rec != nil {
				for code, v := range rec.rest {
					cells[code] = v
				}
			}
			origin := filing.Origin{Way: filing.Imported, Batch: batch, File: int(row.file), Row: int(row.row)}
			if !yield(filing.Change{Key: row.key, Cells: cells, Origin: origin}) {
				return
			}
		}
	}
}

func (p *Plan) insertBatch(ctx context.Context, w db.Writer, act org.Act, in Intake, batch string, r Report) error {
	last := p.files[len(p.files)-1]
	_, err := w.Exec(ctx, `INSERT INTO import_batch (city, id, kind, file, digest, actor, at, rows_read, rows_new, rows_changed, rows_same, mapping)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		act.Scope.City, batch, "form:"+p.target.Form, last.Name, last.Digest, act.Actor, act.At.UnixMicro(), r.Rows, r.New, r.Changed, r.Unchanged, orNull(in.Mapping))
	if err != nil {
		return err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: act.Scope.City, Actor: act.Actor, Action: "intake.commit", Kind: "import_batch", Entity: batch, At: act.At,
		Detail: map[string]any{
			"form": p.target.Form, "subject": p.target.Subject, "period": p.target.Period, "file": last.Name, "digest": last.Digest,
			"rows": r.Rows, "new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "bad": r.Bad, "conflicting": r.Conflicting,
			"cells_changed": r.CellsChanged, "written_digest": r.Digest,
		},
	})
	return err
}

func (p *Plan) submit(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, groups [][]int32, how How, report *Report) error {
	for at, rows := range groups {
		if len(rows) == 0 {
			continue
		}
		ref := p.target.ref(p.subjects[at].id)
		now, _, err := filing.Get(ctx, w.Reader, act.Scope, ref)
		if err == nil {
			_, err = filing.Submit(ctx, w, act, lib, filing.Submission{Ref: ref, Version: now.Version, Reason: how.Reason})
		}
		if err != nil {
			return err
		}
		report.Submitted++
	}
	return nil
}
