package demo

import (
	"math/bits"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
)

// firm is a simulated enterprise.
type firm struct {
	code    uscc.Code
	name    string
	org     string
	class   string // of GB/T 4754
	size    int64  // relative output
	tenants []int  // its tenancies
}

// trade is a branch that the parks of Quanzhou's counties hold: a class of GB/T 4754 and a word for the name.
type trade struct {
	class, word string
	weight      int64
}

// trades follow the nine clusters that the city names: textile and garment, footwear, petrochemicals, machinery, building
// materials, food, crafts, paper, electronics. The weights are chosen.
var trades = []trade{
	{"1751", "针织", 9}, {"1819", "服装", 14}, {"1952", "鞋业", 15}, {"2614", "化工", 6}, {"3429", "机械", 12}, {"3032", "建材", 8},
	{"1421", "食品", 7}, {"2439", "工艺", 5}, {"2221", "纸品", 6}, {"3982", "电子", 9}, {"3074", "陶瓷", 6}, {"3360", "五金", 6},
}

// makeFirms names the enterprises behind the tenancies. Each sits in the county of its first park.
func makeFirms(tenants []tenant, n int, counties map[string]string, s source) []firm {
	firms := make([]firm, n)
	var total int64
	for _, t := range trades {
		total += t.weight
	}
	for i := range firms {
		pick := s.between(1, total)
		kind := trades[0]
		for _, t := range trades {
			if kind = t; pick <= t.weight {
				break
			}
			pick -= t.weight
		}
		firms[i] = firm{code: must(uscc.Make(prefix(i))), class: kind.class, name: kind.word, size: s.skewed()}
	}
	for i, t := range tenants {
		f := &firms[t.enterprise]
		if len(f.tenants) == 0 {
			f.org = t.site.Org
			f.name = label(counties[f.org], f.name, t.enterprise)
		}
		if t.day("enrolled") != 0 {
			f.size *= 5
		}
		f.tenants = append(f.tenants, i)
	}
	return firms
}

// prefix is the beginning of the i-th credit code: of the division 350599, which does not exist.
func prefix(i int) string {
	const letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	organisation := []byte("MADEM000")
	for at, n := 7, i; at > 3; at, n = at-1, n/len(letters) {
		organisation[at] = letters[n%len(letters)]
	}
	return "91350599" + string(organisation)
}

func must(c uscc.Code, err error) uscc.Code {
	if err != nil {
		panic(err) // prefix makes only characters of the code
	}
	return c
}

// filed is what an enterprise files for one month.
type filed struct {
	month  period.Month
	output int64 // fen
	jobs   int64
}

// returns makes an enterprise's filings. The raw output of a month is its size, the season, how far production has ramped
// up, and a little noise; scale makes the calibrated year's sum the published one.
type returns struct {
	seed        uint64
	first, last period.Month
	tenants     []tenant
	scale       func(raw int64) int64
}

// of calls yield with every month of the window in order.
func (r returns) of(i int, f firm, yield func(filed)) {
	s := newSource(r.seed, 1_000_000+uint64(i))
	var produced, handed period.Month
	var area int64
	for _, k := range f.tenants {
		t := r.tenants[k]
		produced, handed = earliest(produced, t.day("production")), earliest(handed, t.day("handed_over"))
		area += t.areaM2
	}
	for m := r.first; m <= r.last; m++ {
		noise, staff := s.between(92, 108), s.between(95, 105)
		out := filed{month: m}
		if produced != 0 && m >= produced {
			ramp := min(100, 40+5*int64(m-produced))
			out.output = r.scale(f.size / 100 * season[m.Month()-1] * ramp / 100 * noise / 100)
			out.jobs = max(8, area/45*ramp/100*staff/100)
		} else if handed != 0 && m >= handed {
			out.jobs = max(3, area/400*staff/100)
		}
		yield(out)
	}
}

func earliest(a period.Month, d period.Date) period.Month {
	if d != 0 && (a == 0 || d.Month() < a) {
		return d.Month()
	}
	return a
}

// step is what filed money is rounded to: 1,000 yuan.
const step = 100_000

// scaled finds the factor that makes the sum of the calibrated year the published output.
func scaled(r returns, firms []firm) func(raw int64) int64 {
	r.scale = func(raw int64) int64 { return raw }
	var sum int64
	for i, f := range firms {
		r.of(i, f, func(v filed) {
			if v.month.Year() == calibratedYear {
				sum += v.output
			}
		})
	}
	if sum == 0 {
		return func(int64) int64 { return 0 }
	}
	return func(raw int64) int64 {
		hi, lo := bits.Mul64(uint64(raw), outputFen/step)
		q, rest := bits.Div64(hi, lo, uint64(sum))
		if rest*2 >= uint64(sum) {
			q++
		}
		return int64(q) * step
	}
}
