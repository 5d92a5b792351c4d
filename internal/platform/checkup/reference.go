package checkup

import (
	"context"
	"fmt"
	"strings"
)

// references looks for rows whose foreign key, as the catalogue declares it, leads nowhere.
func references(ctx context.Context, x *examination, c *Check) error {
	for _, t := range tables {
		for _, ref := range x.tables[t.name].refs {
			l := link{table: t.name, from: ref.from, parent: ref.parent, to: ref.to}
			if err := x.judge(ctx, c, l.rule("doctor.reference")); err != nil {
				return err
			}
		}
	}
	return nil
}

// link says that columns of a table name a row of another one. A row with a NULL among them names none.
type link struct {
	table  string
	from   []string
	parent string
	to     []string
	where  string // rows that the link holds for; empty for all
}

func (l link) rule(key string) rule {
	var given, same []string
	for i, from := range l.from {
		given = append(given, "t."+from+" IS NOT NULL")
		same = append(same, fmt.Sprintf("p.%s = t.%s", l.to[i], from))
	}
	if l.where != "" {
		given = append(given, l.where)
	}
	blamed := l.from[len(l.from)-1] // the city comes first
	return rule{
		table: l.table, column: blamed, shown: "t." + blamed, key: key, args: []any{"parent", l.parent},
		bad: strings.Join(given, " AND ") + " AND NOT EXISTS (SELECT 1 FROM " + l.parent + " p WHERE " + strings.Join(same, " AND ") + ")",
	}
}

// links are the references that no foreign key guards.
var links = append(bySubject("milestone_void", "milestone_pause", "evidence", "milestone_evidence", "promise", "promise_land", "officer", "problem"), []link{
	ofSubject("evidence", "enterprise"), ofSubject("problem", "park"),
	ofKind("figure", "subject", "park"), ofKind("figure", "subject", "enterprise"), ofKind("figure", "subject", "project"),
	{
		table: "figure", from: []string{"city", "kind", "subject", "field", "replaced"},
		parent: "figure", to: []string{"city", "kind", "subject", "field", "id"},
	},
	{table: "figure", from: []string{"city", "batch"}, parent: "import_batch", to: []string{"city", "id"}},
	ofKind("import_row", "entity", "park"), ofKind("import_row", "entity", "enterprise"), ofKind("import_row", "entity", "project"),
	{table: "app_user", from: []string{"city", "enterprise"}, parent: "enterprise", to: []string{"city", "id"}},
}...)

// bySubject are the links of tables that keep something of tenancies and projects.
func bySubject(names ...string) (out []link) {
	for _, name := range names {
		out = append(out, ofSubject(name, "tenancy"), ofSubject(name, "project"))
	}
	return out
}

// ofSubject is the link from a row whose subject_kind says in which table its subject is.
func ofSubject(table, kind string) link {
	return link{table: table, from: []string{"city", "subject"}, parent: kind, to: []string{"city", "id"}, where: "t.subject_kind = '" + kind + "'"}
}

// ofKind is the link from a column whose row says in its column kind which table the id is of.
func ofKind(table, column, kind string) link {
	return link{table: table, from: []string{"city", column}, parent: kind, to: []string{"city", "id"}, where: "t.kind = '" + kind + "'"}
}

// orphans looks for rows whose owner is not there though no foreign key says so.
func orphans(ctx context.Context, x *examination, c *Check) error {
	for _, l := range links {
		if err := x.judge(ctx, c, l.rule("doctor.orphan")); err != nil {
			return err
		}
	}
	return nil
}
