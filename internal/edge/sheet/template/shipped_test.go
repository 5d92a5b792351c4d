package template

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
)

// some is a canonical text of a kind.
func some(f *form.Field) string {
	switch f.Kind {
	case form.Quantity:
		return "1234567"
	case form.Date:
		return "2024-06-30"
	case form.Truth:
		return "true"
	case form.Choice:
		return f.Choices[len(f.Choices)-1].Code
	}
	return "007X"
}

func TestWrite_everyShippedFormReadsBack(t *testing.T) {
	library, err := form.LoadShipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range library.Forms() {
		for _, subject := range []string{"", "s1"} {
			t.Run(f.Code+" of "+subject, func(t *testing.T) {
				row := Row{Subject: "s1", Name: "甲", Cells: map[string]string{}}
				for _, it := range f.Items {
					row.Cells[it.Field.Code] = some(it.Field)
				}
				s := Spec{Form: f, Org: "o", OrgName: "甲县", Period: "2024-06", Subject: subject, Language: Chinese, Rows: rowsOf(row, row), Say: say}
				file := open(t, written(t, s))
				m, err := Read(context.Background(), file)
				if err != nil {
					t.Fatal(err)
				}
				how := m.Mapping(f)
				if err := how.Check(fieldsOf(f, m.Several())); err != nil {
					t.Fatal(err)
				}
				var report mapping.Report
				for r, err := range how.Read(context.Background(), file, &report) {
					if err != nil {
						t.Fatal(err)
					}
					for _, i := range r.Items {
						if i.Field == SubjectField {
							continue
						}
						want := Cell{Field: itemOf(f, i.Field).Field, Language: Chinese, Say: say}.Text(row.Cells[i.Field])
						if want == "是" {
							want = "true"
						}
						if i.Value.Text != want || i.Bad {
							t.Errorf("%s %s = %+v, want %q", i.Field, i.Cell.Ref, i, want)
						}
					}
				}
				if report.Rows != 2 || report.Problems.Count() > 0 || m.Several() != (subject == "") {
					t.Errorf("%d rows, %d skipped, problems %v, several %v", report.Rows, len(report.Skipped), report.Problems.List, m.Several())
				}
			})
		}
	}
}
