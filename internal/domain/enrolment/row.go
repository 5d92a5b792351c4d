package enrolment

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Row is one enterprise on the board. It never changes.
type Row struct {
	enterprise.Facts
	Org      org.Org // the office that works on it: of its home park, else where it is registered
	Park     park.ID // its home park; empty for none
	ParkName string
	ParkPath string // path of that park's office
	Case     Case
	Register Register
	Readiness
	Signs    []Sign
	Notes    []Note
	Tasks    []Task
	firm     *firm
	first    period.Month // of the months that were read
	paths    []string     // of the offices that see it
	gap      float64      // share of the threshold that is still missing
	division string
}

// Note tells where the ledger, the register and the bureau's word do not agree, or what else must be known to read the row.
// Nothing is changed by it.
type Note struct {
	Key  string // enrolment.note.…
	Args map[string]any
}

// Sign is a county's leading sign with the enterprise's own figure.
type Sign struct {
	Leading
	Value *int64 // in the sign's canonical unit; nil: months are missing, or nobody files it
	Known int    // months that are known
	Asked int
	Hit   bool // Value is above; false also where it is not known
}

// Month is what an enterprise filed for one month; nil: nothing.
type Month struct {
	Month                             period.Month
	Revenue, Output, Tax, Electricity *int64
}

// Months gives what was filed of the last n months up to today's, the earliest first; n ≤ 36.
func (r *Row) Months(n int) []Month {
	out := make([]Month, 0, n)
	for i := max(span-n, 0); i < span; i++ {
		m := Month{Month: r.first + period.Month(i)}
		if i < len(r.firm.months) {
			for field, into := range [fieldCount]**int64{&m.Revenue, &m.Output, &m.Tax, &m.Electricity} {
				if r.firm.months[i].known[field] {
					*into = &r.firm.months[i].values[field]
				}
			}
		}
		out = append(out, m)
	}
	return out
}

// Recorded lists all facts of the enterprise, by word and in the order of recording; void ones and those they took back too.
func (r *Row) Recorded() []Fact { return r.firm.facts }

// Sheets are the statements about materials that count, by the material's code.
func (r *Row) Sheets() map[string]Sheet { return latest(r.firm.papers) }

// KnowsRevenue says whether revenue is known of any month that counts for the window.
func (r *Row) KnowsRevenue() bool { return r.filed(r.Case) }

// ShowsPark says whether a scope may know of the home park.
func (r *Row) ShowsPark(s auth.Scope) bool {
	return r.Park != "" && (s.Enterprise == string(r.ID) || s.Within(r.ParkPath))
}

// Seen says whether a scope covers the enterprise: itself, or an office where it is registered or has a tenancy.
func (r *Row) Seen(s auth.Scope) bool {
	if s.None() || s.City != r.City {
		return false
	}
	if s.Enterprise != "" {
		return s.Enterprise == string(r.ID)
	}
	return slices.ContainsFunc(r.paths, s.Within)
}

// row assesses one enterprise on a day.
func (p *Pack) row(l *ledger, at *places, f *firm, today period.Date) *Row {
	r := &Row{Facts: f.Facts, firm: f, first: l.first, Org: at.orgs[f.Org], paths: []string{f.OrgPath}}
	all := make([]tenancy.Presence, len(f.tenancies))
	for i := range f.tenancies {
		t := &f.tenancies[i]
		all[i] = t.Presence()
		if !slices.Contains(r.paths, t.OrgPath) {
			r.paths = append(r.paths, t.OrgPath)
		}
	}
	if i, ok := tenancy.Home(all, today.Month()); ok {
		r.Park, r.ParkPath = all[i].Park, all[i].OrgPath
		r.ParkName, r.Org = at.parks[r.Park].name, at.orgs[org.Leaf(r.ParkPath)]
	}
	r.division = at.division(r.Org.ID)
	r.Register = registerAt(f.facts, f.AboveScaleSince, today)
	r.Case = p.caseOf(l, f, r.Register, today)
	r.Readiness = p.Assess(r.Case, today)
	if r.Sector.Threshold > 0 {
		r.gap = max(0, float64(r.Sector.Threshold-r.Rolling)/float64(r.Sector.Threshold))
	}
	if r.Verdict != InList {
		r.Signs = p.signs(l, f, r.division, today)
	}
	r.Notes = r.notes(today)
	r.Tasks = p.tasks(r, today)
	return r
}

// slim lets go of what View.full makes again.
func (r *Row) slim() *Row {
	r.Case.Revenue, r.Case.Output, r.Case.Papers, r.Blocks, r.Signs, r.Tasks = nil, nil, nil, nil, nil, nil
	return r
}

