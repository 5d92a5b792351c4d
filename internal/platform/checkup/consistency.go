package checkup

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// auditTrail verifies the chain of every city that the database holds anything of.
func auditTrail(ctx context.Context, x *examination, c *Check) error {
	cities, err := db.Collect(ctx, x.r, func(s db.Scanner) (v any, err error) { return v, s.Scan(&v) },
		`SELECT city FROM audit_head UNION SELECT city FROM audit_line UNION SELECT city FROM org UNION SELECT city FROM app_user ORDER BY city`)
	if err != nil {
		return err
	}
	for _, v := range cities {
		city, ok := v.(string)
		if !ok {
			continue // not text, which is said already
		}
		n, err := audit.Verify(ctx, x.r, city)
		c.Rows += n
		f, ok := fault.Of(err)
		switch {
		case err == nil && n > 0:
			_, hash, err := audit.Head(ctx, x.r, city)
			if err != nil {
				return err
			}
			x.heads = append(x.heads, Head{City: city, Seq: n, Hash: hex.EncodeToString(hash)})
		case err == nil: // an org or a user that nobody added
			c.add(Broken{Table: "audit_line", Row: "city=" + city, Key: "doctor.no_trail", Args: args("city", city)})
		case ok && f.Key == "audit.broken":
			c.add(Broken{Table: "audit_line", Row: fmt.Sprintf("city=%s seq=%v", city, f.Args["seq"]), Key: f.Key, Args: f.Args})
		case ok && f.Key == db.KeyScan: // a value of another type in the chain, which is named already
			c.add(Broken{Table: "audit_line", Row: fmt.Sprintf("city=%s seq>%d", city, n), Key: "doctor.unreadable"})
		default:
			return err
		}
	}
	return nil
}

// derived are facts that follow from other rows.
var derived = []rule{
	{
		table: "org", column: "path", shown: "t.path", key: "doctor.org_path",
		bad: `t.path <> COALESCE((SELECT p.path FROM org p WHERE p.city = t.city AND p.id = t.parent), '') || t.id || '.'`,
	},
	{
		table: "enterprise", column: "name", shown: "t.name", key: "doctor.enterprise_name",
		bad: `t.name <> COALESCE((SELECT n.name FROM enterprise_name n WHERE n.city = t.city AND n.enterprise = t.id
			ORDER BY n.since DESC LIMIT 1), '')`,
	},
	{
		table: "figure", column: "replaced", shown: "t.replaced", key: "doctor.figure_circle", // replaced by each other: none stands
		bad: `t.replaced IS NOT NULL AND NOT EXISTS (SELECT 1 FROM figure s WHERE s.city = t.city AND s.kind = t.kind
			AND s.subject = t.subject AND s.field = t.field AND s.replaced IS NULL)`,
	},
	noGap("figure_choice", "city", "kind", "subject", "field"),
	noGapBut("tenancy", noGap("tenancy_stage", "city", "enterprise", "tenancy", "stage", "way")),
	noGapBut("project", noGap("project_milestone", "city", "project", "stage", "way")),
}

// noGapBut is noGap for milestones, of which some were taken back and are kept elsewhere.
func noGapBut(kind string, r rule) rule {
	r.bad += fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM milestone_void v WHERE v.city = t.city AND v.subject_kind = '%s' AND v.subject = t.%[1]s"+
		" AND v.stage = t.stage AND v.way = t.way AND v.seq = t.seq - 1)", kind)
	return r
}

// noGap says that the column seq counts 1, 2, 3 … within each group of rows.
func noGap(table string, group ...string) rule {
	same := ""
	for _, column := range group {
		same += fmt.Sprintf("p.%s = t.%s AND ", column, column)
	}
	return rule{
		table: table, column: "seq", shown: "t.seq", key: "doctor.gap",
		bad: "t.seq > 1 AND NOT EXISTS (SELECT 1 FROM " + table + " p WHERE " + same + "p.seq = t.seq - 1)",
	}
}

// consistency looks for facts that contradict those they follow from.
func consistency(ctx context.Context, x *examination, c *Check) error {
	for _, one := range derived {
		if err := x.judge(ctx, c, one); err != nil {
			return err
		}
	}
	return x.creditCodes(ctx, c)
}

// creditCodes computes the check characters of enterprises' unified social credit codes anew.
func (x *examination) creditCodes(ctx context.Context, c *Check) error {
	const table = "enterprise"
	query := "SELECT " + x.key(table) + "t.uscc FROM " + table + " t" + x.inOrder(table)
	return x.rows(ctx, query, table, 1, func(row string, values []any) {
		c.Rows++
		code, ok := values[0].(string)
		if !ok || uscc.Valid(code) {
			return
		}
		b := Broken{Table: table, Row: row, Column: "uscc", Key: "doctor.uscc_form", Args: args("value", show(code))}
		if _, err := uscc.Parse(code); err != nil {
			if f, ok := fault.Of(err); ok {
				b.Key, b.Args = f.Key, f.Args
			}
		}
		c.add(b)
	})
}
