package finding

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// idleWindow is how many months back a month without production's traces is looked for.
const idleWindow = 6

// statements is what the checks of consistency need of the ledger.
type statements struct {
	month     period.Month
	end       period.Date
	firms     map[enterprise.ID]string // names
	parks     map[park.ID]*park.Facts
	phases    map[park.ID][]park.Phase
	tenancies []tenancy.PanelRow // of each enterprise together
	projects  []project.PanelRow // with their milestones
	courses   *lifecycle.Library
	filed     map[filing.Key][]filing.PanelRow
	totals    []record // of enterprises, that state a total since January, by subject and period
	progress  map[park.ID]record
}

// record is a filed record's quantities.
type record struct {
	subject string
	month   period.Month
	cells   map[string]int64
	nature  figure.Nature
	org     org.ID
	path    string
	form    string
}

func readStatements(ctx context.Context, r db.Reader, city string, m period.Month) (*statements, error) {
	l := &statements{month: m, end: m.Last(), firms: map[enterprise.ID]string{}, parks: map[park.ID]*park.Facts{},
		phases: map[park.ID][]park.Phase{}, filed: map[filing.Key][]filing.PanelRow{}, progress: map[park.ID]record{}}
	err := park.EachFacts(ctx, r, city, nil, func(f park.Facts) error {
		l.parks[f.ID] = &f
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = park.EachPhase(ctx, r, city, nil, func(f park.PhaseFacts) error {
		l.phases[f.Park] = append(l.phases[f.Park], f.Phase)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = enterprise.EachFacts(ctx, r, city, nil, func(f *enterprise.Facts) error {
		l.firms[f.ID] = f.Name
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tenancy.EachRow(ctx, r, city, tenancy.Only{}, func(row *tenancy.PanelRow) error {
		l.tenancies = append(l.tenancies, *row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := l.readProjects(ctx, r, city); err != nil {
		return nil, err
	}
	if err := l.readFiled(ctx, r, city); err != nil {
		return nil, err
	}
	return l, l.readRecords(ctx, r, city)
}

// readProjects reads what histories are held against.
func (l *statements) readProjects(ctx context.Context, r db.Reader, city string) (err error) {
	if l.courses, err = lifecycle.Load(ctx, r, city); err != nil {
		return err
	}
	return project.EachRow(ctx, r, city, nil, func(row *project.PanelRow) error {
		l.projects = append(l.projects, *row)
		return nil
	})
}

// readFiled reads the last months' values of enterprises that are long enough in production: the last month's of all, and
// the months before only of those of which it leaves something to ask.
func (l *statements) readFiled(ctx context.Context, r db.Reader, city string) error {
	running := l.running()
	var all, asked, open []enterprise.ID
	for _, t := range running {
		all = append(all, t.Enterprise)
	}
	if err := l.read(ctx, r, city, all, l.month, l.month, nil); err != nil {
		return err
	}
	some := map[filing.Field]map[enterprise.ID]bool{filing.Output: {}, filing.Electricity: {}}
	for _, t := range running {
		for _, v := range l.filed[filing.Key{Enterprise: t.Enterprise, Month: l.month}] {
			if at := some[v.Field]; at != nil && v.Value != 0 && oneKind(v.Nature, t.Stages[tenancy.Production].Nature) {
				at[t.Enterprise] = true
			}
		}
		switch id := t.Enterprise; {
		case !some[filing.Output][id]:
			open = append(open, id)
		case !some[filing.Electricity][id]:
			asked = append(asked, id) // if it ever files electricity
		}
	}
	first, before := l.month-idleWindow+1, l.month-1
	if err := l.read(ctx, r, city, asked, first, before, []filing.Field{filing.Electricity}); err != nil {
		return err
	}
	for _, id := range asked {
		files := slices.ContainsFunc(l.filed[filing.Key{Enterprise: id, Month: l.month}], func(v filing.PanelRow) bool { return v.Field == filing.Electricity })
		for m := first; m <= before; m++ {
			k := filing.Key{Enterprise: id, Month: m}
			files = files || len(l.filed[k]) > 0
			delete(l.filed, k)
		}
		if files {
			open = append(open, id)
		}
	}
	return l.read(ctx, r, city, open, first, before, nil)
}

// read reads values of some enterprises in some months into filed.
func (l *statements) read(ctx context.Context, r db.Reader, city string, ids []enterprise.ID, from, to period.Month, fields []filing.Field) error {
	only := filing.Only{Keys: []filing.Key{}}
	for _, id := range ids {
		for m := from; m <= to; m++ {
			only.Keys = append(only.Keys, filing.Key{Enterprise: id, Month: m})
		}
	}
	return filing.EachRow(ctx, r, city, only, fields, func(row *filing.PanelRow) error {
		k := filing.Key{Enterprise: row.Enterprise, Month: row.Month}
		l.filed[k] = append(l.filed[k], *row)
		return nil
	})
}

// running gives of each enterprise the tenancy that is in production longest, where that is idleMonths or more.
func (l *statements) running() []*tenancy.PanelRow {
	var out []*tenancy.PanelRow
	for i := range l.tenancies {
		t := &l.tenancies[i]
		e, ok := entered(t, tenancy.Production, (l.month - idleMonths).Last())
		if _, gone := entered(t, tenancy.Cleared, l.end); !ok || gone || e.Way < tenancy.Claimed {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Enterprise == t.Enterprise {
			if e.Day < out[n-1].Stages[tenancy.Production].Day {
				out[n-1] = t
			}
			continue
		}
		out = append(out, t)
	}
	return out
}

// readRecords reads what was handed in of the year's totals and of the parks' progress.
func (l *statements) readRecords(ctx context.Context, r db.Reader, city string) error {
	year := strconv.Itoa(l.month.Year())
	err := db.Each(ctx, r, func(s db.Scanner) error {
		rec, err := scanFiled(s)
		l.totals = append(l.totals, rec)
		return err
	}, handedIn+`AND r.period >= $4 AND r.period <= $5 AND (r.cells LIKE '%"output_ytd"%' OR r.cells LIKE '%"revenue_ytd"%')
		ORDER BY r.subject, r.period`, city, "enterprise", "enterprise_monthly", year+"-01", l.month.String())
	if err != nil {
		return err
	}
	return db.Each(ctx, r, func(s db.Scanner) error {
		rec, err := scanFiled(s)
		l.progress[park.ID(rec.subject)] = rec // the latest comes last
		return err
	}, handedIn+`AND r.period >= $4 AND r.period <= $5 AND r.cells LIKE '%"leasing_rate"%'
		ORDER BY r.subject, r.period`, city, "park", "park_monthly", (l.month - 2).String(), l.month.String())
}

// handedIn selects records of filings that were handed in; a draft states nothing yet, and a returned one no longer.
const handedIn = `SELECT r.subject, r.period, r.cells, r.nature, f.org, o.path, r.form FROM filing_record r
	JOIN filing f ON f.city = r.city AND f.subject_kind = r.subject_kind AND f.subject = r.subject AND f.form = r.form AND f.period = r.period
	JOIN org o ON o.city = f.city AND o.id = f.org
	WHERE r.city = $1 AND r.subject_kind = $2 AND r.form = $3 AND r.gone = 0 AND f.state IN ('submitted', 'approved') `

func scanFiled(s db.Scanner) (rec record, err error) {
	var in, cells string
	if err = s.Scan(&rec.subject, &in, &cells, &rec.nature, &rec.org, &rec.path, &rec.form); err != nil {
		return rec, err
	}
	p, err := period.Parse(in)
	if err != nil {
		return rec, err
	}
	var texts map[string]string
	if err = json.Unmarshal([]byte(cells), &texts); err != nil {
		return rec, err
	}
	rec.month, rec.cells = p.First(), map[string]int64{}
	for _, field := range recorded {
		if v, err := strconv.ParseInt(texts[field], 10, 64); err == nil {
			rec.cells[field] = v
		}
	}
	return rec, nil
}

// recorded are the fields of records that the checks look at.
var recorded = []string{outputYTD, revenueYTD, leasingRate, areaLeased, areaSold, areaUsable, areaCompleted}

func simulated(n figure.Nature) bool { return n == figure.Simulated }

// oneKind says whether statements are all simulated or all real.
func oneKind(natures ...figure.Nature) bool {
	return !slices.ContainsFunc(natures, func(n figure.Nature) bool { return simulated(n) != simulated(natures[0]) })
}
