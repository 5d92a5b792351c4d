package enterprise_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// list gives the ids that a scope sees, reading page after page of one row.
func list(t *testing.T, d *db.DB, s auth.Scope, q enterprise.Query) string {
	t.Helper()
	return tenancytest.IDs(t, d, func(ctx context.Context, r db.Reader, limit int, after string) (ids []enterprise.ID, next string, err error) {
		q.Limit, q.After = limit, after
		rows, next, err := enterprise.List(ctx, r, s, q)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, next, err
	})
}

func TestList_showsOnlyWhatTheScopeCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		for name, want := range map[string]string{
			"city": "e-a e-b e-c e-d", "350582": "e-a e-b e-d", "350583": "e-b e-c e-d", "op": "e-a", "e-a": "e-a",
			"elsewhere": "", "none": "", "no place": "", "no dot": "",
		} {
			s := tenancytest.Scopes[name]
			if got := list(t, d, s, enterprise.Query{}); got != want {
				t.Errorf("List(%s) = %q, want %q", name, got, want)
			}
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				visible, err := enterprise.Visible(ctx, r, s)
				for _, id := range []enterprise.ID{"e-a", "e-b", "e-c", "e-d"} {
					_, gerr := enterprise.Get(ctx, r, s, id)
					sees := strings.Contains(want, string(id))
					if sees != (gerr == nil) || !sees && fault.KindOf(gerr) != fault.NotFound || visible[id] != sees {
						t.Errorf("%s: Get(%s) = %v, Visible %v, want sees = %v", name, id, gerr, visible[id], sees)
					}
				}
				return err
			})
		}
	})
}

func TestList_narrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		city := tenancytest.Scopes["city"]
		for _, x := range []struct {
			name  string
			scope auth.Scope
			q     enterprise.Query
			want  string
		}{
			{"below a county", city, enterprise.Query{Below: "350500.350583."}, "e-b e-c e-d"},
			{"below another county than the own", tenancytest.Scopes["350582"], enterprise.Query{Below: "350500.350583."}, ""},
			{"own account below a county it is not in", tenancytest.Scopes["e-a"], enterprise.Query{Below: "350500.350583."}, ""},
			{"own account below its county", tenancytest.Scopes["e-a"], enterprise.Query{Below: "350500.350582."}, "e-a"},
			{"park", city, enterprise.Query{Park: "p-na"}, "e-b e-d"},
			{"park out of reach", tenancytest.Scopes["350582"], enterprise.Query{Park: "p-na"}, ""},
			{"section", city, enterprise.Query{Industry: "C"}, "e-a e-b"},
			{"section stated as such", city, enterprise.Query{Industry: "G"}, "e-c"},
			{"division", city, enterprise.Query{Industry: "19"}, "e-a"},
			{"group", city, enterprise.Query{Industry: "195"}, "e-a"},
			{"name", city, enterprise.Query{Text: "鞋业"}, "e-a"},
			{"name in another case", city, enterprise.Query{Text: " textile "}, "e-b"},
			{"beginning of the code", city, enterprise.Query{Text: "91350582ma000003"}, "e-c"},
			{"a pattern is only text", city, enterprise.Query{Text: "%"}, ""},
			{"stage", city, enterprise.Query{Stage: "production"}, "e-a"},
			{"planned is not entered", city, enterprise.Query{Stage: "fitting_out"}, "e-b"},
			{"cleared counts below any other", city, enterprise.Query{Stage: "signed"}, "e-d"},
			{"stage in a park", city, enterprise.Query{Park: "p-jj", Stage: "cleared"}, "e-d"},
			{"stage of what the caller sees", tenancytest.Scopes["350582"], enterprise.Query{Stage: "cleared"}, "e-d"},
			{"stage out of reach", tenancytest.Scopes["350582"], enterprise.Query{Stage: "fitting_out"}, ""},
			{"everything together", city, enterprise.Query{Below: "350500.350583.", Park: "p-na", Industry: "C", Stage: "fitting_out", Text: "textile"}, "e-b"},
		} {
			if got := list(t, d, x.scope, x.q); got != x.want {
				t.Errorf("%s: List = %q, want %q", x.name, got, x.want)
			}
		}
	})
}

