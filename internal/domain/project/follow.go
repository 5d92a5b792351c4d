package project

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Follow lets projects go along with parks for which another org answers now: a project whose org does not cover its park any
// more belongs to the park's org. It writes one audit line when there are any, and gives their number. It is called where parks
// may have changed hands, in the same transaction, and asks for no scope of its own.
func Follow(ctx context.Context, w db.Writer, act org.Act) (int, error) {
	n, err := follow(ctx, w, act)
	return n, fault.Wrap("project.Follow", err)
}

func follow(ctx context.Context, w db.Writer, act org.Act) (int, error) {
	type move struct {
		id       ID
		in       park.ID
		from, to org.ID
	}
	moves, err := db.Collect(ctx, w.Reader, func(s db.Scanner) (m move, err error) { return m, s.Scan(&m.id, &m.in, &m.from, &m.to) },
		`SELECT j.id, k.id, j.org, k.org FROM project j JOIN park k ON k.city = j.city AND k.id = j.park
			JOIN org o ON o.city = j.city AND o.id = j.org JOIN org p ON p.city = k.city AND p.id = k.org
			WHERE j.city = $1 AND SUBSTR(p.path, 1, LENGTH(o.path)) <> o.path ORDER BY j.id`, act.Scope.City)
	if err != nil || len(moves) == 0 {
		return 0, err
	}
	update, err := w.Prepare(ctx, `UPDATE project SET org = $1, version = version + 1 WHERE city = $2 AND id = $3`)
	if err != nil {
		return 0, err
	}
	defer update.Close()
	ids, detail := make([]ID, len(moves)), make([]map[string]any, len(moves))
	for i, m := range moves {
		if err := update.Exec(ctx, m.to, act.Scope.City, m.id); err != nil {
			return 0, err
		}
		ids[i], detail[i] = m.id, map[string]any{"project": m.id, "park": m.in, "before": m.from, "after": m.to}
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "project.follow", Kind: Noun, At: act.At,
		Detail: map[string]any{"moved": detail}, Touched: audit.Touches(Noun, ids)})
	return len(moves), err
}
