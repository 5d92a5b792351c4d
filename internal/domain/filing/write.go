package filing

import (
	"context"
	"iter"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// AddMany adds values of enterprises that the scope covers, with one audit line, and says how many. It holds none of them:
// values may be millions. A Write may run twice, so values must be iterable twice.
//
// Errors: Invalid "filing.bad_field", "filing.negative", "filing.no_source", "period.invalid", "figure.bad_nature",
// "text.too_long", "text.invalid"; NotFound "enterprise.not_found"; Exists "filing.exists" (arguments enterprise, month,
// field) for what was filed before: that is corrected, not added.
func AddMany(ctx context.Context, w db.Writer, act org.Act, values iter.Seq[Value]) (n int64, err error) {
	n, err = add(ctx, w, act, values, (*db.Stmt).Exec)
	return n, fault.Wrap("filing.AddMany", err)
}

// Load is AddMany for values that nobody else can have filed, those of a city that is being made for instance: many go to the
// database together, and the refusal of one that is there already does not say which.
func Load(ctx context.Context, w db.Writer, act org.Act, values iter.Seq[Value]) (n int64, err error) {
	n, err = add(ctx, w, act, values, (*db.Stmt).Queue)
	return n, fault.Wrap("filing.Load", err)
}

// send is how a row goes to the database: db.Stmt.Exec or db.Stmt.Queue.
type send func(s *db.Stmt, ctx context.Context, args ...any) error

func add(ctx context.Context, w db.Writer, act org.Act, values iter.Seq[Value], by send) (n int64, err error) {
	n, touched, err := insert(ctx, w, act, values, by)
	if err == nil && n > 0 {
		_, err = audit.Append(ctx, w, audit.Entry{
			City: act.Scope.City, Actor: act.Actor, Action: "filing.add", Kind: Kind, At: act.At,
			Detail: map[string]any{"count": n}, Touched: touched,
		})
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}

func insert(ctx context.Context, w db.Writer, act org.Act, values iter.Seq[Value], by send) (n int64, touched []audit.Touch, err error) {
	visible, err := enterprise.Visible(ctx, w.Reader, act.Scope)
	if err != nil {
		return 0, nil, err
	}
	row, err := w.Prepare(ctx, `INSERT INTO filing_value (city, enterprise, month, field, value, nature, source, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`)
	if err != nil {
		return 0, nil, err
	}
	defer row.Close()
	months := map[Key]bool{}
	for v := range values {
		if err := v.check(); err != nil {
			return 0, nil, err
		}
		if !visible[v.Enterprise] {
			return 0, nil, fault.New(fault.NotFound, "enterprise.not_found", "id", v.Enterprise)
		}
		err := by(row, ctx, act.Scope.City, v.Enterprise, number(v.Month), v.Field, v.Value, v.Nature, v.Source)
		if fault.KindOf(err) == fault.Exists && err != nil {
			err = fault.Because(err, fault.Exists, "filing.exists", "enterprise", v.Enterprise, "month", v.Month.String(), "field", v.Field)
		}
		if err != nil {
			return 0, nil, err
		}
		if n++; len(months) <= audit.MaxTouched {
			months[Key{v.Enterprise, v.Month}] = true
		}
	}
	return n, touches(months), nil
}

func touches(months map[Key]bool) []audit.Touch {
	ids := make([]string, 0, len(months))
	for k := range months { // Append sorts them
		ids = append(ids, TouchID(k))
	}
	return audit.Touches(Kind, ids)
}

// Correction puts another number in the place of a filed one.
type Correction struct {
	Enterprise enterprise.ID
	Month      period.Month
	Field      Field
	Version    int64 // that the caller read
	Value      int64
	Source     string
	Reason     string
}

// Correct replaces a value, keeps before, after and reason in the audit trail, and gives the new version. The nature stays:
// a number of another nature is another figure.
//
// Errors: NotFound "enterprise.not_found", "filing.not_found"; Stale "row.stale" (argument version: the row's); Denied
// "filing.not_yours" when somebody else than the enterprise corrects what it declared; Invalid "filing.negative",
// "filing.no_source", "filing.no_reason", "text.too_long", "text.invalid".
func Correct(ctx context.Context, w db.Writer, act org.Act, c Correction) (int64, error) {
	version, err := correct(ctx, w, act, c)
	return version, fault.Wrap("filing.Correct", err)
}

func correct(ctx context.Context, w db.Writer, act org.Act, c Correction) (int64, error) {
	if _, err := enterprise.Get(ctx, w.Reader, act.Scope, c.Enterprise); err != nil {
		return 0, err
	}
	city := act.Scope.City
	before, err := scan(w.QueryRow(ctx, `SELECT `+columns+` FROM filing_value WHERE city = $1 AND enterprise = $2 AND month = $3 AND field = $4`,
		city, c.Enterprise, number(c.Month), c.Field))
	if fault.KindOf(err) == fault.NotFound && err != nil {
		err = fault.New(fault.NotFound, "filing.not_found", "month", c.Month.String(), "field", c.Field)
	}
	if err != nil {
		return 0, err
	}
	after := before
	after.Value, after.Source, after.Version = c.Value, c.Source, before.Version+1
	if err := c.check(act, before, after); err != nil {
		return 0, err
	}
	if err := c.notConfirmed(ctx, w.Reader, act, before); err != nil {
		return 0, err
	}
	if _, err := w.Exec(ctx, `UPDATE filing_value SET value = $1, source = $2, version = $3
		WHERE city = $4 AND enterprise = $5 AND month = $6 AND field = $7`,
		after.Value, after.Source, after.Version, city, c.Enterprise, number(c.Month), c.Field); err != nil {
		return 0, err
	}
	state := func(v Value) map[string]any { return map[string]any{"value": v.Value, "source": v.Source} }
	key := Key{c.Enterprise, c.Month}
	_, err = audit.Append(ctx, w, audit.Entry{
		City: city, Actor: act.Actor, Action: "filing.correct", Kind: Kind, Entity: TouchID(key) + "/" + string(c.Field), At: act.At,
		Detail:  map[string]any{"before": state(before), "after": state(after), "reason": c.Reason},
		Touched: []audit.Touch{{Kind: Kind, ID: TouchID(key)}},
	})
	return after.Version, err
}

// notConfirmed refuses somebody else than the enterprise a value that came by a filing which it confirmed, whatever nature
// that has.
func (c Correction) notConfirmed(ctx context.Context, r db.Reader, act org.Act, before Value) error {
	code, filed := strings.CutPrefix(before.Source, sourceOf(""))
	if !filed || act.Scope.Enterprise == string(c.Enterprise) {
		return nil
	}
	var n int64
	ref := Ref{Kind: form.OfEnterprise, Subject: string(c.Enterprise), Form: code, Period: c.Month.String()}
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM filing WHERE `+ofRef+` AND confirmed = 1`, ref.args(act.Scope.City)...).Scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Denied, "filing.not_yours", "month", c.Month.String(), "field", c.Field)
	}
	return err
}

func (c Correction) check(act org.Act, before, after Value) error {
	if c.Version != before.Version {
		return fault.New(fault.Stale, "row.stale", "version", before.Version)
	}
	if before.Nature == figure.Declared && act.Scope.Enterprise != string(c.Enterprise) {
		return fault.New(fault.Denied, "filing.not_yours", "month", c.Month.String(), "field", c.Field)
	}
	if err := checkText("reason", c.Reason); err != nil {
		return err
	}
	return after.check()
}
