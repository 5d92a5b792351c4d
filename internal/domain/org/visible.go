package org

import (
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Around is Reach for rows that belong to an enterprise, too. The enterprise's own account sees its rows wherever they hang:
// it has the whole city around it, narrowed as asked, and the caller adds the condition that a row is its own.
func Around(s auth.Scope, below string) auth.Scope {
	if s.Enterprise != "" {
		s = auth.Whole(s.City)
	}
	return Reach(s, below)
}

// Visible adds the conditions under which a scope, narrowed to an org's path (empty: all of it), sees the rows of a table that
// belong to an enterprise and hang on an org: row is the alias of the table, with the columns city and enterprise, and o that
// of the org. It reports false when the scope sees none.
func Visible(w *page.Where, s auth.Scope, below, row string) bool {
	in := Around(s, below)
	if in.None() {
		return false
	}
	w.And(row+".city = %s", in.City)
	if s.Enterprise != "" {
		w.And(row+".enterprise = %s", s.Enterprise)
	}
	if in != auth.Whole(in.City) {
		from, to := in.Range()
		w.And("o.path >= %s AND o.path < %s", from, to)
	}
	return true
}
