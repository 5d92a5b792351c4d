package filing

import (
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// sourceOf is the source of the ledger's values that a form brought.
func sourceOf(f form.Code) string { return "报表 " + f }

// projects says whether a form's values go to the ledger: those of one month of one enterprise.
func projects(f *form.Form) bool {
	return f.Subject == form.OfEnterprise && f.Every == form.Month && !f.List
}

// ledgerChange is one value of the ledger before and after, for the trail; nil is unknown.
type ledgerChange struct {
	Field  Field         `json:"field"`
	Before *int64        `json:"before"`
	After  *int64        `json:"after"`
	Was    figure.Nature `json:"nature_before,omitempty"`
	Nature figure.Nature `json:"nature,omitempty"`
}

// project brings the filing's values that indicators read to the ledger. A value that the enterprise itself declared is
// changed by its own user only; one that this form brought and no longer states is taken away: unknown is not what it was.
func (d *desk) project() (changes []ledgerChange, touched []audit.Touch, err error) {
	if !projects(d.form) {
		return nil, nil, nil
	}
	records, _, err := pageOf(d.ctx, d.w.Reader, d.act.Scope.City, d.f.Ref, "", 1)
	if err != nil {
		return nil, nil, err
	}
	rec := Record{}
	if len(records) > 0 {
		rec = records[0]
	}
	month := d.period.First()
	ledger, err := d.ledger(month)
	if err != nil {
		return nil, nil, err
	}
	removed := false
	for _, code := range form.Ledger {
		if d.form.Item(code) == nil {
			continue
		}
		before, known := ledger[Field(code)]
		c, err := d.projectOne(Field(code), rec, before, known, month)
		if err != nil {
			return nil, nil, err
		}
		if c != nil {
			changes = append(changes, *c)
			removed = removed || c.After == nil
		}
	}
	switch {
	case removed: // a panel lays rows over those that it has; that one is gone it learns by reading anew
		touched = []audit.Touch{{Kind: Kind, ID: audit.Every}}
	case len(changes) > 0:
		touched = []audit.Touch{{Kind: Kind, ID: TouchID(Key{enterprise.ID(d.f.Subject), month})}}
	}
	return changes, touched, nil
}

// ledger gives the values of the filing's enterprise and month.
func (d *desk) ledger(m period.Month) (map[Field]Value, error) {
	values, err := db.Collect(d.ctx, d.w.Reader, scan, `SELECT `+columns+` FROM filing_value
		WHERE city = $1 AND enterprise = $2 AND month = $3 ORDER BY field`, d.act.Scope.City, d.f.Subject, number(m))
	out := make(map[Field]Value, len(values))
	for _, v := range values {
		out[v.Field] = v
	}
	return out, err
}

// natureOf is the nature under which a record's values enter the ledger: what the subject's own user hands in is declared,
// whoever typed it; what is said to be an estimate or the like stays that.
func (d *desk) natureOf(rec Record) figure.Nature {
	if !slices.Contains([]figure.Nature{figure.Declared, figure.Record}, rec.Nature) {
		return rec.Nature
	}
	if d.own() {
		return figure.Declared
	}
	return figure.Record
}

func (d *desk) projectOne(field Field, rec Record, before Value, known bool, m period.Month) (*ledgerChange, error) {
	v := Value{Enterprise: enterprise.ID(d.f.Subject), Month: m, Field: field, Nature: d.natureOf(rec), Source: sourceOf(d.form.Code), Version: before.Version + 1}
	c := &ledgerChange{Field: field}
	if known {
		c.Before, c.Was = &before.Value, before.Nature
	}
	yours := !known || before.Nature != figure.Declared || d.own()
	text, stated := rec.Cells[string(field)]
	if !stated {
		if !known || before.Source != v.Source {
			return nil, nil
		}
		if !yours {
			return nil, d.notYours()
		}
		_, err := d.w.Exec(d.ctx, `DELETE FROM filing_value WHERE city = $1 AND enterprise = $2 AND month = $3 AND field = $4`,
			d.act.Scope.City, v.Enterprise, number(m), field)
		return c, err
	}
	var err error
	if v.Value, err = strconv.ParseInt(text, 10, 64); err != nil {
		return nil, badCells(text)
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	if known && before.Value == v.Value && (before.Nature == v.Nature || !yours) {
		return nil, nil
	}
	if !yours {
		return nil, d.notYours()
	}
	c.After, c.Nature = &v.Value, v.Nature
	return c, d.putValue(v, known)
}

func (d *desk) notYours() error {
	return fault.New(fault.Denied, "filing.not_yours", "subject", d.f.Subject, "period", d.f.Period)
}

func (d *desk) putValue(v Value, known bool) error {
	query := `INSERT INTO filing_value (value, nature, source, version, city, enterprise, month, field) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	if known {
		query = `UPDATE filing_value SET value = $1, nature = $2, source = $3, version = $4
			WHERE city = $5 AND enterprise = $6 AND month = $7 AND field = $8`
	}
	_, err := d.w.Exec(d.ctx, query, v.Value, v.Nature, v.Source, v.Version, d.act.Scope.City, v.Enterprise, number(v.Month), v.Field)
	return err
}
