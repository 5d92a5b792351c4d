package indicator

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// firm is what a return needs to know of its enterprise: where it counts to, and since when it is above scale. It is not
// changed once its view is there.
type firm struct {
	industry  string
	orgPath   string       // where it is registered
	above     period.Month // first month at whose end it is surely in the bureau's list; zero for never
	presences []tenancy.Presence
}

// certain is the first month at whose end a date surely lies behind, as the panel's tests see it: a year alone counts from
// its December. Zero for no date.
func certain(d period.Date) period.Month {
	if d != 0 && int(d)/100%100 == 0 {
		return period.MonthOf(d.Year(), 12)
	}
	return d.Month()
}

// earlier is the earlier of two months, of which zero is none.
func earlier(a, b period.Month) period.Month {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// home is the place that a month's return counts to, as tenancy.Home says; the enterprise's own org and no park where it
// is nowhere.
func (f *firm) home(m period.Month) (orgPath, park string) {
	i, ok := 0, false
	switch len(f.presences) {
	case 0:
	case 1: // nearly all, and a million times over
		p := &f.presences[0]
		ok = p.Since != 0 && p.Since.Month() <= m && (p.Cleared == 0 || p.Cleared.Month() > m)
	default:
		i, ok = tenancy.Home(f.presences, m)
	}
	if !ok {
		return f.orgPath, ""
	}
	return f.presences[i].OrgPath, string(f.presences[i].Park)
}

// filingFields are the columns of the table of returns, in its order.
var filingFields = []filing.Field{filing.Output, filing.Jobs}

// filed is one enterprise's month in the making, with room for its row.
type filed struct {
	enterprise enterprise.ID
	month      period.Month
	text       string // of the month
	ints       [2]panel.Int
	nature     [2]string
	source     [2]string
	dims       [9]string
	dates      [1]period.Date
}

// filings puts one row per enterprise and month; the feed gives the fields of one together, months in order.
func (l *loading) filings(only filing.Only) error {
	var row filed
	put := l.put[tableFiling]
	err := filing.EachRow(l.ctx, l.r, l.city, only, filingFields, func(v *filing.PanelRow) error {
		if v.Enterprise != row.enterprise || v.Month != row.month {
			if row.enterprise != "" {
				if err := put(row.row(l.view.firms[row.enterprise])); err != nil {
					return err
				}
			}
			l.begin(&row, v)
		}
		i := slices.Index(filingFields, v.Field)
		row.ints[i], row.nature[i], row.source[i] = panel.Some(v.Value), string(v.Nature), v.Source
		return nil
	})
	if err != nil || row.enterprise == "" {
		return err
	}
	return put(row.row(l.view.firms[row.enterprise]))
}

func (l *loading) begin(row *filed, v *filing.PanelRow) {
	row.enterprise, row.ints, row.nature, row.source = v.Enterprise, [2]panel.Int{}, [2]string{}, [2]string{}
	if v.Month == row.month {
		return
	}
	row.month, row.text = v.Month, "/"+v.Month.String()
	row.dates[0] = period.DateOf(v.Month.Year(), v.Month.Month(), 0)
	l.view.months[v.Month] = true
	l.view.First = earlier(l.view.First, v.Month)
}

// row is the panel's row; its slices are used again for the next. An enterprise is always there: the returns' table
// refers to it. Each field keeps its own nature; that of the row is the output's where there is one.
func (f *filed) row(of *firm) panel.Row {
	above, first := "0", 0
	if of.above != 0 && of.above <= f.month {
		above = "1"
	}
	if !f.ints[0].OK {
		first = 1
	}
	orgPath, park := of.home(f.month)
	f.dims = [...]string{orgPath, park, of.industry, string(f.enterprise), f.nature[first], f.source[first], above, f.nature[1], f.source[1]}
	return panel.Row{Key: string(f.enterprise) + f.text, Dims: f.dims[:], Ints: f.ints[:], Dates: f.dates[:]}
}
