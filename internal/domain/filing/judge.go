package filing

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Judged is a verdict on one record, with the answer that explains it.
type Judged struct {
	Key string
	form.Verdict
	Answer *Answer // nil: not explained, or other values were
}

// Judge judges records of a filing by its form's rules, as Submit does, in the records' order. Where a rule asks for other
// periods it is given what the subject handed in for them by the same form, else what the ledger has; for another source,
// what that states of the period. Errors: as Get; NotFound "form.not_found"; Invalid "filing.not_asked".
func Judge(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref, records []Record) ([]Judged, error) {
	judged, err := judge(ctx, r, s, lib, ref, records)
	return judged, fault.Wrap("filing.Judge", err)
}

func judge(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, ref Ref, records []Record) ([]Judged, error) {
	if _, err := find(ctx, r, s, ref); err != nil {
		return nil, err
	}
	f, p, err := asked(lib, ref)
	if err != nil {
		return nil, err
	}
	b, err := newBench(ctx, r, s.City, f, p, ref)
	if err != nil {
		return nil, err
	}
	for i := range records {
		if records[i].Gone {
			continue
		}
		if err := b.judge(&records[i]); err != nil {
			return nil, err
		}
	}
	return b.judged, nil
}

// asked gives the form of a filing and its period.
func asked(lib *form.Library, ref Ref) (*form.Form, period.Period, error) {
	f, err := lib.Form(ref.Form, ref.Period)
	if err != nil {
		return nil, period.Period{}, err
	}
	p, err := periodOf(f, ref)
	return f, p, err
}

// bench judges the records of one filing.
type bench struct {
	around  *around
	judging *form.Judge
	answers map[[3]string]Answer // by key, rule and what it is about
	judged  []Judged
	rows    int
}

func newBench(ctx context.Context, r db.Reader, city string, f *form.Form, p period.Period, ref Ref) (*bench, error) {
	a, err := loadAround(ctx, r, city, f, p, ref, f.Inputs())
	if err != nil {
		return nil, err
	}
	b := &bench{around: a, judging: form.NewJudge(f), answers: map[[3]string]Answer{}}
	err = db.Each(ctx, r, func(s db.Scanner) error {
		var a Answer
		var at int64
		err := s.Scan(&a.Key, &a.Rule, &a.About, &a.Reason, &a.Actor, &at)
		a.At = time.UnixMicro(at).UTC()
		b.answers[[3]string{a.Key, a.Rule, a.About}] = a
		return err
	}, `SELECT row_key, rule, about, reason, actor, at FROM filing_answer WHERE `+ofRef+` ORDER BY row_key, rule, seq`, ref.args(city)...)
	return b, err
}

func (b *bench) judge(rec *Record) error {
	b.rows++
	verdicts, err := b.judging.Cells(rec.Cells, b.around.lookup(rec.Key, rec.Cells))
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		j := Judged{Key: rec.Key, Verdict: v}
		if a, ok := b.answers[[3]string{rec.Key, v.Rule, v.About}]; ok {
			j.Answer = &a
		}
		b.judged = append(b.judged, j)
	}
	return nil
}

// judgeAll judges all records of a filing as they stand, and says how many there are.
func judgeAll(ctx context.Context, r db.Reader, city string, f *form.Form, p period.Period, ref Ref) ([]Judged, int, error) {
	b, err := newBench(ctx, r, city, f, p, ref)
	if err != nil {
		return nil, 0, err
	}
	err = each(ctx, r, city, ref, b.judge)
	return b.judged, b.rows, err
}
