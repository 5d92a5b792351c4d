package rule

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// thirty is the programme's rules and more of the same make, up to the 30 of a return.
func thirty() []Rule {
	rules := slices.Clone(programme[:11]) // all but the loop: the peer is given no tables
	rules[7] = Rule{Code: "eq", Check: "signed - producing >= fitting_out", Severity: Note, Message: Text{"坏", "bad"}}
	more := []string{
		"output / jobs >= 10万元/1人", "tax <= output * 20%", "leased / built <= 1", "rate >= 50% || producing == 0", "jobs >= producing", "known(rate) || is_missing(leased)",
		"output > 0 || electricity == 0", "land * 10 >= built", "coalesce(fitting_out, 0) <= signed", "annual_output >= output * 2", "stage != 'signed' || producing == 0",
	}
	for i := 0; len(rules) < 30; i++ {
		rules = append(rules, Rule{Code: fmt.Sprint("more", i), Check: more[i%len(more)], Severity: Warning, Message: Text{"坏", "bad"}})
	}
	return rules
}

func benchRow(pack *Pack) []Value {
	v := values{
		"stage": Said("production"), "electricity": Whole(52_000), "leased": Whole(9_000), "built": Whole(10_000), "land": Whole(20_000), "producing": Whole(33), "fitting_out": Whole(4),
		"signed": Whole(50), "m": InMonth(24_293), "output": Whole(500 * wan), "prev(output)": Whole(400 * wan), "ytd(output)": Whole(2000 * wan), "annual_output": Whole(9000 * wan),
		"ytd_year_ago(output)": Whole(1500 * wan), "year_ago(output)": Whole(450 * wan), "jobs": Whole(40), "rate": Whole(900_000), "tax": Whole(20 * wan), `source("record", tax)`: Whole(20 * wan),
	}
	return row(pack, v)
}

func TestEvalFast_doesNotAllocate(t *testing.T) {
	pack, err := Compile(testEnv, append(thirty(), programme[7], programme[11])...)
	if err != nil {
		t.Fatal(err)
	}
	in := benchRow(pack)
	for i, input := range pack.Inputs() {
		if input.Name == "tenants" {
			in[i] = Table([][]Value{{Whole(4000), Said("production"), Whole(9)}, {Whole(5000), Said("production"), Whole(1)}})
		}
	}
	for _, p := range pack.Programs() {
		if p.EvalFast(in) == Unknown {
			t.Errorf("%s is unknown: the row lacks a value", p.Rule().Code)
		}
		if n := testing.AllocsPerRun(100, func() { p.EvalFast(in) }); n != 0 {
			t.Errorf("EvalFast of %s allocates %v times, want never", p.Rule().Code, n)
		}
	}
}

// varied makes rows like the bench row whose numbers differ and of whose values a tenth is missing.
func varied(pack *Pack, n int) [][]Value {
	rows, seed := make([][]Value, n), uint64(7)
	for i := range rows {
		rows[i] = benchRow(pack)
		for j := range rows[i] {
			seed = seed*6364136223846793005 + 1442695040888963407
			switch v := &rows[i][j]; {
			case seed>>60 == 0 || seed>>60 == 1 && seed>>56&1 == 0:
				*v = Value{}
			case v.kind == Quantity:
				v.n = v.n * int64(50+seed>>57) / 100
			}
		}
	}
	return rows
}

