package intake

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// lot is how many rows a worker takes at a time.
const lot = 200

// maxRows bounds a file; the reader of an edge has its own bounds.
const maxRows = 1_000_000

// judged is a row after its worker.
type judged struct {
	staged
	subject  subject
	where    Cell // of the key
	problems []Problem
	columns  []Cell // of the first row of a lot
}

// parcel is rows on their way through the workers, which end it by closing ready.
type parcel struct {
	rows  []func() Row
	out   []judged
	ready chan struct{}
}

// read takes one file: one goroutine reads, as many as there are processors judge, and the rows come out in their order.
func (c *checker) read(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer stop(nil)
	workers := max(1, runtime.GOMAXPROCS(0)-1)
	work, order := make(chan *parcel, workers), make(chan *parcel, 4*workers)
	wait.Go(func() {
		defer close(work)
		defer close(order)
		if err := c.feed(ctx, work, order); err != nil {
			stop(err)
		}
	})
	for range workers {
		wait.Go(func() {
			j := c.judge()
			for p := range work {
				j.parcel(p)
				close(p.ready)
			}
		})
	}
	for p := range order {
		<-p.ready
		for i := range p.out {
			c.take(&p.out[i])
		}
		if c.watch != nil {
			c.watch(c.done, c.total(), c.failed)
		}
	}
	return context.Cause(ctx)
}

func (c *checker) total() int64 {
	if c.in.Total == nil {
		return 0
	}
	return max(c.in.Total(), c.done)
}

