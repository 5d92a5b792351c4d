package plausible

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The fields of the back-test's returns. The steps are those of the usual forms: output in 千元, tax in 万元 with two
// decimals, electricity in 万千瓦时 with two decimals.
const (
	fOutput = iota
	fTax
	fJobs
	fElectricity
	fTotal
	fields
)

var cityFields = []Field{
	{Code: "output", Step: 100_000},
	{Code: "tax", Step: 10_000, Signed: true},
	{Code: "jobs", Measure: Stock, Step: 1, NeverZero: true, Sticky: true},
	{Code: "electricity", Step: 100},
	{Code: "output_ytd", Measure: YearToDate, Of: "output", Step: 100_000},
}

// springFestival is the Gregorian date of the first day of the Chinese year as yyyymmdd (State Council holiday notices).
var springFestival = map[int]int{2021: 20210212, 2022: 20220201, 2023: 20230122, 2024: 20240210, 2025: 20250129, 2026: 20260217}

// city is a made-up city of honest returns. Numbers without a source are chosen to look like small manufacturers: sizes
// spread by a factor of three either way, monthly noise of 5 to 20 percent with heavy tails, tax paid late and in lumps.
type city struct {
	first   period.Month
	months  int
	firms   []*firm
	targets []Target
	branch  []branch
	noise   float64
}

// branch is an industry.
type branch struct {
	season    [12]float64 // share of a month, mean 1, without the Spring Festival
	growth    float64     // per month, logarithm
	intensity float64     // kWh per fen of output; 5e-4 is 0.05 kWh per yuan
	perHead   float64     // fen of output per head and month
	taxRate   float64
}

type firm struct {
	id      string
	branch  int
	groups  []string
	origins []Origin
	start   int // first month of production
	end     int // first month without it
	v       [fields][]Value
}

// filed says that anything was filed for month t.
func (e *firm) filed(t int) bool {
	for f := range e.v {
		if e.v[f][t].Known {
			return true
		}
	}
	return false
}

func makeCity(seed uint64, o BackTestOptions) *city {
	random := rand.New(rand.NewPCG(seed, 0x706c6175736962))
	c := &city{first: period.MonthOf(2022, 7), months: o.Months, noise: o.Noise}
	for range 6 {
		c.branch = append(c.branch, makeBranch(random))
	}
	for n := range o.Entities {
		c.firms = append(c.firms, c.makeFirm(random, n))
	}
	c.agents(random)
	for _, e := range c.firms {
		c.aim(random, e)
	}
	return c
}

func makeBranch(r *rand.Rand) branch {
	b := branch{growth: r.Float64()*0.012 - 0.002, intensity: 5e-4 * math.Exp(r.NormFloat64()*0.7),
		perHead: 8e6 * math.Exp(r.NormFloat64()*0.3), taxRate: 0.02 + 0.03*r.Float64()}
	amplitude, peak := 0.05+0.15*r.Float64(), r.Float64()*12
	for m := range b.season {
		b.season[m] = 1 + amplitude*math.Cos((float64(m)-peak)*math.Pi/6)
	}
	return b
}

// festivalShare is what is left of January and February: about 13 days of standstill, shared by date.
func festivalShare(m period.Month) float64 {
	day, ok := springFestival[m.Year()]
	if !ok || m.Month() > 2 {
		return 1
	}
	start := day%100 - 4 // works close a few days before
	if day/100%100 == 2 {
		start += 31
	}
	lo, hi := 1, 31
	if m.Month() == 2 {
		lo, hi = 32, 59
	}
	off := max(0, min(hi, start+12)-max(lo, start)+1)
	return 1 - 0.95*float64(off)/float64(hi-lo+1)
}

// life is the level of a firm's activity over the months, with ramps, repairs, new lines and closures.
func (c *city) life(r *rand.Rand, e *firm) []float64 {
	level := make([]float64, c.months)
	e.start, e.end = -60, c.months
	ramp := 4 + r.IntN(9)
	if r.Float64() < 0.2 {
		e.start = r.IntN(c.months * 3 / 4)
	}
	if r.Float64() < 0.04 {
		e.end = max(e.start+6, c.months/2+r.IntN(c.months/2))
	}
	newLine, factor := -1, 1.5+r.Float64()
	if r.Float64() < 0.06 {
		newLine = r.IntN(c.months)
	}
	wind := 1 + r.IntN(4)
	for t := range level {
		if t < e.start || t >= e.end {
			continue
		}
		level[t] = min(1, 0.15+0.85*float64(t-e.start+1)/float64(ramp))
		if left := e.end - t; e.end < c.months && left < wind {
			level[t] *= float64(left) / float64(wind+1)
		}
		if newLine >= 0 && t >= newLine {
			level[t] *= factor
		}
	}
	return level
}

// shake is a random movement with heavy tails.
func (c *city) shake(r *rand.Rand, sigma float64) float64 {
	x := r.NormFloat64()
	if r.Float64() < 0.04 {
		x *= 2.5
	}
	return math.Exp(x * sigma * c.noise)
}

