package filing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// pen writes records of one filing. A record's version before goes to filing_past; nothing is overwritten.
type pen struct {
	d       *desk
	codes   []form.Code
	fields  []*form.Field // of codes
	checked []string      // of codes: the last text that was found right; registers repeat themselves
	batch   string
	bumped  bool  // the filing has its next version
	written int64 // records new or changed
	buffer  []byte
	fresh   []any // arguments of new records that wait for their statement
	waiting int
	many    *db.Stmt // inserts rowsPerStatement new records
	one     *db.Stmt
	past    *db.Stmt
	change  *db.Stmt
	seen    map[string]bool // keys of the act
}

// rowsPerStatement new records go into one statement; with the eight values that they share they need 57 placeholders.
const rowsPerStatement = 7

// How many arguments all records of an act have in common, and how many each has of its own.
const (
	sharedArgs = 8
	ownArgs    = 7
)

func newPen(d *desk, batch string) *pen {
	p := &pen{d: d, codes: codesOf(d.form), batch: batch, seen: map[string]bool{}}
	for _, code := range p.codes {
		p.fields = append(p.fields, d.form.Item(code).Field)
	}
	p.checked = make([]string, len(p.codes))
	return p
}

func (p *pen) close() {
	for _, s := range []*db.Stmt{p.many, p.one, p.past, p.change} {
		if s != nil {
			_ = s.Close()
		}
	}
}

// prepare makes a statement when it is first needed.
func (p *pen) prepare(s **db.Stmt, text func() string) (err error) {
	if *s == nil {
		*s, err = p.d.w.Prepare(p.d.ctx, text())
	}
	return err
}

// line is a change as it will be stored.
type line struct {
	key, cells string
	gone       bool
	nature     figure.Nature
	origin     Origin
}

// line checks a change and puts it into its stored form.
func (p *pen) line(c *Change) (line, error) {
	l := line{key: c.Key, gone: c.Remove, nature: c.Nature, origin: c.Origin, cells: noCells}
	if err := p.origin(&l); err != nil {
		return l, err
	}
	if l.gone {
		return l, page.Clean(l.key)
	}
	key, ok := "", true
	if p.d.form.List {
		key, ok = p.d.form.KeyOf(c.Cells)
	}
	switch {
	case !ok:
		return l, fault.New(fault.Invalid, "filing.no_key", "row", c.Origin.Row)
	case c.Key != "" && c.Key != key:
		return l, fault.New(fault.Invalid, "filing.key_differs", "key", c.Key, "cells", key)
	}
	l.key = key
	if err := p.check(l.key, c.Cells); err != nil {
		return l, err
	}
	p.buffer = encode(p.buffer[:0], p.codes, c.Cells)
	l.cells = string(p.buffer)
	return l, nil
}

// origin fills in where a line comes from and refuses what only the subject's own user may say.
func (p *pen) origin(l *line) error {
	if l.origin.Batch == "" {
		l.origin.Batch = p.batch
	}
	if l.origin.Way == "" {
		l.origin.Way = Typed
	}
	switch {
	case l.nature == "" && p.d.own():
		l.nature = figure.Declared
	case l.nature == "":
		l.nature = figure.Record
	case !l.nature.Valid() || l.nature == figure.Statistics || l.nature == figure.Derived: // nobody files those
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", l.nature)
	case l.nature == figure.Declared && !p.d.own():
		return fault.New(fault.Denied, "filing.not_yours", "subject", p.d.f.Subject, "period", p.d.f.Period)
	}
	return nil
}

// check refuses cells that the form does not ask for or that are not as their field's values are written.
func (p *pen) check(key string, cells Cells) error {
	if err := page.Clean(key); err != nil {
		return err
	}
	known := 0
	for i, code := range p.codes {
		text, ok := cells[code]
		if !ok {
			continue
		}
		known++
		if text == "" || text == p.checked[i] {
			continue
		}
		if err := checkCell(text); err != nil {
			return p.wrong(err, key, code)
		}
		if err := p.fields[i].Check(text); err != nil {
			return p.wrong(err, key, code)
		}
		p.checked[i] = text
	}
	if known == len(cells) {
		return nil
	}
	least := ""
	for code := range cells {
		if _, asked := slices.BinarySearch(p.codes, code); !asked && (least == "" || code < least) {
			least = code
		}
	}
	return fault.New(fault.Invalid, "filing.bad_field", "field", least, "key", key)
}

// wrong adds the place to what is wrong with a cell.
func (p *pen) wrong(err error, key string, code form.Code) error {
	f, ok := fault.Of(err)
	if !ok {
		return err
	}
	kv := []any{"key", key, "field", code}
	for name, v := range f.Args {
		kv = append(kv, name, v)
	}
	return fault.Because(err, f.Kind, f.Key, kv...)
}

// was is a record as it is stored.
type was struct {
	version int64
	cells   string
	gone    bool
}

