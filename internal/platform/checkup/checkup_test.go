package checkup

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestRun_findsNothingInAHealthyCity(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		report := w.run(t)
		if _, broken := report.First(); broken || report.Count() != 0 || report.Schema < 1 || report.Engine != w.Engine() {
			t.Fatalf("Run = %+v, want nothing broken", report)
		}
		for _, c := range report.Checks {
			kept := w.Engine() == db.Postgres && (c.Name == "file" || c.Name == "types" || c.Name == "texts")
			if kept && (c.Outcome != Engine || c.Rows != 0) || !kept && (c.Outcome != Sound || c.Rows == 0) {
				t.Errorf("check %s = %s over %d rows, want %v by the engine", c.Name, c.Outcome, c.Rows, kept)
			}
		}
		if got := report.check(t, "audit").Rows; got != 3 || len(report.Heads) != 1 || report.Heads[0].Seq != 3 || len(report.Heads[0].Hash) != 64 {
			t.Errorf("audit lines = %d, heads %+v, want 3 and one head", got, report.Heads)
		}
	})
}

func TestRun_findsNothingInAnEmptyLedger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if report := (world{DB: d}).run(t); report.Count() != 0 {
			t.Errorf("Run = %+v, want nothing broken", report)
		}
	})
}

// damages are ways to break a healthy city, and what must be said of each.
var damages = []struct {
	name   string
	engine db.Engine // empty for both
	sql    string
	check  string
	where  string
	key    string
	args   map[string]any
}{
	{"park of no org", "", `UPDATE park SET org = 'gone' WHERE id = 'p2'`,
		"references", "park[city=350500 id=p2].org", "doctor.reference", map[string]any{"value": "gone", "parent": "org"}},
	{"stage of no tenancy", "", `UPDATE tenancy_stage SET tenancy = 't9' WHERE seq = 1`,
		"references", "tenancy_stage[city=350500 enterprise=e1 tenancy=t9 stage=signed way=claimed seq=1].tenancy", "doctor.reference", nil},
	{"session of no user", "", `UPDATE session SET app_user = 'u9'`,
		"references", "session[digest=x'3031323334353637…'].app_user", "doctor.reference", nil},
	{"touch of no line", "", `INSERT INTO audit_touch (city, seq, kind, entity) VALUES ('350500', 9, 'park', 'p1')`,
		"references", "audit_touch[city=350500 seq=9 kind=park entity=p1].seq", "doctor.reference", map[string]any{"value": "9", "parent": "audit_line"}},
	{"parent park in another city", "", `UPDATE park SET parent = 'p1', city = '350200' WHERE id = 'p2'`,
		"references", "park[city=350200 id=p2].org", "doctor.reference", nil},

	{"figure of no park", "", `UPDATE figure SET subject = 'p9' WHERE id = 'f3'`,
		"orphans", "figure[city=350500 kind=park subject=p9 field=started id=f3].subject", "doctor.orphan", map[string]any{"value": "p9", "parent": "park"}},
	{"figure of a park under the kind of another noun", "", `UPDATE figure SET kind = 'enterprise' WHERE id = 'f3'`,
		"orphans", "figure[city=350500 kind=enterprise subject=p1 field=started id=f3].subject", "doctor.orphan", nil},
	{"figure replaced by none", "", `UPDATE figure SET replaced = 'f9' WHERE id = 'f1'`,
		"orphans", "figure[city=350500 kind=park subject=p1 field=land_area id=f1].replaced", "doctor.orphan", nil},
	{"figure replaced by one of another field", "", `UPDATE figure SET replaced = 'f3' WHERE id = 'f1'`,
		"orphans", "figure[city=350500 kind=park subject=p1 field=land_area id=f1].replaced", "doctor.orphan", nil},
	{"figure of no batch", "", `UPDATE figure SET batch = 'b9' WHERE id = 'f3'`,
		"orphans", "figure[city=350500 kind=park subject=p1 field=started id=f3].batch", "doctor.orphan", nil},
	{"imported row of no park", "", `UPDATE import_row SET entity = 'p9'`,
		"orphans", "import_row[city=350500 batch=b1 row_no=2].entity", "doctor.orphan", nil},
	{"user of no enterprise", "", `UPDATE app_user SET enterprise = 'e9' WHERE id = 'u2'`,
		"orphans", "app_user[city=350500 id=u2].enterprise", "doctor.orphan", nil},

	{"org path not the parent's", "", `UPDATE org SET path = '350582.' WHERE id = '350582'`,
		"consistency", "org[city=350500 id=350582].path", "doctor.org_path", map[string]any{"value": "350582."}},
	{"name not the newest", "", `UPDATE enterprise SET name = '旧名字公司'`,
		"consistency", "enterprise[city=350500 id=e1].name", "doctor.enterprise_name", nil},
	{"figures replaced in a circle", "", `UPDATE figure SET replaced = 'f1' WHERE id = 'f2'`,
		"consistency", "figure[city=350500 kind=park subject=p1 field=land_area id=f1].replaced", "doctor.figure_circle", nil},
	{"gap in a stage's history", "", `UPDATE tenancy_stage SET seq = 5 WHERE seq = 2`,
		"consistency", "tenancy_stage[city=350500 enterprise=e1 tenancy=t1 stage=signed way=claimed seq=5].seq", "doctor.gap", map[string]any{"value": "5"}},
	{"gap in milestones", "", `UPDATE project_milestone SET seq = 2 WHERE project = 'j1'`,
		"consistency", "project_milestone[city=350500 project=j1 stage=started way=planned seq=2].seq", "doctor.gap", nil},
	{"credit code mistyped", "", `UPDATE enterprise SET uscc = '914403001922038217'`,
		"consistency", "enterprise[city=350500 id=e1].uscc", "uscc.check", map[string]any{"text": "914403001922038217"}},

	{"31 April", "", `UPDATE tenancy_stage SET day = 20230431 WHERE seq = 1`,
		"dates", "tenancy_stage[city=350500 enterprise=e1 tenancy=t1 stage=signed way=claimed seq=1].day", "doctor.day", map[string]any{"value": "20230431"}},
	{"value of a dated figure", "", `UPDATE figure SET value = 20211300 WHERE id = 'f3'`,
		"dates", "figure[city=350500 kind=park subject=p1 field=started id=f3].value", "doctor.day", nil},
	{"month 13", "", `UPDATE filing_value SET month = 202413`,
		"dates", "filing_value[city=350500 enterprise=e1 month=202413 field=output].month", "doctor.month", nil},
	{"seconds for microseconds", "", `UPDATE import_batch SET at = 1735689600`,
		"dates", "import_batch[city=350500 id=b1].at", "doctor.instant", nil},

	{"flag that is neither", db.SQLite, `UPDATE park SET pilot = 2 WHERE id = 'p1'`,
		"constraints", "park[city=350500 id=p1].pilot", "doctor.constraint", map[string]any{"condition": "pilot IN (0, 1)"}},
	{"flag that is neither", db.Postgres, `ALTER TABLE park DROP CONSTRAINT park_pilot_check; UPDATE park SET pilot = 2 WHERE id = 'p1';
		ALTER TABLE park ADD CONSTRAINT park_pilot_check CHECK (pilot IN (0, 1)) NOT VALID`,
		"constraints", "park[city=350500 id=p1].pilot", "doctor.constraint", nil},
	{"kind that is none", db.SQLite, `UPDATE org SET kind = 'ward' WHERE id = '350582'`,
		"constraints", "org[city=350500 id=350582].kind", "doctor.constraint", nil},

	{"text for a number", db.SQLite, `UPDATE park SET official_no = '十七' WHERE id = 'p1'`,
		"types", "park[city=350500 id=p1].official_no", "doctor.type", map[string]any{"value": "text", "want": "integer"}},
	{"broken number", db.SQLite, `UPDATE filing_value SET value = 100.5`,
		"types", "filing_value[city=350500 enterprise=e1 month=202412 field=output].value", "doctor.type", map[string]any{"value": "real", "want": "integer"}},
	{"blob for text", db.SQLite, `UPDATE park SET source = x'e59b' WHERE id = 'p1'`,
		"types", "park[city=350500 id=p1].source", "doctor.type", nil},
	{"text for bytes", db.SQLite, `UPDATE session SET digest = 'abc'`,
		"types", "session[digest=abc].digest", "doctor.type", map[string]any{"value": "text", "want": "blob"}},
	{"text that is not UTF-8", db.SQLite, `UPDATE park SET name = CAST(x'e59bfe' AS TEXT) WHERE id = 'p1'`,
		"texts", "park[city=350500 id=p1].name", "doctor.text_utf8", nil},
	{"text with a zero byte", db.SQLite, `UPDATE park SET developer = 'a' || char(0) || 'b' WHERE id = 'p2'`,
		"texts", "park[city=350500 id=p2].developer", "doctor.text_zero", nil},

	{"audit line changed", "", `UPDATE audit_line SET actor = 'nobody' WHERE seq = 2`,
		"audit", "audit_line[city=350500 seq=2]", "audit.broken", map[string]any{"city": "350500", "seq": int64(2), "why": "hash"}},
	{"audit trail cut off", "", `DELETE FROM audit_touch WHERE seq = 3; DELETE FROM audit_line WHERE seq = 3`,
		"audit", "audit_line[city=350500 seq=3]", "audit.broken", nil},
	{"audit trail removed", "", `DELETE FROM audit_touch; DELETE FROM audit_line; DELETE FROM audit_head`,
		"audit", "audit_line[city=350500]", "doctor.no_trail", nil},
}

