package intake

import (
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
)

// Cells are held packed: the values of a form's items in the form's order, joined by sep. A file may have a million rows, and
// a map for each would be many times its size.
const (
	sep     = "\x00"
	unknown = "\x01" // a word for "unknown" is written; a blank cell is empty
)

// shape is a form as rows are packed by it.
type shape struct {
	form *form.Form
	at   map[form.Code]int
}

func shapeOf(f *form.Form) shape {
	s := shape{form: f, at: make(map[form.Code]int, len(f.Items))}
	for i, it := range f.Items {
		s.at[it.Field.Code] = i
	}
	return s
}

func (s shape) pack(cells filing.Cells) string {
	values := make([]string, len(s.form.Items))
	for code, v := range cells {
		if i, ok := s.at[code]; ok {
			values[i] = v
		}
	}
	return strings.Join(values, sep)
}

// cells gives a packed row as a filing holds it.
func (s shape) cells(packed string) filing.Cells {
	out := make(filing.Cells, len(s.form.Items))
	i := 0
	for v := range strings.SplitSeq(packed, sep) {
		if v != "" && i < len(s.form.Items) {
			out[s.form.Items[i].Field.Code] = v
		}
		i++
	}
	return out
}

// split writes the values of a packed row into a slice with one place for each item.
func split(into []string, packed string) {
	for i := range into {
		into[i], packed, _ = strings.Cut(packed, sep)
	}
}

// known is a record of the ledger.
type known struct {
	cells string // packed
	at    time.Time
	rest  filing.Cells // values of fields that the form no longer asks for: they stay
}

// ledger is a filing as it stands.
type ledger struct {
	filing  filing.Filing
	locked  bool // its own user confirmed it and somebody else imports, or it waits for approval
	foreign bool // it counts to an office that the scope does not cover
	records map[string]*known
}

// merge lays a row's values over a record. It gives the record as it would be, packed, how many cells would differ, and
// whether that conflicts. scratch has one place for each item.
func (l *ledger) merge(row []string, rec *known, made time.Time, scratch []string) (after string, changed int, state CellState) {
	if rec == nil {
		for i, v := range row {
			if v == unknown {
				v = ""
			}
			if scratch[i] = v; v != "" {
				changed++
			}
		}
		if l.locked {
			return strings.Join(scratch, sep), changed, Conflicting
		}
		return strings.Join(scratch, sep), changed, New
	}
	split(scratch, rec.cells)
	for i, v := range row {
		if v == "" {
			continue
		}
		if v == unknown {
			v = ""
		}
		if scratch[i] != v {
			scratch[i] = v
			changed++
		}
	}
	switch {
	case changed == 0:
		return rec.cells, 0, Unchanged
	case l.locked || !made.IsZero() && rec.at.After(made):
		return strings.Join(scratch, sep), changed, Conflicting
	default:
		return strings.Join(scratch, sep), changed, Changed
	}
}
