package lifecycle

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxStages bounds a plan: real ones have at most twenty.
const maxStages = 100

// Plan is a lifecycle as somebody wrote it down.
type Plan struct {
	Code   string
	Stages []Stage // in the order in which they are shown
	Env    rule.Env
}

// Stage is one step of a plan.
type Stage struct {
	Code string
	// After names the stages that must have been entered before. Stages that do not depend on each other run in parallel.
	After    []string
	Optional bool // may be left out: what comes after it asks for what came before it instead
	// Unless names the stages of which none may have been entered: an application is not withdrawn after it was granted.
	Unless  []string
	End     bool   // nothing but a rollback follows: withdrawn, cleared, refused
	Guard   string // an expression over the plan's Env that must be known to hold
	Message rule.Text
	Deemed  Deemed
}

// Deemed says when a stage counts as entered without anybody's word: so many months and days after another stage.
type Deemed struct {
	From         string
	Months, Days int
}

// Course is a compiled plan. It does not change; safe for concurrent use.
type Course struct {
	code   string
	stages []Stage
	at     map[string]int
	before [][]int // by stage: what must have been entered, optional ones replaced by what they come after
	under  [][]int // by stage: all that it builds on, directly or through others, in the order of the plan
	guards []*rule.Program
	pack   *rule.Pack
}

// Compile checks a plan. Errors: kind Invalid, keys "lifecycle.bad_plan" (arguments plan, stage, why, about: another stage) and
// those of rule.Compile for a guard. why is one of count, code, unknown, both, end, deemed, circle.
func Compile(p Plan) (*Course, error) {
	c := &Course{code: p.Code, stages: slices.Clone(p.Stages), at: map[string]int{}}
	bad := func(stage, why, about string) error {
		return fault.New(fault.Invalid, "lifecycle.bad_plan", "plan", p.Code, "stage", stage, "why", why, "about", about)
	}
	if len(p.Stages) == 0 || len(p.Stages) > maxStages {
		return nil, bad("", "count", "")
	}
	for i, s := range p.Stages {
		if _, twice := c.at[s.Code]; twice || s.Code == "" {
			return nil, bad(s.Code, "code", "")
		}
		c.at[s.Code] = i
	}
	for _, s := range p.Stages {
		for _, name := range s.Unless {
			switch _, ok := c.at[name]; {
			case !ok:
				return nil, bad(s.Code, "unknown", name)
			case name == s.Code || slices.Contains(s.After, name):
				return nil, bad(s.Code, "both", name)
			}
		}
		for _, name := range append(slices.Clone(s.After), s.Deemed.From) {
			i, ok := c.at[name]
			switch {
			case name == "":
			case !ok:
				return nil, bad(s.Code, "unknown", name)
			case p.Stages[i].End:
				return nil, bad(s.Code, "end", name)
			}
		}
		if (s.Deemed.From == "") != (s.Deemed.Months == 0 && s.Deemed.Days == 0) || s.Deemed.Months < 0 || s.Deemed.Days < 0 {
			return nil, bad(s.Code, "deemed", "")
		}
	}
	o := order{course: c, done: make([]bool, len(c.stages)), under: make([]bool, len(c.stages))}
	c.before, c.under = make([][]int, len(c.stages)), make([][]int, len(c.stages))
	for i := range p.Stages {
		if !o.visit(i) {
			return nil, bad(p.Stages[i].Code, "circle", "")
		}
	}
	return c, c.compileGuards(p)
}

// order finds what must have been entered before each stage, every stage once.
type order struct {
	course      *Course
	done, under []bool
}

// visit is false when the plan runs in a circle.
func (o *order) visit(i int) bool {
	if o.done[i] || o.under[i] {
		return o.done[i]
	}
	o.under[i] = true
	var before, under []int
	for _, name := range o.course.stages[i].After {
		j := o.course.at[name]
		if !o.visit(j) {
			return false
		}
		under = append(append(under, j), o.course.under[j]...)
		if o.course.stages[j].Optional {
			before = append(before, o.course.before[j]...)
		} else {
			before = append(before, j)
		}
	}
	slices.Sort(before)
	slices.Sort(under)
	o.course.before[i], o.course.under[i], o.done[i] = slices.Compact(before), slices.Compact(under), true
	return true
}

func (c *Course) compileGuards(p Plan) error {
	var rules []rule.Rule
	c.guards = make([]*rule.Program, len(c.stages))
	for _, s := range c.stages {
		if s.Guard != "" {
			rules = append(rules, rule.Rule{Code: s.Code, Check: s.Guard, Severity: rule.Error, Message: s.Message})
		}
	}
	pack, err := rule.Compile(p.Env, rules...)
	if err != nil {
		return err
	}
	c.pack = pack
	for _, g := range pack.Programs() {
		c.guards[c.at[g.Rule().Code]] = g
	}
	return nil
}

// Code is the plan's.
func (c *Course) Code() string { return c.code }

// Stages lists the stages in the order in which they are shown. The caller owns the slice.
func (c *Course) Stages() []Stage { return slices.Clone(c.stages) }

// BuildsOn lists every stage that the named one builds on, directly or through others, in the order of the plan.
func (c *Course) BuildsOn(stage string) (out []string) {
	if i, ok := c.at[stage]; ok {
		for _, j := range c.under[i] {
			out = append(out, c.stages[j].Code)
		}
	}
	return out
}

// Needs lists the stages without which the named one is not entered, in the order of the plan.
func (c *Course) Needs(stage string) (out []string) {
	if i, ok := c.at[stage]; ok {
		for _, j := range c.before[i] {
			out = append(out, c.stages[j].Code)
		}
	}
	return out
}

// Inputs lists what the guards read; see rule.Pack.
func (c *Course) Inputs() []rule.Input { return c.pack.Inputs() }

// Values makes the guards' values, all missing.
func (c *Course) Values() []rule.Value { return c.pack.Values() }
