// Package park is the programme park (园区): a project of the city's standardization programme that builds, renews or runs
// industrial space, from a whole district of 12,000 mu down to one enterprise's factory.
//
// # What a park is
//
// A park has a name as an office writes it, aliases (parks are renamed: 集成电路小微工业园 became 芯智造产业园), an org that
// reports it, perhaps a parent park that contains it, and phases (分期) with their own land, area and dates. What is said
// about its size is not a column: land, floor area, investment, dates, tenants, leasing rate are figures (figure.go lists
// the fields). Each is a statement with its source, nature, unit as written and as-of date. Two sources may contradict
// each other: 英林园 has 131 mu in one and 109.28 mu in another. Both stand; kit/figure.Use says which one the city uses,
// unless a person has chosen (Choose) and said why.
//
// # What it is not
//
// It is not a legal development zone (开发区): that is a Zone, of the audited national catalogue with code and approved
// area; a park may lie in one. It is not a building or a unit to let, nor a tenancy: the figure tenants_producing is what a
// source claims, while the number of producing tenants that the cockpit shows is counted from tenancies. Unknown is
// unknown: an empty cell never becomes 0 and "约100" never becomes 100.
//
// # Where things are
//
//	park.go figure.go phase.go zone.go   the types, their checks, and the catalogue of fields with their units
//	store.go list.go facts.go            reading: Get, List (always scoped), EachFacts and EachPhase for the panel
//	write.go figure_store.go             changing: Add, Update, AddAlias, AddPhase, Nest; Record, Choose
//	history.go                           which statement replaces which
//	import.go                            a park list as an office wrote it
//	cells.go plan.go commit.go           judging it cell by cell, saying what it would do, writing it all or nothing
//	load.go batches.go sql.go            many parks at once for the program's own data; imports made; SQL helpers
//
// Tables: park, park_alias, park_phase, zone, figure (kind 'park'), figure_choice, import_batch, import_row.
//
// # Who may do what
//
// Reading needs a scope with a place: a county sees its own parks, an operator the parks of its org, an enterprise none
// here. A row out of reach is "not found". A list may be imported (auth.ParkImport) by the system administrator and the
// city's park office, every row, and by a county's office, rows of its own county: one row of another refuses the file.
//
//	plan, err := park.Prepare(ctx, r, park.Import{User: user, File: file, OrgAliases: aliases})
//	// plan.Rows: new, changed or unchanged, each field before and after; plan.Problems: which cell, why, as message keys
//	batch, err := park.Commit(ctx, w, plan, park.Batch{ID: id, Actor: user.Username, At: now, NewID: ids.New})
//
// Where the idea comes from: the published park lists and fact sheets of the programme, whose rows taught that aliases,
// phases, nesting and conflicting land figures are the normal case.
package park
