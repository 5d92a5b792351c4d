// Package uscc is the unified social credit code (统一社会信用代码), the key of every legal entity in China.
//
// A code has 18 characters: registering authority (1), kind of unit (1), division of registration (6), organisation code
// (9, of which the last is its own check character) and a check character. Both check characters are verified, so that a
// mistyped or invented code is refused at the door. It does not say whether the entity exists.
//
//	c, err := uscc.Parse("914403001922038216")
//	c.Organisation() // "192203821"
//
// Source: GB 32100-2015, clauses 4 and 5 (weights 3^(i-1) mod 31); GB 11714-1997, clause 4 (organisation code, mod 11).
package uscc

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Code is a checked code of 18 characters in upper case. Make one with Parse or Make; a converted string is not checked.
type Code string

// alphabet holds the 31 characters in the order of their values: digits and letters without I, O, S, V, Z.
const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// weights are 3^i mod 31 for i = 0…16.
var weights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// orgWeights are the weights of the organisation code's eight characters.
var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// Parse reads a code; blanks around it and lower case are forgiven, nothing else. Errors, all kind Invalid, with argument
// "text": "uscc.length" (not 18 characters), "uscc.character" (one outside the 31, argument "position" from 1),
// "uscc.check" (last character wrong), "uscc.organisation_check" (position 17 wrong).
func Parse(s string) (Code, error) {
	text := strings.ToUpper(strings.TrimSpace(s))
	if len(text) != 18 {
		return "", fault.New(fault.Invalid, "uscc.length", "text", s)
	}
	for i := range len(text) {
		if valueOf(text[i]) < 0 || i >= 2 && i < 8 && text[i] > '9' {
			return "", fault.New(fault.Invalid, "uscc.character", "text", s, "position", i+1)
		}
	}
	if check(text[:17]) != text[17] {
		return "", fault.New(fault.Invalid, "uscc.check", "text", s)
	}
	if orgCheck(text[8:16]) != text[16] {
		return "", fault.New(fault.Invalid, "uscc.organisation_check", "text", s)
	}
	return Code(text), nil
}

// Valid says whether s is a code exactly as Parse would give it back.
func Valid(s string) bool {
	c, err := Parse(s)
	return err == nil && string(c) == s
}

// Make completes 16 characters (authority, kind, division, the organisation code's first eight) or 17 (with the
// organisation code's check character) to a code. Errors as Parse; "uscc.length" when the prefix has another length.
func Make(prefix string) (Code, error) {
	text := strings.ToUpper(prefix)
	if len(text) != 16 && len(text) != 17 {
		return "", fault.New(fault.Invalid, "uscc.length", "text", prefix)
	}
	for i := range len(text) {
		if valueOf(text[i]) < 0 {
			return "", fault.New(fault.Invalid, "uscc.character", "text", prefix, "position", i+1)
		}
	}
	if len(text) == 16 {
		text += string(orgCheck(text[8:16]))
	}
	return Parse(text + string(check(text)))
}

// Division is the GB/T 2260 code of the place of first registration; an entity keeps it when it moves.
func (c Code) Division() string { return c.part(2, 8) }

// Organisation is the organisation code (组织机构代码) with its check character, nine characters.
func (c Code) Organisation() string { return c.part(8, 17) }

func (c Code) part(from, to int) string {
	if len(c) != 18 {
		return ""
	}
	return string(c[from:to])
}

func valueOf(b byte) int { return strings.IndexByte(alphabet, b) }

// check is GB 32100-2015's check character of the first 17 characters: 31 - (Σ value·weight mod 31), 31 counting as 0.
func check(s string) byte {
	sum := 0
	for i, w := range weights {
		sum += valueOf(s[i]) * w
	}
	return alphabet[(31-sum%31)%31]
}

// orgCheck is GB 11714-1997's check character: 11 - (Σ value·weight mod 11), 10 written X and 11 written 0. Letters have
// the values 10…35 of the whole alphabet here, not those of the 31 characters.
func orgCheck(s string) byte {
	sum := 0
	for i, w := range orgWeights {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11]
}
