package form

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// flaw is why a text or a field cannot be: the word form.why.<why>, and what it is about. The zero flaw is none.
type flaw struct{ why, about string }

// sound gives the first thing that is wrong with a field by itself: Invalid "form.bad_field" (arguments field, why, about).
func (it *Field) sound() error {
	if w := it.wrong(); w.why != "" {
		return fault.New(fault.Invalid, "form.bad_field", "field", it.Code, "why", w.why, "about", w.about)
	}
	return nil
}

func (it *Field) wrong() flaw {
	if !pack.PlainName(it.Code, maxCode) {
		return flaw{"code", it.Code}
	}
	if why := it.Name.Flaw(maxName); why != "" {
		return flaw{why: why}
	}
	switch {
	case len(it.Definition.ZH) > maxText || len(it.Definition.EN) > maxText || len(it.Names) > maxNames:
		return flaw{why: "too_long"}
	case (it.Definition.ZH == "") != (it.Definition.EN == ""):
		return flaw{why: "definition"}
	case it.Nature != "" && !it.Nature.Valid():
		return flaw{"nature", string(it.Nature)}
	}
	switch it.Kind {
	case Quantity:
		return it.wrongQuantity()
	case Choice:
		return it.wrongChoice()
	case Date, Word, ID, Truth:
		if it.measured() || len(it.Choices) > 0 {
			return flaw{"not_of_kind", string(it.Kind)}
		}
		return flaw{}
	default:
		return flaw{"kind", string(it.Kind)}
	}
}

// maxNames bounds the further names of a field.
const maxNames = 60

// measured says whether something is set that only a quantity has.
func (it *Field) measured() bool {
	return it.Unit != "" || it.Measure != "" || it.Step != "" || it.Signed || it.NeverZero || it.Of != ""
}

func (it *Field) wrongQuantity() flaw {
	u, err := unit.Of(it.Unit)
	switch {
	case err != nil:
		return flaw{"unit", it.Unit}
	case it.Measure != Flow && it.Measure != Stock && it.Measure != YearToDate:
		return flaw{"measure", string(it.Measure)}
	case (it.Measure == YearToDate) != (it.Of != ""):
		return flaw{why: "of_flow"}
	case it.NeverZero && it.Signed, len(it.Choices) > 0:
		return flaw{"not_of_kind", string(it.Kind)}
	}
	if it.Step != "" {
		if n, err := u.Parse(it.Step); err != nil || n <= 0 {
			return flaw{"step", it.Step}
		}
	}
	return flaw{}
}

func (it *Field) wrongChoice() flaw {
	if len(it.Choices) < 2 {
		return flaw{why: "choices_few"}
	}
	if it.measured() {
		return flaw{"not_of_kind", string(it.Kind)}
	}
	seen := map[string]Code{}
	for _, o := range it.Choices {
		if !pack.PlainName(o.Code, maxCode) {
			return flaw{"code", o.Code}
		}
		if why := o.Name.Flaw(maxName); why != "" {
			return flaw{why, o.Code}
		}
		for _, n := range append([]string{o.Code, o.Name.ZH, o.Name.EN}, o.Names...) {
			n = strings.ToLower(n)
			if other, ok := seen[n]; ok && other != o.Code {
				return flaw{"choice_twice", n}
			}
			seen[n] = o.Code
		}
	}
	return flaw{}
}
