// Package enrolment is readiness for the statistics bureau's list of enterprises above scale (纳统准备).
//
// A Pack holds one province's rules with the day from which they hold: thresholds by sector, windows, materials. Assess says
// of one enterprise on one day by which path and in which window it can enter, what is missing, what to do by when, and by
// how many days the window will be missed. Every statement of a pack says whether it is established or assumed. A Board keeps
// the answers for a whole city: it builds each Case out of the ledger and catches up with what changed in it.
//
// It does not decide anything: only the statistics bureau's word makes an enterprise enrolled. Applied, returned, accepted,
// listed and delisted are separate facts with who said them and when; they are only ever added, and taken back by a void fact.
// They change no tenancy: where the bureau's list and the stage enrolled of the ledger disagree, a note says so. It sets nobody a
// figure to reach, and an enterprise that moved inside the city is never new. What is not known is missing, not zero.
//
//	board := enrolment.NewBoard(city)
//	v, err := board.Now(ctx, r, today)
//	row, ok := v.Row(id) // row.Verdict, row.Window.Closes, row.Late, row.Because(), row.Tasks
//	list, err := v.List(enrolment.Query{Scope: scope, Verdict: enrolment.Misses})
//	_, err = enrolment.Add(ctx, w, act, enrolment.Fact{Enterprise: id, Word: enrolment.Listed, Day: today, Month: month, …})
//
//	pack.go    Pack, Window             assess.go  Case, Assess, Readiness     force.go  InForce: the city's own versions
//	fact.go    Fact, Add, Register      paper.go   Sheet, Put                  load.go   one pass over the ledger
//	row.go     Row, Sign, Note          task.go    Task: planned back          board.go  Board, View      list.go  List
//
// Who sees a row: who sees the enterprise; its park, who sees that tenancy. Tables: enrolment_fact, enrolment_paper; it reads
// filing_value, tenancies, evidence and pack_version.
package enrolment
