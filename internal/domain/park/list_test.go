package park

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// names pages through a list and gives the names of all pages.
func names(t *testing.T, d *db.DB, q Query) string {
	t.Helper()
	var out []string
	read(t, d, func(r db.Reader) error {
		for {
			rows, next, err := List(ctx, r, whole, q)
			if err != nil {
				return err
			}
			for _, v := range rows {
				out = append(out, v.Name)
			}
			if next == "" {
				return nil
			}
			if len(rows) != q.Limit {
				t.Errorf("a page that is not the last has %d rows, want %d", len(rows), q.Limit)
			}
			q.After = next
		}
	})
	return strings.Join(out, " ")
}

func TestList_filtersAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		yes, no := true, false
		write(t, d, func(w db.Writer) error {
			_, err := Load(ctx, w, c.act(whole), Bulk{
				Parks: []Park{
					{ID: "1", Org: "350583", Name: "联东U谷", Pilot: &no, Source: "x"}, {ID: "2", Org: "350582", Name: "甲园(一期)", Pilot: &yes, Source: "x"},
					{ID: "3", Org: "350582", Name: "乙园", Source: "x"}, {ID: "4", Org: "jjedz", Name: "丙园", Parent: "2", Source: "x"}, {ID: "5", Org: "350521", Name: "丁园", Source: "x"},
				},
				Aliases: []Alias{{"3", "芯智造Park", "x"}},
				Figures: []Stated{{"1", declared(LandArea, "100", "x")}, {"2", declared(LandArea, "300", "x")}, {"3", declared(LandArea, "200", "x")}, {"4", declared(LandArea, "100", "x")}, {"4", declared(LandArea, "110", "y")}},
			})
			return err
		})
		for _, limit := range []int{1, 2, 3, 500} {
			for _, q := range []struct {
				q    Query
				want string
			}{
				{Query{}, "丁园 乙园 甲园(一期) 丙园 联东U谷"}, // paths 350521 < 350582 < 350582.jjedz < 350583; UTF-8 order inside
				{Query{Below: "350500.350582."}, "乙园 甲园(一期) 丙园"},
				{Query{Below: "350500.350582.jjedz."}, "丙园"},
				{Query{Below: "350500.moon."}, ""},
				{Query{Text: "u谷"}, "联东U谷"}, {Query{Text: "ＰＡＲＫ"}, "乙园"}, {Query{Text: "甲园（一期）"}, "甲园(一期)"}, {Query{Text: "%"}, ""}, {Query{Text: "_"}, ""},
				{Query{Pilot: &yes}, "甲园(一期)"}, {Query{Pilot: &no}, "联东U谷"}, {Query{Parent: "2"}, "丙园"},
				{Query{Sort: "land_area"}, "联东U谷 丙园 乙园 甲园(一期) 丁园"}, {Query{Sort: "-land_area"}, "甲园(一期) 乙园 丙园 联东U谷 丁园"},
				{Query{Sort: "-land_area", Text: "园"}, "甲园(一期) 乙园 丙园 丁园"},
			} {
				q.q.Limit = limit
				if got := names(t, d, q.q); got != q.want {
					t.Errorf("List(%+v) = %q, want %q", q.q, got, q.want)
				}
			}
		}
		read(t, d, func(r db.Reader) error {
			rows, _, err := List(ctx, r, whole, Query{})
			i := slices.IndexFunc(rows, func(v Row) bool { return v.Name == "丙园" })
			if u := rows[i].Used; !u[LandArea].Contradicted || len(u) != 1 {
				t.Errorf("figures of 丙园 = %+v, want a contradicted land area only", u)
			}
			return err
		})
	})
}

func TestList_refusesBadPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		city(t, d)
		for key, q := range map[string]Query{
			"cursor.invalid": {After: "???"}, "limit.invalid": {Limit: 501}, "park.unknown_field": {Sort: "-colour"},
		} {
			err := d.Read(ctx, func(r db.Reader) error { _, _, err := List(ctx, r, whole, q); return err })
			if f, ok := fault.Of(err); !ok || f.Key != key || f.Kind != fault.Invalid {
				t.Errorf("List(%+v) = %v, want %s", q, err, key)
			}
		}
	})
}

func TestEachFacts_streamsAllOrTheGivenParks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := city(t, d)
		const n = chunk + 88 // more than one statement's worth
		var b Bulk
		area := int64(10)
		for i := range n {
			id := ID(fmt.Sprintf("P%04d", i))
			b.Parks = append(b.Parks, Park{ID: id, Org: "350582", Name: "园" + string(id), Source: "x"})
			b.Figures = append(b.Figures, Stated{id, declared(LandArea, "15", "x")})
			b.Phases = append(b.Phases, Phase{Park: id, No: 1, FloorAreaBuiltM2: &area, Nature: "declared", Source: "x"})
		}
		write(t, d, func(w db.Writer) error { _, err := Load(ctx, w, c.act(whole), b); return err })
		read(t, d, func(r db.Reader) error {
			for _, q := range []struct {
				ids  []ID
				want int
			}{{nil, n}, {[]ID{}, 0}, {[]ID{"P0003", "P0001", "P0003", "moon"}, 2}} {
				facts, phases := 0, 0
				last := ID("")
				err := EachFacts(ctx, r, "350500", q.ids, func(f Facts) error {
					if f.ID <= last || f.Used[LandArea].Value != 10_000 || f.OrgPath != "350500.350582." {
						t.Fatalf("EachFacts gave %+v after %s, want rising ids, 10,000 m²", f, last)
					}
					last = f.ID
					facts++
					return nil
				})
				if err != nil {
					return err
				}
				err = EachPhase(ctx, r, "350500", q.ids, func(p PhaseFacts) error {
					if p.OrgPath != "350500.350582." || *p.FloorAreaBuiltM2 != 10 {
						t.Fatalf("EachPhase gave %+v", p)
					}
					phases++
					return nil
				})
				if facts != q.want || phases != q.want || err != nil {
					t.Errorf("%d facts, %d phases of %d ids, %v, want %d", facts, phases, len(q.ids), err, q.want)
				}
			}
			if got := len(names(t, d, Query{Limit: 500})); got == 0 {
				t.Error("List of two pages is empty")
			}
			return nil
		})
	})
}
