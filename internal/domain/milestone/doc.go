// Package milestone is the way of a tenancy or a project through the stages of its lifecycle (节点), told so that it cannot
// lie quietly. Of each stage it keeps apart what was planned at first, every re-plan with its reason, what somebody claimed,
// what a rule deems, and what was verified and by which evidence. Nothing is overwritten: what is taken back moves beside
// what counts, with who took it back and why.
//
//	track, err := milestone.Get(ctx, r, scope, lib, ref, today)
//	version, err := milestone.Claim(ctx, w, act, lib, ref, milestone.Step{
//		Version: track.Head.Version, Stage: "production", Day: 20250610, Source: "企业", Evidence: []string{permit}})
//
// Who may enter what, and when, is the lifecycle's (domain/lifecycle, engine/lifecycle): order, exclusions, pauses, ends,
// guards. Beyond it:
//
//   - A claim and a verification both need the stage's guard. A verification names its evidence, and one piece of it is
//     better than a statement. 纳统 is verified only where the statistics bureau has the enterprise in its list.
//   - A stage that a rule deems entered counts as entered for what comes after it, with the deemed day: that is what the rule
//     says. It never stands against what somebody says: the deemed stage itself can still be claimed, on an earlier or a
//     later day, and what lies behind a deemed day or excludes the stage is no contradiction. A deemed entry that was
//     recorded as one (by an import) is an entry like any other, but for being claimed. Numbers count recorded entries
//     only, so a day that a rule derives counts nowhere: fitting out is never shown as producing.
//   - What was claimed may be verified later, also while it is suspended or after the end: that enters nothing.
//   - What a guard asks for and no table knows, who takes the step states with it (the investment that is planned this year);
//     the entry's reason says what was stated. What the ledger knows, or should know, nobody states.
//   - A plan may be made for every stage that nobody entered, in whatever order, until the end; the second needs a reason.
//   - Taking back a stage takes back all that builds on it. Plans stay.
//   - Bulk data of the ledger holds claims that no guard was asked about, and stages without those before them. They are shown
//     as they stand, each step is judged against them as they stand, and lifecycle.Pack.Check tells what cannot be.
//
// Two officers with the same version: the second is refused with a Conflict, which says who changed what since, and gives
// back the second one's own step. Every accepted step raises the subject's version by one and writes one line of the trail
// with before and after; a refused one writes nothing.
//
//	milestone.go  Entry, Step, the acts      track.go   Get: Track, Stage       write.go    Plan, Claim, Verify
//	store.go      reading and appending      history.go all of it in time       back.go     TakeBack, Suspend, Resume
//	standing.go   where it stands, may it    facts.go   what guards ask         conflict.go Conflict, Since
//	proof.go      evidence of stages         stated.go  what only the officer can tell
//
// It is not evidence (domain/evidence), no promise (domain/promise) and knows nothing of boards (domain/pipeline).
// domain/tenancy and domain/project read the same entries for counts, and add them in bulk.
// Tables: milestone_void, milestone_pause, milestone_evidence; with domain/tenancy tenancy_stage, with domain/project
// project_milestone.
package milestone
