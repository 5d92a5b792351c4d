package promise

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// MaxYear bounds the years of a promise.
const MaxYear = 30

// maxText bounds a source or a reason, in characters.
const maxText = 500

// Promise is one value that was promised. The latest of a measure, basis and year counts.
type Promise struct {
	Measure    Measure
	Basis      Basis
	Year       int    // since the clock: 1 is the first twelve months; 0: in all, or, of output, tax and jobs, every year from the clock on
	Value      *int64 // fen or persons, or those per mu or m²; nil: no longer promised
	Clock      Clock
	Source     string // contract and clause
	Nature     figure.Nature
	Reason     string // why it differs from what was recorded before
	Seq        int64
	Recorder   string
	RecordedAt int64 // µs UTC
}

func (p Promise) check() error {
	switch {
	case !p.Measure.Valid():
		return fault.New(fault.Invalid, "promise.bad_measure", "measure", p.Measure)
	case !p.Basis.Valid():
		return fault.New(fault.Invalid, "promise.bad_basis", "basis", p.Basis)
	case p.Year < 0 || p.Year > MaxYear:
		return fault.New(fault.Invalid, "promise.bad_year", "year", p.Year, "limit", MaxYear)
	case p.Value != nil && *p.Value < 0:
		return fault.New(fault.Invalid, "promise.negative", "value", *p.Value)
	case strings.TrimSpace(p.Source) == "":
		return fault.New(fault.Invalid, "promise.no_source")
	case !p.Nature.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", p.Nature)
	case utf8.RuneCountInString(p.Source) > maxText || utf8.RuneCountInString(p.Reason) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	if _, err := p.Clock.parse(); err != nil {
		return err
	}
	return page.Clean(p.Source, p.Reason)
}

type place struct {
	measure Measure
	basis   Basis
	year    int
}

func (p Promise) place() place { return place{p.Measure, p.Basis, p.Year} }

// All gives everything that was ever recorded of a subject, by measure, basis, year and time. Errors: those of subject.Get.
func All(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref) ([]Promise, error) {
	const op = "promise.All"
	if _, err := subject.Get(ctx, r, s, ref); err != nil {
		return nil, fault.Wrap(op, err)
	}
	var out []Promise
	err := each(ctx, r, s.City, ref, func(_ subject.Ref, p Promise) { out = append(out, p) })
	return out, fault.Wrap(op, err)
}

// each reads the promises of one subject, or of the whole city for the zero Ref, by subject, measure, basis, year and time.
func each(ctx context.Context, r db.Reader, city string, ref subject.Ref, fn func(subject.Ref, Promise)) error {
	var w page.Where
	w.And("city = %s", city)
	if ref.ID != "" {
		w.And("subject_kind = %s AND subject = %s", ref.Kind, ref.ID)
	}
	return db.Each(ctx, r, func(row db.Scanner) error {
		var of subject.Ref
		var p Promise
		var year int64
		err := row.Scan(&of.Kind, &of.ID, &p.Measure, &p.Basis, &year, &p.Seq, &p.Value, &p.Clock, &p.Source, &p.Nature, &p.Reason, &p.Recorder, &p.RecordedAt)
		p.Year = int(year)
		if err == nil {
			fn(of, p)
		}
		return err
	}, `SELECT subject_kind, subject, measure, basis, year, seq, value, clock, source, nature, reason, recorder, recorded_at FROM promise`+w.SQL()+
		` ORDER BY subject_kind, subject, measure, basis, year, seq`, w.Args()...)
}

// Current keeps of promises in the order of All those that count.
func Current(all []Promise) (out []Promise) {
	for i, p := range all {
		if i+1 < len(all) && all[i+1].place() == p.place() {
			continue
		}
		if p.Value != nil {
			out = append(out, p)
		}
	}
	return out
}

// Record adds promises to a subject; one of a measure, basis and year that has one already takes its place and needs a reason.
// What is the same as before adds nothing. It gives how many were added. An empty Clock is ByProduction.
//
// Errors: those of subject.Get; Invalid "promise.bad_measure", "promise.bad_basis", "promise.bad_year", "promise.negative",
// "promise.no_source", "promise.bad_clock", "promise.no_reason" (measure, year), "promise.twice" (measure, year),
// "figure.bad_nature", "text.too_long", "text.invalid".
func Record(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, list []Promise) (int, error) {
	n, err := write(ctx, w, act, ref, list)
	return n, fault.Wrap("promise.Record", err)
}

func write(ctx context.Context, w db.Writer, act org.Act, ref subject.Ref, list []Promise) (int, error) {
	all, err := All(ctx, w.Reader, act.Scope, ref)
	if err != nil {
		return 0, err
	}
	last := map[place]Promise{}
	for _, p := range all {
		last[p.place()] = p
	}
	given := map[place]bool{}
	var before, after []map[string]any
	for _, p := range list {
		if p.Clock == "" {
			p.Clock = ByProduction
		}
		if err := p.check(); err != nil {
			return 0, err
		}
		if given[p.place()] {
			return 0, fault.New(fault.Invalid, "promise.twice", "measure", p.Measure, "year", p.Year)
		}
		given[p.place()] = true
		was, had := last[p.place()]
		switch {
		case had && same(was, p), !had && p.Value == nil:
			continue
		case had && strings.TrimSpace(p.Reason) == "":
			return 0, fault.New(fault.Invalid, "promise.no_reason", "measure", p.Measure, "year", p.Year)
		case had:
			before = append(before, was.facts())
		}
		p.Seq, p.Recorder, p.RecordedAt = was.Seq+1, act.Actor, act.At.UnixMicro()
		if err := insert(ctx, w, act.Scope.City, ref, p); err != nil {
			return 0, err
		}
		after = append(after, p.facts())
	}
	if len(after) == 0 {
		return 0, nil
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "promise.record", Kind: string(ref.Kind), Entity: ref.ID, At: act.At,
		Detail: map[string]any{"before": before, "after": after}, Touched: []audit.Touch{{Kind: string(ref.Kind), ID: ref.ID}}})
	return len(after), err
}

