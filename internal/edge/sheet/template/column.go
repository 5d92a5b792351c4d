package template

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// The columns that say whose row it is; no field can have such a code.
const (
	SubjectField = "@subject" // credit code of an enterprise, id of a park or an org
	NameField    = "@name"    // name of the subject; to be read by people, not by programs
)

// column is a column of a template.
type column struct {
	code    form.Code
	title   string
	section string
	unit    string
	item    *form.Item // nil for the subject's columns
}

func columnsOf(s Spec) []column {
	var out []column
	if s.rowsNamed() {
		kind := string(s.Form.Subject)
		out = append(out, column{code: SubjectField, title: s.Say("template.subject."+kind, nil)},
			column{code: NameField, title: s.Say("template.name."+kind, nil)})
	}
	for i := range s.Form.Items {
		it := &s.Form.Items[i]
		c := column{code: it.Field.Code, title: s.text(it.Field.Name), item: it}
		if it.Field.Kind == form.Quantity {
			c.unit = it.Field.Unit
		}
		for _, section := range s.Form.Sections {
			if section.Code == it.Section {
				c.section = s.text(section.Name)
			}
		}
		out = append(out, c)
	}
	return out
}

// asked says that somebody fills the column in.
func (c column) asked() bool { return c.item != nil && !c.item.ReadOnly }

func (c column) kind() form.Kind {
	if c.item == nil {
		return form.ID
	}
	return c.item.Field.Kind
}

// heading is the title with the mark of what must be filled in.
func (c column) heading() string {
	if c.asked() && (c.item.Required || c.item.Key) {
		return "*" + c.title
	}
	return c.title
}

// cell is how the column's cells are written; of an asked or shown field only.
func (c column) cell(s Spec) Cell { return Cell{c.item.Field, s.Language, s.Say} }

// choices are the texts of a column that can be picked; nil for others.
func (c column) choices(s Spec) []string {
	switch c.kind() {
	case form.Truth:
		return []string{s.Say("template.yes", nil), s.Say("template.no", nil)}
	case form.Choice:
		var out []string
		for _, o := range c.item.Field.Choices {
			out = append(out, s.text(o.Name))
		}
		return out
	}
	return nil
}

// value is what a cell holds for a canonical text; nil is an open cell.
func (c column) value(text string, s Spec) any {
	switch {
	case c.item != nil:
		return c.cell(s).Value(text)
	case text != "":
		return text
	}
	return nil
}

// Cell writes the values of one field as cells of a table.
type Cell struct {
	Field    *form.Field
	Language string
	Say      func(key string, args map[string]any) string // words of "template.yes" and "template.no"
}

// Title is the field's name with its unit in brackets.
func (c Cell) Title() string {
	title := words(c.Language, c.Field.Name)
	if c.Field.Kind == form.Quantity && c.Field.Unit != "" {
		return title + "(" + c.Field.Unit + ")"
	}
	return title
}

// Text is a canonical text as people write it: a quantity in the field's unit, a choice by its name.
func (c Cell) Text(canonical string) string {
	if canonical == "" {
		return ""
	}
	switch c.Field.Kind {
	case form.Quantity:
		return c.Field.Format(canonical)
	case form.Truth:
		if canonical == "true" {
			return c.Say("template.yes", nil)
		}
		return c.Say("template.no", nil)
	case form.Choice:
		for _, o := range c.Field.Choices {
			if o.Code == canonical {
				return words(c.Language, o.Name)
			}
		}
	}
	return canonical
}

// Value is what a workbook's cell holds for a canonical text: a number, a day as a day number, else text; nil for none. A
// number with more digits than a cell keeps is text.
func (c Cell) Value(canonical string) any {
	text := c.Text(canonical)
	switch {
	case text == "":
		return nil
	case c.Field.Kind == form.Quantity:
		return number(text)
	case c.Field.Kind == form.Date:
		return day(text)
	}
	return text
}

// Format is the number format of the field's cells: built-in or custom. A quantity whose unit has fractions shows all its
// digits: a format with fixed places would hide some.
func (c Cell) Format() (builtin int, custom *string) {
	const general, thousands, text = 0, 3, 49
	switch c.Field.Kind {
	case form.Quantity:
		if u, err := unit.Of(c.Field.Unit); err == nil {
			if one, err := u.Parse("1"); err == nil && one == 1 {
				return thousands, nil
			}
		}
		return general, nil
	case form.Date:
		iso := "yyyy-mm-dd"
		return 0, &iso
	}
	return text, nil
}

// number is the number that a decimal text writes, as long as a cell can hold all its digits; else the text.
func number(text string) any {
	const digits = 15 // of a float64 that come back as written
	count := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			count++
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || count > digits {
		return text
	}
	return v
}

// day is the day number of a full ISO date from 1 March 1900 on, where all programs count alike; else the text.
func day(text string) any {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) {
		return text
	}
	return int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// valueKind is how package value reads a column.
func (c column) valueKind() value.Kind { return ValueKind(c.kind()) }

// ValueKind is how package value reads the cells of a field.
func ValueKind(k form.Kind) value.Kind {
	switch k {
	case form.Quantity:
		return value.Quantity
	case form.Date:
		return value.Date
	case form.Truth:
		return value.Truth
	case form.ID:
		return value.Code
	}
	return value.Text
}

// width is how wide a column is, in characters.
func (c column) width() float64 {
	least := map[form.Kind]int{form.Quantity: 13, form.Date: 12, form.Word: 24, form.ID: 22, form.Truth: 8, form.Choice: 14}[c.kind()]
	if c.code == NameField {
		least = 28
	}
	const lines, widest = 2, 32 // a title may take two lines
	return float64(min(widest, max(least, (shownWidth(c.heading())+lines)/lines+2)))
}

// shownWidth counts Chinese letters twice.
func shownWidth(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0x2E80 {
			n++
		}
	}
	return n
}

// short cuts a text at the UTF-16 units that a workbook allows.
func short(s string, limit int) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit {
			return s[:i]
		}
	}
	return s
}

// sheetName makes a name that a sheet can have: at most 31 UTF-16 units, none of []:*?/\, no apostrophe at its ends.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' || r == utf8.RuneError {
			return '_'
		}
		return r
	}, s)
	if s = strings.Trim(short(s, 31), "' "); s == "" || s == metaSheet || s == listSheet {
		return "Sheet1"
	}
	return s
}

// SheetName is the name of a table's sheet in a language.
func SheetName(language string, name form.Text) string { return sheetName(words(language, name)) }
