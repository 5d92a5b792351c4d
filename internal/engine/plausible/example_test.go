package plausible_test

import (
	"context"
	"fmt"

	"github.com/parkbrain/parkbrain/internal/engine/plausible"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

func ExampleFind() {
	in := plausible.Input{
		First: period.MonthOf(2024, 3), Months: 6,
		Fields: []plausible.Field{{Code: "electricity", Step: 1}},
	}
	for i := range 9 {
		row := make([]plausible.Value, in.Months)
		for m := range row {
			row[m] = plausible.Some(int64(40_000 + 3000*i + 571*((i*m)%5)))
		}
		if i == 8 {
			row[5] = plausible.Some(687) // 万千瓦时 typed where kWh … a hundredth of the usual
		}
		in.Entities = append(in.Entities, plausible.Entity{ID: fmt.Sprintf("E%d", i), Groups: []string{"C17"}, Values: [][]plausible.Value{row}})
	}
	found, err := plausible.Find(context.Background(), in, plausible.Default())
	if err != nil {
		panic(err)
	}
	for _, f := range found {
		fmt.Println(f.Severity, f.Check, f.Entity, f.Month, f.Args["value"], "→", f.Suggest)
	}
	// Output: warning slip E8 2024-08 687 → 68700
}
