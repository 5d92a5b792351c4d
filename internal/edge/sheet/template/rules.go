package template

import (
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
)

const listSheet = "parkbrain_lists"

func itoa(n int) string { return strconv.Itoa(n) }

// listName is the named range of a column's choices.
func (c column) listName() string { return "parkbrain_" + c.code }

// rules sets what a program says while somebody types: the field's definition, the choices, and a warning where a number is
// wanted. Only choices are held to; the rest is judged when the file comes back, with a sentence that helps.
func (b *builder) rules() error {
	for i, c := range b.columns {
		if !c.asked() {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(b.span(i))
		v.Type = "none"
		switch {
		case len(c.choices(b.Spec)) > 0:
			v.SetSqrefDropList(c.listName())
			v.SetError(excelize.DataValidationErrorStyleWarning, short(c.title, titleLength), b.Say("template.pick", nil))
		case c.kind() == form.Quantity:
			const most = 1e15
			least := 0.0
			if c.item.Field.Signed {
				least = -most
			}
			if err := v.SetRange(least, most, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween); err != nil {
				return err
			}
			v.SetError(excelize.DataValidationErrorStyleWarning, short(c.title, titleLength), b.Say("template.not_number", map[string]any{"unit": c.unit}))
		}
		if about := b.text(c.item.Field.Definition); about != "" {
			v.SetInput(short(c.title, titleLength), short(about, promptLength))
		}
		if err := b.file.AddDataValidation(b.sheet, v); err != nil {
			return err
		}
	}
	return nil
}

// What the texts of a rule may hold. Source: ECMA-376-1, 18.18.12 and Excel's specification.
const (
	titleLength  = 32
	promptLength = 255
)

// protect keeps a form of one row for each subject from losing its key columns. A list stays open, so that rows can be put in
// and taken out. There is no password: it guards against slips, not against people.
func (b *builder) protect() error {
	if b.Form.List {
		return nil
	}
	return b.file.ProtectSheet(b.sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true,
		FormatCells: true, FormatColumns: true, FormatRows: true, Sort: true, AutoFilter: true})
}

// lists writes the hidden sheet of choices, a column with a named range for each.
func (b *builder) lists() error {
	col := 0
	for _, c := range b.columns {
		choices := c.choices(b.Spec)
		if len(choices) == 0 || !c.asked() {
			continue
		}
		if col == 0 {
			if _, err := b.file.NewSheet(listSheet); err != nil {
				return err
			}
		}
		for i, text := range choices {
			if err := b.file.SetCellStr(listSheet, sheet.Ref(col, i+1), text); err != nil {
				return err
			}
		}
		letters := sheet.ColumnName(col)
		err := b.file.SetDefinedName(&excelize.DefinedName{Name: c.listName(),
			RefersTo: listSheet + "!$" + letters + "$1:$" + letters + "$" + itoa(len(choices))})
		if err != nil {
			return err
		}
		col++
	}
	if col == 0 {
		return nil
	}
	return b.file.SetSheetVisible(listSheet, false, true)
}
