// Package finding is what the program asks about filed figures (研判): figures that can hardly be right, with the rows that say so.
//
// It hands the ledger's returns to engine/plausible and keeps the answer as long as the ledger stands still. A finding is a
// question, never a verdict: nothing is changed or blocked by it, and nothing is stored. It is no rule of a form (package
// form) and no task for anybody.
//
// A figure that equals a target is a finding too. Such a finding is Confidential: it would tell a target to whoever enters
// figures, so Seen hides it from everybody who may not know targets.
//
//	w := finding.NewWatch(d, city, measures, now)
//	set, err := w.Now(ctx, lib)
//	mine := set.Seen(finding.Eyes{Enterprises: visible, Path: scope.Path, Targets: false})
//
//	watch.go  Watch: computing once per change of the ledger     input.go   returns as plausible takes them
//	seen.go   who sees which finding                             aims.go    targets as plausible takes them
//	consistency.go  what the ledger states against itself, across tenancies, parks and returns; its owner and way to resolve
//	consistency_check.go  the checks                              consistency_load.go  what they read
//	consistency_history.go  the check of dated stages against their lifecycle
//
// Who sees a finding: who sees the enterprise; one about a whole group, who sees the whole city. Tables: none of its own; it
// reads those of filing and target, and import_batch and app_user to know which file came from which account.
package finding
