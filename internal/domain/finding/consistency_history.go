package finding

import (
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// histories are the message keys of what cannot be in a history. That a stage is missing which should come before another is
// none of them: it may have been entered, and only its day is not known.
var histories = map[lifecycle.Problem]string{
	lifecycle.Negative:     "finding.consistency.history_negative",
	lifecycle.Excluded:     "finding.consistency.history_excluded",
	lifecycle.AfterEnd:     "finding.consistency.history_after_end",
	lifecycle.TwoEnds:      "finding.consistency.history_two_ends",
	lifecycle.UnknownStage: "finding.consistency.history_unknown_stage",
}

// past is what is known of one tenancy's or project's way by the end of the month.
type past struct {
	course *lifecycle.Pack
	days   map[string]period.Date
	stated map[string]statedDay
	begin  Inconsistency // as every finding of it begins
	row    Row           // as every row of it begins
}

// statedDay is who says a day.
type statedDay struct {
	nature figure.Nature
	source string
}

// history: the days of a tenancy's or project's stages that cannot all be so, by its lifecycle: an interval that is negative, a
// stage after the end, two ends, one stage that excludes the other. All rows stay as they are.
func history(l *statements) []Inconsistency {
	var out []Inconsistency
	for i := range l.tenancies {
		out = append(out, l.pastOf(&l.tenancies[i]).contradictions()...)
	}
	for i := range l.projects {
		out = append(out, l.pastOfProject(&l.projects[i]).contradictions()...)
	}
	return out
}

// course gives the lifecycle that is in force at the month's end, else its earliest; nil where there is none of that code.
func (l *statements) course(code string) *lifecycle.Pack {
	if p, err := l.courses.For(code, l.end); err == nil {
		return p
	}
	if all := l.courses.Versions(code); len(all) > 0 {
		return all[0]
	}
	return nil
}

func (l *statements) pastOf(t *tenancy.PanelRow) past {
	p := past{course: l.course(tenancy.Kind), begin: l.ofTenancy(History, t), days: map[string]period.Date{}, stated: map[string]statedDay{}}
	p.row = Row{Kind: tenancy.Kind, ID: string(t.ID), Name: l.parks[t.Park].Name, path: t.OrgPath}
	for _, s := range tenancy.Stages() {
		if e, ok := entered(t, s, l.end); ok {
			p.days[s.String()], p.stated[s.String()] = e.Day, statedDay{e.Nature, e.Source}
		}
	}
	p.row.Month = l.month
	return p
}

func (l *statements) pastOfProject(j *project.PanelRow) past {
	p := past{course: l.course(string(j.Kind)), days: map[string]period.Date{}, stated: map[string]statedDay{}}
	p.begin = Inconsistency{Code: History, Enterprise: j.Enterprise, Park: j.Park, Name: j.Name, Owner: j.Org, Month: l.month, Until: l.month,
		Resolve: said[History].resolve, Args: map[string]any{"name": j.Name}}
	p.row = Row{Kind: project.Noun, ID: string(j.ID), Name: j.Name, path: j.OrgPath, Month: l.month}
	for _, d := range project.Dates(j.Milestones) {
		if m := d.Actual; m.Way > tenancy.Planned && m.Day <= l.end {
			p.days[string(d.Stage)], p.stated[string(d.Stage)] = m.Day, statedDay{m.Nature, m.Source}
		}
	}
	return p
}

// contradictions gives a finding for each two days that cannot both be so.
func (p past) contradictions() (out []Inconsistency) {
	if p.course == nil || len(p.days) == 0 {
		return nil
	}
	for _, c := range p.course.Check(0, p.days) {
		key := histories[c.Problem]
		if key == "" || c.OtherDay != 0 && !oneKind(p.stated[c.Stage].nature, p.stated[c.Other].nature) {
			continue
		}
		f := p.begin
		f.Key, f.Args = key, map[string]any{"name": f.Args["name"], "stage": Named(p.name(c.Stage)), "day": c.Day.String(), "other": Named(p.name(c.Other)),
			"other_day": c.OtherDay.String(), "days": c.Days}
		f.Rows = []Row{p.statement(c.Stage)}
		if c.OtherDay != 0 {
			f.Rows = append(f.Rows, p.statement(c.Other))
		}
		f.Month, f.Until = f.Rows[0].Month, f.Rows[0].Month // it touches the months of its days
		for _, row := range f.Rows {
			f.Month, f.Until = min(f.Month, row.Month), max(f.Until, row.Month)
		}
		out = append(out, f)
	}
	return out
}

func (p past) name(stage string) pack.Text {
	if s := p.course.Stage(stage); s != nil {
		return s.Name
	}
	return pack.Text{ZH: stage, EN: stage}
}

// statement is the row of one stage's day.
func (p past) statement(stage string) Row {
	row, day := p.row, int64(p.days[stage])
	row.Field, row.Label, row.Value, row.Unit = stage, p.name(stage), &day, unit.Day
	row.Month = monthOf(p.days[stage], row.Month)
	row.Nature, row.Source = p.stated[stage].nature, p.stated[stage].source
	return row
}
