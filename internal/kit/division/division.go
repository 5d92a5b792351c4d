// Package division is the code of an administrative division (行政区划), GB/T 2260.
//
// Six digits: province (2), prefecture (2), county (2), zeros where the code stops; nine digits name a township. Levels
// are read off the digits, so a parent needs no table. A division is not an org: of Quanzhou's 13 reporting units two
// have no code, and 金门县 has a code and does not report. It does not say whether a code is in force.
//
//	c, err := division.Parse("350582") // 晋江市
//	c.Parent()                         // 350500, 泉州市
//
// Source: GB/T 2260-2007 (six digits), GB/T 10114-2003 (three more for townships).
package division

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Code is a division's code: six digits, nine for a township. The zero value is no division.
type Code string

// Level is the rank of a division.
type Level uint8

// The levels, largest area first. None is the level of no division.
const (
	None Level = iota
	Province
	Prefecture
	County
	Township
)

// Parse reads a code of 2, 4, 6 or 9 digits and fills a short one with zeros: "35" is 350000. Error kind Invalid, key
// "division.invalid": other lengths, other characters, a first digit outside 1…8, or digits after a level of zeros.
func Parse(s string) (Code, error) {
	text := strings.TrimSpace(s)
	switch len(text) {
	case 2, 4:
		text += "000000"[len(text):]
	case 6, 9:
	default:
		return "", invalid(s)
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return "", invalid(s)
		}
	}
	c := Code(text)
	switch {
	case text[0] < '1' || text[0] > '8',
		text[2:4] == "00" && text[4:6] != "00",
		len(text) == 9 && (text[4:6] == "00" && text[2:4] == "00" || text[6:] == "000"):
		return "", invalid(s)
	}
	return c, nil
}

func invalid(s string) error { return fault.New(fault.Invalid, "division.invalid", "text", s) }

// Level is the rank that the digits say.
func (c Code) Level() Level {
	switch {
	case len(c) == 9:
		return Township
	case len(c) != 6:
		return None
	case c[2:] == "0000":
		return Province
	case c[4:] == "00":
		return Prefecture
	default:
		return County
	}
}

// Parent is the division one level up, no division for a province. A township of a prefecture without counties (东莞)
// belongs to the prefecture.
func (c Code) Parent() Code {
	switch c.Level() {
	case Township:
		return c[:6]
	case County:
		return c[:4] + "00"
	case Prefecture:
		return c[:2] + "0000"
	default:
		return ""
	}
}

// At is the division of a higher level that contains c, c itself at its own level, and no division below that.
func (c Code) At(l Level) Code {
	for c.Level() > l {
		c = c.Parent()
	}
	if c.Level() != l {
		return ""
	}
	return c
}

// Prefix is the digits that every division inside c begins with: "35" for 350000. Empty for no division.
func (c Code) Prefix() string {
	switch c.Level() {
	case Province:
		return string(c[:2])
	case Prefecture:
		return string(c[:4])
	default:
		return string(c)
	}
}

// Contains says whether d is c or lies inside it. No division contains nothing.
func (c Code) Contains(d Code) bool {
	return c.Level() != None && d.Level() >= c.Level() && strings.HasPrefix(string(d), c.Prefix())
}
