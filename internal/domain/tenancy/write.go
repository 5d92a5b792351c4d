package tenancy

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Add adds a tenancy with its entries to a park that the scope covers; its id is made when t.ID is empty. It gives the
// tenancy as stored. Errors as AddMany.
func Add(ctx context.Context, w db.Writer, act org.Act, t Tenancy) (Tenancy, error) {
	stored, err := AddMany(ctx, w, act, []Tenancy{t})
	if err != nil {
		return Tenancy{}, fault.Wrap("tenancy.Add", err)
	}
	return stored[0], nil
}

// AddMany adds tenancies with their entries and one audit line, and gives them as stored, in the same order; the input is
// not changed. Entries are numbered in the order given; an empty Recorder or RecordedAt is the act's.
//
// Errors: Invalid "tenancy.negative_area", "tenancy.no_source", "tenancy.bad_stage", "tenancy.bad_way", "date.invalid",
// "date.in_future", "figure.bad_nature", "text.too_long", "text.invalid"; NotFound "park.not_found" for a park out of reach,
// "enterprise.not_found" for an enterprise that is not in the city; Exists "tenancy.exists" (argument id).
func AddMany(ctx context.Context, w db.Writer, act org.Act, list []Tenancy) ([]Tenancy, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := insert(ctx, w, act, list)
	if err == nil {
		err = record(ctx, w, act, stored)
	}
	if err != nil {
		return nil, fault.Wrap("tenancy.AddMany", err)
	}
	return stored, nil
}

func insert(ctx context.Context, w db.Writer, act org.Act, list []Tenancy) ([]Tenancy, error) {
	parks, err := Parks(ctx, w.Reader, act.Scope)
	if err != nil {
		return nil, err
	}
	row, err := w.Prepare(ctx, `INSERT INTO tenancy (city, enterprise, id, park, area_m2, relocated, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	if err != nil {
		return nil, err
	}
	defer row.Close()
	stored := make([]Tenancy, len(list))
	for i, t := range list {
		t.City, t.Version = act.Scope.City, 1
		if err := t.check(); err != nil {
			return nil, err
		}
		if !parks[t.Park] {
			return nil, fault.New(fault.NotFound, "park.not_found", "id", t.Park)
		}
		if t.ID == "" {
			t.ID = ID(act.NewID())
		}
		if t.Entries, err = numbered(t.Entries, act); err != nil {
			return nil, err
		}
		err := row.Exec(ctx, t.City, t.Enterprise, t.ID, t.Park, t.AreaM2, flag(t.Relocated), t.Nature, t.Source, t.Version)
		if err != nil {
			return nil, inWords(err, t)
		}
		stored[i] = t
	}
	entry, err := w.Prepare(ctx, insertEntry)
	if err != nil {
		return nil, err
	}
	defer entry.Close()
	for _, t := range stored {
		for _, e := range t.Entries {
			if err := entry.Queue(ctx, e.args(t)...); err != nil {
				return nil, err
			}
		}
	}
	return stored, nil
}

const insertEntry = `INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

func (e Entry) args(t Tenancy) []any {
	return []any{t.City, t.Enterprise, t.ID, e.Stage.String(), e.Way.String(), e.Seq, e.Day, e.Nature, e.Source, e.Reason, e.Recorder, e.RecordedAt}
}

// numbered checks entries, numbers them within each stage and way, and fills in who recorded them and when.
func numbered(entries []Entry, act org.Act) ([]Entry, error) {
	var seq [last + 1][Verified + 1]int64
	out := make([]Entry, len(entries))
	for i, e := range entries {
		if err := e.check(act.At); err != nil {
			return nil, err
		}
		seq[e.Stage][e.Way]++
		e.Seq = seq[e.Stage][e.Way]
		out[i] = e.by(act)
	}
	return out, nil
}

func (e Entry) by(act org.Act) Entry {
	if e.Recorder == "" {
		e.Recorder = act.Actor
	}
	if e.RecordedAt == 0 {
		e.RecordedAt = act.At.UnixMicro()
	}
	return e
}

// Parks gives the ids of all parks that a scope covers, for bulk writes that must stay inside it. An enterprise's scope
// covers none.
func Parks(ctx context.Context, r db.Reader, s auth.Scope) (map[park.ID]bool, error) {
	out := map[park.ID]bool{}
	in := org.Reach(s, "")
	if in.None() {
		return out, nil
	}
	from, to := in.Range()
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var id park.ID
		err := row.Scan(&id)
		out[id] = true
		return err
	}, `SELECT p.id FROM park p JOIN org o ON o.city = p.city AND o.id = p.org
		WHERE p.city = $1 AND o.path >= $2 AND o.path < $3 ORDER BY p.id`, in.City, from, to)
	return out, err
}

