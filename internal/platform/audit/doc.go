// Package audit is the append-only, hash-chained trail (审计日志) of everything that was written for a city.
//
// There is one chain per city. Every Write that changes something appends one Entry in the same transaction, so the trail
// and the data stand or fall together. The sequence of the last line is also the city's change sequence: a Follower keeps
// something derived from the ledger and asks Touched what changed since.
//
//	seq, err := audit.Append(ctx, w, audit.Entry{City: "350500", Actor: "office.a", Action: "park.edit", Kind: "park",
//		Entity: id, At: now, Detail: change, Touched: []audit.Touch{{Kind: "park", ID: id}}})
//
// Each line holds the SHA-256 of a canonical encoding of itself, of the rows that it touched and of the hash before it;
// audit_head holds the last. Verify finds a line that was changed, removed, inserted or cut off at the end. It is not a
// signature: whoever may write to the database and recomputes the whole chain from a line onward is found only by
// comparing Head with one that was noted elsewhere before.
//
// It is not a log for operators (that is slog), and details never hold secrets.
//
// The idea is the hash chain of S. Haber and W. S. Stornetta, How to time-stamp a digital document, 1991, section 5.
package audit
