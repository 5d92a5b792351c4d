package plausible

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

var start = period.MonthOf(2023, 1)

// town is twelve peers of one field around 100,000 with mild movements, and one entity "x" with the given months; -1 is
// unknown.
func town(field Field, months ...int64) Input {
	in := Input{First: start, Months: len(months), Fields: []Field{field}}
	for p := range 12 {
		row := make([]Value, len(months))
		for t := range row {
			row[t] = Some(int64(100_000 * (1 + 0.3*float64(p)) * (1 + 0.05*math.Sin(float64(7*p+3*t*t)))))
		}
		in.Entities = append(in.Entities, Entity{ID: fmt.Sprintf("p%02d", p), Groups: []string{"g"}, Values: [][]Value{row}})
	}
	in.Entities = append(in.Entities, Entity{ID: "x", Groups: []string{"g"}, Values: [][]Value{values(months...)}})
	return in
}

func values(months ...int64) []Value {
	out := make([]Value, len(months))
	for t, v := range months {
		if v != -1 {
			out[t] = Some(v)
		}
	}
	return out
}

func find(t *testing.T, in Input) []Finding {
	t.Helper()
	found, err := Find(t.Context(), in, Default())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// about lists the findings of a check on an entity as "month key".
func about(found []Finding, c Check, entity string) (out []string) {
	for _, f := range found {
		if f.Check == c && f.Entity == entity {
			out = append(out, f.Month.String()+" "+strings.TrimPrefix(f.Key, "finding.plausible."))
		}
	}
	return out
}

func TestFind_ownPast(t *testing.T) {
	flow, stock := Field{Code: "v", Step: 1}, Field{Code: "v", Step: 1, Measure: Stock}
	calm := []int64{50_123, 51_877, 49_331, 52_019, 50_777, 48_913}
	with := func(tail ...int64) []int64 { return append(slices.Clone(calm), tail...) }
	for _, x := range []struct {
		name   string
		field  Field
		months []int64
		check  Check
		want   []string
	}{
		{"threefold month", flow, with(150_041, 50_333, 51_007), Jump, []string{"2023-07 jump_high"}},
		{"a new level is told once", flow, with(150_041, 151_333, 149_007), Jump, []string{"2023-07 jump_high"}},
		{"a third", flow, with(16_041, 50_333, 51_007), Jump, []string{"2023-07 jump_low"}},
		{"growth by a quarter", flow, with(63_041, 64_333, 66_007), Jump, nil},
		{"missing is missing", flow, with(-1, 50_333, -1), Jump, nil},
		{"ten times", flow, with(501_041, 50_333, 51_007), Slip, []string{"2023-07 slip_high"}},
		{"ten thousand times", flow, with(501_041_331, 50_333, 51_007), Slip, []string{"2023-07 slip_high"}},
		{"a hundredth, step 1", flow, with(507, 50_333, 51_007), Slip, []string{"2023-07 slip_low"}},
		{"three months in another unit are one finding", stock, with(5_010_413, 5_033_307, 5_101_007), Slip, []string{"2023-07 slip_high"}},
		{"three times is no slip of a unit", flow, with(150_041, 50_333, 51_007), Slip, nil},
		{"a January alone in another unit", flow, append(with(50_011, 49_717, 51_303, 50_909, 50_111, 49_007), 503_041, 50_171), Slip, []string{"2024-01 slip_high"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got := about(find(t, town(x.field, x.months...)), x.check, "x"); !slices.Equal(got, x.want) {
				t.Errorf("%s of %v = %v, want %v", x.check, x.months, got, x.want)
			}
		})
	}
}

func TestFind_slipSuggestsTheValue(t *testing.T) {
	found := find(t, town(Field{Code: "v", Step: 1}, 50_123, 51_877, 49_331, 52_019, 50_777, 48_913, 506_310_000))
	i := slices.IndexFunc(found, func(f Finding) bool { return f.Check == Slip })
	if i < 0 || *found[i].Suggest != (Amount{"v", 50_631}) || found[i].Args["factor"] != 10_000.0 {
		t.Fatalf("findings %+v, want a slip by 10000 with the suggestion 50631", found)
	}
	low, high := found[i].Args["low"].(Amount).V, found[i].Args["high"].(Amount).V
	if low >= 50_000 || high <= 50_000 {
		t.Errorf("expected range %d to %d, want one around 50000", low, high)
	}
}

func TestFind_springFestivalIsNoJump(t *testing.T) {
	months := make([]int64, 26)
	for i := range months {
		months[i] = 50_000 + int64(i*i*37%977)
	}
	months[12], months[13] = 52_000, 9_000 // 2024: the whole standstill in February
	months[24], months[25] = 8_900, 51_000 // 2025: in January
	if got := about(find(t, town(Field{Code: "v", Step: 1}, months...)), Jump, "x"); got != nil {
		t.Errorf("jumps = %v, want none: January and February together are as usual less a month's standstill", got)
	}
}

func TestFind_unchangedCopies(t *testing.T) {
	in := town(Field{Code: "v", Step: 1}, 50_123, 51_877, 51_877, 51_877, 51_877, 48_913)
	if got := about(find(t, in), Copy, "x"); !slices.Equal(got, []string{"2023-03 copy_month"}) {
		t.Errorf("copies = %v, want one run from 2023-03", got)
	}
	in.Fields[0].Sticky = true
	if got := about(find(t, in), Copy, "x"); got != nil {
		t.Errorf("copies of a sticky field = %v, want none", got)
	}
	small := town(Field{Code: "v", Step: 1000}, 50_000, 51_000, 51_000, 51_000, 51_000, 48_000)
	if got := about(find(t, small), Copy, "x"); got != nil {
		t.Errorf("copies of two-digit values = %v, want none: chance does that", got)
	}
}

func TestFind_heapedDigits(t *testing.T) {
	var round, book, ten []int64
	for i := range 18 {
		v := int64(51_237 + i*i*173 + i*911)
		book = append(book, v)
		round = append(round, v/1000*1000)
		ten = append(ten, v/10*10)
	}
	for _, x := range []struct {
		name   string
		months []int64
		want   int
	}{{"thousands of five digits", round, 1}, {"books", book, 0}, {"books in the next unit", ten, 0}, {"too few", round[:11], 0}} {
		if got := about(find(t, town(Field{Code: "v", Step: 1}, x.months...)), Heap, "x"); len(got) != x.want {
			t.Errorf("%s: heaps = %v, want %d", x.name, got, x.want)
		}
	}
}

func TestFind_totals(t *testing.T) {
	fields := []Field{{Code: "v", Step: 1}, {Code: "ytd", Measure: YearToDate, Of: "v", Step: 1}}
	for _, x := range []struct {
		name       string
		flow, year []int64
		want       []string
	}{
		{"right", []int64{10_000, 20_000, 30_000}, []int64{10_000, 30_000, 60_000}, nil},
		{"rounding", []int64{10_000, 20_000, 30_000}, []int64{10_001, 30_001, 60_002}, nil},
		{"falls, then right again", []int64{10_000, 20_000, 30_000}, []int64{10_000, 3_000, 60_000}, []string{"2023-02 total_falls"}},
		{"does not add up", []int64{10_000, 20_000, 30_000}, []int64{10_000, 50_000, 60_000}, []string{"2023-02 total_broken"}},
		{"corrected for good", []int64{10_000, 20_000, 30_000}, []int64{10_000, 50_000, 80_000}, []string{"2023-02 total_broken"}},
		{"a gap proves nothing", []int64{10_000, -1, 30_000}, []int64{10_000, -1, 90_000}, nil},
		{"month above year", []int64{-1, 20_000, -1}, []int64{-1, -1, 15_000}, []string{"2023-03 month_above_year"}},
	} {
		in := Input{First: start, Months: 3, Fields: fields, Entities: []Entity{{ID: "x", Values: [][]Value{values(x.flow...), values(x.year...)}}}}
		if got := about(find(t, in), Sum, "x"); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestFind_needs(t *testing.T) {
	fields := []Field{{Code: "out", Step: 1}, {Code: "kwh", Step: 1}}
	for _, x := range []struct {
		name     string
		out, kwh []int64
		want     []string
	}{
		{"as usual", []int64{1000, 1100, 1200, 1000, 1050}, []int64{500, 550, 600, 500, 520}, nil},
		{"no power", []int64{1000, 1100, 1200, 1000, 1050}, []int64{500, 550, 600, 0, 3}, []string{"2023-04 need_missing"}},
		{"power unknown", []int64{1000, 1100, 1200, 1000, 1050}, []int64{500, 550, 600, -1, -1}, nil},
		{"power, no output", []int64{1000, 1100, 1200, 0, 1050}, []int64{500, 550, 600, 500, 520}, []string{"2023-04 need_idle"}},
		{"idle with base load", []int64{1000, 1100, 1200, 0, 1050}, []int64{500, 550, 600, 60, 520}, nil},
		{"fitting out", []int64{0, 0, 0, 0, 1050}, []int64{500, 550, 600, 60, 520}, nil},
	} {
		in := Input{First: start, Months: 5, Fields: fields, Needs: []Need{{"out", "kwh"}}}
		for p := range 10 {
			in.Entities = append(in.Entities, Entity{ID: fmt.Sprint("p", p), Values: [][]Value{values(1000, 1100, 1200, 1000, 1050), values(500, 550, 600, 500, 520)}})
			for t := range 5 { // no twins
				in.Entities[p].Values[0][t].V += int64(p)
			}
		}
		in.Entities = append(in.Entities, Entity{ID: "x", Values: [][]Value{values(x.out...), values(x.kwh...)}})
		if got := about(find(t, in), NeedUnmet, "x"); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestFind_targetIsConfidentialAndNotWrittenOut(t *testing.T) {
	in := town(Field{Code: "v", Step: 1}, 50_123, 51_877, 49_331, 52_019)
	in.Targets = []Target{{Entity: "x", Field: "v", Month: start + 2, Value: 49_331}, {Entity: "x", Field: "v", From: start, Month: start + 3, Value: 203_350},
		{Entity: "x", Field: "v", Month: start + 3, Value: 52_018}, {Entity: "nobody", Field: "v", Month: start, Value: 1}}
	found := find(t, in)
	if got := about(found, TargetHit, "x"); !slices.Equal(got, []string{"2023-01 target", "2023-03 target"}) {
		t.Errorf("target findings = %v, want the sum from 2023-01 and the month 2023-03", got)
	}
	for _, f := range found {
		if f.Check != TargetHit {
			continue
		}
		for name, arg := range f.Args {
			if s := fmt.Sprint(arg); s == "49331" || s == "203350" {
				t.Errorf("argument %s = %s writes the target out", name, s)
			}
		}
		if !f.Confidential {
			t.Error("a finding about a target must be confidential")
		}
	}
}

func TestFind_originsAndTwins(t *testing.T) {
	in := town(Field{Code: "v", Step: 1}, 50_123, 51_877, 49_331)
	for i := range in.Entities[:6] {
		in.Entities[i].Origins = []Origin{{"device", "d", start}, {"device", "d", start + 1}}
	}
	found := find(t, in)
	i := slices.IndexFunc(found, func(f Finding) bool { return f.Check == Origins })
	if i < 0 || len(found[i].Also) != 5 || found[i].Month != start || found[i].Until != start+1 {
		t.Errorf("findings %+v, want one origin for six entities and two months", found)
	}
	twins := Input{First: start, Months: 2, Fields: []Field{{Code: "a", Step: 1}, {Code: "b", Step: 1}}, Entities: []Entity{
		{ID: "p", Values: [][]Value{values(50_123, 51_877), values(7_301_993, 7_511_002)}},
		{ID: "q", Values: [][]Value{values(50_123, 51_877), values(7_301_993, 7_511_002)}},
		{ID: "r", Values: [][]Value{values(50_123, 51_877), values(7_301_994, 7_511_003)}},
	}}
	if got := about(find(t, twins), Twins, "p"); !slices.Equal(got, []string{"2023-01 twins"}) {
		t.Errorf("twins of p = %v, want q only, once", got)
	}
}

func TestFind_refusesUnclearInput(t *testing.T) {
	good := town(Field{Code: "v", Step: 1}, 1, 2, 3)
	for name, x := range map[string]struct {
		spoil func(in *Input, o *Options)
		key   string
	}{
		"twice":    {func(in *Input, _ *Options) { in.Entities[1].ID = in.Entities[0].ID }, "plausible.entity_twice"},
		"shape":    {func(in *Input, _ *Options) { in.Entities[0].Values = nil }, "plausible.shape"},
		"months":   {func(in *Input, _ *Options) { in.Months = 4 }, "plausible.shape"},
		"step":     {func(in *Input, _ *Options) { in.Fields = []Field{{Code: "v"}} }, "plausible.shape"},
		"field":    {func(in *Input, _ *Options) { in.Needs = []Need{{"v", "w"}} }, "plausible.field_unknown"},
		"window":   {func(in *Input, _ *Options) { in.Pairs = []Pair{{"v", "v", 0}} }, "plausible.shape"},
		"nesting":  {func(in *Input, _ *Options) { in.Entities[0].Groups = []string{"g", "h"} }, "plausible.group_nesting"},
		"option":   {func(_ *Input, o *Options) { o.JumpK = math.NaN() }, "plausible.option"},
		"zero opt": {func(_ *Input, o *Options) { *o = Options{} }, "plausible.option"},
	} {
		in, o := good, Default()
		in.Entities = slices.Clone(good.Entities)
		x.spoil(&in, &o)
		_, err := Find(t.Context(), in, o)
		if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || f.Key != x.key {
			t.Errorf("%s: %v, want %s", name, err, x.key)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, good, Default()); !errors.Is(err, context.Canceled) {
		t.Errorf("Find with an ended context = %v, want context.Canceled", err)
	}
}

// The daily totals of a real meter stand for months here: only the checks that need no calendar are asked. Books that a
// machine keeps must show neither heaped digits nor copies.
func TestFind_realMeterHasNoHeapsAndNoCopies(t *testing.T) {
	f, err := os.Open("../../../../shared/data/meters/steel_15min_january.csv")
	if err != nil {
		t.Skip("the real meter file is not here: ", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	day, sum := "", map[string]float64{}
	var days []string
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if d := strings.Fields(row[0])[0]; d != day {
			day = d
			days = append(days, d)
		}
		sum[day] += v
	}
	var months []Value
	for _, d := range days {
		months = append(months, Some(int64(math.Round(sum[d]))))
	}
	in := Input{First: start, Months: len(months), Fields: []Field{{Code: "kwh", Measure: Stock, Step: 1, NeverZero: true}}, Entities: []Entity{{ID: "m", Values: [][]Value{months}}}}
	for _, x := range find(t, in) {
		if x.Check == Heap || x.Check == Copy || x.Check == Impossible {
			t.Errorf("%s on a real meter: %+v", x.Check, x)
		}
	}
}
