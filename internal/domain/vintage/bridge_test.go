package vintage_test

import (
	"flag"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// TestMain draws fewer pairs of ledgers than the hundred of rapid unless the command line says how many.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "40") // the flag is there: rapid is imported
	os.Exit(m.Run())
}

// said writes a bridge as its values and steps, the largest step first: "1700 → 2000: late e-d/2024-06 +300".
func said(b vintage.Bridge) string {
	value := func(r *big.Rat) string {
		if r == nil {
			return "?"
		}
		return r.RatString()
	}
	var steps []string
	for _, s := range b.Steps {
		sign := "+"
		if s.Amount.Sign() < 0 {
			sign = ""
		}
		steps = append(steps, strings.TrimSpace(fmt.Sprintf("%s %s %s", s.Kind, s.ID, s.Part))+" "+sign+s.Amount.RatString())
	}
	out := value(b.From) + " → " + value(b.To) + ": " + strings.Join(steps, ", ")
	if b.Rest.Sign() != 0 || b.More > 0 {
		out += fmt.Sprintf("; rest %s of %d", b.Rest.RatString(), b.More)
	}
	return out
}

// adds checks that From, all steps and the rest make To.
func adds(t fatal, b vintage.Bridge) {
	t.Helper()
	sum := new(big.Rat).Set(b.Rest)
	for _, s := range b.Steps {
		sum.Add(sum, s.Amount)
	}
	if want := b.Difference(); sum.Cmp(want) != 0 {
		t.Fatalf("steps and rest = %v, want %v of %s", sum, want, said(b))
	}
}

type fatal interface {
	Helper()
	Fatalf(string, ...any)
}

func compare(t fatal, from, to vintage.Side, code, path string, p period.Period) vintage.Bridge {
	t.Helper()
	b, err := vintage.Compare(from, to, vintage.Question{Indicator: code, Path: path, Period: p})
	if err != nil {
		t.Fatalf("Compare(%s, %q) = %v", code, path, err)
	}
	adds(t, b)
	return b
}

// Vintage 1 as newTown; 2 after a correction, a late return and an enterprise that is another county's; 3 after a return was
// taken back. The numbers are added up by hand.
func TestCompare_namesEveryRowThatDiffers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.close("月度封账")
		w.correct("e-a", 1200)
		w.file("e-d", june, 300)
		w.exec(`UPDATE enterprise SET org = '350582' WHERE id = 'e-c'`)
		w.close("更正、补报、划转")
		w.exec(`DELETE FROM filing_value WHERE enterprise = 'e-b' AND month = 202406`)
		w.close("撤回")
		sides := []vintage.Side{{}, w.side(1), w.side(2), w.side(3)}
		month := period.OfMonth(june)
		for _, c := range []struct {
			from, to   int
			code, path string
			p          period.Period
			want       string
		}{
			{1, 2, "filing.output.year", "", month, "1700 → 2200: late e-d/2024-06 +300, corrected e-a/2024-06 +200"},
			{1, 2, "filing.output.year", "350500.350582.", month, "1000 → 1400: corrected e-a/2024-06 +200, moved e-c/2024-06 +200"},
			{1, 2, "filing.output.year", "350500.350583.", month, "700 → 800: late e-d/2024-06 +300, moved e-c/2024-06 -200"},
			{1, 2, "filing.output.year", "350500.350583.", period.Year(2024), "900 → 800: late e-d/2024-06 +300, moved e-c/2024-05 -200, moved e-c/2024-06 -200"},
			{2, 3, "filing.output.year", "", month, "2200 → 1700: withdrawn e-b/2024-06 -500"},
			{1, 3, "filing.output.year", "", month, "1700 → 1700: withdrawn e-b/2024-06 -500, late e-d/2024-06 +300, corrected e-a/2024-06 +200"},
			{1, 1, "filing.output.year", "", month, "1700 → 1700: "},
			{3, 2, "filing.output.year", "", month, "1700 → 2200: late e-b/2024-06 +500"},
			{1, 2, "filing.jobs", "", month, "30 → 40: late e-d/2024-06 +10"},
			// June 2024 less June 2023, when e-b was still at home in 350582; e-c takes its return of last year along.
			{1, 2, "filing.output.new", "350500.350582.", month, "-500 → -300: corrected e-a/2024-06 +200, moved e-c/2023-06 -200, moved e-c/2024-06 +200"},
		} {
			if got := said(compare(t, sides[c.from], sides[c.to], c.code, c.path, c.p)); got != c.want {
				t.Errorf("%d to %d of %s at %q = %s\nwant %s", c.from, c.to, c.code, c.path, got, c.want)
			}
		}
		short := compare(t, sides[1], sides[3], "filing.output.year", "", month).Shorten(1)
		if got, want := said(short), "1700 → 1700: withdrawn e-b/2024-06 -500; rest 500 of 2"; got != want {
			t.Errorf("Shorten(1) = %s, want %s", got, want)
		}
		adds(t, short)
	})
}