// current looks records up; at most page.Chunk keys.
func (p *pen) current(keys []string) (map[string]was, error) {
	var w page.Where
	w.And(strings.NewReplacer("$1", "%s", "$2", "%s", "$3", "%s", "$4", "%s", "$5", "%s").Replace(ofRef), p.d.f.args(p.d.act.Scope.City)...)
	page.AndIn(&w, "row_key", keys)
	out := make(map[string]was, len(keys))
	err := db.Each(p.d.ctx, p.d.w.Reader, func(s db.Scanner) error {
		var key string
		var x was
		var gone int64
		err := s.Scan(&key, &x.version, &x.cells, &gone)
		x.gone = gone == 1
		out[key] = x
		return err
	}, `SELECT row_key, version, cells, gone FROM filing_record`+w.SQL()+` ORDER BY row_key`, w.Args()...)
	return out, err
}

// bump gives the filing its next version, once, before the first record that changes.
func (p *pen) bump() error {
	if p.bumped {
		return nil
	}
	p.bumped = true
	f := &p.d.f
	f.State, f.Level = Draft, 0
	if len(p.d.form.Chain) == 0 { // what is saved is in force
		f.State, f.ApprovedVersion = Approved, p.d.was+1
		f.Confirmed = f.Confirmed || f.Kind == form.OfEnterprise && p.d.own()
		f.SubmittedAt, f.SubmittedBy = p.d.act.At.UTC(), p.d.act.Actor
	}
	return p.d.put()
}

// write stores a line beside what is there; one that says nothing new is left out.
func (p *pen) write(l line, before was) error {
	if p.seen[l.key] {
		return fault.New(fault.Invalid, "filing.key_twice", "key", l.key, "row", l.origin.Row)
	}
	p.seen[l.key] = true
	if before.version == 0 {
		if l.gone {
			return nil
		}
		return p.add(l)
	}
	if before.gone == l.gone && (l.gone || before.cells == l.cells) {
		return nil
	}
	if err := p.bump(); err != nil {
		return err
	}
	p.written++
	return p.replace(l, before)
}

// add inserts a new record, together with others.
func (p *pen) add(l line) error {
	if err := p.bump(); err != nil {
		return err
	}
	p.written++
	p.fresh = append(p.fresh, l.key, l.cells, string(l.nature), string(l.origin.Way), orNull(l.origin.Batch), numberOrNull(l.origin.File), numberOrNull(l.origin.Row))
	if p.waiting++; p.waiting < rowsPerStatement {
		return nil
	}
	if err := p.prepare(&p.many, func() string { return insertOf(rowsPerStatement) }); err != nil {
		return err
	}
	err := p.many.Queue(p.d.ctx, append(p.shared(), p.fresh...)...)
	p.fresh, p.waiting = p.fresh[:0], 0
	return err
}

// flush inserts the new records that wait.
func (p *pen) flush() error {
	for i := range p.waiting {
		if err := p.prepare(&p.one, func() string { return insertOf(1) }); err != nil {
			return err
		}
		if err := p.one.Queue(p.d.ctx, append(p.shared(), p.fresh[i*ownArgs:(i+1)*ownArgs]...)...); err != nil {
			return err
		}
	}
	p.fresh, p.waiting = p.fresh[:0], 0
	return nil
}

func (p *pen) shared() []any {
	args := make([]any, 0, sharedArgs+ownArgs*rowsPerStatement)
	args = append(args, p.d.f.args(p.d.act.Scope.City)...)
	return append(args, p.d.f.Version, p.d.act.Actor, p.d.act.At.UnixMicro())
}

// insertOf is the statement that inserts n new records.
func insertOf(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO filing_record (city, subject_kind, subject, form, period, filing_version, recorder, at,
		version, gone, row_key, cells, nature, way, batch, file_no, row_no) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		k := sharedArgs + i*ownArgs
		fmt.Fprintf(&b, "($1, $2, $3, $4, $5, $6, $7, $8, 1, 0, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", k+1, k+2, k+3, k+4, k+5, k+6, k+7)
	}
	return b.String()
}

const pastColumns = `city, subject_kind, subject, form, period, row_key, version, filing_version, cells, gone, nature, way, recorder, at, batch, file_no, row_no`

// replace moves a record's present version to the past ones and puts the line in its place.
func (p *pen) replace(l line, before was) error {
	key := append(p.d.f.args(p.d.act.Scope.City), l.key)
	if err := p.prepare(&p.past, func() string {
		return `INSERT INTO filing_past (` + pastColumns + `) SELECT ` + pastColumns + ` FROM filing_record WHERE ` + ofRef + ` AND row_key = $6`
	}); err != nil {
		return err
	}
	if err := p.past.Queue(p.d.ctx, key...); err != nil {
		return err
	}
	if err := p.prepare(&p.change, func() string {
		return `UPDATE filing_record SET version = $7, filing_version = $8, cells = $9, gone = $10, nature = $11, way = $12, recorder = $13,
			at = $14, batch = $15, file_no = $16, row_no = $17 WHERE ` + ofRef + ` AND row_key = $6`
	}); err != nil {
		return err
	}
	gone := 0
	if l.gone {
		gone = 1
	}
	return p.change.Queue(p.d.ctx, append(key, before.version+1, p.d.f.Version, l.cells, gone, string(l.nature), string(l.origin.Way),
		p.d.act.Actor, p.d.act.At.UnixMicro(), orNull(l.origin.Batch), numberOrNull(l.origin.File), numberOrNull(l.origin.Row))...)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func numberOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
