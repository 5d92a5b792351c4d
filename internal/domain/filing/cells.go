package filing

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxCell bounds a cell's text, in characters.
const maxCell = 4000

// noCells is a row of which nothing is known, as it is stored.
const noCells = "{}"

const hex = "0123456789abcdef"

// quote appends s as a JSON text. Everything but the quotation mark, the backslash and the signs below the blank stands
// for itself, so that the same text is always the same bytes.
func quote(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if c < ' ' {
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		} else {
			b = append(b, '\\', c)
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// encode writes cells as the column holds them: a JSON object with its fields in byte order. codes are the fields that
// may occur, in that order.
func encode(b []byte, codes []form.Code, cells Cells) []byte {
	b = append(b, '{')
	for _, code := range codes {
		text := cells[code]
		if text == "" {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = quote(b, code)
		b = append(b, ':')
		b = quote(b, text)
	}
	return append(b, '}')
}

// decode reads what encode wrote into cells, which it empties first. Texts are parts of s where nothing was escaped.
func decode(s string, cells Cells) error {
	clear(cells)
	rest, ok := strings.CutPrefix(s, "{")
	if !ok {
		return badCells(s)
	}
	for rest != "}" {
		var code, text string
		if code, rest, ok = unquote(rest); !ok || rest == "" || rest[0] != ':' {
			return badCells(s)
		}
		if text, rest, ok = unquote(rest[1:]); !ok || rest == "" || rest[0] != ',' && rest != "}" {
			return badCells(s)
		}
		cells[code] = text
		if rest[0] == ',' {
			rest = rest[1:]
		}
	}
	return nil
}

// unquote reads a quoted text at the beginning of s.
func unquote(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return s[1:i], s[i+1:], true
		case '\\':
			return unescape(s)
		}
	}
	return "", "", false
}

func unescape(s string) (text, rest string, ok bool) {
	end := 1
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s) || json.Unmarshal([]byte(s[:end+1]), &text) != nil {
		return "", "", false
	}
	return text, s[end+1:], true
}

func badCells(s string) error {
	return fault.New(fault.Internal, "filing.bad_cells", "bytes", len(s))
}

// codesOf lists the fields that a form's records may hold, in byte order.
func codesOf(f *form.Form) []form.Code {
	codes := make([]form.Code, len(f.Items))
	for i := range f.Items {
		codes[i] = f.Items[i].Field.Code
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// checkCell refuses what no column holds.
func checkCell(text string) error {
	switch {
	case len(text) > maxCell && utf8.RuneCountInString(text) > maxCell:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxCell)
	case !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0:
		return fault.New(fault.Invalid, "text.invalid")
	}
	return nil
}
