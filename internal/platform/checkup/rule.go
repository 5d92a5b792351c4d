package checkup

import (
	"context"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// rule is a sentence about the rows of one table that SQL can decide.
type rule struct {
	table  string
	column string // to blame; empty when it is the row
	bad    string // condition on the table, called t, that holds for a broken row and for no other
	shown  string // expression on t whose value becomes the argument "value"; empty for none
	key    string // message key
	args   []any  // further arguments, names and values in turn
}

// examination is one run.
type examination struct {
	r      db.Reader
	engine db.Engine
	tables map[string]declared
	counts map[string]int64 // rows of a table

	version int    // of the schema
	heads   []Head // of the audit trails
}

// judge applies rules of one table in one pass over it and, where a row breaks any, names the rows of each.
func (x *examination) judge(ctx context.Context, c *Check, rules ...rule) error {
	if len(rules) == 0 {
		return nil
	}
	name := rules[0].table
	rows, err := x.count(ctx, name, "")
	if err != nil || rows == 0 {
		return err
	}
	c.Rows += rows
	conditions := make([]string, len(rules))
	for i, one := range rules {
		conditions[i] = "(" + one.bad + ")"
	}
	broken, err := x.count(ctx, name, strings.Join(conditions, " OR "))
	if err != nil || broken == 0 {
		return err
	}
	for _, one := range rules {
		if err := x.name(ctx, c, one); err != nil {
			return err
		}
	}
	return nil
}

func (x *examination) count(ctx context.Context, table, where string) (n int64, err error) {
	if where != "" {
		return n, x.r.QueryRow(ctx, "SELECT COUNT(*) FROM "+table+" t WHERE "+where).Scan(&n)
	}
	if n, ok := x.counts[table]; ok {
		return n, nil
	}
	err = x.r.QueryRow(ctx, "SELECT COUNT(*) FROM "+table+" t").Scan(&n)
	x.counts[table] = n
	return n, err
}

// name adds the rows that break a rule, as many as the check has room for, in the order of their key.
func (x *examination) name(ctx context.Context, c *Check, one rule) error {
	total, err := x.count(ctx, one.table, one.bad)
	if err != nil || total == 0 {
		return err
	}
	shown := one.shown
	if shown == "" {
		shown = "NULL"
	}
	query := "SELECT " + x.key(one.table) + shown + " FROM " + one.table + " t WHERE " + one.bad +
		x.inOrder(one.table) + " LIMIT " + strconv.Itoa(MaxBroken-len(c.Broken))
	named := int64(0)
	err = x.rows(ctx, query, one.table, 1, func(row string, values []any) {
		b := Broken{Table: one.table, Row: row, Column: one.column, Key: one.key, Args: args(one.args...)}
		if one.shown != "" {
			b.Args = args(append([]any{"value", show(values[0])}, one.args...)...)
		}
		c.add(b)
		named++
	})
	c.More += total - named
	return err
}

// key is the list of a table's primary key columns, each followed by a comma.
func (x *examination) key(table string) string {
	var b strings.Builder
	for _, column := range x.tables[table].key {
		b.WriteString("t." + column + ", ")
	}
	return b.String()
}

func (x *examination) inOrder(table string) string {
	key := x.key(table)
	if key == "" {
		return ""
	}
	return " ORDER BY " + strings.TrimSuffix(key, ", ")
}

// rows streams a query whose columns are the table's key and then more other ones.
func (x *examination) rows(ctx context.Context, query, table string, more int, each func(row string, values []any)) error {
	key := x.tables[table].key
	values := make([]any, len(key)+more)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	return db.Each(ctx, x.r, func(s db.Scanner) error {
		if err := s.Scan(into...); err != nil {
			return err
		}
		each(rowName(key, values), values[len(key):])
		return nil
	}, query)
}

// rowName writes a primary key: "city=350500 id=p1".
func rowName(key []string, values []any) string {
	parts := make([]string, len(key))
	for i, column := range key {
		parts[i] = column + "=" + show(values[i])
	}
	return strings.Join(parts, " ")
}
