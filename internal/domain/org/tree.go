package org

import (
	"cmp"
	"slices"
)

// inOrder puts parents before children and siblings by Sort, then by id. orgs must be sorted by path, so that a parent is
// always seen before its children; orgs whose parent is not among them are roots.
func inOrder(orgs []Org) []Org {
	present := make(map[ID]bool, len(orgs))
	for _, o := range orgs {
		present[o.ID] = true
	}
	children := map[ID][]Org{}
	for _, o := range orgs {
		parent := o.Parent
		if !present[parent] {
			parent = ""
		}
		children[parent] = append(children[parent], o)
	}
	out := make([]Org, 0, len(orgs))
	var walk func(ID)
	walk = func(parent ID) {
		siblings := children[parent]
		slices.SortFunc(siblings, func(a, b Org) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
		for _, o := range siblings {
			out = append(out, o)
			walk(o.ID)
		}
	}
	walk("")
	return out
}
