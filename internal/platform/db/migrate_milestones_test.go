package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// before is a city as the third step keeps it: two projects of parks of different orgs, milestones of all ways, a tenancy.
const before = `INSERT INTO org (city, id, parent, kind, name_zh, name_en, division, path, sort, version) VALUES
	('c1', 'c1', NULL, 'city', '市', '', NULL, 'c1.', 0, 1), ('c1', 'a', 'c1', 'county', '甲', '', NULL, 'c1.a.', 0, 1), ('c2', 'c2', NULL, 'city', '二', '', NULL, 'c2.', 0, 1);
INSERT INTO park (city, id, org, name, source, version) VALUES ('c1', 'p1', 'c1', '一园', '名单', 1), ('c1', 'p2', 'a', '二园', '名单', 1), ('c2', 'p1', 'c2', '同号园', '名单', 1);
INSERT INTO enterprise (city, id, uscc, name, org, nature, source, version) VALUES ('c1', 'e1', '91350582MA0000001X', '甲厂', 'a', 'record', '名录', 1);
INSERT INTO tenancy (city, enterprise, id, park, relocated, nature, source, version) VALUES ('c1', 'e1', 't1', 'p2', 0, 'declared', '报表', 3);
INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, recorder, recorded_at) VALUES
	('c1', 'e1', 't1', 'signed', 'claimed', 1, 20230100, 'declared', '报表', 'office.a', 1735689600000000);
INSERT INTO project (city, park, id, kind, name, enterprise, investment_fen, nature, source, version) VALUES
	('c1', 'p1', 'j1', 'construction', '一期', NULL, 500, 'declared', '报表', 4), ('c1', 'p2', 'j2', 'retrofit', '技改', 'e1', NULL, 'simulated', '模拟', 1),
	('c2', 'p1', 'j1', 'investment', '招商', NULL, 0, 'record', '台账', 1);
INSERT INTO project_milestone (city, park, project, stage, way, seq, day, nature, source) VALUES
	('c1', 'p1', 'j1', 'started', 'planned', 1, 20230101, 'declared', '报表'), ('c1', 'p1', 'j1', 'started', 'planned', 2, 20230201, 'declared', '报表'),
	('c1', 'p1', 'j1', 'started', 'claimed', 1, 20230200, 'declared', '报表'), ('c2', 'p1', 'j1', 'signed', 'verified', 1, 20240000, 'record', '台账')`

func script(t *testing.T, d *db.DB, text string) {
	t.Helper()
	ctx := context.Background()
	err := d.Write(ctx, func(w db.Writer) error {
		for _, statement := range strings.Split(text, ";\n") {
			if _, err := w.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func rowsOf(t *testing.T, d *db.DB, query string) string {
	t.Helper()
	ctx := context.Background()
	var rows []string
	err := d.Read(ctx, func(r db.Reader) (err error) {
		rows, err = db.Collect(ctx, r, func(s db.Scanner) (row string, err error) { return row, s.Scan(&row) }, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, "\n")
}

func TestMigrate_keepsProjectsAndTheirMilestones(t *testing.T) {
	engines(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := db.MigrateThrough(ctx, d, 3); err != nil {
			t.Fatal(err)
		}
		script(t, d, before)
		if err := db.Migrate(ctx, d); err != nil {
			t.Fatalf("Migrate = %v", err)
		}
		for _, x := range []struct{ query, want string }{
			{`SELECT city || ' ' || id || ' ' || org || ' ' || park || ' ' || kind || ' ' || name || ' ' || COALESCE(enterprise, '-') || ' ' || COALESCE(CAST(investment_fen AS TEXT), '-') || ' ' ||
				nature || ' ' || source || ' ' || CAST(version AS TEXT) FROM project ORDER BY city, id`,
				"c1 j1 c1 p1 construction 一期 - 500 declared 报表 4\nc1 j2 a p2 retrofit 技改 e1 - simulated 模拟 1\nc2 j1 c2 p1 investment 招商 - 0 record 台账 1"},
			{`SELECT city || ' ' || project || ' ' || stage || ' ' || way || ' ' || CAST(seq AS TEXT) || ' ' || CAST(day AS TEXT) || ' ' || nature || ' ' || source || ' [' || reason || recorder || '] ' ||
				CAST(recorded_at AS TEXT) FROM project_milestone ORDER BY city, project, stage, way, seq`,
				"c1 j1 started claimed 1 20230200 declared 报表 [] 0\nc1 j1 started planned 1 20230101 declared 报表 [] 0\n" +
					"c1 j1 started planned 2 20230201 declared 报表 [] 0\nc2 j1 signed verified 1 20240000 record 台账 [] 0"},
			{`SELECT tenancy || ' ' || stage || ' ' || CAST(day AS TEXT) || ' [' || reason || '] ' || recorder FROM tenancy_stage ORDER BY tenancy`, "t1 signed 20230100 [] office.a"},
		} {
			if got := rowsOf(t, d, x.query); got != x.want {
				t.Errorf("rows =\n%s\nwant\n%s", got, x.want)
			}
		}
		for _, table := range []string{"project_before", "project_milestone_before"} {
			if _, err := countOf(t, d, table); err == nil {
				t.Errorf("table %s is still there", table)
			}
		}
		// What the step allows now: no park, another city's stage, and nothing that points nowhere.
		script(t, d, `INSERT INTO project (city, id, org, park, kind, name, nature, source, version) VALUES ('c1', 'j3', 'a', NULL, 'planning', '清单', 'record', '台账', 1)`)
		err := d.Write(ctx, func(w db.Writer) error {
			_, err := w.Exec(ctx, `INSERT INTO project (city, id, org, park, kind, name, nature, source, version) VALUES ('c1', 'j4', 'gone', NULL, 'planning', '清单', 'record', '台账', 1)`)
			return err
		})
		if err == nil {
			t.Error("a project of no org was written")
		}
	})
}