// caseOf builds the case of an enterprise out of the ledger.
//
// Production is the earliest day of its tenancies that a count uses. Who came to that park from elsewhere in the city was in
// production before, on a day that nobody knows here, and is not new; a move after that takes nothing away.
func (p *Pack) caseOf(l *ledger, f *firm, g Register, today period.Date) Case {
	c := Case{Industry: f.Industry, Enrolled: g.Since, Applied: g.Applied, Base: g.Base, LastYear: g.LastYear,
		Revenue: map[period.Month]int64{}, Output: map[period.Month]int64{}, Papers: map[string]Paper{}}
	for i := range f.tenancies {
		t := &f.tenancies[i]
		switch d := t.Stages[tenancy.Production].Day; {
		case d == 0:
			c.Relocated = c.Relocated || c.Opened == 0 && t.Relocated
		case c.Opened == 0 || d < c.Opened:
			c.Opened, c.Relocated = d, t.Relocated
		case d == c.Opened:
			c.Relocated = c.Relocated || t.Relocated
		}
	}
	if g.Since == 0 && g.Accepted != 0 {
		if g.Accepted > today.Month() {
			c.Enrolled = g.Accepted
		} else { // the month has come; that it is in the list is for the bureau to say
			c.Applied = max(c.Applied, 1)
		}
	}
	for i := range f.months {
		m := l.first + period.Month(i)
		if f.months[i].known[ofRevenue] {
			c.Revenue[m] = f.months[i].values[ofRevenue]
		}
		if f.months[i].known[ofOutput] {
			c.Output[m] = f.months[i].values[ofOutput]
		}
	}
	if c.LastYear == nil {
		c.LastYear = l.yearOf(f, ofOutput, today.Year()-1)
	}
	for code, s := range latest(f.papers) {
		if m, ok := p.Material(code); ok {
			c.Papers[code] = Paper{Have: s.Have, Expires: s.Until(m)}
		}
	}
	return c
}

// yearOf adds up a year; nil where a month is missing.
func (l *ledger) yearOf(f *firm, field, year int) *int64 {
	sum, n := l.sum(f, field, period.MonthOf(year, 1), period.MonthOf(year, 12))
	if n < 12 {
		return nil
	}
	return &sum
}

func (l *ledger) sum(f *firm, field int, from, to period.Month) (sum int64, known int) {
	for m := from; m <= to; m++ {
		if v, ok := l.value(f, field, m); ok {
			sum, known = sum+v, known+1
		}
	}
	return sum, known
}

// signMonths is how many months back the latest filed month of a sign is looked for.
const signMonths = 3

// signs holds the leading signs of a county against what the enterprise filed: the twelve months up to the latest that it
// filed, or that month alone.
func (p *Pack) signs(l *ledger, f *firm, county string, today period.Date) (out []Sign) {
	for _, lead := range p.Leading {
		if lead.County != county || county == "" {
			continue
		}
		s := Sign{Leading: lead, Asked: 12}
		if lead.Over == "month" {
			s.Asked = 1
		}
		if field := slices.IndexFunc(fields[:], func(x filing.Field) bool { return string(x) == lead.Sign }); field >= 0 {
			to := today.Month() - 1
			for m := to; m > to-signMonths; m-- {
				if _, known := l.value(f, field, m); known {
					to = m
					break
				}
			}
			sum, known := l.sum(f, field, to-period.Month(s.Asked)+1, to)
			if s.Known = known; known == s.Asked {
				s.Value, s.Hit = &sum, sum > lead.Above
			}
		}
		out = append(out, s)
	}
	return out
}

// notes tells what does not agree.
func (r *Row) notes(today period.Date) (out []Note) {
	say := func(key string, kv ...any) {
		n := Note{Key: "enrolment.note." + key, Args: map[string]any{}}
		for i := 0; i+1 < len(kv); i += 2 {
			n.Args[kv[i].(string)] = kv[i+1]
		}
		out = append(out, n)
	}
	var inLedger period.Date
	for i := range r.firm.tenancies {
		if d := r.firm.tenancies[i].Stages[tenancy.Enrolled].Day; d != 0 && d <= today && (inLedger == 0 || d < inLedger) {
			inLedger = d
		}
	}
	g := r.Register
	switch {
	case inLedger != 0 && g.Since == 0:
		say("ledger_only", "day", inLedger.String())
	case inLedger == 0 && g.Since != 0 && len(r.firm.tenancies) > 0:
		say("list_only", "month", g.Since.String())
	case r.Case.Relocated && g.Since < inLedger.Month(): // it was in the list before it moved here
	case inLedger != 0 && inLedger%10000 != 0 && inLedger.Month() != g.Since:
		say("other_month", "month", g.Since.String(), "day", inLedger.String())
	}
	if g.Gone != 0 {
		say("delisted", "month", g.Gone.String())
	}
	if g.Since != 0 && !g.ByFact {
		say("register_only", "month", g.Since.String())
	}
	if g.Accepted != 0 && g.Accepted <= today.Month() {
		say("accepted_open", "month", g.Accepted.String())
	}
	if r.Case.Relocated {
		say("relocated")
	}
	return out
}

// rank puts what decides the year before what does not.
func (r *Row) rank() int {
	switch r.Verdict {
	case Ready, Preparing, Misses:
		return 0
	case Waiting:
		return 1
	case Below, Unknown:
		return 2
	case Licence, NoSector:
		return 3
	default:
		return 4
	}
}

// compareRows puts the nearest window first, within it what is nearest to the threshold.
func compareRows(a, b *Row) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Window.Closes, b.Window.Closes), cmp.Compare(a.gap, b.gap), cmp.Compare(a.Late, b.Late), cmp.Compare(a.ID, b.ID))
}
