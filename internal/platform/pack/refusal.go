package pack

import (
	"errors"
	"regexp"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// refused are the sentences of the YAML reader that say more than that the text is no YAML.
var refused = []struct {
	said *regexp.Regexp // its group is what it is about
	key  string
}{
	{regexp.MustCompile(`^field (\S+) not found in type `), "pack.unknown_key"},
	{regexp.MustCompile(`^mapping key "(.*)" already defined `), "pack.twice"},
	{regexp.MustCompile("^cannot construct !!(?:str|int|float|bool|timestamp) `(.*)` into "), "pack.wrong_kind"},
	{regexp.MustCompile("^cannot construct "), "pack.wrong_shape"},
	{regexp.MustCompile("^yaml: expected single document"), "pack.several"},
	{regexp.MustCompile("^yaml: no documents"), "pack.empty"},
}

// refusals gives what the YAML reader refuses in words that a catalogue has.
func refusals(err error) Faults {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &many) && len(many.Errors) > 0:
		var faults Faults
		for _, e := range many.Errors {
			faults = append(faults, refusal(e, e.Mark.Line, e.Message))
		}
		return faults
	case errors.As(err, &one):
		return Faults{refusal(one, one.Mark.Line, one.Message)}
	default:
		return Faults{refusal(err, 0, err.Error())}
	}
}

func refusal(err error, line int, said string) *fault.Fault {
	for _, x := range refused {
		switch m := x.said.FindStringSubmatch(said); {
		case len(m) == 2:
			return fault.Because(err, fault.Invalid, x.key, "line", line, "about", m[1])
		case m != nil:
			return fault.Because(err, fault.Invalid, x.key, "line", line)
		}
	}
	return fault.Because(err, fault.Invalid, "pack.syntax", "line", line)
}
