// Package indicator is the named measure (指标): what it counts, its reading (读数) for a place and a period, and the rows
// behind it.
//
// A definition is data (refdata/indicators/*.yaml): over which ledger it runs, which rows count, what is measured, since
// when. A reading is computed from the ledger's panel, never stored and never typed; the list behind a number comes from
// the same selection of rows, so the two cannot disagree. It is not a target: targets stand beside readings and come from
// domain/target.
//
//	book, err := indicator.Load()
//	panels := indicator.NewPanels(database, city, now)
//	view, err := panels.Now(ctx)                  // caught up with the ledger
//	reading, err := book.Read(view, indicator.Query{Code: "tenancy.production.new", Scope: s, Period: period.Year(2024)})
//	rows, err := book.Rows(view, query, indicator.Drill{Group: "350582", Limit: 50})
//
// Files: definition.go and book.go (the data), window.go (which months), reading.go (numbers), rows.go (lists), tables.go,
// load.go and load_filings.go (how the ledger gets into the panel), panels.go, apply.go and view.go (how it stays current),
// freeze.go, thaw.go and freeze_counted.go (a closed month, for domain/vintage).
package indicator
