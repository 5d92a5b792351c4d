package checkup

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// storage is the storage class that SQLite's typeof gives for a value of a declared type.
var storage = map[string]string{"BIGINT": "integer", "TEXT": "text", "BYTEA": "blob", "DOUBLE PRECISION": "real"}

// types looks for values that are not of their column's type: SQLite stores whatever it is given.
func types(ctx context.Context, x *examination, c *Check) error {
	if x.engine != db.SQLite {
		c.Outcome = Engine
		return nil
	}
	for _, t := range tables {
		var rules []rule
		for _, col := range x.tables[t.name].columns {
			bad := fmt.Sprintf("typeof(t.%s) <> '%s'", col.name, storage[col.sqlType])
			if !col.notNull {
				bad += fmt.Sprintf(" AND t.%s IS NOT NULL", col.name)
			}
			rules = append(rules, rule{table: t.name, column: col.name, bad: bad, shown: "typeof(t." + col.name + ")",
				key: "doctor.type", args: []any{"want", storage[col.sqlType]}})
		}
		if err := x.judge(ctx, c, rules...); err != nil {
			return err
		}
	}
	return nil
}

// texts looks for text that is not UTF-8 or holds a zero byte: PostgreSQL refuses both. Only texts that hold anything but
// printable ASCII leave the database to be looked at.
func texts(ctx context.Context, x *examination, c *Check) error {
	if x.engine != db.SQLite {
		c.Outcome = Engine
		return nil
	}
	for _, t := range tables {
		if err := x.textsOf(ctx, c, t); err != nil {
			return err
		}
	}
	return nil
}

func (x *examination) textsOf(ctx context.Context, c *Check, t table) error {
	columns := strings.Fields(t.text)
	rows, err := x.count(ctx, t.name, "")
	if err != nil {
		return err
	}
	c.Rows += rows
	odd, list := make([]string, len(columns)), make([]string, len(columns))
	for i, name := range columns {
		odd[i] = fmt.Sprintf("t.%s GLOB '*[^ -~]*' OR instr(t.%s, char(0)) > 0", name, name)
		list[i] = "t." + name
	}
	query := "SELECT " + x.key(t.name) + strings.Join(list, ", ") + " FROM " + t.name + " t WHERE " + strings.Join(odd, " OR ") + x.inOrder(t.name)
	return x.rows(ctx, query, t.name, len(columns), func(row string, values []any) {
		for i, v := range values {
			s, isText := v.(string)
			switch {
			case !isText: // NULL, or another type, which is said already
			case strings.IndexByte(s, 0) >= 0:
				c.add(Broken{Table: t.name, Row: row, Column: columns[i], Key: "doctor.text_zero"})
			case !utf8.ValidString(s):
				c.add(Broken{Table: t.name, Row: row, Column: columns[i], Key: "doctor.text_utf8"})
			}
		}
	})
}

// constraints looks for rows that break a CHECK of the catalogue.
func constraints(ctx context.Context, x *examination, c *Check) error {
	for _, t := range tables {
		var rules []rule
		for _, condition := range x.tables[t.name].checks {
			rules = append(rules, rule{table: t.name, column: x.blamed(t.name, condition), bad: "NOT (" + condition + ")",
				key: "doctor.constraint", args: []any{"condition", condition}})
		}
		if err := x.judge(ctx, c, rules...); err != nil {
			return err
		}
	}
	return nil
}

var word = regexp.MustCompile(`[a-z_][a-z0-9_]*`)

// blamed is the first column that a condition speaks of.
func (x *examination) blamed(table, condition string) string {
	for _, w := range word.FindAllString(condition, -1) {
		if _, ok := x.tables[table].column(w); ok {
			return w
		}
	}
	return ""
}

// dates looks for whole numbers that are no calendar day, month or instant where the column holds those.
func dates(ctx context.Context, x *examination, c *Check) error {
	for _, t := range tables {
		var rules []rule
		for _, col := range t.columns() {
			value := "t." + col.name
			if bad := notA(col.is, value); bad != "" {
				rules = append(rules, rule{table: t.name, column: col.name, bad: bad, shown: value, key: "doctor." + strings.TrimSuffix(string(col.is), "_or_0")})
			}
		}
		if t.name == "figure" { // the value of a figure whose unit says so
			rules = append(rules, rule{table: t.name, column: "value", bad: "t.unit = 'date' AND " + notA(day, "t.value"), shown: "t.value", key: "doctor.day"})
		}
		if err := x.judge(ctx, c, rules...); err != nil {
			return err
		}
	}
	return nil
}

// Instants lie in these years; a number of seconds or milliseconds stored as µs does not.
const (
	earliest = 946684800000000  // 2000-01-01T00:00:00Z
	latest   = 7258118400000000 // 2200-01-01T00:00:00Z
)

// notA is the condition under which the SQL expression v is not a day, month or instant; empty for other meanings. It does
// not hold for NULL.
func notA(m meaning, v string) string {
	switch m {
	case instant:
		return fmt.Sprintf("NOT (%s BETWEEN %d AND %d)", v, int64(earliest), int64(latest))
	case madeOr0:
		return fmt.Sprintf("NOT (%s = 0 OR %[1]s BETWEEN %d AND %d)", v, int64(earliest), int64(latest))
	case month:
		return fmt.Sprintf("NOT (%s BETWEEN 101 AND 999912 AND %s %% 100 BETWEEN 1 AND 12)", v, v)
	case day:
		return "NOT (" + isDay(v) + ")"
	case dayOr0:
		return "NOT (" + v + " = 0 OR " + isDay(v) + ")"
	default:
		return ""
	}
}

// isDay holds for yyyy0000, yyyymm00 and the days of the Gregorian calendar, years 1 to 9999: what period.Date can say.
func isDay(v string) string {
	return strings.ReplaceAll(`@ BETWEEN 10000 AND 99991231 AND (@ % 10000 = 0 OR @ / 100 % 100 BETWEEN 1 AND 12 AND @ % 100 <=
		CASE WHEN @ / 100 % 100 IN (4, 6, 9, 11) THEN 30
			WHEN @ / 100 % 100 <> 2 THEN 31
			WHEN @ / 10000 % 4 = 0 AND (@ / 10000 % 100 <> 0 OR @ / 10000 % 400 = 0) THEN 29
			ELSE 28 END)`, "@", v)
}
