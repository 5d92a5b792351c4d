package park

import (
	"context"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// which says which figures histories reads.
type which string

const (
	everStated   which = ``
	onlyStanding which = ` AND f.replaced IS NULL`
)

// histories gives the figures of some parks, each park's by field and in the order of recording.
func histories(ctx context.Context, r db.Reader, city string, ids []ID, w which) (map[ID][]figure.Figure, error) {
	out := make(map[ID][]figure.Figure, len(ids))
	err := eachOf(ctx, r, city, ids, func(row db.Scanner) error {
		id, f, err := scanFigure(row)
		out[id] = append(out[id], f)
		return err
	}, `SELECT f.subject, f.field, f.id, f.value, f.unit, f.stated, f.stated_unit, f.nature, f.source, f.source_ref,
			COALESCE(f.as_of, 0), f.recorder, f.recorded_at, COALESCE(f.batch, ''), COALESCE(f.replaced, ''),
			CASE WHEN f.id = (SELECT c.figure FROM figure_choice c WHERE c.city = f.city AND c.kind = f.kind
				AND c.subject = f.subject AND c.field = f.field ORDER BY c.seq DESC LIMIT 1) THEN 1 ELSE 0 END
		FROM figure f WHERE f.city = $1 AND f.kind = 'park' AND f.subject IN ids`+string(w)+`
		ORDER BY f.subject, f.field, f.recorded_at, f.id`)
	return out, err
}

func scanFigure(row db.Scanner) (park ID, f figure.Figure, err error) {
	var chosen int64
	err = row.Scan(&park, &f.Field, &f.ID, &f.Value, &f.Unit, &f.Stated, &f.StatedUnit, &f.Nature, &f.Source, &f.SourceRef,
		&f.AsOf, &f.Recorder, &f.RecordedAt, &f.Batch, &f.Replaced, &chosen)
	f.Chosen = chosen == 1
	return park, f, err
}

// byField parts a park's figures by field, in the order of Fields.
func byField(stated []figure.Figure) []Statements {
	var out []Statements
	for _, field := range fields {
		items := ofField(stated, field.Key)
		if len(items) == 0 {
			continue
		}
		used, _ := figure.Use(items)
		out = append(out, Statements{Field: field.Key, Used: used.ID, Contradicted: figure.Contradicted(items), Items: items})
	}
	return out
}

// use gives the figure that the city uses of each field.
func use(stated []figure.Figure) map[string]Used {
	out := map[string]Used{}
	for _, field := range fields {
		items := ofField(stated, field.Key)
		if used, ok := figure.Use(items); ok {
			out[field.Key] = Used{Figure: used, Contradicted: figure.Contradicted(items)}
		}
	}
	return out
}

func ofField(stated []figure.Figure, key string) []figure.Figure {
	var out []figure.Figure
	for _, f := range stated {
		if f.Field == key {
			out = append(out, f)
		}
	}
	return out
}

// Record records what somebody states of a park and gives the figure. A statement that is already there changes nothing
// and gives the figure that says it; of the same source and field the later statement replaces the earlier (see weigh).
//
// Errors: NotFound "park.not_found"; Invalid as Statement's: a text that is not a plain number, a unit of another thing.
func Record(ctx context.Context, w db.Writer, act org.Act, id ID, s Statement) (figure.Figure, error) {
	f, err := record(ctx, w, act, id, s)
	return f, fault.Wrap("park.Record", err)
}

func record(ctx context.Context, w db.Writer, act org.Act, id ID, s Statement) (figure.Figure, error) {
	p, err := one(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return figure.Figure{}, err
	}
	f, err := s.figure()
	if err != nil {
		return figure.Figure{}, err
	}
	stated, err := histories(ctx, w.Reader, p.City, []ID{id}, everStated)
	if err != nil {
		return figure.Figure{}, err
	}
	pen := newPen(w, act, "")
	f, wrote, err := pen.figure(ctx, id, stated[id], f)
	if err != nil || !wrote {
		return f, err
	}
	if err := bump(ctx, w, p.Park); err != nil {
		return f, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: p.City, Actor: act.Actor, Action: "park.record", Kind: Kind, Entity: string(id), At: act.At,
		Detail: map[string]any{"figure": figureFacts(f)}, Touched: []audit.Touch{{Kind: Kind, ID: string(id)}},
	})
	return f, err
}

// pen writes figures of one act.
type pen struct {
	w     db.Writer
	act   org.Act
	batch string // import batch, empty when typed
}

