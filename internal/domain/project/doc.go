// Package project is a work with milestones (项目): building a park, an investment, a retrofit, and the like.
//
// A project belongs to one park, which may be one enterprise's factory, and may be one enterprise's. Its milestones (节点)
// are planned, claimed, deemed or verified as the stages of a tenancy are, and kept the same way: appended, never
// overwritten, the latest of a kind counting. Investment is the project's own, in fen: the construction cost of a park and
// the sum of its tenants' projects are different numbers and stay on different projects.
//
// It is not the park and not a tenancy: a signed tenant becomes a tenancy, what it builds or buys becomes a project.
//
//	rows, next, err := project.List(ctx, r, scope, project.Query{Kind: project.Retrofit})
//	for _, d := range project.Dates(rows[0].Milestones) { … d.Stage, d.Planned, d.Actual … }
//
//	project.go  Project, Milestone, Dates     store.go  List, Get; write.go: Add, AddMany
//
// Who sees a project: the office at whose org, or above it, the park reports; the enterprise whose it is; nobody else.
// Tables: project, project_milestone.
package project
