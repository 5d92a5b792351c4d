// Package db opens the database and hands out transactions as types: one SQL text, two engines.
//
// A function that reads takes a Reader, a function that writes takes a Writer; the compiler refuses a write through a
// Reader, and so does the engine. Everything done with one Writer (rows of several nouns, the audit trail, jobs) is
// committed together or not at all. There is no transaction in the context, no repository interface and no mock.
//
//	err := d.Write(ctx, func(w db.Writer) error {
//		if err := park.Rename(ctx, w, id, name); err != nil {
//			return err
//		}
//		_, err := audit.Append(ctx, w, entry)
//		return err
//	})
//
// SQLite (modernc, pure Go) serves one machine: one immediate writer, a pool of read-only connections, write-ahead log.
// PostgreSQL serves several: SERIALIZABLE writes that are run again when they lose a race. It is not a query builder and
// not an object mapper; statements are written once, in the subset that both engines agree on (see conform), with $1
// placeholders.
//
// # What is the same on both engines because this package makes it so
//
//   - A statement that failed dooms its transaction: later statements are refused and nothing is committed, even when the
//     closure swallows the error. To go on after a conflict, write ON CONFLICT.
//   - One open Rows at a time: a query inside the loop over another one is refused.
//   - Arguments are text, int64, float64, []byte and nil (and Go types made of them). time.Time and bool are refused, so
//     are NaN, infinities, and text that is not UTF-8 or holds a zero byte.
//   - One statement per call; as many arguments as placeholders.
//   - Errors are faults of kit/fault: see the Key constants.
//
// The plan follows Ben Johnson's wtf (transactions explicit, SQLite first) and the retry loops that CockroachDB's clients
// are told to use.
package db
