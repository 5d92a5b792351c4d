package annotate

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Table is one sheet of a file that is no .xlsx workbook.
type Table struct {
	Sheet string // its name; empty for CSV, which gets "Sheet1"
	Rows  iter.Seq2[Row, error]
}

// Row is a row of a Table.
type Row struct {
	Number int      // from 1, ascending
	Cells  []string // from column A
}

// Tables writes a new .xlsx workbook of the given tables with the job's problems marked: the answer to a .csv or .xls file.
// Every cell stands where it stood in the file and is text, so that 007 and long numbers stay as they were; styles, formulas
// and merged cells of an .xls file are not carried over.
// Errors: that of the rows; those of Workbook.
func Tables(ctx context.Context, w io.Writer, tables []Table, job Job) (Result, error) {
	var plain bytes.Buffer
	if err := writePlain(ctx, &plain, tables); err != nil {
		return Result{}, fault.Wrap("annotate.Tables", err)
	}
	result, err := Workbook(ctx, bytes.NewReader(plain.Bytes()), int64(plain.Len()), w, job)
	return result, fault.Wrap("annotate.Tables", err)
}

const plainTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>%s</Types>`

const plainRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`

// writePlain writes the tables as a workbook without styles.
func writePlain(ctx context.Context, w io.Writer, tables []Table) error {
	if len(tables) == 0 {
		tables = []Table{{Rows: func(func(Row, error) bool) {}}}
	}
	z := zip.NewWriter(w)
	var types, sheets, rels strings.Builder
	for i, t := range tables {
		name := t.Sheet
		if name == "" {
			name = fmt.Sprint("Sheet", i+1)
		}
		part := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		fmt.Fprintf(&types, `<Override PartName="/xl/%s" ContentType="%s"/>`, part, sheetType)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%[2]d"/>`, escape(name), i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%s"/>`, i+1, relSpace, part)
		if err := writePart(z, "xl/"+part, func(out io.Writer) error { return writeTable(ctx, out, t) }); err != nil {
			return err
		}
	}
	for _, p := range []struct{ name, text string }{
		{contentPart, fmt.Sprintf(plainTypes, types.String())},
		{"_rels/.rels", fmt.Sprintf(plainRels, `<Relationship Id="rId1" Type="`+relSpace+`/officeDocument" Target="xl/workbook.xml"/>`)},
		{"xl/workbook.xml", fmt.Sprintf(xmlHead+`<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>`, mainSpace, relSpace, sheets.String())},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(plainRels, rels.String())},
	} {
		if err := writePart(z, p.name, func(out io.Writer) error { return writeAll(out, []byte(p.text)) }); err != nil {
			return err
		}
	}
	return z.Close()
}

func writeTable(ctx context.Context, w io.Writer, t Table) error {
	if _, err := fmt.Fprintf(w, `%s<worksheet xmlns="%s"><sheetData>`, xmlHead, mainSpace); err != nil {
		return err
	}
	var b strings.Builder
	for row, err := range t.Rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		b.Reset()
		fmt.Fprintf(&b, `<row r="%d">`, row.Number)
		for i, text := range row.Cells {
			if text != "" {
				fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, place{i, row.Number}, cellText(text))
			}
		}
		b.WriteString(`</row>`)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, `</sheetData></worksheet>`)
	return err
}
