package park

import (
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

type row = map[string]string

func TestPrepare_refusesCellsAndSaysWhich(t *testing.T) {
	good := func(more row) row {
		r := row{"name": "甲园", "org": "晋江市"}
		for k, v := range more {
			r[k] = v
		}
		return r
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		add(t, d, c, "350583", "南安园")
		p := add(t, d, c, "350582", "英林园")
		write(t, d, func(w db.Writer) error {
			return AddAlias(ctx, w, c.act(whole), Alias{Park: p, Name: "英林服饰园", Source: "x"})
		})
		for _, tc := range []struct {
			name string
			user auth.User
			rows []row
			want string // row column cell key
		}{
			{"not a number", office, []row{good(row{"land_area": "约100"})}, "2 land_area H2 cell.not_a_number"},
			{"not a whole number", office, []row{good(row{"tenants_signed": "1.5"})}, "2 tenants_signed N2 cell.not_whole"},
			{"negative", office, []row{good(row{"floor_area": "-5"})}, "2 floor_area I2 cell.negative"},
			{"too large", office, []row{good(row{"investment": "999999999999"})}, "2 investment K2 cell.too_large"},
			{"more than all is let", office, []row{good(row{"leasing_rate": "120"})}, "2 leasing_rate R2 cell.above"},
			{"not a date", office, []row{good(row{"opened": "年底"})}, "2 opened M2 cell.not_a_date"},
			{"not an as-of date", office, []row{good(row{"as_of": "最近", "land_area": "1"})}, "2 as_of V2 cell.not_a_date"},
			{"pilot is neither", office, []row{good(row{"pilot": "也许"})}, "2 pilot C2 cell.not_yes_or_no"},
			{"official number", office, []row{good(row{"official_no": "0"})}, "2 official_no D2 cell.not_counting"},
			{"official number in words", office, []row{good(row{"official_no": "第一"})}, "2 official_no D2 cell.not_a_number"},
			{"unknown org", office, []row{{"name": "甲园", "org": "月球"}}, "2 org B2 cell.unknown_org"},
			{"new without an org", office, []row{{"name": "甲园"}}, "2   cell.no_org"},
			{"without a name", office, []row{{"org": "晋江市", "land_area": "1"}}, "2   cell.no_name"},
			{"text too long", office, []row{good(row{"mode": strings.Repeat("长", maxText+1)})}, "2 mode E2 cell.too_long"},
			{"the same name twice", office, []row{good(nil), good(row{"name": " 甲 园 "})}, "3 name A3 cell.duplicate_name"},
			{"name and alias of one park", office, []row{{"name": "英林园"}, {"name": "英林服饰园"}}, "3 name A3 cell.same_park"},
			{"another county's row", county, []row{{"name": "乙园", "org": "南安市"}}, "2 org B2 cell.org_out_of_reach"},
			{"another county's park", county, []row{{"name": "南安园", "org": "晋江市"}}, "2 name A2 cell.park_out_of_reach"},
			{"several at once, by row", office, []row{good(row{"land_area": "x", "opened": "y"}), {"name": "乙园", "org": "?"}},
				"2 land_area H2 cell.not_a_number; 2 opened M2 cell.not_a_date; 3 org B3 cell.unknown_org"},
		} {
			plan := prepare(t, d, Import{User: tc.user, File: listOf("parks.csv", tc.rows...)})
			var got []string
			for _, p := range plan.Problems {
				column := p.Column
				got = append(got, strings.Join([]string{string(rune('0' + p.Row)), column, p.Cell, p.Key}, " "))
				for _, arg := range []string{"file", "row", "column", "cell", "text"} {
					if _, ok := p.Args[arg]; !ok {
						t.Errorf("%s: problem %s has no argument %q", tc.name, p.Key, arg)
					}
				}
			}
			if strings.Join(got, "; ") != tc.want {
				t.Errorf("%s: problems %q, want %q", tc.name, strings.Join(got, "; "), tc.want)
			}
			refused(t, d, tc.name+": Commit", fault.Invalid, "import.has_problems", func(w db.Writer) error {
				_, err := Commit(ctx, w, plan, c.batch())
				return err
			})
		}
		if n := count(t, d, "import_batch"); n != 0 {
			t.Errorf("%d batches after refused lists, want none", n)
		}
	})
}

func TestPrepare_namesBothRowsOfADuplicateAndTheLimitOfARate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		city(t, d)
		plan := prepare(t, d, Import{User: office, File: listOf("parks.csv",
			row{"name": "甲园", "org": "晋江市"}, row{"name": "甲园", "org": "晋江市", "leasing_rate": "120"})})
		byKey := map[string]map[string]any{}
		for _, p := range plan.Problems {
			byKey[p.Key] = p.Args
		}
		if a := byKey["cell.duplicate_name"]; a["row"] != 3 || a["other"] != 2 {
			t.Errorf("duplicate = %v, want rows 3 and 2", a)
		}
		if a := byKey["cell.above"]; a["limit"] != "100" || a["unit"] != "%" || a["text"] != "120" {
			t.Errorf("rate = %v, want limit 100 %%", a)
		}
	})
}

