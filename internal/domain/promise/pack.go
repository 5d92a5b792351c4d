package promise

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/promises"
)

// Measure is what is promised.
type Measure string

// The measures. Investment counts up, Output and Tax are a year's, Jobs are those at its end.
const (
	Investment Measure = "investment"
	Output     Measure = "output"
	Tax        Measure = "tax"
	Jobs       Measure = "jobs"
)

// Measures lists the measures in the order in which they are shown.
func Measures() []Measure { return []Measure{Investment, Output, Tax, Jobs} }

// Valid says whether m is one of the measures.
func (m Measure) Valid() bool { return slices.Contains(Measures(), m) }

// Basis is what a promised value is per.
type Basis string

// The bases.
const (
	Total Basis = "total"
	PerMu Basis = "per_mu" // of the land used
	PerM2 Basis = "per_m2" // of the floor area taken
)

// Valid says whether b is one of the bases.
func (b Basis) Valid() bool { return b == Total || b == PerMu || b == PerM2 }

// Line is one thing that a rule asks for.
type Line struct {
	Code    string     `yaml:"code"`
	Name    pack.Text  `yaml:"name"`
	Measure Measure    `yaml:"measure"`
	Per     Basis      `yaml:"basis_of"`
	Stated  string     `yaml:"at_least"` // "120 元"
	Clock   Clock      `yaml:"clock"`
	Years   [2]int     `yaml:"years"` // first and last; [0, 0]: in all; a last of 0 after another first: for ever
	Over    string     `yaml:"over"`  // "mean" or "each"
	Basis   pack.Basis `yaml:"basis"`
	Source  string     `yaml:"source"` // where it is another than the pack's
	Value   int64      `yaml:"-"`      // fen, or persons
}

// Pack is one place's rule. It never changes.
type Pack struct {
	Code      string      `yaml:"promise"`
	Place     pack.Text   `yaml:"place"`
	Divisions []string    `yaml:"divisions"` // of the counties that it holds for
	Issuer    string      `yaml:"issuer"`
	Number    string      `yaml:"number"`
	Stated    string      `yaml:"from"`
	Source    string      `yaml:"source"`
	Note      pack.Text   `yaml:"note"`
	Lines     []Line      `yaml:"lines"`
	From      period.Date `yaml:"-"`
}

var shipped = sync.OnceValues(func() ([]*Pack, error) { return LoadFrom(promises.FS) })

// Shipped gives the rules that the product carries, by file name, read the first time. They must not be changed.
func Shipped() ([]*Pack, error) { return shipped() }

// LoadFrom reads every *.yaml of fsys as a pack. Error kind Invalid, key "promise.bad_pack" (arguments about, why).
func LoadFrom(fsys fs.FS) ([]*Pack, error) {
	files, err := pack.Files(fsys)
	if err != nil {
		return nil, fault.Wrap("promise.LoadFrom", err)
	}
	var out []*Pack
	for _, file := range files {
		p := &Pack{}
		err := pack.Strict(file.Body, p)
		if err == nil {
			err = p.finish()
		}
		if err != nil {
			return nil, fault.Because(err, fault.Invalid, "promise.bad_pack", "about", file.Name, "why", err.Error())
		}
		if slices.ContainsFunc(out, func(o *Pack) bool { return o.Code == p.Code }) {
			return nil, bad(file.Name, "the pack is there twice")
		}
		out = append(out, p)
	}
	return out, nil
}

func bad(about, why string) error {
	return fault.New(fault.Invalid, "promise.bad_pack", "about", about, "why", why)
}