func TestList_saysWhereAndHowFar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		for name, want := range map[string]string{
			"city":   "e-a p-op production|e-b p-na fitting_out|e-c  |e-d p-jj,p-na signed",
			"350582": "e-a p-op production|e-b  |e-d p-jj cleared",
			"e-a":    "e-a p-op production",
		} {
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				rows, _, err := enterprise.List(ctx, r, tenancytest.Scopes[name], enterprise.Query{})
				var got []string
				for _, row := range rows {
					var parks []string
					for _, p := range row.Parks {
						parks = append(parks, string(p.ID))
					}
					got = append(got, string(row.ID)+" "+strings.Join(parks, ",")+" "+row.Stage)
				}
				if s := strings.Join(got, "|"); s != want {
					t.Errorf("%s: List = %q, want %q", name, s, want)
				}
				return err
			})
		}
	})
}

// The list of stages here and the Stage of package tenancy are one and the same.
func TestList_knowsEveryStage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		for _, s := range tenancy.Stages() {
			tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
				e := tenancytest.Entry(s, 20240701)
				act := tenancytest.Act(tenancytest.Scopes["city"])
				_, err := tenancy.Add(ctx, w, act, tenancy.Tenancy{ID: tenancy.ID("stage-" + s.String()), Enterprise: "e-c", Park: "p-na",
					Nature: figure.Declared, Source: "ledger", Entries: []tenancy.Entry{e}})
				return err
			})
			if s == tenancy.Cleared {
				continue
			}
			if got := list(t, d, tenancytest.Scopes["city"], enterprise.Query{Stage: s.String(), Text: "丙"}); got != "e-c" {
				t.Errorf("List at stage %s = %q, want e-c", s, got)
			}
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				got, err := enterprise.Get(ctx, r, tenancytest.Scopes["city"], "e-c")
				if got.Stage != s.String() {
					t.Errorf("Stage = %q, want %q", got.Stage, s)
				}
				return err
			})
		}
	})
}

func TestList_refusesWhatItCannotRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, q := range []enterprise.Query{
			{Limit: -1}, {Limit: 501}, {After: "!"}, {Text: "\xff"}, {Park: "a\x00"}, {Industry: "ZZ"}, {Stage: "done"}, {Below: "\x00"},
		} {
			err := d.Read(context.Background(), func(r db.Reader) error {
				_, _, err := enterprise.List(context.Background(), r, tenancytest.Scopes["city"], q)
				return err
			})
			if fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("List(%+v) = %v, want an Invalid fault", q, err)
			}
		}
	})
}

