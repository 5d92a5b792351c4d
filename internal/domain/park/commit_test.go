package park

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestCommit_keepsAllThatWasBroughtAndTouchesItsParks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		same := add(t, d, c, "350582", "老园")
		var before int64
		read(t, d, func(r db.Reader) (err error) { before, err = audit.Seq(ctx, r, "350500"); return err })
		list := listOf("parks.csv",
			row{"name": "英林园", "org": "晋江", "pilot": "★", "land_area": "131", "as_of": "2023-10", "source": "http://a", "other_sources": "http://b ; http://c", "note": "phase 1 60亩\n二期"},
			row{"name": "老园", "org": "晋江市"})
		list.Ignored = []string{"备用列"}
		i := Import{User: county, File: list, OrgAliases: map[string]string{"晋江": "晋江市"}}
		plan, batch := bring(t, d, c, i)
		if plan.New != 1 || plan.Changed != 0 || plan.Unchanged != 1 || batch == "" {
			t.Errorf("plan = %d new, %d changed, %d unchanged, batch %q, want 1, 0, 1 and a batch", plan.New, plan.Changed, plan.Unchanged, batch)
		}
		var id ID
		read(t, d, func(r db.Reader) error {
			rows, _, err := List(ctx, r, jinjiang, Query{Text: "英林"})
			id = rows[0].ID
			return err
		})
		got := get(t, d, whole, id)
		f := got.Used[LandArea]
		if !*got.Pilot || got.Source != "http://a" || f.Nature != figure.Declared || f.Source != "http://a" || f.SourceRef != "parks.csv!H2" || f.AsOf != 20231000 || f.Batch != batch || f.Recorder != "office" || f.Stated != "131" || f.StatedUnit != "亩" {
			t.Errorf("park = %+v, want pilot with a declared land area that names its cell and batch", got)
		}
		var original []string
		for _, cell := range got.Original {
			original = append(original, cell.Key+"="+cell.Text)
		}
		if want := "name=英林园|org=晋江|pilot=★|land_area=131|as_of=2023-10|source=http://a|other_sources=http://b ; http://c|note=phase 1 60亩\n二期"; strings.Join(original, "|") != want {
			t.Errorf("original row = %q, want %q", strings.Join(original, "|"), want)
		}
		if o := get(t, d, whole, same); o.Version != 1 || len(o.Original) != 2 {
			t.Errorf("the unchanged park = version %d, %d original cells, want 1, 2", o.Version, len(o.Original))
		}
		read(t, d, func(r db.Reader) error {
			touched, upto, err := audit.Touched(ctx, r, "350500", before, 10)
			if err != nil || upto != before+1 || len(touched) != 1 || touched[0] != (audit.Touch{Kind: Kind, ID: string(id)}) {
				t.Errorf("touched = %v up to %d, %v, want the new park in one line", touched, upto, err)
			}
			for scope, want := range map[auth.Scope]int{whole: 1, jinjiang: 1, nanan: 0, {}: 0} {
				items, next, err := Batches(ctx, r, scope, "", 0)
				if err != nil || next != "" || len(items) != want {
					t.Errorf("Batches in %+v = %v, %q, %v, want %d", scope, items, next, err, want)
				}
				if want == 1 && (items[0].ID != batch || items[0].Rows != 2 || items[0].New != 1 || items[0].Unchanged != 1 || items[0].File != "parks.csv") {
					t.Errorf("batch = %+v", items[0])
				}
			}
			return nil
		})
	})
}

func TestCommit_refusesALedgerThatMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		plan := prepare(t, d, Import{User: office, File: listOf("parks.csv", row{"name": "英林园", "org": "晋江市", "land_area": "131"})})
		add(t, d, c, "350582", "英林园") // somebody else was faster
		refused(t, d, "Commit", fault.Stale, "import.moved", func(w db.Writer) error {
			_, err := Commit(ctx, w, plan, c.batch())
			return err
		})
	})
}

func TestCommit_allOrNothingWhenARowFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		rows := []row{}
		for i := range 20 {
			rows = append(rows, row{"name": fmt.Sprintf("园%d", i), "org": "晋江市", "land_area": "15"})
		}
		plan := prepare(t, d, Import{User: office, File: listOf("parks.csv", rows...)})
		tables := []string{"park", "figure", "import_batch", "import_row", "audit_line", "audit_touch"}
		before := map[string]int64{}
		for _, table := range tables {
			before[table] = count(t, d, table)
		}
		b := c.batch()
		inner, n := b.NewID, 0
		b.NewID = func() string { // the ids of the 15th park and of the first one are the same: its row cannot be written
			if n++; n == 29 {
				n = 1
			}
			if n == 1 {
				return "TWICE"
			}
			return inner()
		}
		err := d.Write(ctx, func(w db.Writer) error { _, err := Commit(ctx, w, plan, b); return err })
		if err == nil {
			t.Fatal("Commit with a repeated id succeeded")
		}
		gone := errors.New("power cut")
		err = d.Write(ctx, func(w db.Writer) error {
			if _, err := Commit(ctx, w, plan, c.batch()); err != nil {
				return err
			}
			return gone
		})
		if !errors.Is(err, gone) {
			t.Errorf("Write = %v, want the error of the closure", err)
		}
		for _, table := range tables {
			if got := count(t, d, table); got != before[table] {
				t.Errorf("%s has %d rows after failed imports, want %d", table, got, before[table])
			}
		}
	})
}

