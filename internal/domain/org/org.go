package org

import (
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// ID identifies an org in its city: a division code where it has one ("350582"), else a short name of letters and digits.
type ID string

// Kind is the rank of an org in the tree.
type Kind string

// The kinds, from the root down.
const (
	City      Kind = "city"      // 市: the root
	County    Kind = "county"    // 县级单位: a county, city or district, or a zone that reports as one
	Committee Kind = "committee" // 管委会: a park committee or a township
	Operator  Kind = "operator"  // 运营方: runs parks
)

var rank = map[Kind]int{City: 1, County: 2, Committee: 3, Operator: 4}

// Org is one node of the reporting tree.
type Org struct {
	City     string // the city whose tree it is in, which is the root's id
	ID       ID
	Parent   ID // empty for the root
	Kind     Kind
	NameZH   string // unique in the city
	NameEN   string // may be empty
	Division string // GB/T 2260 code, empty where it has none
	Path     string // ids from the root, each ended by a dot; computed by Add
	Sort     int64  // place among its siblings, as the office lists them
	Version  int64  // starts at 1, rises with each change
}

// Act is one person's act of changing something: how far the person reaches, who, when, and where new ids come from.
// The clock and the ids are given, so that a seeded city is the same city twice.
type Act struct {
	Scope auth.Scope
	Actor string
	At    time.Time
	NewID func() string
}

// check gives the first thing that is wrong with an org that shall be added under a parent (nil for a root).
func (o Org) check(parent *Org) error {
	switch {
	case !plainID(o.ID):
		return fault.New(fault.Invalid, "org.bad_id", "id", o.ID)
	case rank[o.Kind] == 0:
		return fault.New(fault.Invalid, "org.bad_kind", "kind", o.Kind)
	case strings.TrimSpace(o.NameZH) == "":
		return fault.New(fault.Invalid, "org.no_name", "id", o.ID)
	case parent == nil && (o.Kind != City || string(o.ID) != o.City):
		return fault.New(fault.Invalid, "org.no_parent", "id", o.ID)
	case parent != nil && (rank[o.Kind] < rank[parent.Kind] || o.Kind == City):
		return fault.New(fault.Invalid, "org.bad_rank", "kind", o.Kind, "parent", parent.NameZH)
	}
	return nil
}

// plainID accepts 1…40 ASCII letters, digits, "-" and "_": all that sorts after the dot and the slash, so that a subtree
// is one range of paths.
func plainID(id ID) bool {
	for i := range len(id) {
		c := id[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' && i > 0 || c == '_') {
			return false
		}
	}
	return id != "" && len(id) <= 40
}