func TestRename_keepsFormerNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		act := tenancytest.Act(tenancytest.Scopes["350582"])
		rename := func(n enterprise.Renaming) (version int64, err error) {
			err = tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				version, err = enterprise.Rename(ctx, w, act, n)
				return err
			})
			return version, err
		}
		if v, err := rename(enterprise.Renaming{ID: "e-a", Version: 1, Name: " 甲体育用品有限公司 ", Since: 20240501, Source: "licence"}); v != 2 || err != nil {
			t.Fatalf("Rename = %d, %v, want version 2", v, err)
		}
		if v, err := rename(enterprise.Renaming{ID: "e-a", Version: 2, Name: "甲集团有限公司", Since: 20250300, Source: "licence"}); v != 3 || err != nil {
			t.Fatalf("Rename = %d, %v, want version 3", v, err)
		}
		for key, n := range map[string]enterprise.Renaming{
			"row.stale":               {ID: "e-a", Version: 2, Name: "x", Since: 20250701, Source: "s"},
			"enterprise.not_found":    {ID: "e-c", Version: 1, Name: "x", Since: 20250701, Source: "s"},
			"date.invalid":            {ID: "e-a", Version: 3, Name: "x", Since: 20250231, Source: "s"},
			"enterprise.rename_order": {ID: "e-a", Version: 3, Name: "x", Since: 20250300, Source: "s"},
			"enterprise.same_name":    {ID: "e-a", Version: 3, Name: "甲集团有限公司", Since: 20250701, Source: "s"},
			"enterprise.no_name":      {ID: "e-a", Version: 3, Name: " ", Since: 20250701, Source: "s"},
			"enterprise.no_source":    {ID: "e-a", Version: 3, Name: "x", Since: 20250701},
			"text.invalid":            {ID: "e-a", Version: 3, Name: "\xff", Since: 20250701, Source: "s"},
			"text.too_long":           {ID: "e-a", Version: 3, Name: strings.Repeat("名", 501), Since: 20250701, Source: "s"},
		} {
			_, err := rename(n)
			if f, ok := fault.Of(err); !ok || f.Key != key {
				t.Errorf("Rename(%+v) = %v, want %s", n, err, key)
			}
		}
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, err := enterprise.Get(ctx, r, tenancytest.Scopes["city"], "e-a")
			want := []enterprise.Name{
				{Name: "甲鞋业有限公司", Until: 20240501, Source: "registry"},
				{Name: "甲体育用品有限公司", Since: 20240501, Until: 20250300, Source: "licence"},
				{Name: "甲集团有限公司", Since: 20250300, Source: "licence"},
			}
			if !slices.Equal(got.Names, want) || got.Name != "甲集团有限公司" || got.Version != 3 {
				t.Errorf("Get = %q version %d with names %v, want %v", got.Name, got.Version, got.Names, want)
			}
			return err
		})
		if got := list(t, d, tenancytest.Scopes["city"], enterprise.Query{Text: "鞋业"}); got != "e-a" {
			t.Errorf("List by a former name = %q, want e-a", got)
		}
	})
}

func TestNameAt_findsTheNameOfTheDay(t *testing.T) {
	names := []enterprise.Name{{Name: "a"}, {Name: "b", Since: 20240501}, {Name: "c", Since: 20250300}}
	for day, want := range map[int]string{20100101: "a", 20240430: "a", 20240501: "b", 20250228: "b", 20250301: "c", 0: "c"} {
		if got := enterprise.NameAt(names, period.Date(day)); got != want {
			t.Errorf("NameAt(%d) = %q, want %q", day, got, want)
		}
	}
	if got := enterprise.NameAt(nil, 20240101); got != "" {
		t.Errorf("NameAt without names = %q, want none", got)
	}
}

func TestAdd_refusesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		good := enterprise.Enterprise{USCC: tenancytest.USCC(t, 9), Name: "新", Org: "350582", Industry: "C1952", Nature: figure.Record, Source: "registry"}
		with := func(change func(*enterprise.Enterprise)) enterprise.Enterprise {
			e := good
			change(&e)
			return e
		}
		for key, e := range map[string]enterprise.Enterprise{
			"uscc.length":          with(func(e *enterprise.Enterprise) { e.USCC = "" }),
			"uscc.check":           with(func(e *enterprise.Enterprise) { e.USCC = "914403001922038217" }),
			"industry.section":     with(func(e *enterprise.Enterprise) { e.Industry = "A1952" }),
			"enterprise.no_name":   with(func(e *enterprise.Enterprise) { e.Name = "" }),
			"enterprise.no_source": with(func(e *enterprise.Enterprise) { e.Source = " " }),
			"figure.bad_nature":    with(func(e *enterprise.Enterprise) { e.Nature = "guess" }),
			"date.invalid":         with(func(e *enterprise.Enterprise) { e.AboveScaleSince = 20241301 }),
			"org.not_found":        with(func(e *enterprise.Enterprise) { e.Org = "350583" }),
			"enterprise.exists":    with(func(e *enterprise.Enterprise) { e.USCC = tenancytest.USCC(t, 1) }),
		} {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				_, err := enterprise.Add(ctx, w, tenancytest.Act(tenancytest.Scopes["350582"]), e)
				return err
			})
			if f, ok := fault.Of(err); !ok || f.Key != key {
				t.Errorf("Add(%s) = %v, want that key", key, err)
			}
		}
		for name, s := range tenancytest.Scopes {
			err := tenancytest.Try(d, func(ctx context.Context, w db.Writer) error {
				got, err := enterprise.Add(ctx, w, tenancytest.Act(s), good)
				if err == nil && (got.ID == "" || got.Industry != "1952" || got.Version != 1) {
					t.Errorf("Add = %+v, want an id, industry 1952 and version 1", got)
				}
				if err == nil {
					err = fault.New(fault.Busy, "undo")
				}
				return err
			})
			may := name == "city" || name == "350582"
			if f, _ := fault.Of(err); f == nil || may != (f.Key == "undo") || !may && f.Key != "org.not_found" {
				t.Errorf("%s: Add = %v, want allowed = %v", name, err, may)
			}
		}
	})
}

