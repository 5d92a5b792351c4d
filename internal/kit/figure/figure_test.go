package figure

import "testing"

func TestUse_order(t *testing.T) {
	declared := Figure{ID: "1", Nature: Declared, AsOf: 20250000, Value: 131}
	record := Figure{ID: "2", Nature: Record, AsOf: 20230000, Value: 109}
	newer := Figure{ID: "3", Nature: Record, AsOf: 20240000, Value: 110}
	simulated := Figure{ID: "4", Nature: Simulated, AsOf: 20260000, Value: 1}
	for _, c := range []struct {
		name  string
		given []Figure
		want  ID
	}{
		{"a record beats a later declaration", []Figure{declared, record}, "2"},
		{"the later of two records", []Figure{newer, record}, "3"},
		{"simulated only when nothing else stands", []Figure{simulated, declared}, "1"},
		{"a person's choice beats all", []Figure{newer, {ID: "5", Nature: Declared, Chosen: true}}, "5"},
		{"a replaced figure is not used", []Figure{{ID: "6", Nature: Statistics, Replaced: "7"}, declared}, "1"},
	} {
		for range 2 {
			if got, ok := Use(c.given); !ok || got.ID != c.want {
				t.Errorf("%s: Use = %s, %v, want %s", c.name, got.ID, ok, c.want)
			}
			c.given[0], c.given[len(c.given)-1] = c.given[len(c.given)-1], c.given[0] // order must not matter
		}
	}
	if _, ok := Use(nil); ok {
		t.Error("Use of nothing must say so")
	}
}

func TestContradicted_ignoresRepeatsReplacedAndSimulated(t *testing.T) {
	a, b := Figure{Value: 131, Nature: Declared}, Figure{Value: 109, Nature: Record}
	if !Contradicted([]Figure{a, b}) {
		t.Error("131 against 109 is a contradiction")
	}
	earlier, later, undated := Figure{Value: 49, Nature: Declared, AsOf: 20231100}, Figure{Value: 57, Nature: Declared, AsOf: 20250600}, Figure{Value: 60, Nature: Declared}
	if Contradicted([]Figure{earlier, later}) || !Contradicted([]Figure{earlier, undated}) || !Contradicted([]Figure{{Value: 56, Nature: Record, AsOf: 20250600}, later}) {
		t.Error("values of different days agree; of the same day, or of a day that nobody states, they contradict")
	}
	if Contradicted([]Figure{a, a, {Value: 1, Nature: Simulated}, {Value: 2, Nature: Record, Replaced: "x"}}) {
		t.Error("a repeat, a simulated and a replaced figure contradict nobody")
	}
}
