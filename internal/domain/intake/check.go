package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Plan is what an intake's files would write. It does not change; it holds the rows that are good, packed.
type Plan struct {
	Report Report

	target   Target
	shape    shape
	scope    auth.Scope
	files    []File
	rows     []staged
	subjects []place // whose filings the rows are; one of a list
}

// place is one filing that rows go to.
type place struct {
	subject
	*ledger
}

// staged is a row that can be judged: its values and what they mean for the ledger.
type staged struct {
	key     string
	place   int32
	row     int32
	file    int16
	changed int16 // cells
	state   CellState
	bad     bool
	values  string // as the file says, packed
	before  string // as the ledger has it, packed; empty for a new row
	after   string // as it would be
}

// Check reads an intake's files and says what they would do, without writing. The rows of files before the last count where
// they are good and no later file has their key. Memory is about that of the files' values.
//
// What is wrong with rows and cells is in the report. Errors: those of Resolve; of a file that cannot be read; of ctx.
func Check(ctx context.Context, d *db.DB, s auth.Scope, lib *form.Library, t Target, inputs []Input, watch Watch) (*Plan, error) {
	c := &checker{db: d, scope: s, lib: lib, watch: watch, index: map[string]int32{}, placeOf: map[string]int32{}, columns: map[columnKey]Cell{}, made: map[int16]time.Time{}}
	if err := c.begin(ctx, t); err != nil {
		return nil, fault.Wrap("intake.Check", err)
	}
	for i, in := range inputs {
		c.in, c.last = in, i == len(inputs)-1
		c.made[int16(in.File.No)] = in.MadeAt
		if err := c.read(ctx); err != nil {
			return nil, fault.Wrap("intake.Check", err)
		}
		c.plan.files = append(c.plan.files, in.File)
	}
	if err := c.finish(ctx); err != nil {
		return nil, fault.Wrap("intake.Check", err)
	}
	return c.plan, nil
}

// checker is one check under way.
type checker struct {
	db    *db.DB
	scope auth.Scope
	lib   *form.Library
	watch Watch
	plan  *Plan
	names *subjects // nil with one subject
	rules *rules

	in   Input
	last bool // in is the last file

	index   map[string]int32   // key of a row → its place in plan.rows
	placeOf map[string]int32   // subject → its place in plan.subjects
	columns map[columnKey]Cell // with the column's letters as Ref
	made    map[int16]time.Time
	done    int64
	failed  int64
}

// columnKey and columns remember which column of a file a field is in.
type columnKey struct {
	file  int16
	field form.Code
}

func (c *checker) begin(ctx context.Context, t Target) error {
	return c.db.Read(ctx, func(r db.Reader) error {
		t, f, err := Resolve(ctx, r, c.scope, c.lib, t)
		if err != nil {
			return err
		}
		c.plan = &Plan{target: t, shape: shapeOf(f), scope: c.scope}
		c.rules = rulesOf(f, c.plan.shape)
		if t.Subject == "" {
			c.names, err = readSubjects(ctx, r, c.scope, t.Kind)
			return err
		}
		name, _, err := subjectOf(ctx, r, c.scope, t.Kind, t.Subject)
		if err != nil {
			return err
		}
		c.plan.subjects = []place{{subject: subject{t.Subject, name}}}
		c.plan.subjects[0].ledger, err = c.ledgerOf(ctx, r, t.Subject)
		return err
	})
}

// ledgerOf reads one filing into memory.
func (c *checker) ledgerOf(ctx context.Context, r db.Reader, id string) (*ledger, error) {
	ref := c.plan.target.ref(id)
	stands, records, err := filing.Get(ctx, r, c.scope, ref)
	if err != nil {
		return nil, err
	}
	l := &ledger{filing: stands, records: map[string]*known{}}
	l.locked = stands.Confirmed && !c.own(ref) || stands.State == filing.Submitted
	l.foreign = c.scope.Enterprise == "" && !c.scope.Within(stands.OrgPath)
	take := func(rec *filing.Record) error {
		if !rec.Gone {
			l.records[rec.Key] = c.knownOf(rec)
		}
		return nil
	}
	if c.plan.shape.form.List && stands.Version > 0 {
		return l, filing.EachRecord(ctx, r, c.scope, ref, take)
	}
	for i := range records {
		_ = take(&records[i]) // gives none
	}
	return l, nil
}

func (c *checker) own(ref filing.Ref) bool {
	return ref.Kind == form.OfEnterprise && c.scope.Enterprise == ref.Subject
}

func (c *checker) knownOf(rec *filing.Record) *known {
	k := &known{cells: c.plan.shape.pack(rec.Cells), at: rec.At}
	for code, v := range rec.Cells {
		if _, asked := c.plan.shape.at[code]; !asked {
			if k.rest == nil {
				k.rest = filing.Cells{}
			}
			k.rest[code] = v
		}
	}
	return k
}

