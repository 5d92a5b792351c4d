package milestone

import (
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// own are the facts that the ledger itself tells, or fails to tell: nobody states them with a step.
var own = []string{"permits", "records", "photos", "contract_signed", "electricity", "producing", "attainment", "listed_since", "relocated",
	"handed_over_day", "built_since", "entering"}

// asks lists the fields of a stage's guard that nobody but who takes the step can tell: the value of the equipment, the
// investment planned this year.
func (l *ledger) asks(stage string) (out []lifecycle.Field) {
	v, _ := l.pack.Course().Guard(stage, nil)
	for _, m := range v.Missing {
		name := m.Input.Name
		if _, told := l.known[name]; told || slices.Contains(own, name) {
			continue
		}
		if i := slices.IndexFunc(l.pack.Fields, func(f lifecycle.Field) bool { return f.Field == name }); i >= 0 {
			out = append(out, l.pack.Fields[i])
		}
	}
	return out
}

// state adds what the step states to the facts of its stage, and to its reason, so that the entry says what it was let in by.
//
// Errors: Invalid "milestone.not_asked" (field), "form.bad_quantity", "form.bad_date", "form.bad_truth", "form.negative",
// "text.too_long".
func (d *desk) state(known facts) error {
	asked := d.asks(d.step.Stage)
	for name := range d.step.Stated {
		if !slices.ContainsFunc(asked, func(f lifecycle.Field) bool { return f.Field == name }) {
			return fault.New(fault.Invalid, "milestone.not_asked", "field", name)
		}
	}
	for _, f := range asked {
		text := strings.TrimSpace(d.step.Stated[f.Field])
		if text == "" {
			continue
		}
		v, said, err := read(f, text)
		if err != nil {
			return err
		}
		known[f.Field] = v
		d.step.Reason = strings.TrimPrefix(strings.TrimSpace(d.step.Reason)+"；"+f.Name.ZH+"："+said, "；")
	}
	return d.step.check()
}

// read gives a stated fact as a value and as the office reads it.
func read(f lifecycle.Field, text string) (v rule.Value, said string, err error) {
	field := form.Field{Code: f.Field, Name: form.Text{ZH: f.Name.ZH, EN: f.Name.EN}, Unit: f.Unit}
	switch f.Kind {
	case "quantity":
		field.Kind = form.Quantity
		canonical, err := field.Read(text)
		if err != nil {
			return v, "", err
		}
		n, err := strconv.ParseInt(canonical, 10, 64)
		return rule.Whole(n), text + f.Unit, err
	case "truth":
		field.Kind = form.Truth
		canonical, err := field.Read(text)
		if err != nil {
			return v, "", err
		}
		if canonical == "true" {
			return rule.Is(true), "是", nil
		}
		return rule.Is(false), "否", nil
	case "date":
		day, err := period.ParseDate(text)
		return rule.Day(day), text, err
	case "month":
		p, err := period.Parse(text)
		if err == nil && p.Kind() != period.KindMonth {
			err = fault.New(fault.Invalid, "period.invalid", "text", text)
		}
		if err != nil {
			return v, "", err
		}
		return rule.InMonth(p.First()), text, nil
	default:
		return rule.Said(text), text, nil
	}
}
