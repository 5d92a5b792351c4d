package enrolment

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

type written struct {
	Name, Source, Today, Industry, Opened, Enrolled, Applied, From, Revenue, Papers, Base string
	LastYear                                                                              string `yaml:"last_year"`
	Relocated                                                                             bool
	Want                                                                                  struct {
		Verdict, Path, Batch, Closes, Rolling, Blocks, Reachable string
		MetIn                                                    string `yaml:"met_in"`
		ReadyOn                                                  string `yaml:"ready_on"`
		Known, Asked, Late                                       int
		Relocated                                                bool
	}
}

func date(t *testing.T, text string) period.Date {
	t.Helper()
	if text == "" {
		return 0
	}
	d, err := period.ParseDate(text)
	if err != nil {
		t.Fatalf("ParseDate(%q) = %v", text, err)
	}
	return d
}

func fen(t *testing.T, text string) int64 {
	t.Helper()
	v, err := unit.MustOf("万元").Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q) = %v", text, err)
	}
	return v
}

func optional(t *testing.T, text string) *int64 {
	if text == "" {
		return nil
	}
	v := fen(t, text)
	return &v
}

func (x written) build(t *testing.T, p *Pack) Case {
	t.Helper()
	c := Case{Industry: "1952", Opened: date(t, x.Opened), Relocated: x.Relocated, Enrolled: date(t, x.Enrolled).Month(), Applied: date(t, x.Applied),
		Revenue: map[period.Month]int64{}, Output: map[period.Month]int64{}, LastYear: optional(t, x.LastYear), Base: optional(t, x.Base), Papers: map[string]Paper{}}
	if x.Industry != "" {
		c.Industry = industry.Code(strings.Trim(x.Industry, "-"))
	}
	for i, text := range strings.Fields(x.Revenue) {
		if m := date(t, x.From).Month() + period.Month(i); text != "-" {
			c.Revenue[m] = fen(t, text)
			c.Output[m] = c.Revenue[m]
		}
	}
	if x.Papers != "none" {
		for _, m := range p.Materials {
			c.Papers[m.Code] = Paper{Have: true}
		}
		for _, word := range strings.Fields(strings.TrimPrefix(x.Papers, "all")) {
			if code, day, ok := strings.Cut(word, "="); ok {
				c.Papers[code] = Paper{Have: true, Expires: date(t, day)}
			} else {
				delete(c.Papers, strings.TrimPrefix(word, "-"))
			}
		}
	}
	return c
}

func TestAssess_casesByHand(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []written
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 25 {
		t.Fatalf("%d cases, want 25 and more", len(cases))
	}
	p, err := For("350582", 20240601)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range cases {
		t.Run(x.Name, func(t *testing.T) {
			if x.Source == "" {
				t.Error("the case has no source")
			}
			w := x.Want
			r := p.Assess(x.build(t, p), date(t, x.Today))
			if string(r.Verdict) != w.Verdict || string(r.Path) != w.Path || r.Late != w.Late || r.Known != w.Known || r.Asked != w.Asked || r.Relocated != w.Relocated {
				t.Errorf("Assess = %s by %s, %d of %d periods, %d late, relocated %v; want %s by %s, %d of %d, %d, %v",
					r.Verdict, r.Path, r.Known, r.Asked, r.Late, r.Relocated, w.Verdict, w.Path, w.Known, w.Asked, w.Late, w.Relocated)
			}
			if w.Path == "" {
				return
			}
			if got := r.Window.Batch.String() + " " + r.Window.Closes.String(); got != w.Batch+" "+w.Closes {
				t.Errorf("window = %s, want %s %s", got, w.Batch, w.Closes)
			}
			if r.Rolling != fen(t, w.Rolling) || r.MetIn != date(t, w.MetIn).Month() || r.Met != (w.MetIn != "") {
				t.Errorf("rolling = %d met %v in %s, want %d in %s", r.Rolling, r.Met, r.MetIn, fen(t, w.Rolling), w.MetIn)
			}
			if w.Verdict == "waiting" {
				return
			}
			var blocks []string
			for _, b := range r.Blocks {
				blocks = append(blocks, strings.TrimPrefix(b.Key, "enrolment.block."))
			}
			if got := strings.Join(blocks, " "); !sameWords(got, w.Blocks) {
				t.Errorf("blocks = %q, want %q", got, w.Blocks)
			}
			want := date(t, w.ReadyOn)
			if w.Verdict == "ready" {
				want = date(t, x.Today)
			}
			if r.ReadyOn != want {
				t.Errorf("ready on %s, want %s", r.ReadyOn, want)
			}
			if w.Reachable != "" && r.Reachable.Closes != date(t, w.Reachable) {
				t.Errorf("the window that it can make closes on %s, want %s", r.Reachable.Closes, w.Reachable)
			}
		})
	}
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, w := range strings.Fields(a) {
		count[w]++
	}
	for _, w := range strings.Fields(b) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestSigns_onlyOfTheCountyAndOnlyAbove(t *testing.T) {
	p, err := For("350582", 20240601)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		county string
		kwh    int64
		want   int
	}{{"350505", 350_001, 1}, {"350505", 350_000, 0}, {"350582", 900_000, 0}} {
		if got := p.Signs(x.county, map[string]int64{"electricity/year": x.kwh}); len(got) != x.want {
			t.Errorf("Signs(%s, %d kWh) = %v, want %d", x.county, x.kwh, got, x.want)
		}
	}
}

func TestFor_onlyWhereAndWhenAPackHolds(t *testing.T) {
	for _, x := range []struct {
		division string
		day      period.Date
	}{{"110000", 20240601}, {"350582", 20221231}} {
		_, err := For(x.division, x.day)
		if f, _ := fault.Of(err); f == nil || f.Key != "enrolment.no_pack" {
			t.Errorf("For(%s, %s) = %v, want enrolment.no_pack", x.division, x.day, err)
		}
	}
}

func TestLoad_refusesWhatIsNoPack(t *testing.T) {
	for _, body := range []string{"pack: x\nfrom: soon\n", "pack: x\ncolour: red\n", "pack: x\nfrom: \"2024-01-01\"\n", ":"} {
		_, err := Load(fstest.MapFS{"x.yaml": {Data: []byte(body)}})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Key != "enrolment.bad_pack" {
			t.Errorf("Load(%q) = %v, want enrolment.bad_pack", body, err)
		}
	}
}
