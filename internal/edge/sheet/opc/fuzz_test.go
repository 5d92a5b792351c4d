package opc

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/sheettest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func zipped(t testing.TB, method uint16, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzOpen mutates an archive: what is read of it is refused with a sentence or read to its end, within the limits.
func FuzzOpen(f *testing.F) {
	const rels = `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="../xl\workbook.xml"/></Relationships>`
	parts := []string{"_rels/.rels", rels, "xl/workbook.xml", `<workbook xmlns:r="r"><!-- c --><sheets><sheet name="&amp;" r:id="a"/></sheets></workbook>`, "XL/a b.xml", "<a"}
	f.Add(zipped(f, zip.Store, parts...))
	f.Add(zipped(f, zip.Deflate, parts...))
	check := sheettest.Bounded(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		defer check(t)
		p, err := Open(bytes.NewReader(data), int64(len(data)), Limits{File: "f", Unzipped: 16 << 20})
		if err != nil {
			refused(t, err)
			return
		}
		for _, file := range p.Order {
			if _, _, err := p.Read(file.Name); err != nil {
				refused(t, err)
			}
			if _, err := p.Relations(file.Name); err != nil {
				refused(t, err)
			}
			walk(t, p, file.Name)
		}
	})
}

func walk(t *testing.T, p *Package, name string) {
	part, ok, err := p.Open(name)
	if err != nil || !ok {
		if err != nil {
			refused(t, err)
		}
		return
	}
	defer part.Close()
	for at := int64(0); ; {
		_, err := part.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			refused(t, err)
			return
		}
		if part.Offset() < at {
			t.Fatalf("offset %d after %d", part.Offset(), at)
		}
		at = part.Offset()
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || f.Key == "" {
		t.Fatalf("error %v, want one that says what is wrong with the file", err)
	}
}
