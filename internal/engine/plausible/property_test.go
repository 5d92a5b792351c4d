package plausible

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/kit/period"
	"pgregory.net/rapid"
)

var wildFields = []Field{
	{Code: "a", Step: 1}, {Code: "b", Step: 1, FirstMonths: InFebruary}, {Code: "c", Step: 1, Measure: Stock, NeverZero: true},
	{Code: "d", Step: 1, Measure: YearToDate, Of: "a"}, {Code: "e", Step: 1, Signed: true},
}

// drawWild is an input without sense: missing, constant, huge and least numbers, few and many peers.
func drawWild(t *rapid.T) Input {
	in := Input{First: period.MonthOf(2023, rapid.IntRange(1, 12).Draw(t, "first")), Months: rapid.IntRange(0, 30).Draw(t, "months"), Fields: wildFields,
		Needs: []Need{{"a", "b"}, {"c", "e"}}, Pairs: []Pair{{"a", "b", 1}, {"b", "e", 12}, {"c", "a", 3}}}
	pool := []int64{0, 1, -1, 5, 100, 12_345, 50_000, math.MaxInt64, math.MinInt64, math.MaxInt64 / 3}
	n := rapid.IntRange(0, 12).Draw(t, "entities")
	for i := range n {
		e := Entity{ID: fmt.Sprintf("e%d", i), Groups: [][]string{nil, {"g"}, {"h", "g"}}[i%3], Origins: []Origin{{"file", "f", in.First}}}
		mode := rapid.IntRange(0, 2).Draw(t, "mode")
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		for range wildFields {
			row := make([]Value, in.Months)
			for m := range row {
				switch {
				case r.IntN(6) == 0:
				case mode == 0:
					row[m] = Some(pool[r.IntN(len(pool))])
				case mode == 1:
					row[m] = Some(pool[i%len(pool)])
				default:
					row[m] = Some(50_000 + r.Int64N(20_000))
				}
			}
			e.Values = append(e.Values, row)
		}
		in.Entities = append(in.Entities, e)
		if in.Months > 0 {
			in.Targets = append(in.Targets, Target{e.ID, "a", 0, in.First, e.Values[0][0].V}, Target{e.ID, "b", in.First - 3, in.First + 50, 9})
		}
	}
	return in
}

func TestFind_survivesAnythingAndStaysFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawWild(t)
		found, err := Find(context.Background(), in, Default())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if math.IsNaN(f.Score) || math.IsInf(f.Score, 0) || f.Score < 0.99 {
				t.Fatalf("score %v of %+v", f.Score, f)
			}
			for name, arg := range f.Args {
				if v, ok := arg.(float64); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
					t.Fatalf("argument %s = %v of %s", name, v, f.Key)
				}
			}
			if f.Peers != nil && (math.IsNaN(f.Peers.Low+f.Peers.High+f.Peers.Median) || math.IsInf(f.Peers.High, 0)) {
				t.Fatalf("peers %+v", f.Peers)
			}
			if f.Until < f.Month {
				t.Fatalf("%s ends in %s before it begins in %s", f.Key, f.Until, f.Month)
			}
		}
	})
}

func TestFind_orderOfEntitiesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawWild(t)
		a, err := Find(context.Background(), in, Default())
		if err != nil {
			t.Fatal(err)
		}
		in.Entities = rapid.Permutation(in.Entities).Draw(t, "order")
		b, err := Find(context.Background(), in, Default())
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("another order of the entities gave other findings (%v):\n%+v\n%+v", err, a, b)
		}
	})
}

// The same city in another canonical unit (a field and its step times ten to the k) has the same findings.
func TestFind_scaleDoesNotMatter(t *testing.T) {
	small := BackTestOptions{Entities: 150}.filled()
	for seed := range uint64(4) {
		c := makeCity(seed, small)
		c.spoil(seed, 3)
		in := c.input()
		want := places(t, in)
		for f := range in.Fields {
			if in.Fields[f].Code == "output_ytd" {
				continue // keeps the unit of output
			}
			scaled := scale(in, f, 10)
			if in.Fields[f].Code == "output" {
				scaled = scale(scaled, in.field("output_ytd"), 10)
				for i := range scaled.Targets {
					scaled.Targets[i].Value *= 10
				}
			}
			if got := places(t, scaled); !slices.Equal(got, want) {
				t.Errorf("seed %d: %s times ten changed the findings:\n%v\n%v", seed, in.Fields[f].Code, got, want)
			}
		}
	}
}

func places(t *testing.T, in Input) (out []string) {
	t.Helper()
	for _, f := range find(t, in) {
		out = append(out, strings.Join([]string{f.Key, f.Entity, f.Month.String(), f.Until.String(), f.Field}, " "))
	}
	return out
}

func scale(in Input, f int, by int64) Input {
	out := in
	out.Fields = slices.Clone(in.Fields)
	out.Fields[f].Step *= by
	out.Targets = slices.Clone(in.Targets)
	out.Entities = slices.Clone(in.Entities)
	for i := range out.Entities {
		out.Entities[i].Values = slices.Clone(in.Entities[i].Values)
		row := slices.Clone(in.Entities[i].Values[f])
		for m := range row {
			row[m].V *= by
		}
		out.Entities[i].Values[f] = row
	}
	return out
}