// inWords gives a broken key the noun's own words.
func inWords(err error, t Tenancy) error {
	f, ok := fault.Of(err)
	switch {
	case ok && f.Kind == fault.Exists:
		return fault.Because(err, fault.Exists, "tenancy.exists", "id", t.ID)
	case ok && f.Key == db.KeyRowViolates && f.Args["constraint"] == "fk": // the park was found before
		return fault.Because(err, fault.NotFound, "enterprise.not_found", "id", t.Enterprise)
	}
	return err
}

// record writes the audit line of added tenancies: all facts of one, the number of many.
func record(ctx context.Context, w db.Writer, act org.Act, stored []Tenancy) error {
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "tenancy.add", Kind: Kind, At: act.At}
	if len(stored) == 1 {
		t := stored[0]
		entry.Entity = string(t.ID)
		entry.Detail = map[string]any{"after": map[string]any{
			"enterprise": t.Enterprise, "park": t.Park, "area_m2": t.AreaM2, "relocated": t.Relocated, "nature": t.Nature,
			"source": t.Source, "entries": facts(t.Entries),
		}}
	} else {
		entry.Detail = map[string]any{"count": len(stored)}
	}
	ids := make([]ID, len(stored))
	for i, t := range stored {
		ids[i] = t.ID
	}
	entry.Touched = audit.Touches(Kind, ids)
	_, err := audit.Append(ctx, w, entry)
	return err
}

func facts(entries []Entry) []map[string]any {
	out := make([]map[string]any, len(entries))
	for i, e := range entries {
		out[i] = map[string]any{"stage": e.Stage, "way": e.Way, "seq": e.Seq, "day": e.Day.String(), "nature": e.Nature, "source": e.Source}
		if e.Reason != "" {
			out[i]["reason"] = e.Reason
		}
	}
	return out
}

// Enter appends to a tenancy's history that it entered a stage, or corrects what was said before of the same stage and way;
// nothing is overwritten. It gives the tenancy's new version.
//
// Errors: NotFound "tenancy.not_found"; Stale "row.stale" (argument version: the row's); Invalid "tenancy.bad_stage",
// "tenancy.bad_way", "tenancy.no_source", "date.invalid", "date.in_future", "figure.bad_nature", "text.too_long", "text.invalid".
func Enter(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, e Entry) (int64, error) {
	next, err := enter(ctx, w, act, id, version, e)
	return next, fault.Wrap("tenancy.Enter", err)
}

func enter(ctx context.Context, w db.Writer, act org.Act, id ID, version int64, e Entry) (int64, error) {
	t, err := Get(ctx, w.Reader, act.Scope, id)
	if err != nil {
		return 0, err
	}
	if t.Version != version {
		return 0, fault.New(fault.Stale, "row.stale", "version", t.Version)
	}
	if err := e.check(act.At); err != nil {
		return 0, err
	}
	e.Seq = 1
	var before []map[string]any
	for _, was := range t.Entries {
		if was.Stage == e.Stage && was.Way == e.Way {
			e.Seq, before = was.Seq+1, facts([]Entry{was})
		}
	}
	if before == nil { // all that was said of it may have been taken back
		taken, err := TakenBack(ctx, w.Reader, t.City, Kind, string(id), e.Stage.String(), e.Way)
		if err != nil {
			return 0, err
		}
		e.Seq = taken + 1
	}
	e = e.by(act)
	if _, err := w.Exec(ctx, insertEntry, e.args(t.Tenancy)...); err != nil {
		return 0, err
	}
	if _, err := w.Exec(ctx, `UPDATE tenancy SET version = $1 WHERE city = $2 AND enterprise = $3 AND id = $4`,
		version+1, t.City, t.Enterprise, id); err != nil {
		return 0, err
	}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: t.City, Actor: act.Actor, Action: "tenancy.enter", Kind: Kind, Entity: string(id), At: act.At,
		Detail:  map[string]any{"version": version + 1, "before": before, "after": facts([]Entry{e})},
		Touched: []audit.Touch{{Kind: Kind, ID: string(id)}},
	})
	return version + 1, err
}

// TakenBack gives the highest number among the entries of a stage and way that were taken back from a tenancy or project, zero
// where there is none. Numbers go on rising over those that count and those that were taken back.
func TakenBack(ctx context.Context, r db.Reader, city, kind, id, stage string, way Way) (seq int64, err error) {
	err = r.QueryRow(ctx, `SELECT COALESCE(MAX(seq), 0) FROM milestone_void WHERE city = $1 AND subject_kind = $2 AND subject = $3 AND stage = $4 AND way = $5`,
		city, kind, id, stage, way.String()).Scan(&seq)
	return seq, err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
