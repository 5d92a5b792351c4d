package panel_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/engine/panel"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// The output of 2024 by county, and the rows behind one county's number.
func Example() {
	schema := panel.Schema{
		Name: "filing", Dims: []string{"org", "enterprise", "nature"}, Ints: []string{"output"}, Dates: []string{"month"},
	}
	row := func(org, enterprise string, month period.Date, output panel.Int) panel.Row {
		return panel.Row{
			Key: enterprise + "/" + month.String(), Dims: []string{org, enterprise, "declared"},
			Ints: []panel.Int{output}, Dates: []period.Date{month},
		}
	}
	table, err := panel.NewTable(schema, slices.Values([]panel.Row{
		row("city.jinjiang.park1.", "e1", 20240500, panel.Some(300)),
		row("city.jinjiang.park1.", "e1", 20240600, panel.Some(200)),
		row("city.jinjiang.park2.", "e2", 20240600, panel.Int{}), // not filed yet: unknown, not zero
		row("city.shishi.park3.", "e3", 20240600, panel.Some(40)),
		row("city.shishi.park3.", "e3", 20230600, panel.Some(9000)),
	}))
	if err != nil {
		panic(err)
	}

	sel, err := table.Select(panel.Filter{panel.Prefix("org", "city."), panel.DateIn("month", period.Year(2024))})
	if err != nil {
		panic(err)
	}
	byCounty := panel.Group{Column: "org", Map: func(path string) (string, bool) {
		steps := strings.Split(path, ".")
		return steps[min(1, len(steps)-1)], true
	}}
	res, err := sel.Aggregate(panel.Query{Measure: panel.Sum("output"), By: byCounty, Nature: "nature"})
	if err != nil {
		panic(err)
	}
	fmt.Println("total", res.Total.Value)
	for _, c := range res.Cells {
		fmt.Println(c.Key, c.Value, c.Rows, c.Listed, c.Natures)
	}

	county, err := sel.Within(byCounty, "jinjiang")
	if err != nil {
		panic(err)
	}
	list, err := county.Rows(panel.Sum("output"), panel.Page{Limit: 10})
	if err != nil {
		panic(err)
	}
	for _, it := range list.Items {
		fmt.Println(it.Row.Key, it.Amount)
	}
	// Output:
	// total 540
	// jinjiang 500 3 2 [declared]
	// shishi 40 1 1 [declared]
	// e1/2024-05 300
	// e1/2024-06 200
}
