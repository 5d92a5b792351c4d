package mapping

import (
	"regexp"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
)

// Field is something that a form asks for and a column may hold.
type Field struct {
	Code     string     // the caller's name for it
	Names    []string   // what offices call it; the first is shown
	Kind     value.Kind // how its cells are read
	Unit     string     // of a Quantity: a symbol of package unit of the right kind; empty: none
	Required bool
}

// Layout is how one sheet's table is laid out.
type Layout struct {
	Sheet  string   `json:"sheet" yaml:"sheet"`
	First  int      `json:"first" yaml:"first"` // first row of the header
	Last   int      `json:"last" yaml:"last"`   // last row of the header
	Units  int      `json:"units" yaml:"units"` // row of units, which is one of the header's; 0: none
	Unit   string   `json:"unit" yaml:"unit"`   // unit of the whole table, as a line above it says; empty: none
	Title  []string `json:"title" yaml:"title"` // what stands above the header
	Score  float64  `json:"score" yaml:"score"` // how sure it is; to compare layouts of one file
	Print  string   `json:"fingerprint" yaml:"fingerprint"`
	Column []Column `json:"columns" yaml:"columns"` // those with a title
}

// Column is a column of a Layout.
type Column struct {
	Index   int        `json:"index" yaml:"index"`   // from 0
	Title   string     `json:"title" yaml:"title"`   // bands and column joined by "/"
	Leaf    string     `json:"leaf" yaml:"leaf"`     // the title without bands
	Unit    string     `json:"unit" yaml:"unit"`     // as written in brackets or in the row of units
	Kind    value.Kind `json:"kind" yaml:"kind"`     // what its cells look like
	Filled  float64    `json:"filled" yaml:"filled"` // share of the rows looked at that have something in it
	Samples []string   `json:"samples" yaml:"samples"`
	// Odd are texts in a column of numbers or dates that are neither: words for "unknown", if the user says so.
	Odd []string `json:"odd" yaml:"odd"`
	// Order of day and month, where the title or a cell leaves no other and none contradicts it.
	Order value.Order `json:"order,omitempty" yaml:"order,omitempty"`
	ROC   bool        `json:"roc,omitempty" yaml:"roc,omitempty"` // every cell is a day in the digits of the Republic's calendar

	orders [2]bool // what title and cells show of either order
}

// class is what a cell looks like.
type class uint8

const (
	blank class = iota
	text
	number
	date
)

var (
	looksNumber = regexp.MustCompile(`^[-+(]?[¥$]?[0-9][0-9,]*(\.[0-9]+)?\)?\s*(%|[万亿元亩公顷平方米家个人户名度千瓦时吨台套㎡²]{1,4}|m2)?$`)
	looksDate   = regexp.MustCompile(`^([0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{0,2}日?)?([T ][0-9:]+)?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|民[国國][0-9]+年[0-9月日]*)$`)
	looksYear   = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
)

func classOf(c sheet.Cell) class {
	s := strings.TrimSpace(c.Text)
	switch {
	case s == "":
		return blank
	case s[0] >= 'A' && s[0] <= 'z':
		return text
	case looksDate.MatchString(s):
		return date
	case looksNumber.MatchString(halfDigits(s)):
		return number
	}
	return text
}

// mayTitle says that the text of a cell, of a class, may be a title: words, and years and months, over which figures stand.
func mayTitle(s string, k class) bool {
	return k == text || looksYear.MatchString(s) || strings.ContainsRune(s, '年')
}

// halfDigits writes full-width digits and signs in half width.
func halfDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			return r - 0xFEE0
		}
		return r
	}, s)
}
