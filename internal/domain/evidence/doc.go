// Package evidence is what proves that a stage was entered (佐证): a permit, an administrative record, a photo or a statement, of
// a tenancy, a project or an enterprise.
//
//	file, err := blob.Prepare(ctx, upload)                        // outside of the transaction; nil where there is no file
//	e, err := evidence.Add(ctx, w, act, ref, evidence.New{Stage: "production", Grade: evidence.Photo, Title: "投产现场", File: file})
//	permits, records, photos, statements, err := evidence.Counts(ctx, r, scope, ref, "production")
//	pairs, err := evidence.TwiceIn(ctx, r, scope)                 // the same photo for two things
//
// Grades are ordered: permit (许可) over administrative record (行政记录) over photo (照片) over statement (说明). A piece of evidence
// is never edited and never removed. One that was wrong is withdrawn with a reason; it stays in the history and counts no more,
// and it cannot be withdrawn while an entry of a stage, or a paper of the readiness list, rests on it: that is taken back first.
//
// Two uses of one photo, for two subjects or for two stages, are a finding: a question with both rows, for the offices to settle by
// withdrawing one. They are found by the digest of the bytes and by the perceptual hash (see platform/blob), so that a photo that was
// saved anew is found, too. Files that are no photos are asked about only when the same bytes stand for two subjects: one permit may
// well prove two stages.
//
// It does not know what a stage asks for (domain/milestone) and it judges nothing. Where and when a photo was taken is kept;
// auth.EvidencePlace says who may see it, and the edge hands everybody else a stripped copy.
package evidence