func TestRun_namesTheFirstBrokenRow(t *testing.T) {
	for _, c := range damages {
		for _, e := range []db.Engine{db.SQLite, db.Postgres} {
			if c.engine != "" && c.engine != e {
				continue
			}
			t.Run(c.name+"/"+string(e), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, e)
				w.damage(t, strings.Split(c.sql, ";")...)
				report := w.run(t)
				found := report.check(t, c.check)
				if found.Outcome != Damaged {
					t.Fatalf("Run = %+v, want %s broken", report, c.check)
				}
				b := found.Broken[0]
				if b.Where() != c.where || b.Key != c.key {
					t.Errorf("first of %s = %s %s, want %s %s", c.check, b.Where(), b.Key, c.where, c.key)
				}
				if c.args != nil && !reflect.DeepEqual(b.Args, c.args) {
					t.Errorf("Args = %v, want %v", b.Args, c.args)
				}
				if first, ok := report.First(); !ok || first.Row == "" {
					t.Errorf("First = %+v, %v, want a row", first, ok)
				}
			})
		}
	}
}

func TestRun_saysThatNullIsMissing(t *testing.T) {
	w := newWorld(t, db.SQLite)
	w.damage(t, `UPDATE sqlite_master SET sql = replace(sql, 'recorder    TEXT   NOT NULL', 'recorder    TEXT') WHERE name = 'figure'`)
	w.damage(t, `UPDATE figure SET recorder = NULL WHERE id = 'f2'`)
	w.damage(t, `UPDATE sqlite_master SET sql = replace(sql, 'recorder    TEXT', 'recorder    TEXT   NOT NULL') WHERE name = 'figure'`)
	w = reopened(t, w)
	want := "figure[city=350500 kind=park subject=p1 field=land_area id=f2].recorder"
	if b, _ := w.run(t).First(); b.Where() != want || b.Key != "doctor.type" || b.Args["value"] != "null" {
		t.Errorf("First = %s %s %v, want %s holding null", b.Where(), b.Key, b.Args, want)
	}
}

