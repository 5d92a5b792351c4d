// Package problem is the list of problems (问题清单) of tenancies, projects and parks: what stands in the way, who removes it,
// until when. A problem is open, then solved by whoever worked on it, then closed by somebody else who confirms it.
//
// What was done with a problem is a list of events that only grows; the last one says how it stands. Its version counts them,
// so two people who act at once do not lose each other's act.
//
//	p, err := problem.Open(ctx, w, act, problem.New{Kind: "project", Subject: id, Title: "用电增容未批", Due: day})
//	p, err = problem.Do(ctx, w, act, actor, problem.Step{ID: p.ID, Version: 1, Act: problem.Solve, Text: "已送电"})
//	level := rules.Level(p, today) // how far up it is followed, and by which rule
//
//	problem.go  Problem, New, Step     open.go, act.go  writing     list.go  reading     may.go  who may do what
//	escalation.go  the levels, from refdata/problems
//
// It sends nothing and changes no figure. It is not the form of the same name (refdata/forms), in which operators report
// difficulties once a month.
package problem
