package template

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
)

// styles are the numbers of the cell styles; body has one for each column.
type styles struct {
	title, line, band, name, unit int
	body                          []int
}

func (b *builder) makeStyles() error {
	const grey, blue, key = "E7E6E6", "DDEBF7", "F2F2F2"
	var err error
	style := func(s excelize.Style) int {
		id, styleErr := b.file.NewStyle(&s)
		if err == nil {
			err = styleErr
		}
		return id
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	b.styles.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}})
	b.styles.line = style(excelize.Style{Alignment: &excelize.Alignment{Vertical: "center"}})
	b.styles.band = style(excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill(blue), Border: borders, Alignment: centre})
	b.styles.name = style(excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill(blue), Border: borders, Alignment: centre})
	b.styles.unit = style(excelize.Style{Font: &excelize.Font{Size: 9}, Fill: fill(grey), Border: borders, Alignment: centre})
	for _, c := range b.columns {
		s := excelize.Style{Border: borders, Protection: &excelize.Protection{Locked: !c.asked()}, Alignment: &excelize.Alignment{Vertical: "center"}}
		if !c.asked() {
			s.Fill = fill(key)
		}
		s.NumFmt, s.CustomNumFmt = c.format()
		b.styles.body = append(b.styles.body, style(s))
	}
	return err
}

var borders = []excelize.Border{{Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1},
	{Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}}

// format is the number format of a column's cells.
func (c column) format() (builtin int, custom *string) {
	const text = 49
	if c.item == nil {
		return text, nil
	}
	return Cell{Field: c.item.Field}.Format()
}

// page sets how the sheet is shown and printed: A4 landscape, all columns on one page.
func (b *builder) page() error {
	const a4 = 9
	size, landscape, wide, high, fit := a4, "landscape", 1, 0, true
	if err := b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	say := func(key string, args map[string]any) string { return strings.ReplaceAll(b.Say(key, args), "&", "&&") }
	const largest = 255
	footer := "&L" + say("template.footer_org", map[string]any{"org": short(b.OrgName, 60)}) + "&C" + say("template.footer_people", nil) +
		"&R" + say("template.footer_day", nil) + "　&P/&N"
	return b.file.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{OddFooter: short(footer, largest)})
}

func (b *builder) widths() error {
	for i, c := range b.columns {
		if err := b.out.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	b.first, b.head = b.rowsAbove()+1, b.rowsAbove()+2
	frozen := 0
	if b.banded() {
		b.head++
	}
	for i, c := range b.columns {
		if frozen == i && (c.item == nil || b.Form.List && c.item.Key) {
			frozen = i + 1
		}
	}
	const most = 3 // more would leave no room for the rest
	frozen = min(frozen, most)
	pane := "bottomRight"
	if frozen == 0 {
		pane = "bottomLeft"
	}
	return b.out.SetPanes(&excelize.Panes{Freeze: true, XSplit: frozen, YSplit: b.head, TopLeftCell: sheet.Ref(frozen, b.head+1), ActivePane: pane})
}

// rowsAbove the header: codes, title, office and period.
func (b *builder) rowsAbove() int { return 3 }

// banded says that sections stand over the names.
func (b *builder) banded() bool {
	seen := ""
	for _, c := range b.columns {
		if c.item == nil {
			continue
		}
		if seen != "" && c.section != seen {
			return true
		}
		seen = c.section
	}
	return false
}

func (b *builder) header() error {
	var codes, units []string
	for _, c := range b.columns {
		name := c.heading()
		if b.banded() && c.section == "" {
			name = "" // it stands in the line of sections and reaches down
		}
		codes, b.names = append(codes, c.code), append(b.names, name)
		units = append(units, c.unit)
	}
	steps := []func() error{
		func() error { return b.line(0, codes, excelize.RowOpts{Hidden: true}) },
		func() error { return b.over(b.styles.title, b.text(b.Form.Name), 30) },
		func() error { return b.over(b.styles.line, b.about(), 20) },
	}
	if b.banded() {
		steps = append(steps, b.bands)
	}
	steps = append(steps, func() error { return b.line(b.styles.name, b.names, excelize.RowOpts{Height: 34}) },
		func() error { return b.line(b.styles.unit, units) })
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// over writes one text over all columns.
func (b *builder) over(style int, text string, height float64) error {
	if err := b.line(style, []string{text}, excelize.RowOpts{Height: height}); err != nil {
		return err
	}
	if len(b.columns) < 2 {
		return nil
	}
	return b.out.MergeCell(sheet.Ref(0, b.row), sheet.Ref(len(b.columns)-1, b.row))
}

// about is the line of office and period.
func (b *builder) about() string {
	var parts []string
	for _, p := range []struct{ key, arg, text string }{
		{"template.org", "org", b.OrgName}, {"template.period", "period", b.Shown}, {"template.number", "number", b.Form.Number},
		{"template.issuer", "issuer", b.Form.Issuer},
	} {
		if p.text != "" {
			parts = append(parts, b.Say(p.key, map[string]any{p.arg: p.text}))
		}
	}
	return strings.Join(append(parts, b.Say("template.required", nil)), "　　")
}

// bands writes the sections over their columns; over a column without one its own name goes down into this row.
func (b *builder) bands() error {
	texts := make([]string, len(b.columns))
	for i, c := range b.columns {
		texts[i] = c.section
		if c.section == "" {
			texts[i] = c.heading()
		}
	}
	shown := slices.Clone(texts)
	for i := range shown {
		if i > 0 && texts[i] == texts[i-1] && b.columns[i].section != "" {
			shown[i] = ""
		}
	}
	if err := b.line(b.styles.band, shown); err != nil {
		return err
	}
	for i := 0; i < len(texts); {
		j := i + 1
		for j < len(texts) && shown[j] == "" {
			j++
		}
		var err error
		if b.columns[i].section == "" {
			err = b.out.MergeCell(sheet.Ref(i, b.row), sheet.Ref(i, b.row+1))
		} else if j > i+1 {
			err = b.out.MergeCell(sheet.Ref(i, b.row), sheet.Ref(j-1, b.row))
		}
		if err != nil {
			return err
		}
		i = j
	}
	return nil
}

// printed repeats the header on every page.
func (b *builder) printed() error {
	quoted := "'" + strings.ReplaceAll(b.sheet, "'", "''") + "'"
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.sheet,
		RefersTo: quoted + "!$" + itoa(b.first) + ":$" + itoa(b.head)})
}