func TestPrepare_refusesFormulasAndUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		city(t, d)
		f := listOf("parks.xlsx", row{"name": "甲园", "org": "晋江市", "land_area": "131", "floor_area": "1", "factory_area": "24.2"})
		f.Sheet = "表1"
		set := func(key string, edit func(*ListedCell)) {
			cell := f.Rows[0].Cells[key]
			edit(&cell)
			f.Rows[0].Cells[key] = cell
		}
		set("land_area", func(c *ListedCell) { c.Formula = true })
		set("floor_area", func(c *ListedCell) { c.Unit = "万元" })
		set("factory_area", func(c *ListedCell) { c.Unit = "平方英尺" })
		plan := prepare(t, d, Import{User: office, File: f})
		var got []string
		for _, p := range plan.Problems {
			got = append(got, p.Key)
		}
		if want := "cell.formula cell.wrong_unit cell.unknown_unit"; strings.Join(got, " ") != want {
			t.Errorf("problems = %v, want %s", got, want)
		}
		set("land_area", func(c *ListedCell) { c.Formula = false; c.Unit = "公顷" })
		set("floor_area", func(c *ListedCell) { c.Unit = "" })
		set("factory_area", func(c *ListedCell) { c.Unit = "万平方米" })
		plan = prepare(t, d, Import{User: office, File: f})
		if len(plan.Problems) > 0 || plan.Rows[0].entry.figures[0].Value != 1_310_000 || plan.Rows[0].entry.figures[2].Value != 242_000 {
			t.Errorf("figures = %+v, %v, want 131 ha and 24.2 times 10,000 m²", plan.Rows[0].entry.figures, plan.Problems)
		}
		if ref := plan.Rows[0].entry.figures[0].SourceRef; ref != "parks.xlsx!表1!H2" {
			t.Errorf("source ref = %q, want parks.xlsx!表1!H2", ref)
		}
	})
}

func TestPrepare_onlyForThoseWhoMayImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		city(t, d)
		may := map[auth.Role]bool{auth.SystemAdmin: true, auth.CityOffice: true, auth.CountyOffice: true}
		for _, role := range auth.Roles() {
			u := auth.User{City: "350500", Username: "u", Role: role, Org: "350582", OrgPath: "350500.350582.", Enterprise: "E"}
			err := d.Read(ctx, func(r db.Reader) error {
				_, err := Prepare(ctx, r, Import{User: u, File: listOf("parks.csv", row{"name": "甲园", "org": "晋江市"})})
				return err
			})
			if may[role] != (err == nil) || err != nil && fault.KindOf(err) != fault.Denied {
				t.Errorf("Prepare as %s = %v, want allowed %v", role, err, may[role])
			}
		}
		for _, n := range []figure.Nature{figure.Simulated, figure.Derived, "true"} {
			err := d.Read(ctx, func(r db.Reader) error {
				_, err := Prepare(ctx, r, Import{User: office, Nature: n})
				return err
			})
			if f, ok := fault.Of(err); !ok || f.Key != "figure.bad_nature" {
				t.Errorf("Prepare with nature %s = %v, want figure.bad_nature", n, err)
			}
		}
	})
}

func TestPrepare_emptyTakesNothingAwayAndFinerOrgStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		write(t, d, func(w db.Writer) error {
			yes := true
			_, err := Add(ctx, w, c.act(whole), Park{Org: "jjedz", Name: "英林园(一期)", Pilot: &yes, Mode: "国企", OfficialNo: 7, Source: "x"})
			return err
		})
		plan := prepare(t, d, Import{User: office, File: listOf("parks.csv", row{"name": "英林园（一期）", "org": "晋江市", "pilot": " ", "land_area": ""}, row{})})
		if plan.Unchanged != 1 || len(plan.Rows) != 1 || plan.Rows[0].Name != "英林园(一期)" {
			t.Errorf("plan = %+v, want one unchanged row and the blank one left out", plan)
		}
		plan = prepare(t, d, Import{User: office, File: listOf("parks.csv", row{"name": "英林园(一期)", "org": "南安市", "pilot": "否", "mode": "民企", "official_no": "8", "land_area": "131", "as_of": "2023-10"})})
		want := []FieldChange{{"org", "晋江经济开发区管委会", "南安市"}, {"pilot", "yes", "no"}, {"official_no", "7", "8"}, {"mode", "国企", "民企"}, {"land_area", "", "131 亩 (2023-10)"}}
		if len(plan.Rows[0].Changes) != len(want) || plan.Changed != 1 {
			t.Fatalf("changes = %+v, want %+v", plan.Rows[0].Changes, want)
		}
		for i, got := range plan.Rows[0].Changes {
			if got != want[i] {
				t.Errorf("change %d = %+v, want %+v", i, got, want[i])
			}
		}
	})
}