// take puts a judged row where it belongs. Rows come in the file's order.
func (c *checker) take(j *judged) {
	c.done++
	for _, cell := range j.columns {
		c.columns[columnKey{int16(c.in.File.No), cell.Field}] = cell
	}
	if j.bad {
		c.failed++
	}
	if c.last {
		for _, p := range j.problems {
			c.plan.Report.problem(p)
		}
		if j.key == "" && j.bad { // nobody can say which row it is
			c.plan.Report.Rows++
			c.plan.Report.Bad++
			return
		}
	} else if j.bad {
		return
	}
	row := j.staged
	id := row.key
	if c.names != nil {
		id = j.subject.id + sep + row.key
		row.place = c.placeAt(j.subject)
	}
	at, again := c.index[id]
	if !again {
		c.index[id] = int32(len(c.plan.rows))
		c.plan.rows = append(c.plan.rows, row)
		return
	}
	before := &c.plan.rows[at]
	if before.file == row.file {
		c.duplicate(before, &row, j.where)
		return
	}
	*before = row
}

// placeAt is the place of a subject's filing, which is read later.
func (c *checker) placeAt(s subject) int32 {
	at, ok := c.placeOf[s.id]
	if !ok {
		at = int32(len(c.plan.subjects))
		c.placeOf[s.id] = at
		c.plan.subjects = append(c.plan.subjects, place{subject: s})
	}
	return at
}

// duplicate refuses two rows of one file that are the same record: nobody can say which counts.
func (c *checker) duplicate(first, second *staged, where Cell) {
	if c.last {
		for _, pair := range [][2]*staged{{second, first}, {first, second}} {
			cell := where
			if letters := strings.TrimRight(where.Ref, "0123456789"); letters != "" {
				cell.Ref = fmt.Sprint(letters, pair[0].row)
			}
			c.plan.Report.problem(c.problem(int(pair[0].row), cell, Trouble{"intake.duplicate", map[string]any{"other": pair[1].row, "key": first.key}}))
		}
		c.plan.Report.Rows++
		c.plan.Report.Bad++
		c.failed++
	}
	if !first.bad {
		c.failed++
	}
	first.bad = true
}

func (c *checker) problem(row int, cell Cell, t Trouble) Problem {
	args := map[string]any{"file": c.in.File.Name, "row": row, "column": cell.Column, "cell": cell.Ref, "text": cell.Text}
	for k, v := range t.Args {
		args[k] = v
	}
	return Problem{File: c.in.File.No, Row: row, Column: cell.Column, Cell: cell.Ref, Field: cell.Field, Text: cell.Text, Severity: Error, Key: t.Key, Args: args}
}

// finish compares rows whose filing was not known before, counts, and lists what would change.
func (c *checker) finish(ctx context.Context) error {
	if c.watch != nil {
		c.watch(c.done, c.done, c.failed)
	}
	if c.in.Notes != nil {
		notes := c.in.Notes()
		c.plan.Report.Skipped, c.plan.Report.MoreSkipped = notes.Skipped, notes.MoreSkipped
		for _, p := range notes.Problems {
			c.plan.Report.problem(p)
			if p.Severity != Warning {
				c.plan.Report.Bad++
			}
		}
		for i := range c.plan.Report.Problems {
			c.plan.Report.Problems[i].Sheet = notes.Sheet
		}
	}
	if c.names != nil || c.rules.history {
		if err := c.compareLate(ctx); err != nil {
			return err
		}
	}
	c.count()
	slices.SortStableFunc(c.plan.Report.Problems, func(a, b Problem) int { return a.Row - b.Row })
	return nil
}

