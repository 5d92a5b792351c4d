package filing_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const benchRows, benchColumns = 100_000, 20

// wide is a library with one list of twenty columns.
func wide(b *testing.B) *form.Library {
	var fields, items strings.Builder
	for i := range benchColumns {
		kind := []string{"text", "quantity, unit: 元, measure: flow", "date", "text"}[i%4]
		fmt.Fprintf(&fields, "  - {code: f%02d, name: {zh: 项%02d, en: Item %02d}, kind: %s, definition: {zh: 第%02d项。, en: Item %02d.}}\n", i, i, i, kind, i, i)
		fmt.Fprintf(&items, "{field: f%02d, key: %v}, ", i, i == 0)
	}
	lib, err := form.LoadFrom(fstest.MapFS{
		"dictionary.yaml": {Data: []byte("forms: [wide]\nfields:\n" + fields.String())},
		"wide.yaml":       {Data: []byte(other("wide", "subject: org\nevery: standing\nlist: true\nchain: []", strings.TrimSuffix(items.String(), ", ")))},
	})
	if err != nil {
		b.Fatal(err)
	}
	return lib
}

// wideRows uses one map for all rows: what is measured is the writing.
func wideRows(shift int) iter.Seq[filing.Change] {
	return func(yield func(filing.Change) bool) {
		codes := make([]string, benchColumns)
		for i := range codes {
			codes[i] = fmt.Sprintf("f%02d", i)
		}
		cells := filing.Cells{}
		for n := range benchRows {
			for i, code := range codes {
				cells[code] = [...]string{"某某路某某号厂房", "1234567", "2024-03-31", "晋江市"}[i%4]
			}
			cells["f00"] = fmt.Sprintf("K%07d", n*7919%benchRows)
			if n%100 < shift {
				cells["f01"] = "7654321"
			}
			if !yield(filing.Change{Cells: cells, Origin: filing.Origin{Way: filing.Imported, File: 1, Row: n + 2}}) {
				return
			}
		}
	}
}

// BenchmarkSaveAll writes 100,000 rows of twenty columns: into a new filing, the same again, and with a hundredth changed;
// "read" streams them.
func BenchmarkSaveAll(b *testing.B) {
	lib := wide(b)
	ref := filing.Ref{Kind: form.OfOrg, Subject: "350582", Form: "wide"}
	for _, c := range []struct {
		name          string
		before, shift int
	}{{"new", 0, 0}, {"same", 1, 0}, {"changed", 1, 1}, {"read", 1, -1}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := dbtest.Open(b, db.SQLite)
				tenancytest.Fill(b, d)
				save := func(batch string, shift int) {
					tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
						n, err := filing.SaveAll(ctx, w, tenancytest.Act(tenancytest.Scopes["350582"]), lib, filing.Bulk{Ref: ref, Batch: batch}, wideRows(shift))
						b.ReportMetric(float64(n), "rows")
						return err
					})
				}
				if c.before == 1 {
					save("b-1", 0)
				}
				b.StartTimer()
				if c.shift >= 0 {
					save("b-2", c.shift)
					continue
				}
				tenancytest.Read(b, d, func(ctx context.Context, r db.Reader) error {
					return filing.EachRecord(ctx, r, tenancytest.Scopes["350582"], ref, func(*filing.Record) error { return nil })
				})
			}
		})
	}
}

// BenchmarkProgress counts 20,000 enterprises in production, of which three quarters filed.
func BenchmarkProgress(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	tenancytest.Fill(b, d)
	lib := shipped(b, "flash", "opinion", "quarterly") // which every enterprise owes; no form that the product carries is such a one
	x := &world{t: b, d: d, lib: lib, at: tenancytest.At, ids: new(int)}
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		act := x.act("city")
		firms := make([]enterprise.Enterprise, benchEnterprises)
		stays := make([]tenancy.Tenancy, benchEnterprises)
		for i := range firms {
			firms[i] = enterprise.Enterprise{ID: benchID(i), USCC: tenancytest.USCC(b, 1000+i), Name: "企业", Org: "350582", Nature: figure.Simulated, Source: "generator"}
			stays[i] = tenancy.Tenancy{ID: tenancy.ID(fmt.Sprintf("t-%06d", i)), Enterprise: benchID(i), Park: "p-op", Nature: figure.Simulated, Source: "generator"}
			for k, s := range []tenancy.Stage{tenancy.Intent, tenancy.Framework, tenancy.Signed, tenancy.HandedOver, tenancy.FittingOut, tenancy.Trial, tenancy.Production} {
				stays[i].Entries = append(stays[i].Entries, tenancytest.Entry(s, 20220101+k*100))
			}
		}
		if _, err := enterprise.AddMany(ctx, w, act, firms); err != nil {
			return err
		}
		_, err := tenancy.AddMany(ctx, w, act, stays)
		return err
	})
	tenancytest.Write(b, d, func(ctx context.Context, w db.Writer) error {
		for i := range benchEnterprises * 3 / 4 {
			ref := june
			ref.Subject = string(benchID(i))
			f, err := filing.Save(ctx, w, x.act("op"), lib, filing.Edit{Ref: ref, Changes: changesOf("output=100 jobs=3")})
			if err == nil {
				_, err = filing.Submit(ctx, w, x.act("op"), lib, filing.Submission{Ref: ref, Version: f.Version})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	b.Run("progress", func(b *testing.B) {
		for b.Loop() {
			x.read(func(ctx context.Context, r db.Reader) error {
				_, err := filing.Progress(ctx, r, people["city"].scope, lib, period.MonthOf(2025, 6), 20250701)
				return err
			})
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			x.read(func(ctx context.Context, r db.Reader) error {
				_, _, err := filing.List(ctx, r, people["city"].scope, lib, filing.ListQuery{Form: "monthly", Period: "2025-06", Today: 20250701})
				return err
			})
		}
	})
}
