// Package review is a quarter's review (拉练评议): the numbers of one office as they stood at a moment, frozen with a digest,
// one sheet for each of its sites, what changed since the office's review before, grades by word, and the follow-ups
// (problems that name the review).
//
//	t, err := ledger.Take(ctx, scope, now, review.New{Org: "350582", Quarter: "2025-Q2", Title: "…"}) // reads
//	v, err := review.Freeze(ctx, w, act, t)      // keeps
//	v, text, err := review.Open(ctx, r, scope, v.ID) // exactly what was kept
//	_, err = review.Give(ctx, w, act, v.ID, review.Grading{Site: park, Grade: "excellent", Remark: "…"})
//
//	review.go  reading    body.go  what is frozen    take.go, site.go  collecting it    since.go  what changed
//	freeze.go  keeping it    grade.go  grades, with the scale of refdata/reviews
//
// Nothing of a review is ever written again. Targets are frozen in a text of their own, because who enters figures does not
// see what plans want. It computes no indicator: domain/indicator does.
package review
