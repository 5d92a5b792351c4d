package demo

import "github.com/parkbrain/parkbrain/internal/kit/period"

// filed is what an enterprise files for one month.
type filed struct {
	month  period.Month
	output int64 // fen
	jobs   int64
}

// returns makes an enterprise's filings.
type returns struct {
	seed        uint64
	first, last period.Month
	tenants     []tenant
	rest        int // the enterprise that takes what rounding leaves, in the last month of the calibrated year
	restFen     int64
}

// work is how much of a year's output at full work falls in one month, in parts of perYear: the season, how far production
// has ramped up since it began, and a little noise.
type work struct {
	month       period.Month
	parts, ramp int64 // ramp in percent; 0 before production
	fitting     bool  // handed over and not yet in production
	staff       int64 // noise of the head count in percent
}

const perYear = 1000 * 100 * 100 // season in permille, ramp and noise in percent

// months calls yield with every month of the window in order.
func (r returns) months(i int, f firm, yield func(work)) {
	s := newSource(r.seed, 1_000_000+uint64(i))
	var produced, handed period.Month
	for _, k := range f.tenants {
		t := r.tenants[k]
		produced, handed = earliest(produced, t.day("production")), earliest(handed, t.day("handed_over"))
	}
	for m := r.first; m <= r.last; m++ {
		w := work{month: m, staff: s.between(95, 105)}
		noise := s.between(92, 108)
		if produced != 0 && m >= produced {
			w.ramp = min(100, 60+5*int64(m-produced))
			w.parts = season[m.Month()-1] * w.ramp * noise
		}
		w.fitting = w.ramp == 0 && handed != 0 && m >= handed
		yield(w)
	}
}

// of calls yield with what an enterprise files, month by month.
func (r returns) of(i int, f firm, yield func(filed)) {
	r.months(i, f, func(w work) {
		out := filed{month: w.month, output: mulDiv(f.rate, w.parts, perYear*step) * step}
		if i == r.rest && w.month == calibratedEnd {
			out.output += r.restFen
		}
		switch full := f.rate / f.trade.perJob; {
		case w.ramp > 0:
			out.jobs = max(6, full*w.ramp/100*w.staff/100)
		case w.fitting:
			out.jobs = max(2, full/10*w.staff/100)
		}
		yield(out)
	})
}

func earliest(a period.Month, d period.Date) period.Month {
	if d != 0 && (a == 0 || d.Month() < a) {
		return d.Month()
	}
	return a
}

// step is what filed money is rounded down to: 1,000 yuan.
const step = 100_000

// calibrate sets what the enrolled enterprises make so that the city's output of the calibrated year is total: what the
// others leave of it goes to the units as floorPermille says, and inside a unit to its enrolled enterprises by their
// extra. Without an enrolled enterprise that produces, the total is what it is.
func calibrate(r returns, firms []firm, total int64) returns {
	units, at := []*place{}, map[string]*place{}
	var given int64
	for i, f := range firms {
		u := at[f.org]
		if u == nil {
			u = &place{org: f.org}
			at[f.org] = u
			units = append(units, u)
		}
		r.months(i, f, func(w work) {
			if w.month.Year() == calibratedYear {
				u.given += mulDiv(f.rate, w.parts, perYear)
				u.shares += w.parts * f.extra
			}
		})
	}
	weights, all := make([]int64, len(units)), int64(0)
	for _, u := range units {
		given += u.given
		all += permilleOf(u.org)
	}
	for i, u := range units {
		if u.shares > 0 {
			weights[i] = max(1, mulDiv(total, permilleOf(u.org), all)-u.given)
		}
	}
	for i, rest := range share(max(0, total-given), weights) {
		units[i].rest = rest
	}
	for i, f := range firms {
		if u := at[f.org]; f.extra > 0 && u.shares > 0 {
			firms[i].rate += mulDiv(u.rest, f.extra*perYear, u.shares)
		}
	}
	return r.balanced(firms, total)
}

// place is what calibrate knows of a reporting unit.
type place struct {
	org    string
	given  int64 // fen that its enterprises make without their extra
	shares int64 // of its enrolled ones: extra times work of the calibrated year
	rest   int64 // fen that their extra shares
}

// balanced gives what rounding leaves to the largest enterprise, so that the total is met to the fen. A city too small to
// have enrolled enterprises keeps what it makes.
func (r returns) balanced(firms []firm, total int64) returns {
	made, largest := int64(0), -1
	for i, f := range firms {
		r.of(i, f, func(v filed) {
			if v.month.Year() == calibratedYear {
				made += v.output
			}
			if v.month == calibratedEnd && v.output > 0 && f.extra > 0 && (largest < 0 || f.rate > firms[largest].rate) {
				largest = i
			}
		})
	}
	if largest >= 0 && total > made {
		r.rest, r.restFen = largest, total-made
	}
	return r
}