// reopened is the world after its program started anew.
func reopened(t *testing.T, w world) world {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return world{dbtest.At(t, w.url), w.url}
}

func TestRun_boundsWhatItNames(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		var statements []string
		for i := range 50 {
			statements = append(statements, fmt.Sprintf(`INSERT INTO park_alias (city, park, name, source) VALUES ('350500', 'gone', 'n%02d', '')`, i))
		}
		w.damage(t, append(statements, `UPDATE park SET org = 'gone'`)...)
		c := w.run(t).check(t, "references")
		if len(c.Broken) != MaxBroken || c.Count() != 52 || c.Broken[2].Where() != "park_alias[city=350500 park=gone name=n00].park" {
			t.Errorf("references = %d named, %d in all, third %s, want %d of 52", len(c.Broken), c.Count(), c.Broken[2].Where(), MaxBroken)
		}
	})
}

func TestRun_stopsAtAForeignSchema(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		w.damage(t, `INSERT INTO schema_migration (version, name, digest) VALUES (99, 'later', 'x')`, `ALTER TABLE zone DROP COLUMN industries`)
		report := reopened(t, w).run(t)
		c := report.check(t, "schema")
		if len(c.Broken) != 2 || c.Broken[0].Key != "doctor.schema_other" || c.Broken[1].Where() != "zone.industries" {
			t.Errorf("schema = %+v, want another version and a missing column", c)
		}
		for _, c := range report.Checks[1:] {
			if c.Outcome != Skipped {
				t.Errorf("check %s = %s, want it skipped", c.Name, c.Outcome)
			}
		}
	})
}

