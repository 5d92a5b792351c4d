package sheet

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// A header is looked for in the first headerSearch rows that are not blank, not beyond row headerDepth.
const (
	headerSearch = 50
	headerDepth  = 1000
)

// header is a candidate for a table's header row.
type header struct {
	number   int
	titles   []string
	places   []Place
	missing  []Column // required columns that it lacks
	complete bool     // it lacks none, and is not blank
}

// findHeader reads the beginning of a source up to its header: the first row that has all required columns. Without such a
// row it gives the one with the most wanted columns, the first of equals, not complete. ok is false when there is no row.
// The error is the source's.
func findHeader(ctx context.Context, s source, columns []Column, o Options, label string) (best header, ok bool, err error) {
	m, seen := newMatcher(columns), 0
	err = s.each(ctx, func(raw rawRow) error {
		if seen >= headerSearch || raw.number > headerDepth {
			return errStop
		}
		if raw.width == 0 {
			return nil
		}
		if raw.width > o.MaxColumns {
			return tooManyColumns(label, raw, o)
		}
		seen++
		h := m.match(raw)
		if !ok || h.complete || len(h.places) > len(best.places) {
			best, ok = h, true
		}
		if h.complete {
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return best, ok, err
}

// table makes the header into a Table, refusing columns that are missing or there twice.
func (h header) table(file, sheet string, columns []Column, s source, o Options) (*Table, error) {
	place := label(file, sheet)
	if len(h.missing) > 0 {
		return nil, missingColumns(place, h)
	}
	if err := h.checkTwice(place); err != nil {
		return nil, err
	}
	t := &Table{File: file, Sheet: sheet, Header: h.titles, HeaderRow: h.number, Places: h.places, source: s, limits: o}
	if len(columns) == 0 {
		return t, nil
	}
	for i, title := range h.titles {
		if title != "" && !slices.ContainsFunc(h.places, func(p Place) bool { return p.Index == i }) {
			t.Ignored = append(t.Ignored, title)
		}
	}
	return t, nil
}

func missingColumns(place string, h header) error {
	var missing, found []string
	for _, c := range h.missing {
		missing = append(missing, c.Names[0])
	}
	for _, title := range h.titles {
		if title != "" {
			found = append(found, clip(title))
		}
	}
	const show = 60 // enough to recognise the table by
	if len(found) > show {
		found = append(found[:show], "…")
	}
	return fault.New(fault.Invalid, "sheet.missing_columns", "file", place, "row", h.number,
		"missing", strings.Join(missing, ", "), "found", strings.Join(found, ", "))
}

// checkTwice refuses two columns of one name or of one meaning: nobody can say which of them counts.
func (h header) checkTwice(place string) error {
	byName, byKey := map[string]int{}, map[string]int{}
	twice := func(first, second int) error {
		return fault.New(fault.Invalid, "sheet.duplicate_columns", "file", place, "row", h.number,
			"first", h.titles[first], "first_cell", ref(first, h.number),
			"second", h.titles[second], "second_cell", ref(second, h.number))
	}
	for i, title := range h.titles {
		name := normalize(title)
		if name == "" {
			continue
		}
		if first, found := byName[name]; found {
			return twice(first, i)
		}
		byName[name] = i
	}
	for _, p := range h.places {
		if first, found := byKey[p.Key]; found {
			return twice(first, p.Index)
		}
		byKey[p.Key] = p.Index
	}
	return nil
}

// matcher finds wanted columns by their normalised names.
type matcher struct {
	columns []Column
	names   map[string]wanted
}

// wanted is a column by one of its names.
type wanted struct{ key, name string }

func newMatcher(columns []Column) matcher {
	m := matcher{columns, map[string]wanted{}}
	for _, c := range columns {
		for _, n := range c.Names {
			m.names[normalize(n)] = wanted{c.Key, n}
		}
	}
	return m
}

func (m matcher) match(raw rawRow) header {
	h := header{number: raw.number, titles: make([]string, len(raw.cells))}
	have := map[string]bool{}
	for i, c := range raw.cells {
		h.titles[i] = trimTitle(c.Text)
		if f, stated, ok := m.find(h.titles[i]); ok {
			have[f.key] = true
			h.places = append(h.places, Place{Key: f.key, Index: i, Name: f.name, Title: h.titles[i], Unit: stated})
		}
	}
	for _, c := range m.columns {
		if c.Required && !have[c.Key] {
			h.missing = append(h.missing, c)
		}
	}
	h.complete = len(h.missing) == 0 && (len(m.columns) == 0 || len(h.places) > 0)
	return h
}

// find looks a title up as a whole first — 县(市、区) is a name, not a unit — and then without the bracket at its end.
func (m matcher) find(title string) (f wanted, stated string, ok bool) {
	whole := squeeze(title)
	if whole == "" {
		return wanted{}, "", false
	}
	bare, inside := cutBracket(whole)
	if f, ok = m.names[strings.ToLower(whole)]; ok {
		if _, err := unit.Of(inside); err != nil {
			inside = ""
		}
		return f, inside, true
	}
	f, ok = m.names[strings.ToLower(bare)]
	return f, inside, ok
}

// trimTitle removes what surrounds a title without being seen.
func trimTitle(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

func invisible(r rune) bool {
	return r == '\ufeff' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060'
}

// normalize writes a name in the one way that is compared.
func normalize(s string) string { return strings.ToLower(squeeze(s)) }

// squeeze writes a name in half-width letters with round brackets and without spaces; letters keep their case, for units.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		switch r = halfWidth(r); r {
		case '[', '【', '〔', '{':
			return '('
		case ']', '】', '〕', '}':
			return ')'
		case '*': // the mark of a required column in many offices' forms
			return -1
		}
		return r
	}, s)
}

// halfWidth turns the full-width forms U+FF01…U+FF5E into ASCII.
func halfWidth(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	return r
}

// cutBracket splits a squeezed name into what stands before its last bracket and what stands in it: 土地面积(单位:亩) is
// 土地面积 and 亩. Without a bracket at the end the second is empty.
func cutBracket(s string) (bare, inside string) {
	open := strings.LastIndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") {
		return s, ""
	}
	inside = s[open+1 : len(s)-1]
	return s[:open], strings.TrimLeft(strings.TrimPrefix(inside, "单位"), ":")
}
