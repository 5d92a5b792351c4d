package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxLength bounds an expression's text in bytes.
const maxLength = 4096

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenNumber // text is the digits, unit the symbol behind them
	tokenText   // text is what is between the quotation marks
	tokenSign
)

type token struct {
	kind     tokenKind
	text     string
	unit     string
	from, to int // bytes of the source
	at       place
}

// place is a line and column, both from 1, in characters.
type place struct{ line, column int }

// args are the arguments of a fault at this place.
func (p place) args(kv ...any) []any { return append([]any{"line", p.line, "column", p.column}, kv...) }

type lexer struct {
	src string
	pos int
	at  place
}

// peek is the next character; the full-width forms of ASCII signs count as those, as Chinese keyboards make them.
func (l *lexer) peek() (r rune, size int) {
	if l.pos >= len(l.src) {
		return 0, 0
	}
	r, size = utf8.DecodeRuneInString(l.src[l.pos:])
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	return r, size
}

func (l *lexer) skip() {
	r, size := l.peek()
	l.pos += size
	l.at.column++
	if r == '\n' {
		l.at = place{l.at.line + 1, 1}
	}
}

// while skips characters and gives them as they count (half-width).
func (l *lexer) while(ok func(rune) bool) string {
	var b strings.Builder
	for {
		r, size := l.peek()
		if size == 0 || !ok(r) {
			return b.String()
		}
		b.WriteRune(r)
		l.skip()
	}
}

func (l *lexer) blank() {
	for {
		l.while(unicode.IsSpace)
		if !strings.HasPrefix(l.src[l.pos:], "//") {
			return
		}
		l.while(func(r rune) bool { return r != '\n' })
	}
}

// next reads a token. Errors: "rule.character", "rule.text_open".
func (l *lexer) next() (token, error) {
	l.blank()
	t := token{from: l.pos, at: l.at}
	r, size := l.peek()
	var err error
	switch {
	case size == 0:
		t.to = l.pos
		return t, nil
	case isLetter(r):
		t.kind, t.text = tokenName, l.while(func(r rune) bool { return isLetter(r) || isDigit(r) })
	case isDigit(r):
		t.kind, t.text = tokenNumber, l.number()
		t.to = l.pos
		return l.unit(t), nil
	case r == '"' || r == '\'':
		t.kind = tokenText
		t.text, err = l.quoted(r)
	default:
		t.kind = tokenSign
		t.text, err = l.sign()
	}
	t.to = l.pos
	return t, err
}

func isLetter(r rune) bool { return r < utf8.RuneSelf && letter(byte(r)) }
func isDigit(r rune) bool  { return r >= '0' && r <= '9' }

func (l *lexer) number() string {
	s := l.while(isDigit)
	if r, _ := l.peek(); r != '.' {
		return s
	}
	mark := *l
	l.skip()
	if frac := l.while(isDigit); frac != "" {
		return s + "." + frac
	}
	*l = mark // 5.x is no fraction: the parser will say so
	return s
}

// unit reads the symbol that follows a number, if a word does: 5万元, 5 m2, 88%.
func (l *lexer) unit(t token) token {
	mark := *l
	l.while(func(r rune) bool { return r == ' ' })
	first := true
	t.unit = l.while(func(r rune) bool {
		ok := unicode.IsLetter(r) || r == '%' || r == '²' || r == '㎡' || !first && isDigit(r)
		first = false
		return ok
	})
	if t.unit == "" || t.unit == "in" {
		*l, t.unit = mark, ""
	}
	t.to = l.pos
	return t
}

func (l *lexer) quoted(mark rune) (string, error) {
	start := l.at
	l.skip()
	from := l.pos
	for {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if size == 0 || r == '\n' {
			return "", fault.New(fault.Invalid, "rule.text_open", start.args()...)
		}
		if r == mark {
			break
		}
		l.skip()
	}
	s := l.src[from:l.pos]
	l.skip()
	return s, nil
}

var longSigns = [...]string{"&&", "||", "==", "!=", "<=", ">="}

func (l *lexer) sign() (string, error) {
	at := l.at
	r, _ := l.peek()
	l.skip()
	switch r {
	case '≤':
		return "<=", nil
	case '≥':
		return ">=", nil
	case '≠':
		return "!=", nil
	}
	if second, size := l.peek(); size > 0 {
		for _, s := range longSigns {
			if s == string(r)+string(second) {
				l.skip()
				return s, nil
			}
		}
	}
	if !strings.ContainsRune("<>+-*/!?:.,()[]", r) {
		return "", fault.New(fault.Invalid, "rule.character", at.args("character", string(r))...)
	}
	return string(r), nil
}
