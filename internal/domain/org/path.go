package org

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Inside says whether path is ancestor's path or lies below it. Nothing is inside the empty path.
func Inside(path, ancestor string) bool {
	return ancestor != "" && strings.HasSuffix(ancestor, ".") && strings.HasPrefix(path, ancestor)
}

// Under says in which child of orgPath a row at path belongs: Under("350500.350582.a.", "350500.") is "350582". A row at
// orgPath itself belongs to the org itself: its own id. ok is false when path is not inside orgPath.
func Under(path, orgPath string) (child ID, ok bool) {
	if !Inside(path, orgPath) {
		return "", false
	}
	if rest := path[len(orgPath):]; rest != "" {
		first, _, _ := strings.Cut(rest, ".")
		return ID(first), true
	}
	return Leaf(orgPath), true
}

// Leaf is the last id of a path; empty for the empty path.
func Leaf(path string) ID {
	p := strings.TrimSuffix(path, ".")
	return ID(p[strings.LastIndexByte(p, '.')+1:])
}

// Reach gives the part of a scope at and below an org's path (empty: all of it), for rows that hang on orgs. It is the
// zero scope, which sees nothing, for one without a place, for an enterprise's, whose rows are its own and no office's,
// and when below lies outside of it; a path above the scope's own gives the scope's own.
func Reach(s auth.Scope, below string) auth.Scope {
	switch {
	case s.Enterprise != "" || !s.Within(s.Path):
		return auth.Scope{}
	case below == "" || Inside(s.Path, below):
		return s
	case Inside(below, s.Path) && strings.HasSuffix(below, "."):
		return auth.Scope{City: s.City, Path: below}
	default:
		return auth.Scope{}
	}
}
