package form

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Code names a form or, in another list, a field: lower-case letters, digits and _.
type Code = string

// Text is a name or a sentence in the product's languages.
type Text = pack.Text

// Kind is how a field's values are written.
type Kind string

// The kinds. A quantity is a whole number of the canonical unit of its field.
const (
	Quantity Kind = "quantity"
	Date     Kind = "date" // a day, a month or a year
	Word     Kind = "text"
	ID       Kind = "code"   // letters and digits, compared as written: credit code, number of a project
	Truth    Kind = "truth"  // yes or no
	Choice   Kind = "choice" // one of Field.Choices
)

// Measure is how a quantity's periods relate.
type Measure string

// The measures.
const (
	Flow       Measure = "flow"         // of the period itself
	Stock      Measure = "stock"        // what stands at its end
	YearToDate Measure = "year_to_date" // since January, of the flow in Field.Of
)

// Field is one thing that can be asked (数据项): an entry of the dictionary. A field that means the same in two forms is one
// Field; its value of a subject and period is answered once and filled in everywhere.
type Field struct {
	Code       Code          `yaml:"code"`
	Name       Text          `yaml:"name"`
	Kind       Kind          `yaml:"kind"`
	Unit       string        `yaml:"unit"` // a symbol of kit/unit in which it is shown and typed; of quantities only
	Nature     figure.Nature `yaml:"nature"`
	Definition Text          `yaml:"definition"`
	Names      []string      `yaml:"names"` // what offices call it, beside Name; for mappings
	Choices    []Option      `yaml:"choices"`
	Measure    Measure       `yaml:"measure"`
	Of         Code          `yaml:"of"`         // of a YearToDate: its flow
	Step       string        `yaml:"step"`       // smallest difference that is typed, in Unit; for plausibility
	Signed     bool          `yaml:"signed"`     // may be negative
	NeverZero  bool          `yaml:"never_zero"` // zero is impossible where it is filed
	Sticky     bool          `yaml:"sticky"`     // honest values stay the same for months
}

// Option is one of a choice's answers. Names are further spellings.
type Option struct {
	Code  Code     `yaml:"code"`
	Name  Text     `yaml:"name"`
	Names []string `yaml:"names"`
}

// SubjectKind is what a form is filed for.
type SubjectKind string

// The kinds of subjects.
const (
	OfEnterprise SubjectKind = "enterprise"
	OfPark       SubjectKind = "park"
	OfOrg        SubjectKind = "org" // an office: a county, the city, an operator
)

// Every is how often a form is filed.
type Every string

// The rhythms. A standing form (台账) has one filing that is kept up to date; its period is "".
const (
	Standing Every = "standing"
	Month    Every = "month"
	Quarter  Every = "quarter"
	Year     Every = "year"
)

// Item is a field as a form asks for it.
type Item struct {
	Field    *Field
	Section  Code
	Required bool
	Key      bool // of a list: the rows are told apart by their key fields, joined by a slash
	ReadOnly bool // shown, not asked
}

// Section groups items under a heading.
type Section struct {
	Code Code
	Name Text
}

// Window is when a form may be filed, in days after the last day of its period.
type Window struct {
	Opens int `yaml:"opens"` // first day on which it may be filed; may be negative
	Due   int `yaml:"due"`   // last day that counts as timely
	Grace int `yaml:"grace"` // days after Due in which it is late and still taken without a reopening
	Locks int `yaml:"locks"` // after this day nobody files or changes it; 0: never
}

// Level is a kind of office that approves, lowest first: "operator", "committee", "county", "city" as in org.Kind.
type Level string

// Form is a form in one version (报表). It never changes; a city's change is another version.
type Form struct {
	Code     Code
	Version  int64       // 0: as shipped; else the city's
	Since    period.Date // in force for periods that end on this day or later
	Name     Text
	Note     Text // what it is for and by whose order
	Issuer   string
	Number   string
	Subject  SubjectKind
	Owed     string // who owes it: "" every subject; "producing": enterprises in production in the period
	Every    Every
	Combined bool // January is not filed; February's figures are those of both months
	List     bool // any number of rows, told apart by key items; else exactly one
	Window   Window
	Chain    []Level // who approves, in order; empty: what is saved is in force
	Sections []Section
	Items    []Item
	Rules    *rule.Pack  // over Env(): RuleSet, then the rules that the form itself makes
	RuleSet  []rule.Rule // as written in its file
	Body     string      // the file
	Made     Made        // how a city's version came

	checks []check
	at     map[Code]int // of an item in Items
}

// Made says who made a city's version of a form, when and why; it is zero for a shipped form.
type Made struct {
	Reason string
	Actor  string
	At     time.Time
}

// Item finds an item by its field's code; nil when the form does not ask for it.
func (f *Form) Item(code Code) *Item {
	if i, ok := f.at[code]; ok {
		return &f.Items[i]
	}
	return nil
}

// Keys lists the fields by which a list's rows are told apart, in the order of its items.
func (f *Form) Keys() []Code {
	var out []Code
	for i := range f.Items {
		if f.Items[i].Key {
			out = append(out, f.Items[i].Field.Code)
		}
	}
	return out
}

// Ledger lists the fields whose values indicators read; their codes are those of domain/filing's values.
var Ledger = []Code{"output", "revenue", "tax", "jobs", "electricity", "investment"}
