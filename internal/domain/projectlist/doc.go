// Package projectlist makes projects out of a list: rows of the form project_list (项目台账), which other systems export and
// offices keep, become projects with milestones (see domain/project).
//
// Which date of a row is which stage of a lifecycle is data (refdata/lists). A row's project is known by its number in the
// list of its org: the same number is the same project however often the list is loaded. What a list says of a stage is a
// claim, and a day that lies ahead is a plan; a day that changed becomes a further entry, and nothing is overwritten or left
// out because it cannot be true: that is for domain/finding to say. What a person entered beside the list stays.
//
//	table, err := projectlist.Shipped()
//	plan, err := projectlist.Prepare(ctx, r, act, lifecycles, projectlist.From{Org: "350582", Lifecycle: "planning"})
//	plan.Report.New, plan.Report.Bad // nothing is written yet
//	report, err := projectlist.Load(ctx, w, act, lifecycles, projectlist.From{…})
//
//	table.go  which field is which stage     plan.go  Prepare: what would change     load.go  Load
//
// It is not the form and not the import of files (domain/form, domain/intake), and it keeps nothing of its own.
package projectlist
