// Package pipeline is the board (推进看板) of everything that passes a lifecycle: where each tenancy and project stands, since
// when, what it plans next and whether that is late, under which light, and how the plans of two moments differ.
//
// A Board keeps the whole city in memory and catches up with the ledger by the audit trail's touches, as indicator.Panels does:
// who asks after a commit sees it. A View is the board at one change of the ledger and on one day; it never changes. Every count
// of a view has its rows: the same Query that counts also lists.
//
//	board := pipeline.NewBoard(database, city, now)
//	view, err := board.Now(ctx)
//	lanes := view.Kanban(pipeline.Query{Scope: s, Lifecycle: "tenancy"})
//	rows := view.Select(pipeline.Query{Scope: s, Lifecycle: "tenancy", Stage: "signed"}) // len(rows) is the lane's count
//	slips := view.Compare(query, monthAgo, now, pipeline.ByCounty)
//
//	subject.go   one row and what follows from its entries    way.go     a lifecycle by rank
//	load.go      how the ledger gets in                       board.go   keeping up with it
//	view.go      filters, order, pages                        lanes.go   kanban, funnel, Gantt, how long stages take
//	light.go     lights from milestones                       baseline.go, compare.go  the plans of two moments
//
// It enters nothing into a stage (domain/milestone) and counts no indicator (domain/indicator): a stage is entered here where
// a verified, claimed or deemed entry is stored.
package pipeline