// compareLate judges what needs more of the ledger than one filing: rows that each name their own, and rules that read other
// periods.
func (c *checker) compareLate(ctx context.Context) error {
	return c.db.Read(ctx, func(r db.Reader) error {
		j := c.judge()
		byPlace := make([][]int, len(c.plan.subjects))
		for i := range c.plan.rows {
			row := &c.plan.rows[i]
			if row.bad {
				continue
			}
			at := &c.plan.subjects[row.place]
			if at.ledger == nil {
				var err error
				if at.ledger, err = c.ledgerOf(ctx, r, at.id); err != nil {
					return err
				}
			}
			if c.names != nil && at.foreign {
				row.bad = true
				where := c.rowOf(row)
				c.tell(row, []Problem{c.problem(where.No, find(where, SubjectCode), Trouble{"intake.other_office", map[string]any{"name": at.name}})})
			} else if c.names != nil {
				c.compareRow(j, row, at)
			}
			if !row.bad && row.state != Unchanged {
				byPlace[row.place] = append(byPlace[row.place], i)
			}
		}
		if !c.rules.history {
			return nil
		}
		for at, rows := range byPlace {
			if err := c.judgeHistory(ctx, r, j, c.plan.subjects[at], rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// compareRow is judge.compare for a row that is staged.
func (c *checker) compareRow(j *judge, row *staged, at *place) {
	out := judged{staged: *row}
	j.compare(c.rowOf(row), c.made[row.file], &out, at)
	*row = out.staged
	c.tell(row, out.problems)
}

// tell takes the problems of a staged row, of the last file only: what was bad in one before it, this one mends.
func (c *checker) tell(row *staged, problems []Problem) {
	if int(row.file) != c.in.File.No {
		return
	}
	for _, p := range problems {
		c.plan.Report.problem(p)
	}
}

// rowOf is a staged row as the reader gave it, as far as places go.
func (c *checker) rowOf(row *staged) Row {
	out := Row{No: int(row.row)}
	values := make([]string, len(c.plan.shape.form.Items))
	split(values, row.values)
	for i, it := range c.plan.shape.form.Items {
		if column, ok := c.columns[columnKey{row.file, it.Field.Code}]; ok {
			cell := Cell{Field: it.Field.Code, Column: column.Column, Ref: fmt.Sprint(column.Ref, row.row)}
			if values[i] != unknown && values[i] != "" {
				cell.Text = it.Field.Format(values[i])
			}
			out.Cells = append(out.Cells, cell)
		}
	}
	return out
}

func (c *checker) judgeHistory(ctx context.Context, r db.Reader, j *judge, at place, rows []int) error {
	if len(rows) == 0 {
		return nil
	}
	records, byKey := make([]filing.Record, len(rows)), map[string]int{}
	for i, n := range rows {
		row := &c.plan.rows[n]
		records[i] = filing.Record{Key: row.key, Cells: c.plan.shape.cells(row.after)}
		byKey[row.key] = n
	}
	verdicts, err := filing.Judge(ctx, r, c.scope, c.lib, c.plan.target.ref(at.id), records)
	for _, v := range verdicts {
		row := &c.plan.rows[byKey[v.Key]]
		if v.Severity == rule.Note || strings.HasPrefix(v.Rule, madeRule) || v.Answer != nil {
			continue
		}
		p := j.verdict(c.rowOf(row), v.Rule, v.Severity, v.Text, v.Fields)
		row.bad = row.bad || p.Severity == Error
		c.tell(row, []Problem{p})
	}
	return err
}

// digestEnd ends each part of what goes into a digest; no packed row has it.
var digestEnd = []byte{2}

// count counts the rows by what they mean, lists changed cells and makes the digest.
func (c *checker) count() {
	r, digest := &c.plan.Report, sha256.New()
	before, after := make([]string, len(c.plan.shape.form.Items)), make([]string, len(c.plan.shape.form.Items))
	kept := c.plan.rows[:0]
	for _, row := range c.plan.rows {
		r.Rows++
		switch {
		case row.bad:
			r.Bad++
			continue
		case row.state == New:
			r.New++
		case row.state == Changed:
			r.Changed++
		case row.state == Conflicting:
			r.Conflicting++
		default:
			r.Unchanged++
			continue // nothing to write
		}
		c.list(row, before, after)
		if row.state != Conflicting {
			for _, part := range [...]string{c.plan.subjects[row.place].id, row.key, string(row.state), row.before, row.after} {
				_, _ = io.WriteString(digest, part) // a hash takes all
				_, _ = digest.Write(digestEnd)
			}
			row.values, row.before = "", ""
			kept = append(kept, row)
		}
	}
	clear(c.plan.rows[len(kept):])
	c.plan.rows = kept
	r.Digest = hex.EncodeToString(digest.Sum(nil))
	for _, p := range c.plan.subjects { // what they hold was needed to compare
		if p.ledger == nil {
			continue
		}
		for key, k := range p.records {
			if k.rest == nil {
				delete(p.records, key)
			}
		}
	}
}

// list puts a row's differing cells into the report, as long as it lists them.
func (c *checker) list(row staged, before, after []string) {
	r := &c.plan.Report
	if len(r.Changes) >= maxChanges {
		r.MoreChanges += int(row.changed)
		if row.state != Conflicting {
			r.CellsChanged += int64(row.changed)
		}
		return
	}
	clear(before)
	if row.state == Changed || row.before != "" {
		split(before, row.before)
	}
	split(after, row.after)
	for i, it := range c.plan.shape.form.Items {
		if before[i] == after[i] {
			continue
		}
		state := row.state
		if state == Changed && before[i] == "" {
			state = New
		}
		one := Change{Row: int(row.row), Key: row.key, Field: it.Field.Code, State: state, Before: before[i], After: after[i]}
		if column := c.columns[columnKey{row.file, it.Field.Code}]; column.Ref != "" {
			one.Cell = fmt.Sprint(column.Ref, row.row)
		}
		if c.names != nil {
			one.Subject = c.plan.subjects[row.place].name
		}
		r.change(one)
	}
}