// otherRules are the shipped definitions with one text replaced.
func otherRules(t testing.TB, b *indicator.Book, before, after string) *indicator.Book {
	t.Helper()
	packs := b.Packs()
	changed := 0
	for i := range packs {
		changed += strings.Count(packs[i].Body, before)
		packs[i].Body = strings.ReplaceAll(packs[i].Body, before, after)
	}
	if changed == 0 {
		t.Fatalf("no pack says %q", before)
	}
	other, err := indicator.LoadPacks(packs)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func TestCompare_aDefinitionThatChangedIsOneStep(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newTown(t, d)
	one := w.close("月度封账")
	shipped := w.book
	w.book = otherRules(t, shipped, `{field: output, above: "0", unit: 元}`, `{field: output, above: "400", unit: 元}`)
	w.correct("e-a", 1200)
	w.correct("e-c", 300)
	two := w.close("口径调整")
	if two.Parts[vintage.Rules] == one.Parts[vintage.Rules] {
		t.Error("the rules have the same digest")
	}
	month := period.OfMonth(june)
	// By the new definition e-c's 200 did not count in the first closing, and its 300 do not in the second.
	if got, want := said(compare(t, w.side(1), w.side(2), "filing.output.year", "", month)), "1700 → 1700: corrected e-a/2024-06 +200, rule filing.output.year -200"; got != want {
		t.Errorf("bridge = %s, want %s", got, want)
	}
	for no := int64(1); no <= 2; no++ { // each by the definitions of its own day
		if c := w.get(no).Check(); !c.OK {
			t.Errorf("Check of %d = %+v", no, c)
		}
	}
	w.book = otherRules(t, shipped, "code: filing.jobs\n", "code: filing.people\n")
	w.close("改名")
	if got, want := said(compare(t, w.side(1), w.side(3), "filing.people", "", month)), "? → 30: rule filing.people +30"; got != want {
		t.Errorf("an indicator that is new = %s, want %s", got, want)
	}
	if got, want := said(compare(t, w.side(1), w.side(3), "filing.jobs", "", month)), "30 → ?: rule filing.jobs -30"; got != want {
		t.Errorf("an indicator that is gone = %s, want %s", got, want)
	}
	_, err := vintage.Compare(w.side(1), w.side(3), vintage.Question{Indicator: "none", Period: month})
	wantFault(t, "Compare of no indicator", err, fault.NotFound, "indicator.not_found")
}

func TestCompare_ratioByItsParts(t *testing.T) {
	phases, tenancies := "org\tlettable\tcompleted", "org\tenterprise\tarea\tsigned"
	from := sideOf(t, frozen(table{"phase", phases, []string{"p1#1\t350500.350582.\t10000\t2023-05"}},
		table{"tenancy", tenancies, []string{"t1\t350500.350582.\te1\t3000\t2023-06"}}))
	to := sideOf(t, frozen(table{"phase", phases, []string{"p1#1\t350500.350582.\t12000\t2023-05"}},
		table{"tenancy", tenancies, []string{"t1\t350500.350582.\te1\t3000\t2023-06", "t2\t350500.350583.\te2\t1500\t2023-07"}}))
	// 3000/10000 → 4500/12000: 1500/12000 by the tenancy, −3000·2000/(10000·12000) by the area.
	code, month := "premises.leasing_rate", period.OfMonth(june)
	if got, want := said(compare(t, from, to, code, "", month)), "3/10 → 3/8: late t2 numerator +1/8, corrected p1#1 denominator -1/20"; got != want {
		t.Errorf("bridge = %s, want %s", got, want)
	}
	// 350583 has no lettable area: its rate is not known on either side, and nothing is explained.
	if got, want := said(compare(t, from, to, code, "350500.350583.", month)), "? → ?: "; got != want {
		t.Errorf("bridge of a rate that is not known = %s, want %s", got, want)
	}
}

type table struct {
	name, columns string
	rows          []string
}

// frozen writes a frozen June.
func frozen(tables ...table) string {
	var b strings.Builder
	b.WriteString("parkbrain ledger 1\n@city\t1\tcity\tmonth\n350500\t2024-06\n@org\t3\tid\tparent\tkind\tname_zh\tname_en\tdivision\tpath\tsort\n" +
		"350500\t\tcity\t市\t\t\t350500.\t0\n350582\t350500\tcounty\t甲\t\t\t350500.350582.\t0\n350583\t350500\tcounty\t乙\t\t\t350500.350583.\t0\n@park_name\t0\tid\tname\n")
	for _, name := range []string{"filing", "park", "phase", "project", "tenancy"} {
		one := table{name: name}
		if i := slices.IndexFunc(tables, func(x table) bool { return x.name == name }); i >= 0 {
			one = tables[i]
		}
		fmt.Fprintf(&b, "@table %s\t%d\tkey", name, len(one.rows))
		if one.columns != "" {
			b.WriteString("\t" + one.columns)
		}
		b.WriteString("\n")
		for _, r := range one.rows {
			b.WriteString(r + "\n")
		}
	}
	return b.String()
}

func sideOf(t fatal, text string) vintage.Side {
	t.Helper()
	v, err := indicator.Thaw(strings.NewReader(text))
	if err != nil {
		t.Fatalf("Thaw = %v of\n%s", err, text)
	}
	b, err := indicator.Load()
	if err != nil {
		t.Fatalf("Load = %v", err)
	}
	return vintage.Side{View: v, Book: b}
}

// drawnRow is a row whose values may change; the key and the enterprise stay.
type drawnRow struct {
	key, firm string
	values    []string
}

func drawRows(t *rapid.T, label string, n int, values func() []string) []drawnRow {
	out := make([]drawnRow, 0, n)
	for i := range n {
		out = append(out, drawnRow{fmt.Sprintf("%s%02d", label, i), fmt.Sprintf("e%d", rapid.IntRange(0, 3).Draw(t, "firm")), values()})
	}
	return out
}

// mutated is the rows after random changes: some are gone, some new, some say something else.
func mutated(t *rapid.T, rows []drawnRow, values func() []string) (out []drawnRow) {
	for _, r := range rows {
		switch rapid.IntRange(0, 5).Draw(t, "change") {
		case 0: // withdrawn
			continue
		case 1:
			r.values = values()
		}
		out = append(out, r)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "new") {
		out = append(out, drawnRow{fmt.Sprintf("zz%d", i), fmt.Sprintf("e%d", i), values()})
	}
	return out
}

func lines(rows []drawnRow) (out []string) {
	for _, r := range rows {
		out = append(out, strings.Join(append([]string{r.key, r.firm}, r.values...), "\t"))
	}
	return out
}

func TestCompare_addsUpForRandomChanges(t *testing.T) {
	shipped, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	tight := otherRules(t, shipped, `above: "0"`, `above: "25"`)
	rapid.Check(t, func(t *rapid.T) {
		org := rapid.SampledFrom([]string{"350500.", "350500.350582.", "350500.350583."})
		day := rapid.SampledFrom([]string{"", "2023", "2023-06", "2024-02-05", "2024-06-11", "2024"})
		number := rapid.SampledFrom([]string{"", "0", "100", "2500", "7700"})
		draw := func(g *rapid.Generator[string]) string { return g.Draw(t, "value") }
		tenancy := func() []string {
			return []string{draw(org), "p1", draw(number), draw(day), draw(day), draw(day), draw(rapid.SampledFrom([]string{"0", "1"}))}
		}
		phase := func() []string { return []string{draw(org), "p1", draw(number), draw(number), draw(day)} }
		filing := func() []string {
			return []string{draw(org), draw(number), draw(number), draw(rapid.SampledFrom([]string{"2023-02", "2023-06", "2024-02", "2024-06"})), draw(rapid.SampledFrom([]string{"0", "1"}))}
		}
		t1, p1, f1 := drawRows(t, "t", 6, tenancy), drawRows(t, "p", 4, phase), drawRows(t, "f", 8, filing)
		side := func(tenancies, phases, filings []drawnRow) vintage.Side {
			return sideOf(t, frozen(
				table{"tenancy", "enterprise\torg\tpark\tarea\tsigned\tproduction\tcleared\trelocated", lines(tenancies)},
				table{"phase", "enterprise\torg\tpark\tfloor_area_built\tlettable\tcompleted", lines(phases)},
				table{"filing", "enterprise\torg\toutput\tjobs\tmonth\tabove_scale", lines(filings)}))
		}
		from := side(t1, p1, f1)
		to := side(mutated(t, t1, tenancy), mutated(t, p1, phase), mutated(t, f1, filing))
		if rapid.Bool().Draw(t, "other rules") {
			to.Book = tight
		}
		for _, d := range shipped.All() {
			for _, path := range []string{"", "350500.350582.", "350500.350583."} {
				for _, p := range []period.Period{period.OfMonth(june), period.Year(2024)} {
					b := compare(t, from, to, d.Code, path, p)
					if known := b.From != nil && b.To != nil; (known || d.Kind() != "ratio") && b.Rest.Sign() != 0 {
						t.Fatalf("%s at %q of %v leaves a rest: %s", d.Code, path, p, said(b))
					}
					adds(t, b.Shorten(len(b.Steps)/2))
					for _, s := range b.Steps {
						if s.Kind == vintage.RuleStep && d.Over != "filing" && d.ChangeOf == "" {
							t.Fatalf("%s has a step of rules that are the same: %s", d.Code, said(b))
						}
					}
				}
			}
		}
		back := compare(t, to, from, "filing.output.year", "", period.Year(2024))
		there := compare(t, from, to, "filing.output.year", "", period.Year(2024))
		if sum := new(big.Rat).Add(back.Difference(), there.Difference()); sum.Sign() != 0 {
			t.Fatalf("there and back = %v, want 0", sum)
		}
	})
}

func TestCompare_readsOnlyItsOwnCity(t *testing.T) {
	w := newTown(t, dbtest.Open(t, db.SQLite))
	w.close("月度封账")
	_, err := vintage.Compare(w.side(1), w.side(1), vintage.Question{Indicator: "filing.jobs", Path: "350600.", Period: period.OfMonth(june)})
	wantFault(t, "Compare of another city's org", err, fault.NotFound, "org.not_found")
}
