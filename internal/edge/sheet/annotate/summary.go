package annotate

import (
	"fmt"
	"slices"
	"strings"
)

func sortEdits(edits []edit) {
	slices.SortStableFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
}

// summarySheet is the worksheet in front: the title, then one row for each line, with the place of those that name a cell as
// a link in the first column and their text in the second; in hidden columns what is needed to take the marks off again.
func (b *book) summarySheet() []byte {
	var rows, links strings.Builder
	n := 0
	row := func(cells ...string) {
		n++
		fmt.Fprintf(&rows, `<row r="%d">%s%s</row>`, n, strings.Join(cells, ""), b.keepCells(n))
	}
	cell := func(column string, style int, text string) string {
		return fmt.Sprintf(`<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, column, n+1, style, cellText(text))
	}
	row(cell("A", b.styles.title, b.job.Summary.Title))
	row()
	for _, l := range b.job.Summary.Lines {
		at, ok := parsePlace(l.Cell)
		if !ok {
			row(cell("A", 0, l.Text))
			continue
		}
		sheet := l.Sheet
		if sheet == "" {
			sheet = b.frame.sheets[0].name
		}
		label := sheet + "!" + at.String()
		row(cell("A", b.styles.link, label), cell("B", b.styles.text, l.Text))
		fmt.Fprintf(&links, `<hyperlink ref="A%d" location="%s" display="%s"/>`, n,
			escape("'"+strings.ReplaceAll(sheet, "'", "''")+"'!"+at.String()), escape(label))
	}
	for n < 1+len(b.kept) {
		row()
	}
	hyperlinks := ""
	if links.Len() > 0 {
		hyperlinks = "<hyperlinks>" + links.String() + "</hyperlinks>"
	}
	return fmt.Appendf(nil, `%s<worksheet xmlns="%s"><sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>`+
		`<cols><col min="1" max="1" width="26" customWidth="1"/><col min="2" max="2" width="110" customWidth="1"/>`+
		`<col min="%d" max="%d" width="9" hidden="1"/></cols>`+
		`<sheetData>%s</sheetData>%s</worksheet>`, xmlHead, b.frame.space, keepColumn+1, keepColumn+2, rows.String(), hyperlinks)
}
