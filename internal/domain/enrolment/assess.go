package enrolment

import (
	"cmp"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Paper is what an enterprise has of one material.
type Paper struct {
	Have    bool
	Expires period.Date // zero: as long as the material lasts, or for ever
}

// Case is what is known of one enterprise.
type Case struct {
	Industry  industry.Code
	Opened    period.Date  // in production since; zero: not, or not known
	Relocated bool         // it came from elsewhere in the city: never new
	Enrolled  period.Month // in the list since; zero: not. The statistics bureau's word only
	Applied   period.Date  // handed in
	Revenue   map[period.Month]int64
	Output    map[period.Month]int64
	LastYear  *int64 // last year's output as it was reported; nil: not known
	Base      *int64 // last year's output that the bureau will compare with; nil: not known
	Papers    map[string]Paper
}

// Verdict is the answer in a word.
type Verdict string

// The verdicts.
const (
	InList    Verdict = "in_list"   // nothing to do
	Waiting   Verdict = "waiting"   // handed in, the bureau has the word
	NoSector  Verdict = "no_sector" // the industry is not known, or none that counts
	Licence   Verdict = "licence"   // not by revenue but by licence or activity
	Ready     Verdict = "ready"     // can be handed in now
	Preparing Verdict = "preparing" // something is missing and can be there in time
	Misses    Verdict = "misses"    // the window will be missed by Late days
	Below     Verdict = "below"     // the threshold is not in sight
	Unknown   Verdict = "unknown"   // too little is known
)

// Path is the way into the list.
type Path string

// The paths.
const (
	ByMonth Path = "monthly" // new: any month's window
	ByYear  Path = "yearly"  // grown: the batches at the year's end
)

// Block is something that is in the way. Keys: enrolment.block.threshold, .periods, .material, .expired, .base. Of a material the
// argument recorded says whether anybody stated that it is missing; of one that nobody spoke of it is not known, and counts as
// to be got from nothing. Of the threshold the argument filed says whether any revenue is known.
type Block struct {
	Key  string
	Args map[string]any
	Due  period.Date // last day to begin with it for the window
	Done period.Date // first day on which it can be out of the way; zero: not in sight
}

// Readiness is what Assess says.
type Readiness struct {
	Verdict   Verdict
	Path      Path
	Sector    Sector
	Window    Window
	Last      period.Month // last month whose figures count for the window
	First     period.Month // first of them
	Rolling   int64        // revenue of the known months of them
	Known     int          // months with revenue and output
	Asked     int          // months that are asked for
	Met       bool         // Rolling reaches the threshold
	MetIn     period.Month // first month by which it did; zero when it did not
	Blocks    []Block
	ReadyOn   period.Date // when nothing is in the way any more; zero: not in sight
	Late      int         // days by which the window is missed
	Reachable Window      // of one that is missed: the first that can be made; zero: none within two years
	Relocated bool        // it counts as enrolled and never as newly enrolled
}

// Assess says how ready an enterprise is on a day. The window is the next one that has not closed; whoever cannot make it
// is told by how many days, and by what.
func (p *Pack) Assess(c Case, today period.Date) Readiness {
	r := Readiness{Relocated: c.Relocated}
	sector, ok := p.SectorOf(c.Industry)
	r.Sector = sector
	switch {
	case c.Enrolled != 0 && c.Enrolled <= today.Month():
		r.Verdict = InList
		return r
	case c.Enrolled != 0: // accepted, from a month to come on
		r.Verdict = Waiting
		return r
	case !ok:
		r.Verdict = NoSector
		return r
	}
	if sector.Threshold == 0 {
		r.Verdict = Licence
		return r
	}
	path, window := p.next(c, today, today)
	p.count(&r, c, path, window)
	if c.Applied != 0 {
		r.Verdict = Waiting
		return r
	}
	p.blocks(&r, c, today)
	r.conclude(today)
	if r.Verdict == Misses {
		r.Reachable = p.reachable(r, c, today)
	}
	return r
}

// next chooses path and window: the first that closes on a day or later. Who came from elsewhere in the city is not new.
func (p *Pack) next(c Case, today, from period.Date) (Path, Window) {
	if c.Opened != 0 && !c.Relocated && c.Opened <= today {
		w := windows(p.Monthly.Batches, from)[0]
		if w.Batch-c.Opened.Month() <= period.Month(p.Monthly.NewFor) {
			return ByMonth, w
		}
	}
	return ByYear, windows(p.Yearly.Batches, from)[0]
}

// count looks at the months that a window asks for.
func (p *Pack) count(r *Readiness, c Case, path Path, w Window) {
	r.Path, r.Window = path, w
	r.Last = r.Window.Closes.Month() - 1
	r.First = r.Last - period.Month(p.Periods) + 1
	if r.Path == ByMonth {
		r.First = max(r.First, c.Opened.Month())
	}
	r.Asked = max(int(r.Last-r.First)+1, 0)
	p.revenue(r, c)
}

// reachableWithin is how many windows after a missed one are tried: more than two years of either path.
const reachableWithin = 24

// reachable gives the first window after a missed one that can be made.
func (p *Pack) reachable(missed Readiness, c Case, today period.Date) Window {
	from := plus(missed.Window.Closes, 1)
	for range reachableWithin {
		path, w := p.next(c, today, from)
		r := Readiness{Sector: missed.Sector}
		p.count(&r, c, path, w)
		p.blocks(&r, c, today)
		r.conclude(today)
		if r.ReadyOn != 0 && r.ReadyOn <= w.Closes {
			return w
		}
		from = plus(w.Closes, 1)
	}
	return Window{}
}

// revenue adds up the months that count.
func (p *Pack) revenue(r *Readiness, c Case) {
	for m := r.First; m <= r.Last; m++ {
		v, known := c.Revenue[m]
		if _, output := c.Output[m]; known && output {
			r.Known++
		}
		r.Rolling += v
		if r.MetIn == 0 && r.Rolling >= r.Sector.Threshold {
			r.MetIn = m
		}
	}
	r.Met = r.Rolling >= r.Sector.Threshold // a refund may take it back
	if !r.Met {
		r.MetIn = 0
	}
}

func (p *Pack) blocks(r *Readiness, c Case, today period.Date) {
	if !r.Met {
		done := p.reaches(*r, c)
		r.block("threshold", r.Window.Closes, done, "revenue", r.Rolling, "threshold", r.Sector.Threshold, "last", r.Last.String(), "filed", r.filed(c))
	}
	if r.Known < r.Asked {
		done := plus(max(today, (r.Last+1).First()), 1) // a month can be filed when it is over
		r.block("periods", minus(r.Window.Closes, 1), done, "known", r.Known, "asked", r.Asked)
	}
	if c.LastYear != nil && c.Base != nil && *c.LastYear != *c.Base {
		r.block("base", minus(r.Window.Closes, p.MendDays), plus(today, p.MendDays), "reported", *c.LastYear, "base", *c.Base)
	}
	for _, m := range p.Materials {
		paper, recorded := c.Papers[m.Code]
		switch due, done := minus(r.Window.Closes, m.Takes), plus(today, m.Takes); {
		case !paper.Have:
			r.block("material", due, done, "material", m.Code, "recorded", recorded)
		case paper.Expires != 0 && paper.Expires < r.Window.Closes:
			r.block("expired", due, done, "material", m.Code, "expires", paper.Expires.String())
		}
	}
	slices.SortStableFunc(r.Blocks, func(a, b Block) int { return cmp.Compare(a.Due, b.Due) })
}

// filed says whether revenue is known of any month that counts.
func (r *Readiness) filed(c Case) bool {
	for m := r.First; m <= r.Last; m++ {
		if _, known := c.Revenue[m]; known {
			return true
		}
	}
	return false
}

func (r *Readiness) block(key string, due, done period.Date, kv ...any) {
	b := Block{Key: "enrolment.block." + key, Args: map[string]any{}, Due: due, Done: done}
	for i := 0; i+1 < len(kv); i += 2 {
		b.Args[kv[i].(string)] = kv[i+1]
	}
	r.Blocks = append(r.Blocks, b)
}

// paceMonths is how many of the latest known months say how fast the revenue grows.
const paceMonths = 3

// paceWithin is how many months before the window's last are searched for them.
const paceWithin = 24

// reaches estimates the first day on which the revenue can be shown to reach the threshold, with the pace of the latest known
// months for those to come: the day after the month by which the last twelve add up to it. Zero when that is not within a
// year after the window.
func (p *Pack) reaches(r Readiness, c Case) period.Date {
	last, pace := p.pace(c, r.Last)
	if pace <= 0 {
		return 0
	}
	at := func(m period.Month) int64 {
		if v, ok := c.Revenue[m]; ok || m <= last { // a month that nobody filed adds nothing
			return v
		}
		return pace
	}
	for m := r.Last; m <= r.Last+12; m++ {
		first := m - period.Month(p.Periods) + 1
		if r.Path == ByMonth {
			first = max(first, c.Opened.Month())
		}
		sum := int64(0)
		for k := first; k <= m; k++ {
			sum += at(k)
		}
		if sum >= r.Sector.Threshold {
			return (m + 1).First()
		}
	}
	return 0
}

// pace is the mean of the latest three known months up to a month, and the latest of them; fewer than three say nothing.
func (p *Pack) pace(c Case, until period.Month) (last period.Month, mean int64) {
	var sum int64
	n := 0
	for m := until; m > until-paceWithin && n < paceMonths; m-- {
		if v, ok := c.Revenue[m]; ok {
			last, sum, n = max(last, m), sum+v, n+1
		}
	}
	if n < paceMonths {
		return last, 0
	}
	return last, sum / paceMonths
}

func (r *Readiness) conclude(today period.Date) {
	r.ReadyOn = today
	for _, b := range r.Blocks {
		if b.Done == 0 {
			r.ReadyOn = 0
			break
		}
		r.ReadyOn = max(r.ReadyOn, b.Done)
	}
	switch {
	case len(r.Blocks) == 0:
		r.Verdict = Ready
	case r.ReadyOn == 0 && r.Known == 0:
		r.Verdict = Unknown
	case r.ReadyOn == 0:
		r.Verdict = Below
	case r.ReadyOn > r.Window.Closes:
		r.Verdict, r.Late = Misses, days(r.Window.Closes, r.ReadyOn)
	default:
		r.Verdict = Preparing
	}
}

func at(d period.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month().Month()), max(1, int(d)%100), 0, 0, 0, 0, time.UTC)
}

func plus(d period.Date, n int) period.Date {
	t := at(d).AddDate(0, 0, n)
	return period.DateOf(t.Year(), int(t.Month()), t.Day())
}

func minus(d period.Date, n int) period.Date { return plus(d, -n) }

func days(from, to period.Date) int { return int(at(to).Sub(at(from)).Hours() / 24) }
