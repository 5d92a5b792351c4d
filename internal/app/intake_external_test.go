package app

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/refdata"
)

// A workbook that takes values from others is refused with a sentence; the same without the link is read.
func TestOpenIntake_refusesLinksToOtherWorkbooks(t *testing.T) {
	var plain bytes.Buffer
	if err := sheet.WriteXLSX(&plain, "清单", func(yield func([]string) bool) { _ = yield([]string{"编号"}) && yield([]string{"甲"}) }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openIntake(t.Context(), "a.xlsx", bytes.NewReader(plain.Bytes()), int64(plain.Len())); err != nil {
		t.Fatalf("openIntake = %v, want the file read", err)
	}
	linked := withPart(t, plain.Bytes(), "xl/externalLinks/externalLink1.xml", `<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`)
	_, _, err := openIntake(t.Context(), "a.xlsx", bytes.NewReader(linked), int64(len(linked)))
	f, ok := fault.Of(err)
	if !ok || f.Key != "intake.external_links" {
		t.Fatalf("openIntake of a workbook with a link = %v, want intake.external_links", err)
	}
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"zh-CN": "引用了其他工作簿", "en": "other workbooks"} {
		if got, _ := texts.Format(lang, f.Key, f.Args); !strings.Contains(got, want) || !strings.Contains(got, "a.xlsx") {
			t.Errorf("%s says %q", lang, got)
		}
	}
}

// withPart gives an archive with one more part.
func withPart(t *testing.T, archive []byte, name, text string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.Create(name)
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