func TestAddMany_leavesOneAuditLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		var before int64
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) (err error) {
			before, err = audit.Seq(ctx, r, tenancytest.City)
			return err
		})
		many := make([]enterprise.Enterprise, audit.MaxTouched+1)
		for i := range many {
			many[i] = enterprise.Enterprise{ID: enterprise.ID(fmt.Sprintf("m-%05d", i)), USCC: tenancytest.USCC(t, 1000+i), Name: "企业", Org: "350583",
				Nature: figure.Simulated, Source: "generator"}
		}
		tenancytest.Write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := enterprise.AddMany(ctx, w, tenancytest.Act(tenancytest.Scopes["city"]), many)
			return err
		})
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			touched, upto, err := audit.Touched(ctx, r, tenancytest.City, before, 10)
			if upto != before+1 || !slices.Equal(touched, []audit.Touch{{Kind: enterprise.Kind, ID: audit.Every}}) {
				t.Errorf("Touched = %v up to %d, want every enterprise at %d", touched, upto, before+1)
			}
			return err
		})
	})
}

func TestEachFacts_givesEachOnceInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		for _, x := range []struct {
			ids  []enterprise.ID
			want string
		}{
			{nil, "e-a@350500.350582. e-b@350500.350582. e-c@350500.350583. e-d@350500.350583."},
			{[]enterprise.ID{}, ""},
			{[]enterprise.ID{"e-d", "nobody", "e-a", "e-d"}, "e-a@350500.350582. e-d@350500.350583."},
		} {
			var got []string
			tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
				return enterprise.EachFacts(ctx, r, tenancytest.City, x.ids, func(f *enterprise.Facts) error {
					got = append(got, string(f.ID)+"@"+f.OrgPath)
					return nil
				})
			})
			if s := strings.Join(got, " "); s != x.want {
				t.Errorf("EachFacts(%v) = %q, want %q", x.ids, s, x.want)
			}
		}
	})
}

func TestGet_givesWhatWasAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
			got, err := enterprise.Get(ctx, r, tenancytest.Scopes["city"], "e-d")
			want := enterprise.Enterprise{City: tenancytest.City, ID: "e-d", USCC: tenancytest.USCC(t, 4), Name: "丁水暖有限公司", Org: "350583",
				AboveScaleSince: 20190100, Nature: figure.Record, Source: "registry", Version: 1}
			if got.Enterprise != want || got.OrgName != "南安市" || got.OrgNameEN != "Nan'an" || !uscc.Valid(string(got.USCC)) {
				t.Errorf("Get = %+v, want %+v", got.Enterprise, want)
			}
			_, nerr := enterprise.Get(ctx, r, tenancytest.Scopes["city"], "\xff")
			if fault.KindOf(nerr) != fault.NotFound {
				t.Errorf("Get of an id that cannot be = %v, want NotFound", nerr)
			}
			return err
		})
	})
}