func (p *Pack) finish() (err error) {
	if p.From, err = period.ParseDate(p.Stated); err != nil || p.From%100 == 0 {
		return bad(p.Code, "from must be a day")
	}
	for _, s := range []string{p.Code, p.Issuer, p.Number, p.Source, p.Place.ZH, p.Place.EN} {
		if strings.TrimSpace(s) == "" {
			return bad(p.Code, "promise, issuer, number, source and place in both languages are needed")
		}
	}
	if len(p.Lines) == 0 {
		return bad(p.Code, "it has no lines")
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		if slices.ContainsFunc(p.Lines[:i], func(o Line) bool { return o.Code == l.Code }) {
			return bad(l.Code, "the line is there twice")
		}
		if err := l.finish(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Line) finish() error {
	switch first, last := l.Years[0], l.Years[1]; {
	case !l.Measure.Valid() || !l.Per.Valid() || !l.Basis.Valid() || l.Code == "" || l.Name.ZH == "" || l.Name.EN == "":
		return bad(l.Code, "code, name in both languages, measure, basis_of and basis are needed")
	case l.Over != "mean" && l.Over != "each":
		return bad(l.Code, "over is mean or each")
	case first < 0 || last > MaxYear || last != 0 && last < first || l.Over == "mean" && last == 0:
		return bad(l.Code, fmt.Sprint("years are two from 0 to ", MaxYear, ", ascending; a mean needs the last"))
	case (l.Measure == Jobs || l.Measure == Investment) && l.Over == "mean":
		return bad(l.Code, "there is no mean of what counts up or stands at a year's end")
	}
	if _, err := l.Clock.parse(); err != nil {
		return err
	}
	number, symbol, _ := strings.Cut(l.Stated, " ")
	u, err := unit.Of(symbol)
	if err != nil || u.To != l.Measure.Unit() {
		return bad(l.Code, "at_least needs a number and a unit of its measure")
	}
	l.Value, err = u.Parse(number)
	return err
}

// Unit is the canonical unit of a measure.
func (m Measure) Unit() unit.Canonical {
	if m == Jobs {
		return unit.Count
	}
	return unit.Fen
}

// Holds gives the packs that hold on a day for the parks of a county.
func Holds(all []*Pack, division string, day period.Date) (out []*Pack) {
	for _, p := range all {
		if p.From <= day && division != "" && slices.Contains(p.Divisions, division) {
			out = append(out, p)
		}
	}
	return out
}

// Clock says from when years count: "production", "handed_over+6m" (six months later), "at_capacity/year" (from the first full
// calendar year after it).
type Clock string

// ByProduction is the clock of a promise that names none.
const ByProduction Clock = "production"

type clock struct {
	stage    string
	months   int
	calendar bool
}

func (c Clock) parse() (out clock, err error) {
	text := string(c)
	text, out.calendar = strings.CutSuffix(text, "/year")
	stage, after, plus := strings.Cut(text, "+")
	out.stage = stage
	if plus {
		digits, ok := strings.CutSuffix(after, "m")
		if out.months, err = strconv.Atoi(digits); err != nil || !ok || out.months < 1 || out.months > 120 {
			return clock{}, fault.New(fault.Invalid, "promise.bad_clock", "clock", string(c))
		}
	}
	if !pack.PlainName(stage, 40) {
		return clock{}, fault.New(fault.Invalid, "promise.bad_clock", "clock", string(c))
	}
	return out, nil
}

// Stage is the milestone that a clock waits for.
func (c Clock) Stage() string {
	k, err := c.parse()
	if err != nil {
		return ""
	}
	return k.stage
}

// Begins gives the first month of year 1: the first whole month on or after the clock's day, so that a month's return is never
// split. ok is false as long as the milestone was not reached.
func (c Clock) Begins(days map[string]period.Date) (m period.Month, ok bool) {
	k, err := c.parse()
	d := days[k.stage]
	if err != nil || d == 0 || int(d)/100%100 == 0 { // of a year nobody knows the month
		return 0, false
	}
	m = d.Month() + period.Month(k.months)
	if int(d)%100 != 1 {
		m++
	}
	if k.calendar && m.Month() != 1 {
		m = period.MonthOf(m.Year()+1, 1)
	}
	return m, true
}