func same(a, b Promise) bool {
	if (a.Value == nil) != (b.Value == nil) || a.Value != nil && *a.Value != *b.Value {
		return false
	}
	return a.Clock == b.Clock && a.Source == b.Source && a.Nature == b.Nature
}

func insert(ctx context.Context, w db.Writer, city string, ref subject.Ref, p Promise) error {
	_, err := w.Exec(ctx, `INSERT INTO promise (city, subject_kind, subject, measure, basis, year, seq, value, clock, source, nature, reason, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		city, ref.Kind, ref.ID, p.Measure, p.Basis, int64(p.Year), p.Seq, p.Value, p.Clock, p.Source, p.Nature, p.Reason, p.Recorder, p.RecordedAt)
	return err
}

func (p Promise) facts() map[string]any {
	return map[string]any{"measure": p.Measure, "basis": p.Basis, "year": p.Year, "value": p.Value, "clock": p.Clock, "source": p.Source, "nature": p.Nature,
		"reason": p.Reason}
}

// AddMany records promises of many subjects that have none, with one audit line: for lists that are generated or brought in
// as a whole. The scope is the caller's matter. Errors: as Record gives them; Exists for one that is there.
func AddMany(ctx context.Context, w db.Writer, act org.Act, list map[subject.Ref][]Promise, order []subject.Ref) error {
	const op = "promise.AddMany"
	stmt, err := w.Prepare(ctx, `INSERT INTO promise (city, subject_kind, subject, measure, basis, year, seq, value, clock, source, nature, reason, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, '', $11, $12)`)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer stmt.Close()
	n := 0
	for _, ref := range order {
		for _, p := range list[ref] {
			if p.Clock == "" {
				p.Clock = ByProduction
			}
			if err := p.check(); err != nil {
				return fault.Wrap(op, err)
			}
			if err := stmt.Queue(ctx, act.Scope.City, ref.Kind, ref.ID, p.Measure, p.Basis, int64(p.Year), p.Value, p.Clock, p.Source, p.Nature, act.Actor, act.At.UnixMicro()); err != nil {
				return fault.Wrap(op, err)
			}
			n++
		}
	}
	if n == 0 {
		return nil
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "promise.record", Kind: string(subject.Tenancy), At: act.At,
		Detail: map[string]any{"count": n}, Touched: []audit.Touch{{Kind: string(subject.Tenancy), ID: audit.Every}}})
	return fault.Wrap(op, err)
}
