package rule

import (
	"errors"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Severity is what a failed rule means to who files.
type Severity string

// The severities: an error cannot be sent, a warning must be answered with a reason, a note is shown.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Rule is one check as data. Exactly one of Check, Required and Range says what is checked.
type Rule struct {
	Code     string   // unique among the rules compiled together
	When     string   // optional: the rule asks nothing where this is false
	Check    string   // what shall hold
	Required []string // fields (or expressions) that shall be known
	Range    Range
	Severity Severity
	Message  Text
}

// Range demands Min <= Of <= Max; one bound may be empty.
type Range struct{ Of, Min, Max string }

// Text is a sentence in both languages. {expression} is replaced by its value, {expression as 万元} by it in that unit.
type Text struct{ ZH, EN string }

// State is what became of a rule.
type State uint8

// The states. Unknown and Broken are neither passed nor failed.
const (
	Unknown State = iota // something missing could decide either way
	Holds
	Fails
	Broken // it cannot be computed: Verdict.Fault says why
)

// String is the state's stable name.
func (s State) String() string {
	return [...]string{"unknown", "holds", "fails", "broken"}[min(s, Broken)]
}

// Verdict is a judgement with its reasons.
type Verdict struct {
	Code      string
	Severity  Severity
	State     State
	Skipped   bool         // it holds because When is false
	Fault     *fault.Fault // of Broken
	Trace     []Step       // in the order of evaluation, the same for the same values
	Truncated bool         // the trace is longer than what is kept
	Missing   []Missing    // of Unknown: what kept it open, each once, in the order of evaluation
	Args      []Arg        // values of the message's placeholders, in the order of Program.Placeholders
}

// Arg is the value of a placeholder.
type Arg struct {
	Text  string
	Known bool
}

// Pack is rules compiled together: they share one set of inputs. It does not change; safe for concurrent use.
type Pack struct {
	inputs   []Input
	programs []*Program
}

// Inputs lists what the rules read. Slot i of the values belongs to input i. The caller owns the slice.
func (p *Pack) Inputs() []Input { return slices.Clone(p.inputs) }

// Values makes the values of one row: as many as inputs, all missing.
func (p *Pack) Values() []Value { return make([]Value, len(p.inputs)) }

// Programs are the compiled rules in the order given.
func (p *Pack) Programs() []*Program { return slices.Clone(p.programs) }

// Program is a compiled rule.
type Program struct {
	rule  Rule
	part  string
	when  *node // nil: always
	check *node
	holes []hole
	texts map[string][]piece // language → message
}

// Rule is what was compiled.
func (p *Program) Rule() Rule { return p.rule }

// Compile checks and compiles rules against an environment.
// Errors: a Fault of the environment, or Faults with every rule's first fault per part: kind Invalid, keys "rule.…", args rule, part
// (when, check, required, range, message_zh, message_en) and, in expressions, line and column.
func Compile(env Env, rules ...Rule) (*Pack, error) {
	if err := env.check(); err != nil {
		return nil, fault.Wrap("rule.Compile", err)
	}
	c := &checker{env: env, slots: map[Input]int{}}
	pack := &Pack{}
	var faults Faults
	seen := map[string]bool{}
	for _, r := range rules {
		b := &builder{checker: c, program: &Program{rule: r}}
		b.build(seen)
		faults = append(faults, b.faults...)
		pack.programs = append(pack.programs, b.program)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	pack.inputs = c.inputs
	return pack, nil
}

// Faults are all that is wrong with some rules, in their order.
type Faults []*fault.Fault

// Error is for operators.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, one := range f {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lets errors.As find the first fault.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, one := range f {
		errs[i] = one
	}
	return errs
}

// builder compiles one rule.
type builder struct {
	*checker
	program *Program
	faults  []*fault.Fault
}

func (b *builder) build(seen map[string]bool) {
	r := b.program.rule
	switch {
	case r.Code == "":
		b.fail("code", fault.New(fault.Invalid, "rule.no_code"))
	case seen[r.Code]:
		b.fail("code", fault.New(fault.Invalid, "rule.code_twice", "rule", r.Code))
	}
	seen[r.Code] = true
	if r.Severity != Error && r.Severity != Warning && r.Severity != Note {
		b.fail("severity", fault.New(fault.Invalid, "rule.severity", "rule", r.Code, "severity", string(r.Severity)))
	}
	if r.When != "" {
		b.program.when = b.condition("when", r.When)
	}
	if part, text, ok := r.source(); ok {
		b.program.part, b.program.check = part, b.condition(part, text)
	} else {
		b.fail("check", fault.New(fault.Invalid, "rule.one_check", "rule", r.Code))
	}
	b.messages()
}

