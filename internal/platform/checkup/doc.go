// Package checkup looks for damage in the database: a broken audit chain, a damaged file, values of the wrong type,
// references to rows that are not there, and facts that contradict the facts they follow from.
//
//	var report checkup.Report
//	err := d.Read(ctx, func(r db.Reader) (err error) {
//		report, err = checkup.Run(ctx, r, d.Engine())
//		return err
//	})
//
// It only reads. Everything is asked in one transaction, counted by the database, and no table is loaded; what is broken
// is named row by row, a bounded number of rows for each check. The references and constraints that are checked are those
// that the database's own catalogue declares, because an engine can be told to look away (PRAGMA foreign_keys and
// ignore_check_constraints on SQLite, session_replication_role and NOT VALID on PostgreSQL). What a column means beyond its
// type is written down in schema.go, which a test compares with the migrations.
//
// It knows tables, not nouns: whether a figure is plausible is for the noun to say. It repairs nothing.
package checkup
