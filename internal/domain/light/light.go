package light

import (
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/lights"
)

// Light is a light (灯), ordered by how bad it is.
type Light uint8

// The lights.
const (
	Off     Light = iota // none: not due, or not known
	Green                // 绿灯
	Watched              // 跟踪督办: worse than green, no card
	Yellow               // 黄灯
	Red                  // 红灯
)

var names = []string{"off", "green", "watched", "yellow", "red"}

// String is the light's stable name.
func (l Light) String() string { return names[min(int(l), len(names)-1)] }

// MarshalText writes the name.
func (l Light) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a name. Error kind Invalid, key "light.unknown_light".
func (l *Light) UnmarshalText(text []byte) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fault.New(fault.Invalid, "light.unknown_light", "text", string(text))
	}
	*l = Light(i)
	return nil
}

// Field is a fact of a month.
type Field struct {
	Field string    `yaml:"field"`
	Kind  string    `yaml:"kind"` // quantity, truth or date
	Unit  string    `yaml:"unit"` // of a quantity
	Name  pack.Text `yaml:"name"`
}

// Rung is one light with its condition.
type Rung struct {
	Light Light      `yaml:"light"`
	When  string     `yaml:"when"`
	Text  pack.Text  `yaml:"text"` // why; {expression} is replaced by its value
	Basis pack.Basis `yaml:"basis"`
}

// Follow is what follows from a light.
type Follow struct {
	Code  string     `yaml:"code"`
	When  string     `yaml:"when"`
	Name  pack.Text  `yaml:"name"`
	Basis pack.Basis `yaml:"basis"`
}

// Rule gives lights for one thing that is watched. It never changes; safe for concurrent use.
type Rule struct {
	Code    string    `yaml:"code"`
	Name    pack.Text `yaml:"name"`
	Cycle   string    `yaml:"cycle"` // "year": the memory begins anew in January; empty: it does not
	Fields  []Field   `yaml:"fields"`
	Met     string    `yaml:"met"` // whether a month was kept; empty: nothing is remembered of it
	Rungs   []Rung    `yaml:"lights"`
	Follows []Follow  `yaml:"follow"`

	met, rungs, follows *rule.Pack
}

// Template is one place's practice.
type Template struct {
	Code   string
	Place  pack.Text
	Issuer string
	Number string
	From   period.Date
	Source string
	Note   pack.Text
	Rules  []*Rule
}

// Rule finds a rule; nil when there is none of that code.
func (t *Template) Rule(code string) *Rule {
	if i := slices.IndexFunc(t.Rules, func(r *Rule) bool { return r.Code == code }); i >= 0 {
		return t.Rules[i]
	}
	return nil
}

// Templates are templates by their code.
type Templates []*Template

var shipped = sync.OnceValues(func() (Templates, error) { return LoadFrom(lights.FS) })

// Shipped gives the templates that the product carries, by code, read the first time. They must not be changed. Errors: as
// LoadFrom gives them.
func Shipped() (Templates, error) { return shipped() }

// Rule finds a rule of a template; nil when there is none.
func (ts Templates) Rule(template, code string) *Rule {
	for _, t := range ts {
		if t.Code == template {
			return t.Rule(code)
		}
	}
	return nil
}
