package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"pgregory.net/rapid"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// What is written by hand reads as what encoding/json writes.
func TestGantt_writesItselfAsTheEncoderWould(t *testing.T) {
	format := formats(huma.DefaultConfig("x", "1").Formats)["application/json"]
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `"items":[]`, "晋江\\园\n", "\u2028</script>&"}))
		g := PipelineGantt{AsOf: "2025-07-12", Stages: []PipelineStage{{Code: "a", Name: text.Draw(t, "stage")}}, Items: []PipelineLine{}, Next: text.Draw(t, "next")}
		g.Lifecycle.Name = text.Draw(t, "lifecycle")
		for range rapid.IntRange(0, 4).Draw(t, "lines") {
			l := PipelineLine{Kind: "project", ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), ParkName: text.Draw(t, "park"), Officer: text.Draw(t, "officer"),
				Light: "red", Suspended: rapid.Bool().Draw(t, "suspended"), Marks: GanttMarks{}}
			for i := range rapid.IntRange(0, 3).Draw(t, "marks") {
				day := func(name string) period.Date {
					return rapid.SampledFrom([]period.Date{0, 20250000, 20250700, 20250712, 19991231}).Draw(t, name)
				}
				l.Marks = append(l.Marks, GanttMark{i, day("first"), day("planned"), day("day"), "claimed"})
			}
			g.Items = append(g.Items, l)
		}
		var out bytes.Buffer
		if err := format.Marshal(&out, g); err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		var x, y any
		if err := json.Unmarshal(out.Bytes(), &x); err != nil {
			t.Fatalf("written %s: %v", out.Bytes(), err)
		}
		if err := json.Unmarshal(want, &y); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("written %s, want %s", out.Bytes(), want)
		}
		for _, l := range g.Items {
			for _, m := range l.Marks {
				if got := string(appendDate(nil, m.First)); got != m.First.String() {
					t.Fatalf("date %q, want %q", got, m.First)
				}
			}
		}
	})
}
