package plausible

import (
	"math"
	"slices"
)

// windowShare is the share of a window's months that must be known in both fields.
const windowShare = 2.0 / 3

// pastRatios is how many earlier months of a ratio make its own course: a year, so that neither the season nor the months
// of starting up pass for it.
const pastRatios = 12

// ratioView is one pair's log ratios and what is usual.
type ratioView struct {
	num, den, window int
	q                []float64   // entity × month: ln(sum of num) − ln(sum of den), unknown where either is not positive
	common           [][]float64 // [month][group]: how the peers' ratios stand against their own usual
	level            []float64   // group: the peers' usual ratio
	between          []float64   // group: spread of the members' usual ratios around it
	within           []float64   // entity: spread of its ratio around its own usual
	own              []float64   // entity: its usual ratio
}

// ratios looks for pairs out of line, against peers and against own course. What a check on own past refused already is
// left out: one mistake, one finding.
func (fr *frame) ratios() (found []Finding) {
	for _, p := range fr.in.Pairs {
		v := fr.view(p)
		for i := range fr.entities {
			found = append(found, fr.outOfLine(v, i)...)
		}
	}
	return found
}

func (fr *frame) view(p Pair) *ratioView {
	v := &ratioView{num: fr.in.field(p.Numerator), den: fr.in.field(p.Denominator), window: p.Window}
	months := fr.in.Months
	v.q = make([]float64, len(fr.entities)*months)
	for i := range fr.entities {
		fr.quotients(v, i, v.q[i*months:(i+1)*months])
	}
	v.own = make([]float64, len(fr.entities))
	x := make([]float64, 0, months)
	for i := range fr.entities {
		v.own[i] = usual(v.q[i*months:(i+1)*months], x)
	}
	buffer := make([]float64, 0, len(fr.entities))
	v.common = make([][]float64, months)
	for t := range months {
		v.common[t] = fr.groups.centres(buffer, func(i int) float64 { return v.q[i*months+t] - v.own[i] })
	}
	v.level = fr.groups.levels(v.own)
	off := make([]float64, len(fr.entities))
	for i := range off {
		off[i] = v.own[i] - v.level[fr.groups.of[i]]
	}
	v.between = fr.groups.spreads(fr.o.SpreadPrior, off, 1, 0, 1)
	fr.withins(v)
	return v
}

// usual is the median of the known values, unknown where there are none.
func usual(q, buffer []float64) float64 {
	x := buffer[:0]
	for _, d := range q {
		if known(d) {
			x = append(x, d)
		}
	}
	if len(x) == 0 {
		return unknown
	}
	return median(x)
}

// withins finds the spreads of the ratios around their own usual ones.
func (fr *frame) withins(v *ratioView) {
	months := fr.in.Months
	d := make([]float64, len(v.q))
	for i := range fr.entities {
		for t := range months {
			d[i*months+t] = v.q[i*months+t] - v.own[i] - v.common[t][fr.groups.of[i]]
		}
	}
	group := fr.groups.spreads(fr.o.SpreadPrior, d, months, 0, 1)
	v.within = make([]float64, len(fr.entities))
	x := make([]float64, 0, months)
	for i := range fr.entities {
		row, of := d[i*months:(i+1)*months], group[fr.groups.of[i]]
		v.within[i] = min(fr.own(row, x, of), max(of, fr.own(fr.steadied(row, v.window), x, of)))
	}
}

// steadied are the differences of values that share no month, over √2: a spread that a changed level does not widen (von
// Neumann 1941). Without it a ratio that has left its course would widen its own band until it fits.
func (fr *frame) steadied(d []float64, window int) []float64 {
	out := make([]float64, len(d))
	for t := range d {
		out[t] = unknown
		if t >= window {
			out[t] = (d[t] - d[t-window]) / math.Sqrt2
		}
	}
	return out
}

// quotients fills the log ratios of an entity over the trailing window. Cells that were refused are left out.
func (fr *frame) quotients(v *ratioView, i int, q []float64) {
	e := fr.entities[i]
	least := int(math.Ceil(windowShare * float64(v.window)))
	for t := range q {
		q[t] = unknown
		a, b, n := 0.0, 0.0, 0
		for s := max(0, t-v.window+1); s <= t; s++ {
			x, y := e.Values[v.num][s], e.Values[v.den][s]
			if x.Known && y.Known && !fr.refused(v.num, i, s) && !fr.refused(v.den, i, s) {
				a, b, n = a+float64(x.V), b+float64(y.V), n+1
			}
		}
		if n >= least && a > 0 && b > 0 {
			q[t] = math.Log(a / b)
		}
	}
}

func (fr *frame) refused(f, i, t int) bool {
	tr := fr.tracks[f]
	return tr != nil && fr.flagged[f][i*fr.in.Months+fr.slot(tr, t)]
}

// outOfLine looks at one entity's ratio, first against peers, else against its own course.
func (fr *frame) outOfLine(v *ratioView, i int) (found []Finding) {
	g := fr.groups.of[i]
	months := fr.in.Months
	q := v.q[i*months : (i+1)*months]
	off := v.own[i] - v.level[g]
	if known(off) && math.Abs(off) >= fr.o.PeersK*v.between[g] && math.Abs(off) >= math.Log(fr.o.PeersFactor) {
		return []Finding{fr.peersFinding(v, i, off)}
	}
	return fr.runs(v, i, q)
}

