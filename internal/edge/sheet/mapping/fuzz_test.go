package mapping

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// FuzzWorkbook finds the header of any sheet with merged cells and reads the sheet by what is proposed.
func FuzzWorkbook(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>2024年园区清单</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>园区名称</t></is></c><c r="B2" t="inlineStr"><is><t>面积</t></is></c></row>`+
		`<row r="3"><c r="B3" t="inlineStr"><is><t>土地(亩)</t></is></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>甲</t></is></c><c r="B4"><v>1.5</v></c></row>`,
		`<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/></mergeCells>`)
	f.Add(`<row r="9"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c><v>45444</v></c><c><f>A1</f></c></row>`, `<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`)
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, rows, tail string) {
		defer check(t)
		var packed bytes.Buffer
		z := zip.NewWriter(&packed)
		for _, p := range [][2]string{
			{"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
			{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="s" r:id="a"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>`},
			{"xl/s.xml", "<worksheet><sheetData>" + rows + "</sheetData>" + tail + "</worksheet>"},
		} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Store})
			if err == nil {
				_, err = io.WriteString(w, p[1])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		file, err := sheet.Open(ctx, bytes.NewReader(packed.Bytes()), int64(packed.Len()), sheet.Options{File: "f", MaxRows: 1000, MaxColumns: 50})
		if err != nil {
			refused(t, err)
			return
		}
		all, err := Detect(ctx, file, parkFields)
		if err != nil {
			refused(t, err)
			return
		}
		for _, l := range all {
			m := l.Mapping(Propose(l, parkFields), parkFields)
			var report Report
			for _, err := range m.Read(ctx, file, &report) {
				if err != nil {
					refused(t, err)
					break
				}
			}
		}
	})
}

func refused(t *testing.T, err error) {
	t.Helper()
	if fault.KindOf(err) != fault.Invalid {
		t.Fatalf("error %v, want a refusal", err)
	}
}
