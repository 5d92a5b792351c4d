package unit

import "math/bits"

// shortDigits is how many digits parseShort takes: with them neither the number nor its scale leaves 64 bits.
const shortDigits = 15

// parseShort reads what nearly all cells hold, an optional minus and up to fifteen digits with or without a fraction, without
// an arbitrarily large fraction's cost. ok is false for everything else, and where the result may not fit: Parse then does
// it the long way. What it gives is what Parse gives.
func (u Unit) parseShort(s string) (v int64, ok bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	var number, scale uint64 = 0, 1
	digits, fraction := 0, false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			number = number*10 + uint64(c-'0')
			digits++
			if fraction {
				scale *= 10
			}
		case c == '.' && !fraction && i > 0 && i < len(s)-1:
			fraction = true
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > shortDigits {
		return 0, false
	}
	over, by := bits.Mul64(number, uint64(u.num))
	deep, den := bits.Mul64(scale, uint64(u.den))
	if deep != 0 || over >= den {
		return 0, false
	}
	quotient, rest := bits.Div64(over, by, den)
	if rest >= den-rest { // half away from zero
		quotient++
	}
	if quotient > 1<<62 {
		return 0, false
	}
	if neg {
		return -int64(quotient), true
	}
	return int64(quotient), true
}
