package enrolment

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

func anyDay(t *rapid.T, name string) period.Date {
	return period.DateOf(rapid.IntRange(2022, 2025).Draw(t, name+" year"), rapid.IntRange(1, 12).Draw(t, name+" month"), rapid.IntRange(1, 28).Draw(t, name+" day"))
}

func anyCase(t *rapid.T, p *Pack) Case {
	c := Case{Industry: rapid.SampledFrom([]industry.Code{"1952", "5211", "7020", "4710", "6621", ""}).Draw(t, "industry"), Relocated: rapid.Bool().Draw(t, "relocated"),
		Revenue: map[period.Month]int64{}, Output: map[period.Month]int64{}, Papers: map[string]Paper{}}
	if rapid.Bool().Draw(t, "opened") {
		c.Opened = anyDay(t, "opened")
	}
	for m := period.MonthOf(2022, 1); m <= period.MonthOf(2025, 12); m++ {
		if rapid.IntRange(0, 9).Draw(t, "filed") > 1 {
			c.Revenue[m] = rapid.Int64Range(-20_000_000, 400_000_000).Draw(t, "revenue")
			c.Output[m] = 1
		}
	}
	for _, m := range p.Materials {
		if rapid.Bool().Draw(t, "paper") {
			c.Papers[m.Code] = Paper{Have: true}
		}
	}
	if rapid.Bool().Draw(t, "base") {
		one, other := int64(1), rapid.Int64Range(1, 2).Draw(t, "other")
		c.Base, c.LastYear = &one, &other
	}
	return c
}

// nearness orders verdicts by how near they are.
var nearness = map[Verdict]int{Ready: 0, Preparing: 1, Misses: 2, Below: 3, Unknown: 3}

func TestAssess_saysWhatItsOwnPartsSay(t *testing.T) {
	p, err := For("350582", 20240601)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t, p), anyDay(t, "today")
		today = max(today, 20230101)
		r := p.Assess(c, today)
		if r.Verdict == NoSector || r.Verdict == Licence {
			return
		}
		newHere := r.Path == ByMonth
		switch {
		case r.Window.Closes < today:
			t.Errorf("the window closed on %s, before %s", r.Window.Closes, today)
		case newHere && (c.Relocated || c.Opened == 0 || c.Opened > today || r.Window.Batch-c.Opened.Month() > period.Month(p.Monthly.NewFor)):
			t.Errorf("the monthly path for one opened %s, relocated %v, into %s", c.Opened, c.Relocated, r.Window.Batch)
		case r.Known > r.Asked || r.Last != r.Window.Closes.Month()-1 || r.Asked > p.Periods:
			t.Errorf("%d of %d periods up to %s", r.Known, r.Asked, r.Last)
		case (r.Verdict == Ready) != (len(r.Blocks) == 0) || r.Verdict == Ready && !r.Met:
			t.Errorf("%s with %d blocks, met %v", r.Verdict, len(r.Blocks), r.Met)
		case r.Verdict == Misses && (r.Late <= 0 || r.Late != days(r.Window.Closes, r.ReadyOn) || len(r.Because()) == 0):
			t.Errorf("misses by %d days because of %v", r.Late, r.Because())
		case r.Verdict == Preparing && (r.ReadyOn > r.Window.Closes || len(r.Because()) != 0):
			t.Errorf("preparing until %s for %s because of %v", r.ReadyOn, r.Window.Closes, r.Because())
		case r.Reachable.Closes != 0 && (r.Verdict != Misses || r.Reachable.Closes <= r.Window.Closes || r.Reachable.Closes < r.ReadyOn && !newHere):
			t.Errorf("%s can make %s, ready on %s", r.Verdict, r.Reachable.Closes, r.ReadyOn)
		}
	})
}

// More that is known or there never puts an enterprise further away, the window being the same.
func TestAssess_morePapersAndRevenueNeverHurt(t *testing.T) {
	p, err := For("350582", 20240601)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t, p), max(anyDay(t, "today"), 20230101)
		before := p.Assess(c, today)
		for _, m := range p.Materials {
			c.Papers[m.Code] = Paper{Have: true}
		}
		for m, v := range c.Revenue {
			c.Revenue[m] = v + 50_000_000
		}
		after := p.Assess(c, today)
		if before.Window != after.Window || nearness[after.Verdict] > nearness[before.Verdict] || after.Verdict == Misses && before.Verdict == Misses && after.Late > before.Late {
			t.Errorf("with every paper and more revenue %s (%d late) became %s (%d late)", before.Verdict, before.Late, after.Verdict, after.Late)
		}
	})
}
