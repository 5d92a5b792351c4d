package plausible

import "math"

// Decimal slips are recognised within this distance of the factor's logarithm: 0.35 is a factor of 1.42 either way.
const (
	slipNear = 0.35
	slipFar  = 0.7 // the widest, for rough series: halfway (in steps of logarithms) would be 1.15 between 10 and 100
	// festival is the further spread of a single January or February, whose split moves with the Spring Festival.
	festival = 0.3
	// coherent is the share of a move that a closely tied field must have made too, for the move to be believed.
	coherent = 0.5
)

// jumps looks for values out of line with own past and for mistaken units, month by month, so that what was refused is no
// measure for what follows.
func (fr *frame) jumps() (found []Finding) {
	fr.flagged = make([][]bool, len(fr.in.Fields))
	for f, tr := range fr.tracks {
		fr.flagged[f] = make([]bool, len(fr.entities)*fr.in.Months)
		if tr == nil {
			continue
		}
		tied := fr.tied(f)
		for i := range fr.entities {
			found = append(found, fr.jumpsOf(tr, i, tied)...)
		}
	}
	return found
}

// tied are the fields that a field moves with month by month.
func (fr *frame) tied(f int) (out []int) {
	code := fr.in.Fields[f].Code
	for _, p := range fr.in.Pairs {
		if p.Window != 1 {
			continue
		}
		if p.Numerator == code {
			out = append(out, fr.in.field(p.Denominator))
		}
		if p.Denominator == code {
			out = append(out, fr.in.field(p.Numerator))
		}
	}
	return out
}

func (fr *frame) jumpsOf(tr *track, i int, tied []int) (found []Finding) {
	refused := fr.flagged[tr.f][i*tr.months : (i+1)*tr.months]
	open := -1     // the finding that goes on
	var kind Check // and what it is
	for t := range tr.months {
		if v := fr.entities[i].Values[tr.f][t]; !v.Known || v.V <= 0 {
			continue
		}
		p := fr.base(tr, i, t, refused)
		if p.n < fr.o.MinHistory {
			continue
		}
		s, ok := fr.slip(tr, i, t, p, refused, tied)
		if !ok {
			s, ok = fr.jump(tr, i, t, p, refused, tied)
		}
		switch {
		case ok && s.Check == Slip && open >= 0 && kind == Slip && found[open].Until == fr.month(t)-1 && found[open].Args["factor"] == s.Args["factor"]:
			found[open].Until = s.Until
			found[open].Evidence = append(found[open].Evidence, fr.row(i, tr.f, t))
		case ok:
			open, kind = len(found), s.Check
			found = append(found, s)
		}
		if ok {
			refused[fr.slot(tr, t)] = true
			refused[t] = true
		}
	}
	return found
}

// slip looks at one filed month, also at a January alone, for a mistaken unit.
func (fr *frame) slip(tr *track, i, t int, p past, refused []bool, tied []int) (Finding, bool) {
	v := fr.entities[i].Values[tr.f][t]
	if p.n < baseMonths {
		return Finding{}, false
	}
	y, sigma := tr.y[i*tr.months+t], fr.spreadAt(tr, i, t)
	if tr.flow && fr.month(t).Month() <= 2 {
		y = math.Log(float64(v.V))
		if tr.whole {
			y -= math.Ln2
		} else {
			sigma = math.Hypot(sigma, festival)
		}
	}
	course := tr.course[fr.groups.of[i]][fr.slot(tr, t)]
	d := y - course - p.level
	if math.Abs(d) < fr.o.SlipK*sigma || fr.tiny(tr, i, float64(v.V), d) {
		return Finding{}, false
	}
	if s := fr.slot(tr, t); s >= 12 && known(tr.a[i*tr.months+s-12]) && !refused[s-12] {
		if year := y - course - tr.a[i*tr.months+s-12] - tr.centre[s][fr.groups.of[i]]; year*d <= 0 || math.Abs(year) < math.Abs(d)/2 {
			return Finding{}, false
		}
	}
	for _, factor := range fr.o.SlipFactors {
		ln := math.Log(factor)
		if math.Abs(math.Abs(d)-ln) > min(slipFar, max(slipNear, 3*sigma)) {
			continue
		}
		if factor <= 10 && fr.coherent(i, t, d, tied) {
			continue
		}
		return fr.slipFinding(tr, i, t, slipped{d, sigma, factor, exp(p.level + course), p.months}), true
	}
	return Finding{}, false
}

type slipped struct {
	d, sigma, factor, level float64
	base                    [baseMonths]int
}