func TestCommit_theNextListOfASourceReplacesItsFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		june := Import{User: office, Source: "市园区办月报", File: listOf("6月.xlsx", row{"name": "英林园", "org": "晋江市", "leasing_rate": "70", "as_of": "2024-06"})}
		july := Import{User: office, Source: "市园区办月报", File: listOf("7月.xlsx", row{"name": "英林园", "org": "晋江市", "leasing_rate": "80", "as_of": "2024-07"})}
		bring(t, d, c, july)
		if plan, batch := bring(t, d, c, june); plan.Changed != 1 || batch == "" { // June arrives late: history
			t.Errorf("June after July = %+v, want one changed row", plan.Rows)
		}
		plan, batch := bring(t, d, c, june)
		if plan.Unchanged != 1 || batch != "" {
			t.Errorf("June again = %d unchanged, batch %q, want 1 and none", plan.Unchanged, batch)
		}
		if plan, _ := bring(t, d, c, july); plan.Unchanged != 1 {
			t.Errorf("July again = %+v, want unchanged", plan.Rows)
		}
		got := get(t, d, whole, ID(plan.Rows[0].Park))
		if u := got.Used[LeasingRate]; u.Value != 800_000 || u.Contradicted || len(got.Statements[0].Items) != 2 {
			t.Errorf("leasing rate = %+v of %+v, want July's 80 %% with June's as history", u, got.Statements)
		}
	})
}

// TestCommit_anyOrderOfListsIsIdempotent draws lists of statements, imports them one after the other, and checks after each
// that importing it again changes nothing; at the end, that what List says is what kit/figure says of all that is recorded.
// Each run is one transaction that is undone.
func TestCommit_anyOrderOfListsIsIdempotent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		undo := errors.New("undo")
		rapid.Check(t, func(rt *rapid.T) {
			err := d.Write(ctx, func(w db.Writer) error {
				for range rapid.IntRange(1, 4).Draw(rt, "lists") {
					i := drawList(rt)
					bringTwice(rt, w, c, i)
				}
				rows, _, err := List(ctx, w.Reader, whole, Query{})
				for _, v := range rows {
					checkAgainstKit(rt, w.Reader, v)
				}
				if err != nil {
					return err
				}
				return undo
			})
			if !errors.Is(err, undo) {
				rt.Fatalf("Write = %v", err)
			}
		})
	})
}

func drawList(t *rapid.T) Import {
	var rows []row
	names := rapid.Permutation([]string{"甲园", "乙园", "丙园"}).Draw(t, "names")
	for _, name := range names[:rapid.IntRange(1, 3).Draw(t, "rows")] {
		r := row{"name": name, "org": "晋江市"}
		r[LandArea] = rapid.SampledFrom([]string{"", "100", "131", "131.0"}).Draw(t, LandArea)
		r[LeasingRate] = rapid.SampledFrom([]string{"", "70", "80"}).Draw(t, LeasingRate)
		r[Opened] = rapid.SampledFrom([]string{"", "2023", "2024-06"}).Draw(t, Opened)
		r["source"] = rapid.SampledFrom([]string{"", "http://a", "http://b"}).Draw(t, "source")
		r["as_of"] = rapid.SampledFrom([]string{"", "2023", "2024-06"}).Draw(t, "as_of")
		rows = append(rows, r)
	}
	return Import{User: office, File: listOf("parks.csv", rows...), Nature: rapid.SampledFrom([]figure.Nature{"", figure.Record}).Draw(t, "nature")}
}

func bringTwice(t *rapid.T, w db.Writer, c *clock, i Import) {
	for again := range 2 {
		plan, err := Prepare(ctx, w.Reader, i)
		if err != nil || len(plan.Problems) > 0 {
			t.Fatalf("Prepare = %v, problems %+v", err, plan.Problems)
		}
		batch, err := Commit(ctx, w, plan, c.batch())
		if err != nil {
			t.Fatalf("Commit = %v", err)
		}
		if again == 1 && (plan.Unchanged != len(i.File.Rows) || batch != "") {
			t.Fatalf("again: %d new, %d changed, %d unchanged, batch %q, want all %d unchanged", plan.New, plan.Changed, plan.Unchanged, batch, len(i.File.Rows))
		}
	}
}

