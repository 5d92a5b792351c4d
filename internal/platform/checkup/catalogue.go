package checkup

import (
	"context"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// declared is what the database's own catalogue says about a table.
type declared struct {
	columns []declaredColumn // in their order; none when there is no such table
	key     []string         // primary key
	refs    []reference
	checks  []string // the conditions of CHECK, as SQL
}

type declaredColumn struct {
	name    string
	sqlType string // upper case
	notNull bool
}

// reference is a foreign key of a table.
type reference struct {
	parent   string
	from, to []string // columns, pairwise
}

func (d declared) column(name string) (declaredColumn, bool) {
	for _, c := range d.columns {
		if c.name == name {
			return c, true
		}
	}
	return declaredColumn{}, false
}

// dialect is how an engine's catalogue is asked; $1 is the table's name in each.
type dialect struct {
	columns    string // name, type, 1 when NOT NULL; in order
	key        string // column; in the key's order
	references string // key's name, parent, column, parent's column; in order
	checks     string // one condition in each row, or a text that checksIn reads
	checksIn   func(string) []string
}

var dialects = map[db.Engine]dialect{
	db.SQLite: {
		columns:    `SELECT name, type, "notnull" FROM pragma_table_info($1) ORDER BY cid`,
		key:        `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`,
		references: `SELECT CAST(id AS TEXT), "table", "from", "to" FROM pragma_foreign_key_list($1) ORDER BY id, seq`,
		checks:     `SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1`,
		checksIn:   checksIn,
	},
	db.Postgres: {
		columns: `SELECT CAST(a.attname AS TEXT), format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 1 ELSE 0 END
			FROM pg_attribute a WHERE a.attrelid = ` + relation + ` AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		key: `SELECT CAST(a.attname AS TEXT) FROM pg_constraint c
			CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (num, pos)
			JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num
			WHERE c.contype = 'p' AND c.conrelid = ` + relation + ` ORDER BY k.pos`,
		references: `SELECT CAST(c.conname AS TEXT), CAST(p.relname AS TEXT), CAST(a.attname AS TEXT), CAST(b.attname AS TEXT)
			FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid
			CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (num, pnum, pos)
			JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num
			JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.pnum
			WHERE c.contype = 'f' AND c.conrelid = ` + relation + ` ORDER BY c.conname, k.pos`,
		checks: `SELECT pg_get_expr(c.conbin, c.conrelid) FROM pg_constraint c
			WHERE c.contype = 'c' AND c.conrelid = ` + relation + ` ORDER BY c.conname`,
		checksIn: func(s string) []string { return []string{s} },
	},
}

// relation is the table $1 of PostgreSQL's current schema; NULL where there is none.
const relation = `(SELECT r.oid FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
	WHERE n.nspname = current_schema() AND r.relkind IN ('r', 'p') AND r.relname = $1)`

// declaredOf reads what the catalogue says about a table.
func (l dialect) declaredOf(ctx context.Context, r db.Reader, name string) (d declared, err error) {
	d.columns, err = db.Collect(ctx, r, func(s db.Scanner) (c declaredColumn, err error) {
		var notNull int64
		err = s.Scan(&c.name, &c.sqlType, &notNull)
		c.sqlType, c.notNull = strings.ToUpper(c.sqlType), notNull != 0
		return c, err
	}, l.columns, name)
	if err != nil {
		return d, err
	}
	if d.key, err = db.Collect(ctx, r, scanText, l.key, name); err != nil {
		return d, err
	}
	last := ""
	err = db.Each(ctx, r, func(s db.Scanner) error {
		var id, parent, from, to string
		if err := s.Scan(&id, &parent, &from, &to); err != nil {
			return err
		}
		if len(d.refs) == 0 || id != last {
			d.refs, last = append(d.refs, reference{parent: parent}), id
		}
		ref := &d.refs[len(d.refs)-1]
		ref.from, ref.to = append(ref.from, from), append(ref.to, to)
		return nil
	}, l.references, name)
	if err != nil {
		return d, err
	}
	slices.SortFunc(d.refs, func(a, b reference) int { return slices.Compare(a.from, b.from) }) // the engines' orders differ
	err = db.Each(ctx, r, func(s db.Scanner) error {
		text, err := scanText(s)
		d.checks = append(d.checks, l.checksIn(text)...)
		return err
	}, l.checks, name)
	return d, err
}

func scanText(s db.Scanner) (v string, err error) { return v, s.Scan(&v) }

// checksIn finds the conditions of CHECK (…) in the text of a CREATE TABLE statement, which is all that SQLite keeps of them.
func checksIn(sql string) (out []string) {
	for i := 0; i < len(sql); {
		switch next := after(sql, i); {
		case next > i+1: // quoted or a comment
			i = next
		case isWord(sql[i]):
			end := i
			for end < len(sql) && isWord(sql[end]) {
				end++
			}
			open := strings.IndexByte(sql[end:], '(')
			if !strings.EqualFold(sql[i:end], "CHECK") || open < 0 || strings.TrimSpace(sql[end:end+open]) != "" {
				i = end
				continue
			}
			stop := closing(sql, end+open)
			out = append(out, sql[end+open+1:stop])
			i = stop
		default:
			i++
		}
	}
	return out
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// closing is the index of the bracket that closes the one at open; the end of sql where none does.
func closing(sql string, open int) int {
	depth := 0
	for i := open; i < len(sql); i = after(sql, i) {
		switch sql[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(sql)
}

// after is the index behind the byte, the quoted text or the comment at i.
func after(sql string, i int) int {
	end := ""
	switch rest := sql[i:]; {
	case rest[0] == '\'' || rest[0] == '"':
		end = rest[:1]
	case strings.HasPrefix(rest, "--"):
		end = "\n"
	case strings.HasPrefix(rest, "/*"):
		end = "*/"
	default:
		return i + 1
	}
	if n := strings.Index(sql[i+1:], end); n >= 0 {
		return i + 1 + n + len(end)
	}
	return len(sql)
}