// feed reads the file and hands its rows to the workers, and in the same order to who collects.
func (c *checker) feed(ctx context.Context, work, order chan<- *parcel) error {
	p := &parcel{ready: make(chan struct{})}
	n := 0
	send := func() error {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case order <- p:
		}
		work <- p // workers take until it is closed
		p = &parcel{rows: make([]func() Row, 0, lot), ready: make(chan struct{})}
		return nil
	}
	for row, err := range c.in.Rows {
		if err != nil {
			return err
		}
		if n++; n > maxRows {
			return fault.New(fault.Invalid, "import.too_many_rows", "rows", n, "limit", maxRows)
		}
		if p.rows = append(p.rows, row); len(p.rows) == lot {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// judge is one worker's tools; each worker has its own.
type judge struct {
	c       *checker
	cells   map[form.Code]string
	row     []string
	scratch []string
	eval    *evaluation
}

func (c *checker) judge() *judge {
	n := len(c.plan.shape.form.Items)
	return &judge{c: c, cells: make(map[form.Code]string, n), row: make([]string, n), scratch: make([]string, n), eval: c.rules.evaluation()}
}

func (j *judge) parcel(p *parcel) {
	p.out = make([]judged, len(p.rows))
	for i, unread := range p.rows {
		row := unread()
		j.judge(row, &p.out[i])
		if p.rows[i] = nil; i == 0 {
			p.out[i].columns = columnsOf(row)
		}
	}
}

// judge reads the cells of a row, finds its key, and where its filing is known says what it means for the ledger.
func (j *judge) judge(row Row, out *judged) {
	out.row, out.file = int32(row.No), int16(j.c.in.File.No)
	clear(j.cells)
	clear(j.row)
	var code, name Cell
	for _, cell := range row.Cells {
		switch {
		case cell.Field == SubjectCode && cell.Bad == nil:
			code = cell
		case cell.Field == SubjectName && cell.Bad == nil:
			name = cell
		default:
			j.cell(row.No, cell, out)
		}
	}
	j.key(row, out)
	if j.c.names != nil {
		var t *Trouble
		if out.subject, t = j.c.names.find(code.Value, name.Value); t != nil {
			where := code
			if code.Value == "" {
				where = name
			}
			out.fail(j.c.problem(row.No, where, *t))
		} else if !j.c.plan.shape.form.List {
			out.where = name
			if code.Ref != "" {
				out.where = code
			}
		}
	}
	out.values = strings.Join(j.row, sep)
	if j.c.names == nil && !out.bad {
		j.compare(row, j.c.in.MadeAt, out, &j.c.plan.subjects[0])
	}
}

func columnsOf(row Row) []Cell {
	out := make([]Cell, len(row.Cells))
	for i, cell := range row.Cells {
		out[i] = Cell{Field: cell.Field, Column: cell.Column, Ref: strings.TrimRight(cell.Ref, "0123456789")}
	}
	return out
}

func (o *judged) fail(p Problem) {
	o.bad = o.bad || p.Severity == Error
	o.problems = append(o.problems, p)
}

// cell takes one cell's value, if it can be one of its field.
func (j *judge) cell(row int, cell Cell, out *judged) {
	at, asked := j.c.plan.shape.at[cell.Field]
	if cell.Bad != nil {
		out.fail(j.c.problem(row, cell, *cell.Bad))
		return
	}
	if !asked {
		return
	}
	item := &j.c.plan.shape.form.Items[at]
	if cell.Unknown {
		j.row[at] = unknown
		return
	}
	if cell.Value == "" {
		return
	}
	v := cell.Value
	if item.Field.Kind == form.Choice {
		option, ok := j.c.rules.choice(at, v)
		if !ok {
			p := j.c.problem(row, cell, Trouble{"intake.choice", map[string]any{"choices": choicesOf(item.Field)}})
			p.Suggest = choicesOf(item.Field)
			out.fail(p)
			return
		}
		v = option
	}
	if err := item.Field.Check(v); err != nil {
		f, _ := fault.Of(err)
		out.fail(j.c.problem(row, cell, Trouble{f.Key, f.Args}))
		return
	}
	j.row[at], j.cells[cell.Field] = v, v
}

func choicesOf(f *form.Field) string {
	var names []string
	for _, o := range f.Choices {
		names = append(names, o.Name.ZH)
	}
	return strings.Join(names, "、")
}

// key finds the row's key.
func (j *judge) key(row Row, out *judged) {
	f := j.c.plan.shape.form
	if !f.List {
		return
	}
	key, ok := f.KeyOf(j.cells)
	if ok {
		out.key = strings.Clone(key)
	}
	for _, cell := range row.Cells {
		if it := f.Item(cell.Field); it != nil && it.Key {
			if out.where.Ref == "" {
				out.where = cell
			}
			if !ok && cell.Bad == nil && j.cells[cell.Field] == "" {
				out.fail(j.c.problem(row.No, cell, Trouble{"intake.no_key", nil}))
			}
		}
	}
	if !ok && !out.bad {
		out.fail(j.c.problem(row.No, Cell{}, Trouble{"intake.no_key_column", nil}))
	}
}

// compare says what a row means for its filing and asks the rules of what would then be there.
func (j *judge) compare(row Row, made time.Time, out *judged, l *place) {
	rec := l.records[out.key]
	var changed int
	split(j.row, out.values)
	out.after, changed, out.state = l.merge(j.row, rec, made, j.scratch)
	out.changed = int16(changed)
	if rec != nil {
		out.before = rec.cells
	}
	if out.state == Unchanged {
		return
	}
	split(j.scratch, out.after)
	for i := range j.c.plan.shape.form.Items {
		if it := &j.c.plan.shape.form.Items[i]; it.Required && !it.Key && !it.ReadOnly && j.scratch[i] == "" {
			out.fail(j.unanswered(row, it.Field))
		}
	}
	if !j.c.rules.history {
		j.eval.run(j.scratch, func(v rule.Verdict, said form.Text, fields []form.Code) {
			out.fail(j.verdict(row, v.Code, v.Severity, said, fields))
		})
	}
}

// unanswered says that a required field is blank: the row is wrong. A form with a chain only warns, since it asks again
// before it is submitted.
func (j *judge) unanswered(row Row, field *form.Field) Problem {
	t := Trouble{"intake.required", map[string]any{"field": field.Name.ZH, "field_en": field.Name.EN}}
	severity := Error
	if len(j.c.plan.shape.form.Chain) > 0 {
		t.Key, severity = "intake.required_later", Warning
	}
	p := j.c.problem(row.No, find(row, field.Code), t)
	p.Field, p.Severity = field.Code, severity
	return p
}

func (j *judge) verdict(row Row, code string, severity rule.Severity, said form.Text, fields []form.Code) Problem {
	var cell Cell
	for _, f := range fields {
		if cell = find(row, f); cell.Ref != "" {
			break
		}
	}
	p := j.c.problem(row.No, cell, Trouble{"intake.rule", map[string]any{"rule": code}})
	p.Said = said
	if cell.Field == "" && len(fields) > 0 {
		p.Field = fields[0]
	}
	if severity != rule.Error {
		p.Severity = Warning
	}
	return p
}

func find(row Row, field form.Code) Cell {
	for _, c := range row.Cells {
		if c.Field == field {
			return c
		}
	}
	return Cell{}
}

// rules are a form's rules and choices, ready for many rows. Safe for concurrent use.
type rules struct {
	form    *form.Form
	pack    *rule.Pack
	slots   []int // of each input the item it reads; -1: none
	history bool  // a rule reads other periods or sources: filing.Judge knows them
	choices []map[string]string
}

func rulesOf(f *form.Form, s shape) *rules {
	r := &rules{form: f, pack: f.Rules, choices: make([]map[string]string, len(f.Items))}
	if f.Rules != nil {
		for _, in := range f.Rules.Inputs() {
			at, ok := s.at[in.Name]
			if !ok {
				at = -1
			}
			r.slots = append(r.slots, at)
			r.history = r.history || in.At != rule.Now || in.Source != ""
		}
	}
	for i, it := range f.Items {
		if it.Field.Kind != form.Choice {
			continue
		}
		r.choices[i] = map[string]string{}
		for _, o := range it.Field.Choices {
			for _, name := range append([]string{o.Code, o.Name.ZH, o.Name.EN}, o.Names...) {
				if name != "" {
					r.choices[i][org.Fold(name)] = o.Code
				}
			}
		}
	}
	return r
}

func (r *rules) choice(item int, text string) (code form.Code, ok bool) {
	if code, ok = r.choices[item][text]; ok {
		return code, true
	}
	code, ok = r.choices[item][org.Fold(text)]
	return code, ok
}

// evaluation is the rules with room for one row's values.
type evaluation struct {
	*rules
	values []rule.Value
}

func (r *rules) evaluation() *evaluation {
	e := &evaluation{rules: r}
	if r.pack != nil {
		e.values = r.pack.Values()
	}
	return e
}

// madeRule begins the codes of the rules that a form makes of its required items, which are looked at apart.
const madeRule = "required."

// run tells the rules that a row, one value for each item, does not keep to.
func (e *evaluation) run(row []string, tell func(v rule.Verdict, said form.Text, fields []form.Code)) {
	if e.pack == nil {
		return
	}
	for i, at := range e.slots {
		e.values[i] = rule.Value{}
		if at >= 0 {
			e.values[i] = valueOf(e.form.Items[at].Field.Kind, row[at])
		}
	}
	for _, p := range e.pack.Programs() {
		state := p.EvalFast(e.values)
		if state != rule.Fails && state != rule.Broken || p.Rule().Severity == rule.Note || strings.HasPrefix(p.Rule().Code, madeRule) {
			continue
		}
		v := p.Eval(e.values)
		var fields []form.Code
		for _, step := range v.Trace {
			if step.Input.Name != "" {
				fields = append(fields, step.Input.Name)
			}
		}
		tell(v, form.Text{ZH: p.Sentence(rule.ZH, v), EN: p.Sentence(rule.EN, v)}, fields)
	}
}

// valueOf is form.CellValue without looking for the field: it runs for every cell of a file.
func valueOf(kind form.Kind, text string) rule.Value {
	if text == "" {
		return rule.Value{}
	}
	switch kind {
	case form.Quantity:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return rule.Whole(n)
		}
	case form.Date:
		if d, err := period.ParseDate(text); err == nil {
			return rule.Day(d)
		}
	case form.Truth:
		return rule.Is(text == "true")
	default:
		return rule.Said(text)
	}
	return rule.Value{}
}
