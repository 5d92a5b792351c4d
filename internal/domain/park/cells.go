package park

import (
	"maps"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Problem is one cell that refuses a list, with the message key and what the message needs: file, row, column, cell, text
// and what the key names besides.
type Problem struct {
	Row    int
	Column string // heading; empty when the row has no such column
	Cell   string // address
	Text   string // as written
	Key    string // message key: "cell.not_a_number"
	Args   map[string]any
}

// entry is a row of a list after reading: what it says, as far as it says something that can be understood.
type entry struct {
	listed  Listed
	park    Park    // own columns; Org is empty when the row names none
	org     org.Org // zero when the row names none
	figures []figure.Figure
	bad     bool // a cell of it is a problem
}

// reader reads the rows of one list.
type reader struct {
	imp      Import
	orgs     org.Names
	problems []Problem
}

// refuse notes that a cell of a row is a problem. kv are what the message needs besides the cell's place.
func (r *reader) refuse(e *entry, column, key string, kv ...any) {
	c := e.listed.Cells[column]
	args := map[string]any{"file": r.imp.File.File, "row": e.listed.Row, "column": c.Column, "cell": c.Ref, "text": strings.TrimSpace(c.Text)}
	if c.Column == "" {
		args["column"] = column
	}
	maps.Copy(args, fault.New(fault.Invalid, key, kv...).Args)
	e.bad = true
	r.problems = append(r.problems, Problem{Row: e.listed.Row, Column: c.Column, Cell: c.Ref, Text: c.Text, Key: key, Args: args})
}

// read reads one row: first whether each cell can be read at all, then the park's own columns, then what is stated of it.
func (r *reader) read(l Listed) entry {
	e := entry{listed: l}
	readable := map[string]bool{}
	for _, key := range keys {
		text := l.text(key)
		switch err := checkText(key, text); {
		case text == "":
		case l.Cells[key].Formula:
			r.refuse(&e, key, "cell.formula")
		case key != "note" && key != "other_sources" && err != nil:
			f, _ := fault.Of(err)
			r.refuse(&e, key, cellKey(f.Key), "limit", maxText)
		default:
			readable[key] = true
		}
	}
	get := func(key string) string {
		if readable[key] {
			return l.text(key)
		}
		return ""
	}
	r.readPark(&e, get)
	r.readOrg(&e, get("org"))
	r.readFigures(&e, get)
	return e
}

func (r *reader) readPark(e *entry, get func(string) string) {
	e.park = Park{
		Name: get("name"), PhotoNo: get("photo_no"), Mode: get("mode"), Developer: get("developer"),
		LeadingIndustry: get("leading_industry"), Source: get("source"),
	}
	if e.listed.text("name") == "" {
		r.refuse(e, "name", "cell.no_name")
	}
	if e.park.Source == "" {
		e.park.Source = r.imp.source()
	}
	switch text := strings.ToLower(get("pilot")); text {
	case "":
	case "yes", "是", "★":
		e.park.Pilot = new(bool)
		*e.park.Pilot = true
	case "no", "否":
		e.park.Pilot = new(bool)
	default:
		r.refuse(e, "pilot", "cell.not_yes_or_no")
	}
	if text := get("official_no"); text != "" {
		n, err := unit.MustOf("个").Parse(text)
		switch {
		case err != nil:
			r.refuse(e, "official_no", "cell.not_a_number")
		case n < 1 || fraction(text) != "":
			r.refuse(e, "official_no", "cell.not_counting")
		default:
			e.park.OfficialNo = n
		}
	}
}

func (r *reader) readOrg(e *entry, name string) {
	if name == "" {
		return
	}
	o, err := r.orgs.Find(name)
	switch {
	case err != nil:
		r.refuse(e, "org", "cell.unknown_org")
	case !r.imp.scope().Within(o.Path):
		r.refuse(e, "org", "cell.org_out_of_reach", "org", o.NameZH)
	default:
		e.org, e.park.Org = o, o.ID
	}
}

func (r *reader) readFigures(e *entry, get func(string) string) {
	asOf := period.Date(0)
	if text := get("as_of"); text != "" {
		d, err := parseDate(text)
		if err != nil {
			r.refuse(e, "as_of", "cell.not_a_date")
		}
		asOf = d
	}
	for _, field := range fields {
		text := get(field.Key)
		if text == "" {
			continue
		}
		c := e.listed.Cells[field.Key]
		f, err := Statement{
			Field: field.Key, Text: text, Unit: c.Unit, Nature: r.imp.nature(), Source: e.park.Source,
			SourceRef: r.imp.File.ref(c), AsOf: asOf,
		}.figure()
		if err != nil {
			why, _ := fault.Of(err)
			r.refuse(e, field.Key, cellKey(why.Key), flatten(why.Args)...)
			continue
		}
		e.figures = append(e.figures, f)
	}
}

// cellKey gives the message about a cell for a fault about its text.
func cellKey(key string) string {
	if k, ok := map[string]string{
		"number.invalid": "cell.not_a_number", "number.too_large": "cell.too_large", "number.negative": "cell.negative",
		"number.not_whole": "cell.not_whole", "number.above": "cell.above", "date.invalid": "cell.not_a_date",
		"unit.unknown": "cell.unknown_unit", "unit.not_of_field": "cell.wrong_unit",
		"park.text_too_long": "cell.too_long", "park.text_not_utf8": "cell.not_utf8",
	}[key]; ok {
		return k
	}
	return key
}

func flatten(args map[string]any) []any {
	var kv []any
	for k, v := range args {
		kv = append(kv, k, v)
	}
	return kv
}
