package form

import (
	"errors"
	"slices"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
)

// Check is a rule as the form applies it.
type Check struct {
	Rule   rule.Rule
	Fields []Code // items that it reads
	Made   bool   // by the form itself: an item that must be answered
}

// check is a rule with what Judge needs of it.
type check struct {
	Check
	program *rule.Program
}

// Checks lists the rules that the form applies: RuleSet in its order, then one "required.<field>" for each item that must
// be answered. The caller owns the slice.
func (f *Form) Checks() []Check {
	out := make([]Check, len(f.checks))
	for i, c := range f.checks {
		out[i] = c.Check
		out[i].Fields = slices.Clone(c.Fields)
	}
	return out
}

var ruleKinds = map[Kind]rule.Kind{Quantity: rule.Quantity, Date: rule.Date, Word: rule.Word, ID: rule.Word, Truth: rule.Truth, Choice: rule.Word}

// sources are what source("…", field) may name: the natures in which somebody else's figure is recorded beside the filed one.
var sources = []string{string(figure.Record), string(figure.Statistics), string(figure.Estimate)}

// Env is what the form's rules may name: its items, of a list those of one row. A choice is the text of its code.
func (f *Form) Env() rule.Env {
	env := rule.Env{Fields: make([]rule.Field, len(f.Items)), Sources: slices.Clone(sources)}
	for i := range f.Items {
		d := f.Items[i].Field
		env.Fields[i] = rule.Field{Name: d.Code, Kind: ruleKinds[d.Kind], Unit: d.Unit}
	}
	return env
}

// compile checks and compiles the rules of a form whose items are sound.
func (c *checker) compile(f *Form) {
	env := f.Env()
	all := make([]rule.Rule, 0, len(c.raw.Rules)+len(f.Items))
	for i := range c.raw.Rules {
		all = append(all, c.raw.Rules[i].rule())
	}
	f.RuleSet = slices.Clone(all)
	for i := range f.Items {
		if f.Items[i].Required {
			all = append(all, requires(f.Items[i].Field))
		}
	}
	compiled, err := rule.Compile(env, all...)
	if err != nil {
		c.ruleFaults(err)
		return
	}
	f.Rules = compiled
	for i, p := range compiled.Programs() {
		made := i >= len(f.RuleSet)
		f.checks = append(f.checks, check{program: p, Check: Check{Rule: all[i], Made: made, Fields: c.reads(f, env, all[i], i, made)}})
	}
}

func requires(d *Field) rule.Rule {
	return rule.Rule{Code: "required." + d.Code, Required: []string{d.Code}, Severity: rule.Error,
		Message: rule.Text{ZH: "请填写“" + d.Name.ZH + "”。", EN: d.Name.EN + " must be answered."}}
}

// reads lists the items that a rule reads, in the form's order, and refuses what the form cannot have.
func (c *checker) reads(f *Form, env rule.Env, r rule.Rule, i int, made bool) []Code {
	alone, err := rule.Compile(env, r)
	if err != nil {
		return nil // all compiled, so this does not happen
	}
	read := map[Code]bool{}
	for _, in := range alone.Inputs() {
		read[in.Name] = true
		if made || in.At == rule.Now {
			continue
		}
		if f.Every == Standing || f.List {
			c.Say(fault.New(fault.Invalid, "form.no_other_period", "rule", r.Code, "field", in.String()), "rules", i)
		} else if d := f.Item(in.Name).Field; (in.At == rule.YTD || in.At == rule.YTDYearAgo) && d.Measure != Flow {
			c.Say(fault.New(fault.Invalid, "form.ytd_of_flow", "rule", r.Code, "name", d.Name.ZH), "rules", i)
		}
	}
	var out []Code
	for i := range f.Items {
		if code := f.Items[i].Field.Code; read[code] {
			out = append(out, code)
		}
	}
	return out
}

// ruleFaults puts what rule.Compile refuses at the lines of the file.
func (c *checker) ruleFaults(err error) {
	var many rule.Faults
	if !errors.As(err, &many) {
		f, ok := fault.Of(err)
		if !ok {
			f = fault.Because(err, fault.Internal, "internal")
		}
		many = rule.Faults{f}
	}
	for _, f := range many {
		code, _ := f.Args["rule"].(string)
		part, _ := f.Args["part"].(string)
		within, _ := f.Args["line"].(int)
		i := slices.IndexFunc(c.raw.Rules, func(r rawRule) bool { return r.Code == code })
		if i < 0 {
			i = len(c.raw.Rules) // a rule without a code, or one that the form made
		}
		path := []any{"rules", i}
		switch part {
		case "message_zh":
			path = append(path, "message", "zh")
		case "message_en":
			path = append(path, "message", "en")
		default:
			path = append(path, part)
		}
		c.SayWithin(within, f, path...)
	}
}
