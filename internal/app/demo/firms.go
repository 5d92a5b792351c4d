package demo

import (
	"fmt"

	"github.com/parkbrain/parkbrain/internal/kit/uscc"
)

// firm is a simulated enterprise.
type firm struct {
	code    uscc.Code
	name    string
	org     string
	trade   trade
	rate    int64 // what it makes in a year at full work, in fen
	extra   int64 // of an enrolled one: its share of what the others leave of the city's output
	tenants []int // its tenancies
}

// trade is a branch that the parks hold: a class of GB/T 4754, a word for the name, and what one job makes in a year.
type trade struct {
	class, word string
	perJob      int64 // fen
}

// trades follow the nine clusters that the city names: textile and garment, footwear, petrochemicals, machinery, building
// materials, food, crafts, paper, electronics. What a job makes is chosen.
var trades = map[string]trade{
	"针织": {"1761", "针织", 65 * million / 100}, "服装": {"1819", "服装", 45 * million / 100}, "鞋业": {"1952", "鞋业", 45 * million / 100},
	"化工": {"2614", "化工", 300 * million / 100}, "机械": {"3429", "机械", 90 * million / 100}, "石材": {"3032", "石材", 70 * million / 100},
	"食品": {"1421", "食品", 80 * million / 100}, "工艺": {"2439", "工艺", 40 * million / 100}, "纸品": {"2221", "纸品", 110 * million / 100},
	"电子": {"3982", "电子", 95 * million / 100}, "陶瓷": {"3075", "陶瓷", 40 * million / 100}, "水暖": {"3352", "水暖", 75 * million / 100},
}

// allTrades is the order in which trades are drawn.
var allTrades = []string{"针织", "服装", "鞋业", "化工", "机械", "石材", "食品", "工艺", "纸品", "电子", "陶瓷", "水暖"}

// leading are the trades that each reporting unit is known for; three quarters of its tenants are of these.
var leading = map[string][]string{
	"350502": {"电子", "机械", "鞋业"}, "350503": {"电子", "机械"}, "350504": {"机械", "电子", "纸品"}, "350505": {"化工"},
	"350582": {"鞋业", "服装", "食品", "电子", "针织"}, "350581": {"服装", "针织", "电子"}, "350583": {"水暖", "机械", "石材", "电子"},
	"350521": {"化工", "石材", "服装", "机械"}, "350524": {"工艺", "电子", "食品"}, "350525": {"陶瓷", "电子"}, "350526": {"陶瓷"},
	"qz-edz": {"电子", "机械"}, "qz-tic": {"机械", "化工", "纸品"},
}

func drawTrade(org string, s source) trade {
	from := leading[org]
	if len(from) == 0 || !s.chance(750) {
		from = allTrades
	}
	return trades[from[s.between(0, int64(len(from))-1)]]
}

// makeFirms names the enterprises behind the tenancies. Each sits in the county of its first park.
func makeFirms(tenants []tenant, n int, counties map[string]string, s source) []firm {
	firms := make([]firm, n)
	for i := range firms {
		firms[i].code = must(uscc.Make(prefix(i)))
	}
	for i, t := range tenants {
		f := &firms[t.enterprise]
		if f.tenants = append(f.tenants, i); len(f.tenants) > 1 {
			continue // a second tenancy
		}
		f.org = t.site.Org
		f.trade = drawTrade(f.org, s)
		f.name = label(counties[f.org], f.trade.word, t.enterprise)
		switch d := t.day("enrolled"); {
		case d != 0 && d.Month() <= calibratedEnd:
			f.rate, f.extra = listedLeast, s.skewed()
		case d != 0 || s.chance(50): // grows past the line, or is past it and waits for the bureau's next round
			f.rate = s.between(grownFrom, grownTo)
		default:
			f.rate = s.between(smallFrom, smallTo)
		}
	}
	return firms
}

// label is a name that nobody can take for a real enterprise.
func label(county, trade string, no int) string {
	return fmt.Sprintf("%s模拟%s%05d有限公司", county, trade, no+1)
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
