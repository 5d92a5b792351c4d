package checkup

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"

	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const city = "350500"

// healthy is a small city with rows in every table. The credit code is Huawei's, as its licence shows it.
const healthy = `
INSERT INTO org (city, id, parent, kind, name_zh, name_en, division, path, sort, version) VALUES
	('350500', '350500', NULL, 'city', '泉州市', 'Quanzhou', '350500', '350500.', 0, 1),
	('350500', '350582', '350500', 'county', '晋江市', 'Jinjiang', '350582', '350500.350582.', 1, 1);
INSERT INTO enterprise (city, id, uscc, name, org, industry, above_scale_since, nature, source, version) VALUES
	('350500', 'e1', '914403001922038216', '新名字公司', '350582', 'C39', 20240000, 'simulated', '模拟', 2);
INSERT INTO enterprise_name (city, enterprise, since, name, source) VALUES
	('350500', 'e1', 0, '旧名字公司', '模拟'), ('350500', 'e1', 20240229, '新名字公司', '模拟');
INSERT INTO app_user (city, id, username, name, role, org, enterprise, password_hash, must_change, disabled, failed_tries, locked_until, created_at, version) VALUES
	('350500', 'u1', 'admin', '', 'system_admin', NULL, NULL, 'x', 1, 0, 0, NULL, 1735689600000000, 1),
	('350500', 'u2', 'firm', '', 'enterprise', '350582', 'e1', 'x', 0, 0, 2, 1735689600000000, 1735689600000000, 1);
INSERT INTO import_batch (city, id, kind, file, digest, actor, at, rows_read, rows_new, rows_changed, rows_same) VALUES
	('350500', 'b1', 'parks', 'parks.csv', 'd', 'admin', 1735689600000000, 1, 1, 0, 0);
INSERT INTO zone (city, code, name, level, kind, approved, area_m2, industries, source) VALUES
	('350500', 'G1', '开发区', '国务院', '综合保税区', 20160100, 2047200, '机械', '目录'), ('350500', 'G2', '二区', '省', '开发区', NULL, NULL, '', '目录');
INSERT INTO park (city, id, org, parent, name, pilot, official_no, photo_no, mode, developer, leading_industry, zone, source, version) VALUES
	('350500', 'p1', '350582', NULL, '鞋纺城', 1, 17, NULL, NULL, NULL, NULL, 'G1', '名单', 1),
	('350500', 'p2', '350582', 'p1', '鞋纺城二期', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '名单', 1);
INSERT INTO import_row (city, batch, row_no, kind, entity, cells) VALUES ('350500', 'b1', 2, 'park', 'p1', '[]');
INSERT INTO park_alias (city, park, name, source) VALUES ('350500', 'p1', '国际鞋纺城', '报道');
INSERT INTO park_phase (city, park, no, name, land_m2, floor_area_built_m2, lettable_area_m2, started, completed, opened, nature, source, version) VALUES
	('350500', 'p1', 1, '一期', 87467, NULL, NULL, 20210300, 20231231, NULL, 'declared', '报道', 1);
INSERT INTO figure (city, kind, subject, field, id, value, unit, stated, stated_unit, nature, source, source_ref, as_of, recorder, recorded_at, batch, replaced) VALUES
	('350500', 'park', 'p1', 'land_area', 'f1', 87467, 'm2', '131.2', '亩', 'declared', '名单', 'H17', 20240600, 'admin', 1735689600000000, 'b1', 'f2'),
	('350500', 'park', 'p1', 'land_area', 'f2', 87400, 'm2', '131.1', '亩', 'declared', '名单', '', NULL, 'admin', 1735689600000000, NULL, NULL),
	('350500', 'park', 'p1', 'started', 'f3', 20210300, 'date', '2021-03', '', 'declared', '名单', 'I17', NULL, 'admin', 1735689600000000, 'b1', NULL),
	('350500', 'enterprise', 'e1', 'staff', 'f4', 120, 'count', '120', '人', 'simulated', '模拟', '', 20240000, 'admin', 1735689600000000, NULL, NULL);
INSERT INTO figure_choice (city, kind, subject, field, seq, figure, reason, actor, at) VALUES
	('350500', 'park', 'p1', 'land_area', 1, 'f1', '现场核实', 'admin', 1735689600000000), ('350500', 'park', 'p1', 'land_area', 2, 'f2', '更新', 'admin', 1735689600000000);
INSERT INTO tenancy (city, enterprise, id, park, area_m2, relocated, nature, source, version) VALUES ('350500', 'e1', 't1', 'p1', 5000, 0, 'simulated', '模拟', 1);
INSERT INTO tenancy_stage (city, enterprise, tenancy, stage, way, seq, day, nature, source, recorder, recorded_at) VALUES
	('350500', 'e1', 't1', 'signed', 'claimed', 1, 20230115, 'simulated', '模拟', 'admin', 1735689600000000),
	('350500', 'e1', 't1', 'signed', 'claimed', 2, 20230200, 'simulated', '模拟', 'admin', 1735689600000000);
INSERT INTO project (city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version) VALUES
	('350500', 'j1', '350582', 'p1', 'construction', '标准厂房', 'e1', 100, 'simulated', '模拟', 1), ('350500', 'j2', '350582', NULL, 'planning', '光伏', NULL, NULL, 'record', '项目台账', 2);
INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, reason, recorder, recorded_at) VALUES
	('350500', 'j1', 'started', 'planned', 1, 20230000, 'simulated', '模拟', '', '', 0),
	('350500', 'j2', 'granted', 'claimed', 2, 20230105, 'record', '项目台账', '', 'admin', 1735689600000000);
INSERT INTO milestone_void (city, subject_kind, subject, stage, way, seq, day, nature, source, reason, recorder, recorded_at, void_reason, void_by, void_at) VALUES
	('350500', 'project', 'j2', 'granted', 'claimed', 1, 20230104, 'record', '项目台账', '', 'admin', 1735689600000000, '填错', 'admin', 1735689600000000);
INSERT INTO filing_value (city, enterprise, month, field, value, nature, source, version) VALUES ('350500', 'e1', 202412, 'output', 100, 'simulated', '模拟', 1);
INSERT INTO target (city, org, year, indicator, kind, value, unit, stated, stated_unit, curve, source, version) VALUES ('350500', '350500', 2024, 'X', 'target', 1, 'count', '1', '家', '', '通知', 1)`

