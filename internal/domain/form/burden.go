package form

import (
	"math"
	"strings"
)

// Burden is how much the newest forms ask, in cells. A list counts with one row.
//
// Before is what offices that exchange workbooks ask: every form whole each time, derived and known values too, and a
// standing one each month. After is what is asked here: a value of the same field, subject and period once in however many
// forms it stands; what follows from other cells (since January) or is only shown not at all; a standing row once, and then only
// what changed, which is not counted per month. Both are per month of a year: a monthly form that leaves out January counts
// 11/12, a quarterly 1/3, a yearly 1/12.
type Burden struct {
	Before, After float64 // of one enterprise, one park and one office together; to a tenth
	Once          int     // cells of standing forms
	Subjects      []SubjectBurden
	Forms         []FormBurden // in the order of Forms
}

// SubjectBurden is the burden of one subject of a kind.
type SubjectBurden struct {
	Subject       SubjectKind
	Before, After float64
	Once          int
}

// FormBurden is the burden of one form. A value that two forms ask is counted with the first of them.
type FormBurden struct {
	Form          Code
	Name          Text
	Subject       SubjectKind
	Cells         int // what one filing holds; of a list one row
	Before, After float64
	Once          int
	Shared        int // of Cells: answered in an earlier form
	Derived       int // of Cells: follows from other cells, or is only shown
}

// months of a year and how often a form is filed in them.
const months = 12

func (f *Form) timesAYear() int {
	switch {
	case f.Every == Month && f.Combined:
		return months - 1
	case f.Every == Month:
		return months
	case f.Every == Quarter:
		return 4
	case f.Every == Year:
		return 1
	default:
		return 0
	}
}

// entity is what a form's values are of: its subject, or in a list the thing that its key names.
func (f *Form) entity() string {
	return string(f.Subject) + " " + strings.Join(f.Keys(), "/")
}

// question is a value that is asked: of the same entity and rhythm one answer does.
type question struct {
	entity string
	every  Every
	field  Code
}

// tally counts cells: before and after of a year.
type tally struct{ before, after, once int }

func (t *tally) add(o tally) {
	t.before, t.after, t.once = t.before+o.before, t.after+o.after, t.once+o.once
}

// Burden measures the newest version of every form.
func (l *Library) Burden() Burden {
	var out Burden
	var all tally
	asked, subjects := map[question]bool{}, map[SubjectKind]tally{}
	for _, f := range l.Forms() {
		b, t := f.burden(asked)
		out.Forms = append(out.Forms, b)
		sum := subjects[f.Subject]
		sum.add(t)
		subjects[f.Subject] = sum
	}
	for _, s := range []SubjectKind{OfEnterprise, OfPark, OfOrg} {
		if t, ok := subjects[s]; ok {
			out.Subjects = append(out.Subjects, SubjectBurden{Subject: s, Before: perMonth(t.before), After: perMonth(t.after), Once: t.once})
			all.add(t)
		}
	}
	out.Before, out.After, out.Once = perMonth(all.before), perMonth(all.after), all.once
	return out
}

// burden counts a form beside what the forms before it asked.
func (f *Form) burden(asked map[question]bool) (FormBurden, tally) {
	b := FormBurden{Form: f.Code, Name: f.Name, Subject: f.Subject, Cells: len(f.Items)}
	fresh := 0
	for i := range f.Items {
		it := &f.Items[i]
		q := question{f.entity(), f.Every, it.Field.Code}
		switch {
		case it.ReadOnly || it.Field.Measure == YearToDate && f.Item(it.Field.Of) != nil:
			b.Derived++
		case asked[q]:
			b.Shared++
		default:
			asked[q], fresh = true, fresh+1
		}
	}
	t := tally{before: b.Cells * f.timesAYear(), after: fresh * f.timesAYear()}
	if f.Every == Standing {
		t = tally{before: b.Cells * months, once: fresh}
	}
	b.Before, b.After, b.Once = perMonth(t.before), perMonth(t.after), t.once
	return b, t
}

// perMonth is cells a year as cells a month, to a tenth.
func perMonth(aYear int) float64 { return math.Round(float64(aYear)*10/months) / 10 }