func (fr *frame) slipFinding(tr *track, i, t int, s slipped) Finding {
	code := fr.in.Fields[tr.f].Code
	v := fr.entities[i].Values[tr.f][t].V
	if tr.whole && fr.month(t).Month() == 2 {
		s.level *= 2
	}
	key, fixed := "finding.plausible.slip_high", whole(float64(v)/s.factor)
	if s.d < 0 {
		key, fixed = "finding.plausible.slip_low", whole(float64(v)*s.factor)
	}
	span := exp(fr.o.JumpK * s.sigma)
	suggest := Amount{code, fixed}
	return Finding{
		Check: Slip, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(t), Until: fr.month(t), Field: code,
		Score: math.Abs(s.d) / (fr.o.SlipK * s.sigma), Key: key,
		Args: map[string]any{"field": code, "month": fr.month(t).String(), "value": Amount{code, v}, "factor": s.factor, "suggest": suggest,
			"low": Amount{code, whole(s.level / span)}, "high": Amount{code, whole(s.level * span)}},
		Evidence: append(fr.baseRows(tr, i, s.base), fr.row(i, tr.f, t)), Suggest: &suggest,
		Peers: fr.band(i, 1, span),
	}
}

// jump looks at one slot: it must be far from the median of own past and from the last known month, and, where last year's
// month is known, from that too, all to the same side.
func (fr *frame) jump(tr *track, i, t int, p past, refused []bool, tied []int) (Finding, bool) {
	a := tr.a[i*tr.months+t]
	if !known(a) || refused[t] {
		return Finding{}, false
	}
	d := a - p.level
	if (a-p.last)*d <= 0 {
		return Finding{}, false
	}
	sigma := fr.spreadAt(tr, i, t)
	least := min(math.Abs(d), math.Abs(a-p.last))
	k, year := fr.o.JumpAloneK, unknown
	if t >= 12 && known(tr.a[i*tr.months+t-12]) && !refused[t-12] {
		year = a - tr.a[i*tr.months+t-12] - tr.centre[t][fr.groups.of[i]]
		k = fr.o.JumpK
		if year*d <= 0 || math.Abs(year) < fr.o.JumpYearK*tr.year[i] {
			return Finding{}, false
		}
	}
	if least < k*sigma || least < math.Log(fr.o.JumpFactor) || fr.tiny(tr, i, exp(tr.y[i*tr.months+t]), d) || fr.coherent(i, t, d, tied) {
		return Finding{}, false
	}
	return fr.jumpFinding(tr, i, t, jumped{d, sigma, k, least, p.level, year, p.months}), true
}

type jumped struct {
	d, sigma, k, least, level, year float64
	base                            [baseMonths]int
}

func (fr *frame) jumpFinding(tr *track, i, t int, j jumped) Finding {
	code, first := fr.in.Fields[tr.f].Code, fr.opens(tr, t)
	level := exp(j.level + tr.course[fr.groups.of[i]][t])
	value := exp(tr.y[i*tr.months+t])
	key := "finding.plausible.jump_high"
	if j.d < 0 {
		key = "finding.plausible.jump_low"
	}
	if first < t || tr.whole && fr.month(t).Month() == 2 {
		level, value, key = 2*level, 2*value, key+"_first_months"
	}
	span := exp(j.k * j.sigma)
	fields := []int{tr.f}
	evidence := fr.baseRows(tr, i, j.base)
	if known(j.year) {
		evidence = append(fr.rows(i, fields, first-12, t-12), evidence...)
	}
	return Finding{
		Check: Jump, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(first), Until: fr.month(t), Field: code,
		Score: j.least / (j.k * j.sigma), Key: key,
		Args: map[string]any{"field": code, "month": fr.month(first).String(), "until": fr.month(t).String(), "value": Amount{code, whole(value)},
			"low": Amount{code, whole(level / span)}, "high": Amount{code, whole(level * span)}, "factor": tidy(exp(j.d))},
		Evidence: append(evidence, fr.rows(i, fields, first, t)...),
		Peers:    fr.band(i, 1, span),
	}
}

func (fr *frame) baseRows(tr *track, i int, months [baseMonths]int) (out []Row) {
	for k := baseMonths - 1; k >= 0; k-- {
		out = append(out, fr.rows(i, []int{tr.f}, fr.opens(tr, months[k]), months[k])...)
	}
	return out
}

func (fr *frame) band(i int, centre, span float64) *Band {
	g := fr.groups.of[i]
	return &Band{fr.groups.label[g], len(fr.groups.members[g]), tidy(centre), tidy(centre / span), tidy(centre * span)}
}

// fewSteps is the number of grains by which a value must differ: 1 and 2 are a factor of two and no news.
const fewSteps = 10

// tiny says that a value differs from its expected level, at d in logarithms, by few grains only.
func (fr *frame) tiny(tr *track, i int, value, d float64) bool {
	return math.Abs(value-value*exp(-d)) < fewSteps*float64(fr.grain[tr.f][i])
}

// coherent says that a closely tied field made at least half of the same move: a new line, a merger, a month of repairs.
func (fr *frame) coherent(i, t int, d float64, tied []int) bool {
	for _, f := range tied {
		tr := fr.tracks[f]
		if tr == nil {
			continue
		}
		s := fr.slot(tr, t)
		if v := fr.entities[i].Values[f][t]; d < 0 && v.Known && v.V == 0 {
			return true
		}
		p := fr.base(tr, i, s, nil)
		if v := tr.a[i*tr.months+s]; p.n > 0 && known(v) && (v-p.level)*d > 0 && math.Abs(v-p.level) >= coherent*math.Abs(d) {
			return true
		}
	}
	return false
}