// runs compares each month with the median of the entity's earlier ratios, less what the peers' ratios did. While a run is
// open its own months are not part of what is usual.
func (fr *frame) runs(v *ratioView, i int, q []float64) (found []Finding) {
	g := fr.groups.of[i]
	past := make([]float64, 0, len(q)) // in order of size
	var run ratioRun
	for t := 0; t <= len(q); t++ {
		if t < len(q) && !known(q[t]) {
			continue // a gap neither ends nor proves a run
		}
		d, off := 0.0, false
		if t < len(q) && len(past) >= pastRatios {
			d = q[t] - v.common[t][g] - middleOf(past)
			off = math.Abs(d) >= fr.o.RatioK*v.within[i] && math.Abs(d) >= math.Log(fr.o.RatioFactor)
		}
		if off && (run.n == 0 || run.d*d > 0) {
			if run.n == 0 {
				run = ratioRun{from: t, level: middleOf(past)}
			}
			run.until, run.n = t, run.n+1
			if math.Abs(d) > math.Abs(run.d) {
				run.d = d
			}
			continue
		}
		if run.n >= fr.o.RatioMonths {
			found = append(found, fr.ratioFinding(v, i, run))
		}
		for s := run.from; run.n > 0 && s < t; s++ {
			past = insert(past, q[s]-v.common[s][g])
		}
		run = ratioRun{}
		if t < len(q) {
			past = insert(past, q[t]-v.common[t][g])
		}
	}
	return found
}

// insert puts a known value into its place.
func insert(sorted []float64, v float64) []float64 {
	if !known(v) {
		return sorted
	}
	at, _ := slices.BinarySearch(sorted, v)
	return slices.Insert(sorted, at, v)
}

func middleOf(sorted []float64) float64 {
	n := len(sorted)
	return sorted[(n-1)/2] + (sorted[n/2]-sorted[(n-1)/2])/2
}

type ratioRun struct {
	from, until, n int
	d, level       float64
}

func (fr *frame) peersFinding(v *ratioView, i int, off float64) Finding {
	g := fr.groups.of[i]
	num, den := fr.in.Fields[v.num].Code, fr.in.Fields[v.den].Code
	first, last := fr.span(v, i)
	centre, span := exp(v.level[g]), exp(fr.o.PeersK*v.between[g])
	key := "finding.plausible.peers_high"
	if off < 0 {
		key = "finding.plausible.peers_low"
	}
	args := map[string]any{"numerator": num, "denominator": den, "month": fr.month(first).String(), "until": fr.month(last).String(),
		"ratio": tidy(exp(v.own[i])), "peers": tidy(centre), "low": tidy(centre / span), "high": tidy(centre * span), "factor": tidy(exp(math.Abs(off)))}
	for _, factor := range fr.o.SlipFactors {
		if factor >= 100 && math.Abs(math.Abs(off)-math.Log(factor)) <= max(slipFar, v.between[g]) {
			key, args["unit"] = key+"_unit", factor
			break
		}
	}
	return Finding{
		Check: Peers, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(first), Until: fr.month(last), Field: num,
		Score: math.Min(math.Abs(off)/(fr.o.PeersK*v.between[g]), maxScore), Key: key, Args: args,
		Evidence: fr.rows(i, []int{v.num, v.den}, first, last),
		Peers:    &Band{fr.groups.label[g], len(fr.groups.members[g]), tidy(centre), tidy(centre / span), tidy(centre * span)},
	}
}

// span is the first and the last month whose ratio is known.
func (fr *frame) span(v *ratioView, i int) (first, last int) {
	first = -1
	for t := range fr.in.Months {
		if known(v.q[i*fr.in.Months+t]) {
			if first < 0 {
				first = t
			}
			last = t
		}
	}
	return first, last
}

func (fr *frame) ratioFinding(v *ratioView, i int, run ratioRun) Finding {
	g := fr.groups.of[i]
	num, den := fr.in.Fields[v.num].Code, fr.in.Fields[v.den].Code
	centre, span := exp(run.level), exp(fr.o.RatioK*v.within[i])
	key := "finding.plausible.ratio_high"
	if run.d < 0 {
		key = "finding.plausible.ratio_low"
	}
	return Finding{
		Check: Ratio, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(run.from), Until: fr.month(run.until), Field: num,
		Score: math.Min(math.Abs(run.d)/(fr.o.RatioK*v.within[i]), maxScore), Key: key,
		Args: map[string]any{"numerator": num, "denominator": den, "month": fr.month(run.from).String(), "until": fr.month(run.until).String(),
			"factor": tidy(exp(math.Abs(run.d))), "low": tidy(centre / span), "high": tidy(centre * span), "usual": tidy(centre),
			"peers": tidy(exp(v.common[run.until][g]))},
		Evidence: fr.rows(i, []int{v.num, v.den}, max(0, run.from-v.window+1-pastRatios), run.until),
		Peers:    &Band{fr.groups.label[g], len(fr.groups.members[g]), tidy(centre), tidy(centre / span), tidy(centre * span)},
	}
}