// fail notes a fault with the rule and its part.
func (b *builder) fail(part string, err error) {
	var f *fault.Fault
	if !errors.As(err, &f) {
		f = fault.Because(err, fault.Internal, "internal")
	}
	args := map[string]any{"rule": b.program.rule.Code, "part": part}
	for k, v := range f.Args {
		args[k] = v
	}
	b.faults = append(b.faults, &fault.Fault{Kind: f.Kind, Op: "rule.Compile", Key: f.Key, Args: args, Err: f.Err})
}

// source writes the sugar out. ok is false unless exactly one of the three is given.
func (r Rule) source() (part, text string, ok bool) {
	given := 0
	if r.Check != "" {
		given++
		part, text = "check", r.Check
	}
	if len(r.Required) > 0 {
		given++
		part, text = "required", "known("+strings.Join(r.Required, ") && known(")+")"
	}
	if r.Range != (Range{}) {
		given++
		part, text = "range", r.Range.source()
	}
	return part, text, given == 1 && text != ""
}

func (r Range) source() string {
	var bounds []string
	if r.Min != "" {
		bounds = append(bounds, "("+r.Of+") >= ("+r.Min+")")
	}
	if r.Max != "" {
		bounds = append(bounds, "("+r.Of+") <= ("+r.Max+")")
	}
	return strings.Join(bounds, " && ")
}

// condition compiles a truth.
func (b *builder) condition(part, text string) *node {
	n, err := b.expression(text)
	if err == nil {
		err = want(Truth, n)
	}
	if err != nil {
		b.fail(part, err)
	}
	return n
}

func (b *builder) expression(text string) (*node, error) {
	n, err := parse(text)
	if err != nil {
		return nil, err
	}
	b.loops = b.loops[:0]
	return n, b.check(n, false)
}

// EvalFast gives the verdict only. It does not allocate unless fractions leave 64 bits on the way.
// In: one value per input of the pack; values that are not there are missing.
func (p *Program) EvalFast(values []Value) State {
	f := frame{vals: values}
	o, _ := p.run(&f)
	return o.state()
}

// Eval gives the verdict with its reasons. Never panics. O(length of the rule × rows of its sections), within maxSteps.
func (p *Program) Eval(values []Value) Verdict {
	t := &tracer{steps: make([]Step, 0, p.size())}
	f := frame{vals: values, trace: t}
	o, skipped := p.run(&f)
	v := Verdict{
		Code: p.rule.Code, Severity: p.rule.Severity, State: o.state(), Skipped: skipped,
		Trace: t.steps, Truncated: t.truncated, Args: p.args(values),
	}
	switch v.State {
	case Unknown:
		v.Missing = once(t.missing)
	case Broken:
		v.Fault = o.fault(p.rule.Code)
	}
	return v
}

// size is about as many steps as a trace has.
func (p *Program) size() int {
	n := p.check.size
	if p.when != nil {
		n += p.when.size
	}
	return min(n, maxTrace)
}

// run is Kleene's implication: not when, or check.
func (p *Program) run(f *frame) (o outcome, skipped bool) {
	when := yes
	if p.when != nil {
		f.part("when")
		if _, when = p.when.eval(f); when == no {
			return yes, true
		}
	}
	f.part(p.part)
	_, o = p.check.eval(f)
	if f.steps > maxSteps {
		return tooManySteps, false // not even a part that decides makes it an answer
	}
	return or(not(when), o), false
}

func (f *frame) part(name string) {
	if f.trace != nil {
		f.trace.part = name
	}
}

func once(all []Missing) (out []Missing) {
	for _, m := range all {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

func (o outcome) state() State {
	switch o {
	case no:
		return Fails
	case yes:
		return Holds
	case missing:
		return Unknown
	default:
		return Broken
	}
}

func (o outcome) key() string {
	if f := o.fault(""); f != nil {
		return f.Key
	}
	return ""
}

// fault says why a computation broke; nil if it did not.
func (o outcome) fault(code string) *fault.Fault {
	switch o {
	case zeroDivision:
		return fault.New(fault.Invalid, "rule.zero_division", "rule", code)
	case overflow:
		return fault.New(fault.Invalid, "rule.overflow", "rule", code)
	case notWhole:
		return fault.New(fault.Invalid, "rule.not_whole", "rule", code)
	case wrongKind:
		return fault.New(fault.Invalid, "rule.wrong_kind", "rule", code)
	case tooManySteps:
		return fault.New(fault.Invalid, "rule.too_many_steps", "rule", code, "limit", maxSteps)
	default:
		return nil
	}
}
