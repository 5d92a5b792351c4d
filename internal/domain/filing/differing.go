package filing

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Remark is what somebody asks or notes about a cell of a filing, or about the whole of it.
type Remark struct {
	Ref   Ref
	Key   string    // of the record; "" of the only one
	Field form.Code // "" for the whole filing
	Text  string
	Actor string    // set when read
	At    time.Time // set when read
}

// AddRemark adds a remark to a filing that the scope covers, whoever's it is; it changes nothing of it. Errors: as Get;
// NotFound "form.not_found", "filing.not_begun"; Invalid "filing.no_text", "filing.bad_field", "text.too_long", "text.invalid".
func AddRemark(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, m Remark) error {
	return fault.Wrap("filing.AddRemark", addRemark(ctx, w, act, lib, m))
}

func addRemark(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, m Remark) error {
	f, err := find(ctx, w.Reader, act.Scope, m.Ref)
	if err != nil {
		return err
	}
	if f.Version == 0 {
		return fault.New(fault.NotFound, "filing.not_begun")
	}
	asked, err := lib.Form(m.Ref.Form, m.Ref.Period)
	if err != nil {
		return err
	}
	if m.Field != "" && asked.Item(m.Field) == nil {
		return fault.New(fault.Invalid, "filing.bad_field", "field", m.Field, "key", m.Key)
	}
	if err := page.Clean(m.Key); err != nil {
		return err
	}
	if err := checkText("text", m.Text); err != nil {
		return err
	}
	args := m.Ref.args(act.Scope.City)
	var seq int64
	if err := w.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM filing_remark WHERE `+ofRef, args...).Scan(&seq); err != nil {
		return err
	}
	if _, err := w.Exec(ctx, `INSERT INTO filing_remark (city, subject_kind, subject, form, period, seq, row_key, field, text, actor, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, append(args, seq, m.Key, m.Field, m.Text, act.Actor, act.At.UnixMicro())...); err != nil {
		return err
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "filing.remark", Kind: Kind, Entity: m.Ref.String(),
		At: act.At, Detail: map[string]any{"key": m.Key, "field": m.Field, "text": m.Text}})
	return err
}

// maxRemarks bounds the remarks that are read of one filing; they are the latest.
const maxRemarks = 1000

// Remarks lists a filing's remarks, oldest first; of very many the latest. Errors: as Get.
func Remarks(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) ([]Remark, error) {
	const op = "filing.Remarks"
	f, err := find(ctx, r, s, ref)
	if err != nil || f.Version == 0 {
		return nil, fault.Wrap(op, err)
	}
	out, err := db.Collect(ctx, r, func(s db.Scanner) (m Remark, err error) {
		var at int64
		m.Ref = ref
		err = s.Scan(&m.Key, &m.Field, &m.Text, &m.Actor, &at)
		m.At = time.UnixMicro(at).UTC()
		return m, err
	}, `SELECT row_key, field, text, actor, at FROM filing_remark WHERE `+ofRef+` ORDER BY seq DESC LIMIT $6`, append(ref.args(s.City), maxRemarks)...)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out, fault.Wrap(op, err)
}

// Differing is a figure of a month that stands beside what an enterprise declared, never in its place.
type Differing struct {
	Enterprise enterprise.ID
	Month      period.Month
	Field      form.Code     // a quantity of the dictionary
	Value      string        // canonical text
	Nature     figure.Nature // statistics, record or estimate
	Source     string
	Reason     string
}

func (d Differing) check(lib *form.Library) (*form.Field, error) {
	field := lib.Field(d.Field)
	switch {
	case field == nil || field.Kind != form.Quantity:
		return nil, fault.New(fault.Invalid, "filing.bad_field", "field", d.Field)
	case d.Nature != figure.Statistics && d.Nature != figure.Record && d.Nature != figure.Estimate:
		return nil, fault.New(fault.Invalid, "figure.bad_nature", "nature", d.Nature)
	case d.Month.Year() < 1900 || d.Month.Year() > 2199:
		return nil, fault.New(fault.Invalid, "period.invalid", "text", d.Month.String())
	}
	if err := checkText("source", d.Source); err != nil {
		return nil, err
	}
	if err := checkText("reason", d.Reason); err != nil {
		return nil, err
	}
	return field, field.Check(d.Value)
}

// RecordDiffering records what an office knows otherwise than an enterprise declared it: a figure of the enterprise of another
// nature, as of the month's last day. The declared value stays as it is. A later figure of the same source, field and
// nature for the month replaces the earlier one, which stays in the history; the same again changes nothing.
//
// Errors: NotFound "enterprise.not_found"; Denied "filing.own_declared" for the enterprise's own user, who corrects or files
// instead; Invalid "filing.bad_field", "figure.bad_nature", "period.invalid", "filing.no_source", "filing.no_reason",
// "text.too_long", "text.invalid" and those of form.Field.Check.
func RecordDiffering(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, d Differing) (figure.Figure, error) {
	f, err := recordDiffering(ctx, w, act, lib, d)
	return f, fault.Wrap("filing.RecordDiffering", err)
}