func checkAgainstKit(t *rapid.T, r db.Reader, v Row) {
	detail, err := Get(ctx, r, whole, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range detail.Statements {
		want, ok := figure.Use(s.Items)
		got := v.Used[s.Field]
		if !ok || got.ID != want.ID || got.Contradicted != figure.Contradicted(s.Items) || s.Used != want.ID {
			t.Fatalf("%s of %s: used %s contradicted %v, want %s %v", s.Field, v.Name, got.ID, got.Contradicted, want.ID, figure.Contradicted(s.Items))
		}
		standing := map[string]int{}
		for _, f := range s.Items {
			if f.Replaced == "" {
				standing[f.Source]++
			}
		}
		for source, n := range standing {
			if n != 1 {
				t.Fatalf("%s of %s: %d standing figures of %s, want 1", s.Field, v.Name, n, source)
			}
		}
	}
	if len(detail.Statements) != len(v.Used) {
		t.Fatalf("%s: %d fields stated, %d used", v.Name, len(detail.Statements), len(v.Used))
	}
}

// realList reads the real list as an edge would.
func realList(t *testing.T) ListFile {
	const path = "../../../../shared/data/quanzhou/parks.csv"
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the real list is not here: %v", err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{
		"name": "name", "county": "org", "pilot": "pilot", "official_list_no": "official_no", "building_mode": "mode", "developer_or_operator": "developer",
		"leading_industry": "leading_industry", "land_area_mu": "land_area", "floor_area_m2": "floor_area", "factory_area_m2": "factory_area",
		"investment_yi_yuan": "investment", "started": "started", "completed_or_opened": "opened", "tenants_signed": "tenants_signed",
		"tenants_fitting_out": "tenants_fitting_out", "tenants_producing": "tenants_producing", "tenants_nashu": "tenants_enrolled",
		"leasing_rate_pct": "leasing_rate", "expected_output_yi_yuan": "expected_output", "expected_tax_wan_yuan": "expected_tax",
		"photo_no": "photo_no", "data_as_of": "as_of", "source_url": "source", "other_source_urls": "other_sources", "note": "note",
	}
	list := ListFile{File: "parks.csv", Digest: "real"}
	for i, rec := range records[1:] {
		l := Listed{Row: i + 2, Cells: map[string]ListedCell{}}
		for j, text := range rec {
			l.Cells[columns[records[0][j]]] = ListedCell{Text: text, Column: records[0][j], Ref: fmt.Sprintf("%c%d", 'A'+j, i+2)}
		}
		list.Rows = append(list.Rows, l)
	}
	return list
}

func TestCommit_theRealListTwice(t *testing.T) {
	list := realList(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		i := Import{User: office, File: list}
		plan, batch := bring(t, d, c, i)
		if plan.New != 72 || plan.Changed+plan.Unchanged+len(plan.Problems) != 0 || batch == "" {
			t.Fatalf("first import: %d new, %d changed, %d unchanged, problems %+v, want 72 new", plan.New, plan.Changed, plan.Unchanged, plan.Problems)
		}
		filled := 0 // counted from the file itself: cells of the 13 field columns that are not empty
		for _, l := range list.Rows {
			for _, f := range fields {
				if l.text(f.Key) != "" {
					filled++
				}
			}
		}
		figures, lines := count(t, d, "figure"), count(t, d, "audit_line")
		if figures != int64(filled) || count(t, d, "import_row") != 72 || count(t, d, "import_batch") != 1 {
			t.Errorf("%d figures, want one for each of %d filled cells", figures, filled)
		}
		plan, batch = bring(t, d, c, i)
		if plan.Unchanged != 72 || plan.New+plan.Changed != 0 || batch != "" {
			t.Errorf("second import: %d new, %d changed, %d unchanged, batch %q, want 72 unchanged and no batch", plan.New, plan.Changed, plan.Unchanged, batch)
		}
		if count(t, d, "figure") != figures || count(t, d, "audit_line") != lines || count(t, d, "import_batch") != 1 {
			t.Error("the second import wrote something")
		}
		read(t, d, func(r db.Reader) error {
			rows, next, err := List(ctx, r, jinjiang, Query{})
			if len(rows) != 13 || next != "" { // counted in the file: 13 rows whose county is 晋江市
				t.Errorf("%d parks of 晋江市, want 13", len(rows))
			}
			return err
		})
	})
}

func BenchmarkPrepare_realSizedList(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	c := city(b, d)
	rows := []row{}
	for i := range 100 {
		rows = append(rows, row{"name": fmt.Sprintf("园%d", i), "org": "晋江市", "land_area": "15", "floor_area": "2", "investment": "3", "opened": "2024-01"})
	}
	i := Import{User: office, File: listOf("parks.csv", rows...)}
	bring(b, d, c, i)
	for b.Loop() {
		if p := prepare(b, d, i); p.Unchanged != 100 {
			b.Fatal(p.Unchanged)
		}
	}
}
