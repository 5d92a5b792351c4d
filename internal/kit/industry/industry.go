// Package industry is the code of an economic activity (国民经济行业分类), GB/T 4754-2017.
//
// Four levels: section (门类, a letter), division (大类, two digits), group (中类, three), class (小类, four). A list may
// write "C1952", "1952" or "195"; Parse gives one spelling: a letter for a section, digits alone for everything below.
// Division, group and section are read off the digits and need no table; names come from a Catalogue, whose rows live in
// refdata. It is not a product code and not an industry chain's node.
//
//	c, err := industry.Parse("C1952") // "1952", 皮鞋 … by the catalogue
//	c.Section(), c.Division()         // "C", "19"
//
// Source: GB/T 4754-2017 with amendment 1 of 2019, clause 5 and table 1 (which divisions each section holds).
package industry

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Code is "C", "13", "131" or "1311". The zero value is an unknown industry.
type Code string

// Level is the depth of a code.
type Level uint8

// The levels. Unknown is the level of no code.
const (
	Unknown  Level = iota
	Section        // 门类
	Division       // 大类
	Group          // 中类
	Class          // 小类
)

// firsts[i] is the first division of the section 'A'+i; a section ends where the next begins.
var firsts = [...]int{1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97}

// lastDivision is 97, the only division of section T.
const lastDivision = 97

// Parse reads a code with or without its section's letter, in either case; blanks around it are forgiven. Errors, kind
// Invalid, argument "text": "industry.invalid" (not a code of this shape), "industry.section" (the letter is not the
// section of those digits). Whether a class exists only a Catalogue knows.
func Parse(s string) (Code, error) {
	text := strings.ToUpper(strings.TrimSpace(s))
	if len(text) == 1 && text[0] >= 'A' && text[0] < 'A'+byte(len(firsts)) {
		return Code(text), nil
	}
	letter := ""
	if text != "" && text[0] >= 'A' && text[0] <= 'Z' {
		letter, text = text[:1], text[1:]
	}
	c := Code(text)
	if !c.digits() || c.Section() == "" {
		return "", fault.New(fault.Invalid, "industry.invalid", "text", s)
	}
	if letter != "" && letter != string(c.Section()) {
		return "", fault.New(fault.Invalid, "industry.section", "text", s, "section", string(c.Section()))
	}
	return c, nil
}

func (c Code) digits() bool {
	for i := range len(c) {
		if c[i] < '0' || c[i] > '9' {
			return false
		}
	}
	return len(c) >= 2 && len(c) <= 4
}

// Level is the depth that the code's length says.
func (c Code) Level() Level {
	if len(c) > 4 {
		return Unknown
	}
	return Level(len(c))
}

// Section is the letter of the section that holds c; empty for an unknown industry.
func (c Code) Section() Code {
	switch {
	case len(c) == 1:
		return c
	case !c.digits():
		return ""
	}
	d := int(c[0]-'0')*10 + int(c[1]-'0')
	if d < firsts[0] || d > lastDivision {
		return ""
	}
	i := len(firsts) - 1
	for firsts[i] > d {
		i--
	}
	return Code('A' + rune(i))
}

// Division is the two digits; empty for a section and for an unknown industry.
func (c Code) Division() Code {
	if !c.digits() {
		return ""
	}
	return c[:2]
}

// Parent is the code one level up; empty for a section and for an unknown industry.
func (c Code) Parent() Code {
	switch c.Level() {
	case Class, Group:
		return c[:len(c)-1]
	case Division:
		return c.Section()
	default:
		return ""
	}
}

// Contains says whether d is c or belongs to it. An unknown industry contains nothing and is in nothing.
func (c Code) Contains(d Code) bool {
	if c == "" || d == "" {
		return false
	}
	if c.Level() == Section {
		return d.Section() == c
	}
	return strings.HasPrefix(string(d), string(c))
}

// Span gives the half-open range of digit codes that c contains, for SQL: code >= from AND code < to. A row that knows
// only its section holds the letter itself, which no range of digits covers: for a section add "OR code = letter". Both
// are empty for an unknown industry.
func (c Code) Span() (from, to string) {
	switch c.Level() {
	case Unknown:
		return "", ""
	case Section:
		i := int(c[0] - 'A')
		if i < 0 || i >= len(firsts) {
			return "", ""
		}
		end := lastDivision + 1
		if i+1 < len(firsts) {
			end = firsts[i+1]
		}
		return twoDigits(firsts[i]), twoDigits(end)
	default:
		return string(c), string(c[:len(c)-1]) + string(rune(c[len(c)-1]+1)) // ':' follows '9'
	}
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