func recordDiffering(ctx context.Context, w db.Writer, act org.Act, lib *form.Library, d Differing) (f figure.Figure, err error) {
	if _, err := enterprise.Get(ctx, w.Reader, act.Scope, d.Enterprise); err != nil {
		return f, err
	}
	if act.Scope.Enterprise != "" {
		return f, fault.New(fault.Denied, "filing.own_declared")
	}
	field, err := d.check(lib)
	if err != nil {
		return f, err
	}
	if f, err = d.figure(field); err != nil {
		return f, err
	}
	standing, err := differings(ctx, w.Reader, act.Scope.City, d.Enterprise, d.Month)
	if err != nil {
		return f, err
	}
	f.ID, f.Recorder, f.RecordedAt = figure.ID(act.NewID()), act.Actor, act.At.UnixMicro()
	for _, was := range standing {
		if figure.SameStatement(was, f) {
			return was, nil
		}
	}
	if err := insertFigure(ctx, w, act.Scope.City, d.Enterprise, f); err != nil {
		return f, err
	}
	for _, was := range standing {
		if was.Field != f.Field || was.Nature != f.Nature || was.Source != f.Source {
			continue
		}
		if _, err := w.Exec(ctx, `UPDATE figure SET replaced = $1 WHERE city = $2 AND kind = 'enterprise' AND subject = $3 AND field = $4 AND id = $5`,
			f.ID, act.Scope.City, d.Enterprise, f.Field, was.ID); err != nil {
			return f, err
		}
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "filing.differing", Kind: Kind, At: act.At,
		Entity: TouchID(Key{d.Enterprise, d.Month}) + "/" + d.Field,
		Detail: map[string]any{"figure": f.ID, "value": f.Value, "unit": f.Unit, "nature": f.Nature, "source": f.Source, "reason": d.Reason}})
	return f, err
}

// figure makes the statement.
func (d Differing) figure(field *form.Field) (f figure.Figure, err error) {
	u, err := unit.Of(field.Unit)
	if err != nil {
		return f, err
	}
	n, err := strconv.ParseInt(d.Value, 10, 64)
	if err != nil {
		return f, badCells(d.Value)
	}
	return figure.Figure{Field: d.Field, Value: n, Unit: u.To, Stated: field.Format(d.Value), StatedUnit: field.Unit, Nature: d.Nature,
		Source: strings.TrimSpace(d.Source), AsOf: d.Month.Last()}, nil
}

func insertFigure(ctx context.Context, w db.Writer, city string, id enterprise.ID, f figure.Figure) error {
	_, err := w.Exec(ctx, `INSERT INTO figure (city, kind, subject, field, id, value, unit, stated, stated_unit, nature, source, source_ref,
			as_of, recorder, recorded_at)
		VALUES ($1, 'enterprise', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, city, id, f.Field, f.ID, f.Value, f.Unit, f.Stated,
		f.StatedUnit, f.Nature, f.Source, f.SourceRef, f.AsOf, f.Recorder, f.RecordedAt)
	return err
}

// Differings lists the figures that stand beside an enterprise's month, by field and in the order of recording. Errors:
// NotFound "enterprise.not_found", also for one that the scope does not cover.
func Differings(ctx context.Context, r db.Reader, s auth.Scope, id enterprise.ID, m period.Month) ([]figure.Figure, error) {
	const op = "filing.Differings"
	if _, err := enterprise.Get(ctx, r, s, id); err != nil {
		return nil, fault.Wrap(op, err)
	}
	out, err := differings(ctx, r, s.City, id, m)
	return out, fault.Wrap(op, err)
}

// maxDifferings bounds the figures of one enterprise and month.
const maxDifferings = 500

func differings(ctx context.Context, r db.Reader, city string, id enterprise.ID, m period.Month) ([]figure.Figure, error) {
	return db.Collect(ctx, r, func(s db.Scanner) (f figure.Figure, err error) {
		err = s.Scan(&f.ID, &f.Field, &f.Value, &f.Unit, &f.Stated, &f.StatedUnit, &f.Nature, &f.Source, &f.SourceRef, &f.AsOf, &f.Recorder, &f.RecordedAt)
		return f, err
	}, `SELECT id, field, value, unit, stated, stated_unit, nature, source, source_ref, as_of, recorder, recorded_at FROM figure
		WHERE city = $1 AND kind = 'enterprise' AND subject = $2 AND as_of >= $3 AND as_of <= $4 AND replaced IS NULL
		ORDER BY field, recorded_at, id LIMIT $5`, city, id, m.First(), m.Last(), maxDifferings)
}