func (c *city) makeFirm(r *rand.Rand, n int) *firm {
	e := &firm{id: fmt.Sprintf("E%05d", n), branch: r.IntN(len(c.branch))}
	b := c.branch[e.branch]
	size := 3e8 * math.Exp(r.NormFloat64()*1.2) // fen of output a month
	class := "small"
	if size > 8e8 {
		class = "large"
	}
	name := fmt.Sprintf("C%02d", 13+e.branch)
	e.groups = []string{name + "/" + class, name, "C"}
	level := c.life(r, e)
	for f := range e.v {
		e.v[f] = make([]Value, c.months)
	}
	c.fill(r, e, b, level, size)
	c.leaveOut(r, e)
	e.total(c.first)
	return e
}

func (c *city) fill(r *rand.Rand, e *firm, b branch, level []float64, size float64) {
	sigma, power := 0.05+0.15*r.Float64(), b.intensity*math.Exp(r.NormFloat64()*0.5)
	rate, heads := b.taxRate*math.Exp(r.NormFloat64()*0.5), size/b.perHead*math.Exp(r.NormFloat64()*0.3)
	growth := b.growth + r.NormFloat64()*0.006*c.noise
	closedAsZero := r.Float64() < 0.5
	before, quarter := 0.0, 0.0
	for t := range c.months {
		m := c.first + period.Month(t)
		if t < e.start || t >= e.end && (!closedAsZero || t > e.end+6) {
			continue
		}
		active := level[t] * b.season[m.Month()-1] * festivalShare(m) * math.Exp(growth*float64(t))
		repair, repairPower := 1.0, 1.0
		if r.Float64() < 0.01 {
			repair = 0.3 + 0.4*r.Float64()
			repairPower = repair + 0.1
		}
		out := size * active * repair * c.shake(r, sigma)
		kwh := power * size * (0.12*min(1, level[t]) + 0.88*math.Pow(active, 0.95)) * repairPower * c.shake(r, 0.05+sigma/3)
		tax := rate * before * 0.6 * c.shake(r, 0.25)
		if m.Month()%3 == 1 {
			tax += rate * quarter * 0.4 * c.shake(r, 0.5)
			quarter = 0
		}
		if r.Float64() < 0.02 {
			tax = -tax * r.Float64()
		}
		before, quarter = out, quarter+out
		e.v[fOutput][t], e.v[fElectricity][t], e.v[fTax][t] = round(out, cityFields[fOutput].Step), round(kwh, cityFields[fElectricity].Step), round(tax, cityFields[fTax].Step)
		heads *= math.Exp(0.3*growth + r.NormFloat64()*0.01*c.noise)
		e.v[fJobs][t] = Some(max(1, int64(heads*math.Sqrt(max(level[t], 0.02)))))
	}
	if r.Float64() < 0.1 { // an honest rounder: whole 万元
		for t, v := range e.v[fOutput] {
			if v.Known {
				e.v[fOutput][t] = round(float64(v.V), 1_000_000)
			}
		}
	}
}

func round(x float64, step int64) Value { return Some(int64(math.Round(x/float64(step))) * step) }

// leaveOut makes cells and months missing, and the electricity of those whose landlord pays it.
func (c *city) leaveOut(r *rand.Rand, e *firm) {
	landlord := r.Float64() < 0.03
	for t := range c.months {
		month := r.Float64() < 0.01
		for f := range fTotal {
			if r.Float64() < 0.01 || month || f == fElectricity && landlord {
				e.v[f][t] = Value{}
			}
		}
	}
}

// total adds the months of each year up; a missing month makes the following totals those of the books, which the return
// cannot know, so they are left out.
func (e *firm) total(first period.Month) {
	sum, whole := int64(0), false
	for t, v := range e.v[fOutput] {
		if (first + period.Month(t)).Month() == 1 {
			sum, whole = 0, true
		}
		whole = whole && v.Known
		e.v[fTotal][t] = Value{}
		if whole {
			sum += v.V
			e.v[fTotal][t] = Some(sum)
		}
	}
}

// agents are book-keepers that file for two to four firms from one device.
func (c *city) agents(r *rand.Rand) {
	for n := 0; n < len(c.firms)/30; n++ {
		for range 2 + r.IntN(3) {
			e := c.firms[r.IntN(len(c.firms))]
			if len(e.origins) == 0 {
				e.origins = []Origin{{Kind: "device", Label: fmt.Sprintf("agent-%d", n)}}
			}
		}
	}
}

// aim gives each firm a target for its output of 2024: what it made, more or less, rounded as offices do.
func (c *city) aim(r *rand.Rand, e *firm) {
	from := period.MonthOf(2024, 1)
	sum := 0.0
	for t := max(0, int(from-c.first)); t < min(c.months, int(from-c.first)+12); t++ {
		sum += float64(e.v[fOutput][t].V)
	}
	goal := sum * (0.85 + 0.4*r.Float64())
	if goal <= 0 {
		return
	}
	unit := math.Pow(10, math.Floor(math.Log10(goal))-2)
	c.targets = append(c.targets, Target{Entity: e.id, Field: "output", From: from, Month: from + 11, Value: round(math.Round(goal/unit)*unit, cityFields[fOutput].Step).V})
}

func (c *city) input() Input {
	in := Input{
		First: c.first, Months: c.months, Fields: cityFields, Targets: c.targets,
		Needs: []Need{{If: "output", Then: "electricity"}},
		Pairs: []Pair{{"output", "electricity", 1}, {"output", "jobs", 1}, {"output", "tax", 12}},
	}
	for _, e := range c.firms {
		in.Entities = append(in.Entities, Entity{ID: e.id, Groups: e.groups, Origins: e.origins, Values: e.v[:]})
	}
	return in
}
