package rule_test

import (
	"fmt"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
)

// A rule as data, a row that breaks it, and why.
func Example() {
	env := rule.Env{Fields: []rule.Field{
		{Name: "built", Kind: rule.Quantity, Unit: "平方米"}, {Name: "leased", Kind: rule.Quantity, Unit: "平方米"},
	}}
	pack, err := rule.Compile(env, rule.Rule{
		Code: "leased_above_built", Check: "leased <= built", Severity: rule.Error,
		Message: rule.Text{ZH: "出租面积{leased}超过建成面积{built as 亩}", EN: "{leased} are let, but only {built as 亩} are built"},
	})
	if err != nil {
		panic(err)
	}
	values := pack.Values()
	for i, in := range pack.Inputs() {
		values[i] = rule.Whole(map[string]int64{"leased": 12_000, "built": 10_000}[in.Name])
	}
	p := pack.Programs()[0]
	if p.EvalFast(values) == rule.Holds {
		return
	}
	v := p.Eval(values)
	fmt.Println(v.State, p.Sentence(rule.EN, v))
	for _, s := range v.Trace {
		fmt.Printf("%d:%d %s = %s\n", s.Line, s.Column, s.Expr, s.Text)
	}
	values[0] = rule.Value{}
	fmt.Println(p.Eval(values).State, p.Eval(values).Missing[0].Input)
	// Output:
	// fails 12,000 m² are let, but only 15 mu are built
	// 1:1 leased = 12000 平方米
	// 1:11 built = 10000 平方米
	// 1:8 leased <= built = false
	// unknown leased
}
