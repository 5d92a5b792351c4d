package export

import (
	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/template"
)

// book is a workbook in the making.
type book struct {
	Spec
	columns []template.Cell
	out     *excelize.StreamWriter
	row     int
	text    int   // style of text cells
	styles  []int // of the fields' cells
}

func (b *book) begin(f *excelize.File, name string) error {
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	const text = 49 // number format
	if b.text, err = f.NewStyle(&excelize.Style{NumFmt: text}); err != nil {
		return err
	}
	for _, c := range b.columns {
		builtin, custom := c.Format()
		style, err := f.NewStyle(&excelize.Style{NumFmt: builtin, CustomNumFmt: custom})
		if err != nil {
			return err
		}
		b.styles = append(b.styles, style)
	}
	if b.out, err = f.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.widths(); err != nil {
		return err
	}
	cells := make([]any, 0, len(about)+len(b.columns))
	for _, title := range b.titles() {
		cells = append(cells, excelize.Cell{StyleID: head, Value: title})
	}
	b.row = 1
	return b.out.SetRow("A1", cells)
}

func (b *book) widths() error {
	const wide = 16
	if err := b.out.SetColWidth(1, len(about)+max(1, len(b.columns)), wide); err != nil {
		return err
	}
	return b.out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"})
}

func (b *book) write(r Row) error {
	b.row++
	cells := make([]any, 0, len(about)+len(b.columns))
	for _, text := range r.about() {
		if text == "" {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, excelize.Cell{StyleID: b.text, Value: text})
	}
	for i, c := range b.columns {
		v := c.Value(r.Cells[c.Field.Code])
		if v == nil {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, excelize.Cell{StyleID: b.styles[i], Value: v})
	}
	return b.out.SetRow(sheet.Ref(0, b.row), cells)
}
