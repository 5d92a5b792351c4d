// Package org is the reporting tree (组织单元): who reports to whom, and therefore who may see what.
//
// The root is the city. Under it stand its county-level units, then park committees (管委会), then the operators of
// parks. Every other noun's row hangs on one org, and a person sees the rows at and below the own org: that test is one
// comparison of Path, which is the ids from the root down, each ended by a dot ("350500.350582.").
//
// It is not a table of administrative divisions. In Quanzhou 13 county-level units report, and two of them, the economic
// and technological development zone and the Taiwanese investment zone, have no GB/T 2260 code; 金门县 has a code and does
// not report. Division is therefore a fact about an org, never its key. It is not a directory of departments either.
//
//	orgs, err := org.List(ctx, r, scope)             // the caller's part of the tree
//	names := org.NamesOf(orgs, aliases)              // 晋江 is 晋江市, where refdata says so
//	o, err := names.Find("晋江")
//	child, ok := org.Under(row.OrgPath, o.Path)      // which child of o a row belongs to
//
// The SQL is in store.go; visible.go says under which conditions a scope sees the rows of other nouns. Adding to the tree is
// the work of the loader of refdata and of the system administrator.
package org
