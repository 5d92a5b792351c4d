// Package vintage is a closed month (封账版本): what went in, by which definitions, and what came out of it.
//
// Closing a month takes four texts: inputs (the ledger as the month's readings see it), rules (the packs of definitions),
// results (every indicator of the city and its counties, for the month and its year so far) and completeness (what was
// owed and approved). Each has a digest and together they have one. The texts are canonical, so the same ledger has the
// same digests on every server and database engine, and Check computes the results again from inputs and rules alone,
// byte for byte. A correction after a closing changes nothing of it: closing again makes the next number, with a reason,
// and Bridge says row by row why two of them differ.
//
//	draft, err := vintage.Take(view, book, month)
//	err = draft.Count(ctx, r, forms, now)                    // what was owed and approved
//	v, err := vintage.Close(ctx, w, act, draft, reason)      // refused when the ledger changed since
//	kept, err := vintage.Get(ctx, r, scope, month, v.No)
//	report, err := kept.Check()                              // computed again and compared
//	steps, err := vintage.Compare(a, b, question)            // the bridge
//
// It is not a backup: of a month it keeps what its readings need and nothing else. Only who sees the whole city sees what
// is in a vintage; everybody else sees that it was made.
//
// Files: vintage.go (the types), part.go (texts and digests), take.go and complete.go (what is computed), store.go and write.go (the
// database), check.go (computing again), bundle.go (one file for another server), bridge.go (why two differ), moved.go
// (whether the ledger still says the same).
package vintage