func TestRun_saysThatThereIsNoSchema(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		report := world{DB: dbtest.At(t, dbtest.Empty(t, e))}.run(t)
		if b, _ := report.First(); b.Key != "doctor.schema_none" || report.Count() != 1 {
			t.Errorf("%s: Run = %+v, want no schema", e, report)
		}
	}
}

func TestRun_saysWhatSQLiteFindsInItsFile(t *testing.T) {
	w := newWorld(t, db.SQLite)
	w.damage(t, `UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'org_name') WHERE name = 'park_name'`)
	c := reopened(t, w).run(t).check(t, "file")
	if c.Outcome != Damaged || c.Broken[0].Key != "doctor.file" || c.Rows == 0 {
		t.Errorf("file = %+v, want broken indexes", c)
	}
}

func TestRun_goesAsFarAsADamagedFileCanBeRead(t *testing.T) {
	w := newWorld(t, db.SQLite)
	var page int
	err := w.Read(context.Background(), func(r db.Reader) error {
		return r.QueryRow(context.Background(), `SELECT rootpage FROM sqlite_master WHERE name = 'park'`).Scan(&page)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(w.url, "sqlite://")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const pageSize = 4096
	copy(content[(page-1)*pageSize:], strings.Repeat("\xff", 16))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	w = world{dbtest.At(t, w.url), w.url}
	var report Report
	err = w.Read(context.Background(), func(r db.Reader) (err error) {
		report, err = Run(context.Background(), r, w.Engine())
		return err
	})
	if c := report.check(t, "file"); c.Outcome != Damaged {
		t.Errorf("file = %+v, want broken pages; Read = %v", c, err)
	}
	if last := report.check(t, "consistency"); len(report.Checks) != len(steps) || last.Outcome != Skipped {
		t.Errorf("%d checks, the last %s, want all of %d, the last skipped", len(report.Checks), last.Outcome, len(steps))
	}
	if f, ok := fault.Of(err); !ok || f.Key != db.KeyCorrupt {
		t.Errorf("Read = %v, want %s", err, db.KeyCorrupt)
	}
}

func TestRun_obeysItsContext(t *testing.T) {
	eachWorld(t, func(t *testing.T, w world) {
		ctx, cancel := context.WithCancel(context.Background())
		err := w.Read(context.Background(), func(r db.Reader) error {
			cancel()
			_, err := Run(ctx, r, w.Engine())
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "canceled") {
			t.Errorf("Run = %v, want canceled", err)
		}
	})
}

func TestTables_areTheMigratedSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
		if d.Engine() == db.Postgres {
			list = `SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
		}
		err := d.Read(ctx, func(r db.Reader) error {
			names, err := db.Collect(ctx, r, scanText, list)
			if err != nil {
				return err
			}
			known := map[string]table{}
			for _, one := range tables {
				known[one.name] = one
			}
			if len(names) != len(tables) {
				t.Errorf("%d tables in the schema, %d in tables", len(names), len(tables))
			}
			for _, name := range names {
				got, err := dialects[d.Engine()].declaredOf(ctx, r, name)
				if err != nil {
					return err
				}
				compare(t, name, known[name], got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func compare(t *testing.T, name string, known table, got declared) {
	t.Helper()
	want := map[string]string{}
	for _, c := range known.columns() {
		if want[c.name] != "" {
			t.Errorf("%s.%s stands twice in tables", name, c.name)
		}
		want[c.name] = c.is.sqlType()
	}
	for _, c := range got.columns {
		if want[c.name] != c.sqlType {
			t.Errorf("%s.%s is %s in the schema and %q in tables: say in schema.go what its values mean", name, c.name, c.sqlType, want[c.name])
		}
		delete(want, c.name)
	}
	for c := range want {
		t.Errorf("%s.%s stands in tables and not in the schema", name, c)
	}
	if len(got.key) == 0 {
		t.Errorf("%s has no primary key", name)
	}
}

func TestCatalogue_enginesAgree(t *testing.T) {
	count := map[db.Engine]string{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(context.Background(), func(r db.Reader) error {
			var all strings.Builder
			for _, one := range tables {
				got, err := dialects[d.Engine()].declaredOf(context.Background(), r, one.name)
				if err != nil {
					return err
				}
				fmt.Fprintln(&all, one.name, got.key, got.refs, len(got.checks))
			}
			count[d.Engine()] = all.String()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	if pg, ok := count[db.Postgres]; ok && pg != count[db.SQLite] {
		t.Errorf("catalogues differ:\n%s\n%s", count[db.SQLite], pg)
	}
}

// The database's calendar is compared with the program's own, for every number around the years that differ: centuries
// without and with 29 February, a common year and a leap year.
func TestIsDay_agreesWithTheCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		query := `WITH RECURSIVE n (v) AS (SELECT $1 + 0 UNION ALL SELECT v + 1 FROM n WHERE v < $2 + 0)
			SELECT v FROM n WHERE ` + isDay("v") + ` ORDER BY v`
		for _, span := range [][2]int{{1900, 1900}, {2000, 2000}, {2023, 2024}, {2100, 2100}} {
			var want []int64
			for v := span[0] * 10000; v < span[1]*10000+1300; v++ {
				if d, err := period.ParseDate(period.Date(v).String()); err == nil && d == period.Date(v) {
					want = append(want, int64(v))
				}
			}
			err := d.Read(ctx, func(r db.Reader) error {
				got, err := db.Collect(ctx, r, func(s db.Scanner) (v int64, err error) { return v, s.Scan(&v) }, query, span[0]*10000, span[1]*10000+1299)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("days of %v = %d, want %d", span, len(got), len(want))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestChecksIn_readsTheConditions(t *testing.T) {
	sql := `CREATE TABLE "x" ( -- CHECK (not this)
		a TEXT NOT NULL CHECK (a <> ')' AND length(a) > 0), checked BIGINT, b BIGINT check( b IN (0, 1) ),
		/* CHECK (nor this) */ c TEXT DEFAULT 'CHECK (c)', CHECK (a <> 'it''s' OR b = 1))`
	want := []string{"a <> ')' AND length(a) > 0", " b IN (0, 1) ", "a <> 'it''s' OR b = 1"}
	if got := checksIn(sql); !reflect.DeepEqual(got, want) {
		t.Errorf("checksIn = %q, want %q", got, want)
	}
}

func TestShow_isShortAndReadable(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "NULL"}, {int64(7), "7"}, {1.5, "1.5"}, {"园区", "园区"}, {"a\x00b\xff", "a\uFFFDb\uFFFD"},
		{[]byte{1, 2}, "x'0102'"}, {[]byte("0123456789"), "x'3031323334353637…'"}, {strings.Repeat("园", 81), strings.Repeat("园", 80) + "…"},
	} {
		if got := show(c.value); got != c.want {
			t.Errorf("show(%v) = %q, want %q", c.value, got, c.want)
		}
	}
}
