package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// reusedCheck names the finding of one photo or file that stands for two things.
const reusedCheck = "reused"

// reused are photos and files that stand for two things, as findings of the month in which the later one came.
func (a *API) reused(ctx context.Context, r db.Reader, s auth.Scope, q findingQuery) ([]Finding, error) {
	if q.from > 0 || q.check != "" && q.check != reusedCheck {
		return nil, nil
	}
	pairs, _, err := evidence.TwiceIn(ctx, r, s)
	if err != nil {
		return nil, err
	}
	lib, err := a.lifecycleLibrary(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, p := range pairs {
		later := p.B
		if p.A.RecordedAt > p.B.RecordedAt {
			later = p.A
		}
		day := period.DayOf(time.UnixMicro(later.RecordedAt))
		if !q.period.IsZero() && !q.period.Contains(day) || q.path != "" && !strings.HasPrefix(q.eyes.Orgs[later.Org], q.path) {
			continue
		}
		f := a.reusedFinding(ctx, p, later.Org)
		f.OwnerName, f.Month, f.Until = nameOf(q.orgs[later.Org], languageOf(ctx)), day.Month().String(), day.Month().String()
		for _, e := range []evidence.Evidence{p.A, p.B} {
			row := FindingRow{Kind: string(e.Ref.Kind), ID: e.Ref.ID, Name: e.SubjectName, Month: period.DayOf(time.UnixMicro(e.RecordedAt)).Month().String(),
				Value: e.Title, Source: e.FileName}
			if e.Ref.Kind.Valid() && e.Stage != "" {
				head, err := subject.Get(ctx, r, s, e.Ref)
				if err != nil {
					return nil, err
				}
				row.Label = stageName(lib, head.Lifecycle, e.Stage, short(languageOf(ctx)), a.today())
			}
			f.Evidence = append(f.Evidence, row)
		}
		out = append(out, f)
	}
	return out, nil
}

func (a *API) reusedFinding(ctx context.Context, p evidence.Pair, owner org.ID) Finding {
	said, resolve := "finding.reused.alike", "evidence.twice.alike"
	if p.Exact {
		said, resolve = "finding.reused.same", "evidence.twice.same"
	}
	ids := []string{p.A.ID, p.B.ID}
	slices.Sort(ids)
	out := Finding{ID: reusedCheck + "-" + strings.Join(ids, "-"), Check: reusedCheck, Severity: string(rule.Warning), Name: p.B.SubjectName, Owner: string(owner),
		Also: []Named{}, Score: 1, Evidence: []FindingRow{}}
	out.Message, _ = a.Texts.Format(languageOf(ctx), said, map[string]any{"first": p.A.SubjectName, "second": p.B.SubjectName})
	out.Resolve, _ = a.Texts.Text(languageOf(ctx), resolve)
	return out
}
