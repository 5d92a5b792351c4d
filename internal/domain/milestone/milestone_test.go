package milestone_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// add adds a tenancy of e-c in p-jj, or a project of a kind there.
func add(t testing.TB, ctx context.Context, w db.Writer, ref subject.Ref, kind string, entries ...tenancy.Entry) {
	t.Helper()
	act := tenancytest.Act(tenancytest.Scopes["city"])
	var err error
	if ref.Kind == subject.Tenancy {
		_, err = tenancy.Add(ctx, w, act, tenancy.Tenancy{ID: tenancy.ID(ref.ID), Enterprise: "e-c", Park: "p-jj", Nature: figure.Declared, Source: "ledger", Entries: entries})
	} else {
		_, err = project.Add(ctx, w, act, project.Project{ID: project.ID(ref.ID), Kind: project.Kind(kind), Name: "项目" + ref.ID, Park: "p-jj", Enterprise: "e-c",
			Nature: figure.Declared, Source: "ledger"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// evidenceRow adds a piece of evidence of a grade for a stage.
func evidenceRow(t testing.TB, ctx context.Context, w db.Writer, ref subject.Ref, id, stage, grade string) {
	t.Helper()
	if _, err := w.Exec(ctx, `INSERT INTO evidence (city, id, subject_kind, subject, stage, grade, title, number, file_name, note, recorder, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '1号', '', '', 'tester', $8)`, tenancytest.City, id, string(ref.Kind), ref.ID, stage, grade, "佐证"+id, tenancytest.At.UnixMicro()); err != nil {
		t.Fatal(err)
	}
}

func keyOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Key
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func seqOf(t testing.TB, ctx context.Context, r db.Reader) int64 {
	t.Helper()
	seq, err := audit.Seq(ctx, r, tenancytest.City)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// marked are the tables that a step may write, each with an expression that changes when a row does.
var marked = []string{"tenancy version", "tenancy_stage day", "project version", "project_milestone day", "milestone_void day", "milestone_pause day", "milestone_evidence seq",
	"evidence recorded_at", "audit_line seq", "audit_touch seq"}

func markIn(t testing.TB, ctx context.Context, r db.Reader) (out string) {
	t.Helper()
	var parts []string
	for i, m := range marked {
		table, column, _ := strings.Cut(m, " ")
		parts = append(parts, fmt.Sprintf("SELECT %d AS n, COUNT(*) AS rows, COALESCE(SUM(%s), 0) AS sums FROM %s", i, column, table))
	}
	err := db.Each(ctx, r, func(s db.Scanner) error {
		var n, rows int64
		var sum float64
		err := s.Scan(&n, &rows, &sum)
		out += fmt.Sprintf("%s %d/%.0f; ", marked[n], rows, sum)
		return err
	}, strings.Join(parts, " UNION ALL ")+" ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mark(t testing.TB, d *db.DB) (out string) {
	t.Helper()
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		out = markIn(t, ctx, r)
		return nil
	})
	return out
}
