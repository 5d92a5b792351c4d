package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestWriteXLSX_saysWhoMadeIt(t *testing.T) {
	var out bytes.Buffer
	if err := WriteXLSX(&out, "名单", func(yield func([]string) bool) { yield([]string{"甲"}) }); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("docProps/core.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || !strings.Contains(string(text), "<dc:creator>parkbrain</dc:creator>") {
		t.Errorf("properties = %s, %v, want the program as creator", text, err)
	}
}
