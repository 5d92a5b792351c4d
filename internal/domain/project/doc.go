// Package project is a work with milestones (项目): building a park, an investment, a retrofit, and the like.
//
// A project belongs to one org, lies in one park where that is known, which may be one enterprise's factory, and may be one
// enterprise's. Its kind is the code of the lifecycle that it passes (see domain/lifecycle), and its milestones (节点) are
// stages of that; this package does not ask whether they are. They are planned, claimed, deemed or verified as the stages of
// a tenancy are, and kept the same way: appended, never overwritten, the latest of a kind counting. Investment is the
// project's own, in fen: the construction cost of a park and the sum of its tenants' projects are different numbers and stay
// on different projects.
//
// It is not the park and not a tenancy: a signed tenant becomes a tenancy, what it builds or buys becomes a project.
//
//	rows, next, err := project.List(ctx, r, scope, project.Query{Kind: project.Retrofit})
//	for _, d := range project.Dates(rows[0].Milestones) { … d.Stage, d.Planned, d.Actual … }
//	version, err := project.Enter(ctx, w, act, id, version, project.Milestone{Stage: project.Started, Way: tenancy.Claimed, Day: 20250304, …})
//
//	project.go  Project, Milestone, Dates     store.go  List, Get; write.go: Add, AddMany; enter.go: Enter, EnterMany
//	feed.go     EachRow: feed of the panel    follow.go Follow: projects of parks that changed hands
//
// Who sees a project: the office at its org or above it; the enterprise whose it is; nobody else.
// Tables: project, project_milestone.
package project