// world is a database with a healthy city, and the way to damage it behind the program's back.
type world struct {
	*db.DB
	url string
}

func eachWorld(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, newWorld(t, e)) })
	}
}

func newWorld(t *testing.T, e db.Engine) world {
	t.Helper()
	ctx := context.Background()
	at := dbtest.URL(t, e)
	w := world{dbtest.At(t, at), at}
	err := w.Write(ctx, func(tx db.Writer) error {
		for _, statement := range strings.Split(healthy, ";\n") {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		for _, table := range []string{"session", "api_token"} {
			more, values := "", ""
			if table == "session" {
				more, values = ", seen_at", ", 1735689600000000"
			} else {
				more, values = ", id, name", ", 'k1', '脚本'"
			}
			if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (digest, city, app_user, created_at, expires_at`+more+`)
				VALUES ($1, '350500', 'u1', 1735689600000000, 1735689600000000`+values+`)`, []byte("0123456789abcdef")); err != nil {
				return err
			}
		}
		for _, action := range []string{"org.add", "park.import", "park.edit"} {
			_, err := audit.Append(ctx, tx, audit.Entry{City: city, Actor: "admin", Action: action, Kind: "park", Entity: "p1",
				At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Touched: []audit.Touch{{Kind: "park", ID: "p1"}}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("set up = %v", err)
	}
	return w
}

// damage runs statements on a connection of its own that no constraint holds back.
func (w world) damage(t *testing.T, statements ...string) {
	t.Helper()
	driver, address, first := "pgx", w.url, []string{"SET session_replication_role = replica"}
	if w.Engine() == db.SQLite {
		u, err := url.Parse(w.url)
		if err != nil {
			t.Fatal(err)
		}
		driver, address, first = "sqlite", u.Path, []string{"PRAGMA foreign_keys = 0", "PRAGMA ignore_check_constraints = 1", "PRAGMA writable_schema = 1"}
	}
	conns, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conns.Close()
	conns.SetMaxOpenConns(1)
	for _, s := range append(first, statements...) {
		if _, err := conns.Exec(s); err != nil {
			t.Fatalf("%s = %v", s, err)
		}
	}
}

func (w world) run(t *testing.T) Report {
	t.Helper()
	var report Report
	err := w.Read(context.Background(), func(r db.Reader) (err error) {
		report, err = Run(context.Background(), r, w.Engine())
		return err
	})
	if err != nil {
		t.Fatalf("Run = %v", err)
	}
	return report
}

func (r Report) check(t *testing.T, name string) Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %s in %+v", name, r)
	return Check{}
}
