package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// overdue is the check of a reminder: an office whose filings were due and are not handed in.
const overdue = "overdue"

// reminders are the offices right below the caller's own that are late, as findings; of the last month that is over, or of
// the month that is asked for.
func (a *API) reminders(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, q findingQuery) ([]Finding, error) {
	if q.check != "" && q.check != overdue || q.from > 0 {
		return nil, nil
	}
	today := a.today()
	m := today.Month() - 1
	if !q.period.IsZero() {
		m = q.period.Last()
	}
	rows, err := filing.Progress(ctx, r, s, lib, m, today)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, row := range rows {
		if q.path != "" && !strings.HasPrefix(q.eyes.Orgs[row.Org], q.path) {
			continue
		}
		f, late, err := a.reminder(ctx, lib, row, today)
		if err != nil {
			return nil, err
		}
		if late {
			f.Org, f.Name = string(row.Org), nameOf(q.orgs[row.Org], languageOf(ctx))
			out = append(out, f)
		}
	}
	return out, nil
}

func (a *API) reminder(ctx context.Context, lib *form.Library, row filing.OfficeProgress, today period.Date) (Finding, bool, error) {
	open := row.Owed - row.Submitted - row.Approved
	if row.Period == "" || open <= 0 {
		return Finding{}, false, nil
	}
	fm, err := lib.Form(row.Form, row.Period)
	if err != nil {
		return Finding{}, false, err
	}
	p, err := period.Parse(row.Period)
	if err != nil {
		return Finding{}, false, err
	}
	_, due, _ := form.Owes(fm, p)
	if due == 0 || today <= due {
		return Finding{}, false, nil
	}
	lang, name := languageOf(ctx), fm.Name.ZH
	if lang == rule.EN {
		name = fm.Name.EN
	}
	text, _ := a.Texts.Format(lang, "finding.overdue", map[string]any{"form": name, "count": open, "owed": row.Owed, "due": due.String()})
	return Finding{ID: fmt.Sprintf("%s-%s-%s-%s", overdue, row.Form, row.Period, row.Org), Check: overdue, Severity: string(rule.Note), Also: []Named{},
		Month: p.First().String(), Until: p.Last().String(), Score: float64(open) / float64(row.Owed), Message: text, Evidence: []FindingRow{}}, true, nil
}
