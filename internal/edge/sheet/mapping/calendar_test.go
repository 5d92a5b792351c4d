package mapping

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
)

func TestPropose_calendarOnlyWithoutDoubt(t *testing.T) {
	fields := []Field{{Code: "no", Names: []string{"编号"}, Kind: value.Code}, {Code: "signed", Names: []string{"签约日期"}, Kind: value.Date}, {Code: "opened", Names: []string{"投产日期"}, Kind: value.Date}}
	for name, x := range map[string]struct {
		text  string
		order value.Order
		roc   bool
	}{
		"one cell leaves one order":        {"编号,签约日期,投产日期\na,01/02/2024,03/04/2024\nb,31/02/2024,31/12/2024\n", value.DMY, false},
		"cells of both orders":             {"编号,签约日期,投产日期\na,13/02/2024,03/04/2024\nb,02/13/2024,03/04/2024\n", "", false},
		"columns contradict":               {"编号,签约日期,投产日期\na,13/02/2024,12/31/2024\nb,01/02/2024,03/04/2024\n", "", false},
		"no cell tells":                    {"编号,签约日期,投产日期\na,01/02/2024,03/04/2024\nb,02/02/2024,05/05/2024\n", "", false},
		"the Republic's digits":            {"编号,签约日期,投产日期\na,1120305,x\nb,1120306,\nc,0991231,\nd,1010101,\ne,1020202,\n", "", true},
		"seven digits that are no day":     {"编号,签约日期,投产日期\na,1120305,x\nb,1120306,\nc,0991331,\nd,1010101,\ne,1020202,\n", "", false},
		"too few to tell a day and number": {"编号,签约日期,投产日期\na,1120305,x\nb,1120306,\n", "", false},
	} {
		m := propose(t, detect(t, csvFile(t, x.text), fields), fields)
		if m.Order != x.order || m.Columns[1].ROC != x.roc {
			t.Errorf("%s: order %q, calendar of the Republic %v, want %q, %v", name, m.Order, m.Columns[1].ROC, x.order, x.roc)
		}
	}
}