// Benchmark30Rules judges one row per iteration by 30 rules; s/100k is what 100,000 rows take.
func Benchmark30Rules(b *testing.B) {
	pack, err := Compile(testEnv, thirty()...)
	if err != nil {
		b.Fatal(err)
	}
	in, programs := benchRow(pack), pack.Programs()
	rows := varied(pack, 1024)
	b.Run("fast", func(b *testing.B) {
		b.ReportAllocs()
		start, i := time.Now(), 0
		for b.Loop() {
			i++
			for _, p := range programs {
				p.EvalFast(rows[i%len(rows)])
			}
		}
		b.ReportMetric(time.Since(start).Seconds()/float64(b.N)*100_000, "s/100k")
	})
	b.Run("fast and trace of failures", func(b *testing.B) {
		b.ReportAllocs()
		start, i, failed := time.Now(), 0, 0
		for b.Loop() {
			i++
			for _, p := range programs {
				if p.EvalFast(rows[i%len(rows)]) == Fails {
					p.Eval(rows[i%len(rows)])
					failed++
				}
			}
		}
		b.ReportMetric(time.Since(start).Seconds()/float64(b.N)*100_000, "s/100k")
		b.ReportMetric(100*float64(failed)/float64(b.N*len(programs)), "%failed")
	})
	b.Run("trace", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, p := range programs {
				p.Eval(in)
			}
		}
	})
	b.Run("compile", func(b *testing.B) {
		rules := thirty()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Compile(testEnv, rules...); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// peerRules are rules that both languages can say, ours and cel-go's: ints in place of quantities, no units.
var peerRules = []struct{ ours, cel string }{
	{"leased <= built", "leased <= built"},
	{"producing + fitting_out <= signed", "producing + fitting_out <= signed"},
	{"output <= year_ago(output) * 3", "output <= year_ago_output * 3"},
	{`stage != "production" || electricity >= 100kWh`, `stage != "production" || electricity >= 100`},
	{`stage in ["production", "enrolled"] && jobs >= 1`, `stage in ["production", "enrolled"] && jobs >= 1`},
	{"rate >= 0% && rate <= 100%", "rate >= 0 && rate <= 1000000"},
	{"tax * 100 <= output * 20 && output >= prev(output)", "tax * 100 <= output * 20 && output >= prev_output"},
	{"leased <= built && (producing == 0 || leased * 100 <= built * 95)", "leased <= built && (producing == 0 || leased * 100 <= built * 95)"},
}

type celValues map[string]any

func (v celValues) ResolveName(name string) (any, bool) { x, ok := v[name]; return x, ok }
func (v celValues) Parent() cel.Activation              { return nil }

func celPrograms(b *testing.B, o ...cel.ProgramOption) (all []cel.Program) {
	b.Helper()
	vars := []cel.EnvOption{cel.Variable("stage", cel.StringType)}
	for _, name := range []string{"leased", "built", "producing", "fitting_out", "signed", "output", "year_ago_output", "prev_output", "electricity", "jobs", "rate", "tax"} {
		vars = append(vars, cel.Variable(name, cel.IntType))
	}
	env, err := cel.NewEnv(vars...)
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range peerRules {
		ast, issues := env.Compile(r.cel)
		if issues.Err() != nil {
			b.Fatal(issues.Err())
		}
		p, err := env.Program(ast, o...)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// BenchmarkPeer judges one row by the eight peer rules in both engines and prints how many times longer than ours cel-go takes: with
// its values boxed beforehand, with unknowns made for each row, and with its state tracked as our trace.
func BenchmarkPeer(b *testing.B) {
	var rules []Rule
	for i, r := range peerRules {
		rules = append(rules, Rule{Code: fmt.Sprint(i), Check: r.ours, Severity: Error, Message: Text{"坏", "bad"}})
	}
	pack, err := Compile(testEnv, rules...)
	if err != nil {
		b.Fatal(err)
	}
	in, ours := benchRow(pack), pack.Programs()
	theirs := celValues{
		"stage": types.String("production"), "electricity": types.Int(52_000), "leased": types.Int(9_000), "built": types.Int(10_000), "producing": types.Int(33), "fitting_out": types.Int(4), "signed": types.Int(50),
		"output": types.Int(500 * wan), "year_ago_output": types.Int(450 * wan), "prev_output": types.Int(400 * wan), "jobs": types.Int(40), "rate": types.Int(900_000), "tax": types.Int(20 * wan),
	}
	known := celValues{}
	for k, v := range theirs {
		if k != "jobs" {
			known[k] = v
		}
	}
	plain, partial, tracked := celPrograms(b), celPrograms(b, cel.EvalOptions(cel.OptPartialEval)), celPrograms(b, cel.EvalOptions(cel.OptTrackState))
	var took [5]float64
	measure := func(i, against int, name string, once func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			start := time.Now()
			for b.Loop() {
				once()
			}
			took[i] = float64(time.Since(start)) / float64(b.N)
			b.ReportMetric(took[i]/took[against], "x-ours")
		})
	}
	measure(0, 0, "rule/fast", func() {
		for _, p := range ours {
			p.EvalFast(in)
		}
	})
	measure(1, 1, "rule/trace", func() {
		for _, p := range ours {
			p.Eval(in)
		}
	})
	measure(2, 0, "cel/plain", func() { evalCEL(b, plain, theirs) })
	measure(3, 0, "cel/partial", func() {
		row, err := cel.PartialVars(known, cel.AttributePattern("jobs"))
		if err != nil {
			b.Fatal(err)
		}
		evalCEL(b, partial, row)
	})
	measure(4, 1, "cel/tracked", func() { evalCEL(b, tracked, theirs) })
}

func evalCEL(b *testing.B, programs []cel.Program, row any) {
	for _, p := range programs {
		if _, _, err := p.Eval(row); err != nil {
			b.Fatal(err)
		}
	}
}
