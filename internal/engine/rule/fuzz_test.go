package rule

import (
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// FuzzCompile: no text makes Compile or Eval panic, a fault has a place inside the text, and both ways of evaluating agree.
func FuzzCompile(f *testing.F) {
	for _, r := range programme {
		f.Add(r.Check+r.When, r.Message.ZH, int64(5), uint8(255))
	}
	for _, s := range []string{"((((", "1 < 2", "p ? q : p", "'", "５万元＞output", "tenants.sum(r, r.area) / count(tenants) > 1m2/1家", "a.b.c", "-(-(-1)) == -1", "5亩亩", "1.2.3", "[", "month(d)+1.5>m", "\xff", "date('2024')<=d"} {
		f.Add(s, "{"+s+"}", int64(-1)<<63, uint8(3))
	}
	f.Fuzz(func(t *testing.T, check, message string, n int64, known uint8) {
		pack, err := Compile(testEnv, Rule{Code: "r", Check: check, Severity: Error, Message: Text{message, "bad"}})
		if err != nil {
			ft, ok := fault.Of(err)
			if !ok || ft.Kind != fault.Invalid || !strings.HasPrefix(ft.Key, "rule.") {
				t.Fatalf("Compile(%q) = %v, want an Invalid fault of this package", check, err)
			}
			if line, ok := ft.Args["line"].(int); ok && (line < 1 || line > 1+strings.Count(check+message, "\n")) {
				t.Fatalf("Compile(%q) is at line %d", check, line)
			}
			return
		}
		in := pack.Values()
		for i := range in {
			if known>>(i%8)&1 == 1 {
				in[i] = fuzzValue(pack.Inputs()[i].Name, n+int64(i))
			}
		}
		p := pack.Programs()[0]
		v := p.Eval(in)
		if fast := p.EvalFast(in); fast != v.State {
			t.Fatalf("%q: EvalFast = %v, Eval = %v", check, fast, v.State)
		}
		p.Sentence(ZH, v)
	})
}

// fuzzValue gives any number the kind of the field.
func fuzzValue(name string, n int64) Value {
	for _, f := range testEnv.Fields {
		if f.Name == name && f.Kind != Word {
			return Value{kind: f.Kind, n: n}
		}
	}
	if name == "tenants" {
		return Table([][]Value{{Whole(n), Said("production"), {}, {kind: Date, n: n}}, {}, {Whole(1)}})
	}
	return Said("production")
}
