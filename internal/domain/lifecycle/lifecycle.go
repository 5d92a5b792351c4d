package lifecycle

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	course "github.com/parkbrain/parkbrain/internal/engine/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/lifecycles"
)

// Of says what passes a lifecycle.
type Of string

// What passes one.
const (
	OfTenancy Of = "tenancy"
	OfProject Of = "project"
)

// Field is something that guards may ask about.
type Field struct {
	Field string    `yaml:"field"`
	Kind  string    `yaml:"kind"` // quantity, truth, date, month or word
	Unit  string    `yaml:"unit"` // of a quantity
	Name  pack.Text `yaml:"name"`
}

// Stage is one step, as the file says it; see engine/lifecycle for the meaning.
type Stage struct {
	Code     string     `yaml:"code"`
	Name     pack.Text  `yaml:"name"`
	After    []string   `yaml:"after"`
	Unless   []string   `yaml:"unless"`
	Optional bool       `yaml:"optional"`
	End      bool       `yaml:"end"`
	Guard    string     `yaml:"guard"`
	Message  pack.Text  `yaml:"message"` // what a guard that does not hold says
	Deemed   *Deemed    `yaml:"deemed"`
	Basis    pack.Basis `yaml:"basis"`
	Source   string     `yaml:"source"` // needed where established
}

// Deemed says when a stage counts as entered without anybody's word.
type Deemed struct {
	From   string     `yaml:"from"`
	Months int        `yaml:"months"`
	Days   int        `yaml:"days"`
	Basis  pack.Basis `yaml:"basis"`
	Source string     `yaml:"source"`
}

// Pack is one lifecycle as it holds from a day on. It never changes; safe for concurrent use.
type Pack struct {
	Code      string
	Of        Of
	Name      pack.Text
	Issuer    string
	Number    string
	From      period.Date
	Suspended pack.Text // what a pause is called
	Fields    []Field
	Stages    []Stage // in the order in which they are shown
	Body      string  // the file
	course    *course.Course
}

// Course is the machine of the pack.
func (p *Pack) Course() *course.Course { return p.course }

// Stage finds a stage; nil when there is none of that code. It must not be changed.
func (p *Pack) Stage(code string) *Stage {
	if i := slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Code == code }); i >= 0 {
		return &p.Stages[i]
	}
	return nil
}

// Values puts facts, by field, into the order in which the guards read them. What is not among the facts is missing; facts
// that no guard asks about are left out.
func (p *Pack) Values(facts map[string]rule.Value) []rule.Value {
	values := p.course.Values()
	for i, in := range p.course.Inputs() {
		values[i] = facts[in.Name]
	}
	return values
}

// Library is the lifecycles of a city in all their versions. It never changes; safe for concurrent use.
type Library struct {
	codes   []string
	shipped map[string][]*Pack // by code, the latest From last
	city    map[string][]*Pack
}

var shipped = sync.OnceValues(func() (*Library, error) { return LoadFrom(lifecycles.FS) })

// Shipped gives the lifecycles that the product carries, read the first time. Errors: as LoadFrom gives them.
func Shipped() (*Library, error) { return shipped() }

// With gives the library with a city's own versions as well. From its day on a city's version goes before every shipped one
// of its code. It must keep the stages of the version that it follows, since history is told by them, and what passes it.
//
// Errors: Invalid "lifecycle.twice" (lifecycle, from), "lifecycle.stage_gone" (lifecycle, stage), "lifecycle.other_of"
// (lifecycle).
func (l *Library) With(packs ...*Pack) (*Library, error) {
	out := &Library{codes: slices.Clone(l.codes), shipped: l.shipped, city: maps.Clone(l.city)}
	packs = slices.Clone(packs)
	slices.SortStableFunc(packs, func(a, b *Pack) int { return cmp.Compare(a.From, b.From) })
	for _, p := range packs {
		if before, err := out.For(p.Code, p.From); err == nil {
			if err := p.follows(before); err != nil {
				return nil, fault.Wrap("lifecycle.With", err)
			}
		}
		var err error
		if out.city[p.Code], err = insert(out.city[p.Code], p); err != nil {
			return nil, fault.Wrap("lifecycle.With", err)
		}
		out.name(p.Code)
	}
	return out, nil
}

// insert keeps the versions of a code in their order.
func insert(to []*Pack, p *Pack) ([]*Pack, error) {
	i, twice := slices.BinarySearchFunc(to, p.From, func(q *Pack, from period.Date) int { return cmp.Compare(q.From, from) })
	if twice {
		return nil, fault.New(fault.Invalid, "lifecycle.twice", "lifecycle", p.Code, "from", p.From.String())
	}
	return slices.Insert(slices.Clone(to), i, p), nil
}

func (l *Library) name(code string) {
	if !slices.Contains(l.codes, code) {
		l.codes = append(l.codes, code)
	}
}

func (p *Pack) follows(before *Pack) error {
	if p.Of != before.Of {
		return fault.New(fault.Invalid, "lifecycle.other_of", "lifecycle", p.Code)
	}
	for _, s := range before.Stages {
		if p.Stage(s.Code) == nil {
			return fault.New(fault.Invalid, "lifecycle.stage_gone", "lifecycle", p.Code, "stage", s.Code)
		}
	}
	return nil
}

// For gives the version in force on a day: the city's latest that has begun, else the latest shipped one. Error: NotFound
// "lifecycle.not_found" (lifecycle, day).
func (l *Library) For(code string, day period.Date) (*Pack, error) {
	for _, versions := range [][]*Pack{l.city[code], l.shipped[code]} {
		for _, p := range slices.Backward(versions) {
			if p.From <= day {
				return p, nil
			}
		}
	}
	return nil, fault.New(fault.NotFound, "lifecycle.not_found", "lifecycle", code, "day", day.String())
}

// Codes lists the lifecycles: the shipped ones by code, then the city's own as they came. The caller owns the slice.
func (l *Library) Codes() []string { return slices.Clone(l.codes) }

// Versions lists all versions of a lifecycle, the shipped ones first, each by their days. The caller owns the slice.
func (l *Library) Versions(code string) []*Pack {
	return slices.Concat(l.shipped[code], l.city[code])
}