func newPen(w db.Writer, act org.Act, batch string) pen { return pen{w: w, act: act, batch: batch} }

// figure writes f, a statement of a park, beside the park's history. wrote is false when the history says it already.
func (p pen) figure(ctx context.Context, park ID, history []figure.Figure, f figure.Figure) (stored figure.Figure, wrote bool, err error) {
	says, other := weigh(history, f)
	if says == repeats {
		return other, false, nil
	}
	f.ID, f.Recorder, f.RecordedAt, f.Batch = figure.ID(p.act.NewID()), p.act.Actor, p.act.At.UnixMicro(), p.batch
	if says == outdated {
		f.Replaced = other.ID
	}
	if _, err := p.w.Exec(ctx, `INSERT INTO figure (city, kind, subject, field, id, value, unit, stated, stated_unit, nature,
			source, source_ref, as_of, recorder, recorded_at, batch, replaced)
		VALUES ($1, 'park', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		p.act.Scope.City, park, f.Field, f.ID, f.Value, f.Unit, f.Stated, f.StatedUnit, f.Nature,
		f.Source, f.SourceRef, dateOrNull(f.AsOf), f.Recorder, f.RecordedAt, orNull(f.Batch), orNull(string(f.Replaced))); err != nil {
		return f, false, err
	}
	if says == replaces {
		_, err = p.w.Exec(ctx, `UPDATE figure SET replaced = $1 WHERE city = $2 AND kind = 'park' AND subject = $3 AND field = $4 AND id = $5`,
			f.ID, p.act.Scope.City, park, f.Field, other.ID)
	}
	return f, true, err
}

// Choose says which standing figure of a field the city uses, and why. It holds until its figure is replaced or another
// is chosen. Errors: NotFound "park.not_found", "figure.not_found" (also for a replaced one); Invalid "figure.no_reason",
// "park.unknown_field".
func Choose(ctx context.Context, w db.Writer, act org.Act, id ID, c Choice) error {
	return fault.Wrap("park.Choose", choose(ctx, w, act, id, c))
}

// Choice is a person's decision between contradicting figures.
type Choice struct {
	Field  string
	Figure figure.ID
	Reason string
}

func choose(ctx context.Context, w db.Writer, act org.Act, id ID, c Choice) error {
	p, err := one(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return err
	}
	if _, err := FieldOf(c.Field); err != nil {
		return err
	}
	if blank(c.Reason) {
		return fault.New(fault.Invalid, "figure.no_reason")
	}
	stated, err := histories(ctx, w.Reader, p.City, []ID{id}, onlyStanding)
	if err != nil {
		return err
	}
	before, found := figure.ID(""), false
	for _, f := range ofField(stated[id], c.Field) {
		found = found || f.ID == c.Figure
		if f.Chosen {
			before = f.ID
		}
	}
	if !found {
		return fault.New(fault.NotFound, "figure.not_found", "id", c.Figure)
	}
	if err := checkText("reason", c.Reason); err != nil {
		return err
	}
	if err := insertChoice(ctx, w, act, id, c); err != nil {
		return err
	}
	if err := bump(ctx, w, p.Park); err != nil {
		return err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: p.City, Actor: act.Actor, Action: "park.choose", Kind: Kind, Entity: string(id), At: act.At,
		Detail:  map[string]any{"field": c.Field, "before": before, "after": c.Figure, "reason": c.Reason},
		Touched: []audit.Touch{{Kind: Kind, ID: string(id)}},
	})
	return err
}

func insertChoice(ctx context.Context, w db.Writer, act org.Act, id ID, c Choice) error {
	var seq int64
	if err := w.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) + 1 FROM figure_choice
		WHERE city = $1 AND kind = 'park' AND subject = $2 AND field = $3`, act.Scope.City, id, c.Field).Scan(&seq); err != nil {
		return err
	}
	_, err := w.Exec(ctx, `INSERT INTO figure_choice (city, kind, subject, field, seq, figure, reason, actor, at)
		VALUES ($1, 'park', $2, $3, $4, $5, $6, $7, $8)`,
		act.Scope.City, id, c.Field, seq, c.Figure, strings.TrimSpace(c.Reason), act.Actor, act.At.UnixMicro())
	return err
}

func figureFacts(f figure.Figure) map[string]any {
	return map[string]any{
		"id": f.ID, "field": f.Field, "value": f.Value, "unit": f.Unit, "stated": f.Stated, "stated_unit": f.StatedUnit,
		"nature": f.Nature, "source": f.Source, "as_of": f.AsOf.String(), "replaced": f.Replaced,
	}
}
