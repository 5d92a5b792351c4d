package checkup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// step is one check. It adds to c what it finds broken.
type step struct {
	name string
	run  func(ctx context.Context, x *examination, c *Check) error
}

// steps are the checks in their order: what the later ones rely on comes first.
var steps = []step{
	{"schema", schema},
	{"file", file},
	{"types", types},
	{"texts", texts},
	{"constraints", constraints},
	{"references", references},
	{"dates", dates},
	{"audit", auditTrail},
	{"orphans", orphans},
	{"consistency", consistency},
}

// Run checks the database that r reads, all cities in it. Damage is in the report; an error says that the checks could not
// be carried out. A schema that is not this program's, and a file that cannot be read on, end the run: the remaining
// checks are Skipped. After damage of the latter sort the transaction is lost as well, and the Read around Run fails with
// db.KeyCorrupt: the report is good all the same.
func Run(ctx context.Context, r db.Reader, engine db.Engine) (Report, error) {
	x := &examination{r: r, engine: engine, tables: map[string]declared{}, counts: map[string]int64{}, heads: []Head{}}
	report := Report{Engine: engine}
	over := false
	for _, s := range steps {
		c := Check{Name: s.name, Outcome: Sound, Broken: []Broken{}}
		if over {
			c.Outcome = Skipped
			report.Checks = append(report.Checks, c)
			continue
		}
		err := s.run(ctx, x, &c)
		if f, ok := fault.Of(err); ok && f.Key == db.KeyCorrupt {
			c.Broken, over, err = append(c.Broken, Broken{Key: f.Key, Args: f.Args}), true, nil
		}
		if err != nil {
			return report, fault.Wrap("checkup.Run", err)
		}
		if len(c.Broken) > 0 {
			c.Outcome = Damaged
			over = over || s.name == "schema"
		}
		report.Checks = append(report.Checks, c)
		report.Schema, report.Heads = x.version, x.heads
	}
	return report, nil
}

// schema compares the catalogue with what this program knows: without its tables and columns nothing else can be asked.
func schema(ctx context.Context, x *examination, c *Check) error {
	for _, t := range tables {
		d, err := dialects[x.engine].declaredOf(ctx, x.r, t.name)
		if err != nil {
			return err
		}
		x.tables[t.name] = d
	}
	if len(x.tables["schema_migration"].columns) == 0 {
		c.add(Broken{Key: "doctor.schema_none"})
		return nil
	}
	same, err := x.sameSteps(ctx)
	if err != nil {
		return err
	}
	if !same {
		c.add(Broken{Table: "schema_migration", Key: "doctor.schema_other", Args: args("version", x.version)})
	}
	for _, t := range tables {
		for _, want := range t.columns() {
			c.Rows++
			got, ok := x.tables[t.name].column(want.name)
			switch {
			case !ok:
				c.add(Broken{Table: t.name, Column: want.name, Key: "doctor.column_missing"})
			case got.sqlType != want.is.sqlType():
				c.add(Broken{Table: t.name, Column: want.name, Key: "doctor.column_type", Args: args("value", got.sqlType, "want", want.is.sqlType())})
			}
		}
		if len(x.tables[t.name].columns) > 0 && len(x.tables[t.name].key) == 0 {
			c.add(Broken{Table: t.name, Key: "doctor.key_missing"})
		}
	}
	return nil
}

// sameSteps says whether the migrations that made this database are those of this program, and learns the version.
func (x *examination) sameSteps(ctx context.Context) (bool, error) {
	h := sha256.New()
	err := db.Each(ctx, x.r, func(s db.Scanner) error {
		digest, err := scanText(s)
		h.Write([]byte(digest))
		x.version++
		return err
	}, "SELECT digest FROM schema_migration ORDER BY version")
	return hex.EncodeToString(h.Sum(nil)) == db.SchemaDigest(), err
}

// file asks SQLite to look at every page, row and index of its file. PostgreSQL has its own tools for that (pg_amcheck).
func file(ctx context.Context, x *examination, c *Check) error {
	if x.engine != db.SQLite {
		c.Outcome = Engine
		return nil
	}
	if err := x.r.QueryRow(ctx, "SELECT page_count FROM pragma_page_count").Scan(&c.Rows); err != nil {
		return err
	}
	return db.Each(ctx, x.r, func(s db.Scanner) error {
		line, err := scanText(s)
		if err == nil && line != "ok" && !namedLater(line) {
			c.add(Broken{Key: "doctor.file", Args: args("line", line)})
		}
		return err
	}, "SELECT integrity_check FROM pragma_integrity_check")
}

// namedLater says whether a line of SQLite's is about values, whose rows later checks name and SQLite does not.
func namedLater(line string) bool {
	for _, begin := range []string{"NULL value in ", "NUMERIC value in ", "TEXT value in ", "CHECK constraint failed in "} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}
