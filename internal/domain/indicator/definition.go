package indicator

import (
	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Definition says what an indicator measures. Exactly one of Over, ChangeOf and Ratio is set.
type Definition struct {
	Code       string      `yaml:"code"`
	Name       pack.Text   `yaml:"name"`
	Unit       string      `yaml:"unit"` // as written: 家, m2, 元, 比例
	Over       string      `yaml:"over"` // the table whose rows count
	Where      []Condition `yaml:"where"`
	Measure    Measure     `yaml:"measure"`
	ChangeOf   string      `yaml:"change_of"` // this period less the same period of last year of that indicator
	Ratio      Ratio       `yaml:"ratio"`
	Nature     string      `yaml:"nature"` // the column that says the nature of what is counted; "nature" when empty
	Source     string      `yaml:"source"` // the column that says its source; "source" when empty
	Definition pack.Text   `yaml:"definition"`

	Pack string `yaml:"-"` // number of the pack: the rule version of its readings
	From string `yaml:"-"` // the pack is in force from this day
	unit unit.Unit
}

// Condition is one thing that must hold of a counted row. One of the tests is set.
type Condition struct {
	Field    string `yaml:"field"`
	In       string `yaml:"in"`        // "period" or "last_month": the day falls in it
	Until    string `yaml:"until"`     // "period": the day is not later than its end
	NotUntil string `yaml:"not_until"` // "period": the day is unknown or later than its end
	Equals   string `yaml:"equals"`
	AtLeast  string `yaml:"at_least"` // a number in Unit
	Above    string `yaml:"above"`    // a number in Unit
	Unit     string `yaml:"unit"`
	limit    int64
}

// Measure says what is counted or added up; one is set.
type Measure struct {
	Count         bool   `yaml:"count"`
	CountDistinct string `yaml:"count_distinct"`
	Sum           string `yaml:"sum"`
}

// Ratio divides two indicators.
type Ratio struct {
	Numerator   string `yaml:"numerator"`
	Denominator string `yaml:"denominator"`
}

// Kind is how the value comes about: "count", "count_distinct", "sum", "change" or "ratio".
func (d *Definition) Kind() string {
	switch {
	case d.ChangeOf != "":
		return "change"
	case d.Ratio != Ratio{}:
		return "ratio"
	case d.Measure.Count:
		return "count"
	case d.Measure.CountDistinct != "":
		return "count_distinct"
	default:
		return "sum"
	}
}

// flow says whether the value belongs to the period (true) or to its end (false). A change and a ratio follow what they
// are made of; Book.Flow resolves those.
func (d *Definition) flow() bool {
	for _, c := range d.Where {
		if c.In == "period" {
			return true
		}
	}
	return false
}

// UnitOf is the unit that the value is written in.
func (d *Definition) UnitOf() unit.Unit { return d.unit }

func (d *Definition) measure() panel.Measure {
	switch d.Kind() {
	case "count_distinct":
		return panel.CountDistinct(d.Measure.CountDistinct)
	case "sum":
		return panel.Sum(d.Measure.Sum)
	default:
		return panel.Count()
	}
}

// finish resolves units and numbers and checks what does not need other definitions.
func (d *Definition) finish() error {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "indicator.bad_definition", "code", d.Code, "why", why)
	}
	var err error
	if d.unit, err = unit.Of(d.Unit); err != nil {
		return err
	}
	if d.Code == "" || d.Name.ZH == "" || d.Name.EN == "" || d.Definition.ZH == "" || d.Definition.EN == "" {
		return bad("code, name and definition in both languages are needed")
	}
	kinds := 0
	for _, set := range []bool{d.Over != "", d.ChangeOf != "", d.Ratio != Ratio{}} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return bad("exactly one of over, change_of and ratio is needed")
	}
	if d.Nature == "" {
		d.Nature = colNature
	}
	if d.Source == "" {
		d.Source = colSource
	}
	for i := range d.Where {
		if err := d.Where[i].finish(d.Code); err != nil {
			return err
		}
	}
	return nil
}

func (c *Condition) finish(code string) error {
	set := 0
	for _, t := range []string{c.In, c.Until, c.NotUntil, c.Equals, c.AtLeast, c.Above} {
		if t != "" {
			set++
		}
	}
	ok := set == 1 && c.Field != "" && (c.In == "" || c.In == "period" || c.In == "last_month") &&
		(c.Until == "" || c.Until == "period") && (c.NotUntil == "" || c.NotUntil == "period")
	if !ok {
		return fault.New(fault.Invalid, "indicator.bad_definition", "code", code, "why", "condition on "+c.Field+" is not understood")
	}
	if number := c.AtLeast + c.Above; number != "" {
		u, err := unit.Of(c.Unit)
		if err != nil {
			return err
		}
		if c.limit, err = u.Parse(number); err != nil {
			return err
		}
	}
	return nil
}

// predicate turns the condition into the panel's for a window of months, which is not empty.
func (c *Condition) predicate(w window) panel.Predicate {
	switch {
	case c.In == "period":
		return w.holds(c.Field)
	case c.In == "last_month":
		return month(w.last()).holds(c.Field)
	case c.Until != "":
		return panel.DateUntil(c.Field, w.last())
	case c.NotUntil != "":
		return panel.Not(panel.DateUntil(c.Field, w.last()))
	case c.AtLeast != "":
		return panel.Compare(c.Field, panel.AtLeast, c.limit)
	case c.Above != "":
		return panel.Compare(c.Field, panel.More, c.limit)
	default:
		return panel.In(c.Field, c.Equals)
	}
}
