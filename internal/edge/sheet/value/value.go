package value

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Kind is what a column's cells are to be read as.
type Kind string

// The kinds.
const (
	Text     Kind = "text"     // as written, without what surrounds it unseen
	Code     Kind = "code"     // letters and digits: credit code, number of a project
	Quantity Kind = "quantity" // a number, with or without a unit
	Date     Kind = "date"     // a day, a month or a year
	Truth    Kind = "truth"    // yes or no
)

// Order is the order of the parts of a date that does not begin with the year.
type Order string

// The orders. Empty is not stated: a date that could be either is refused.
const (
	DMY Order = "dmy"
	MDY Order = "mdy"
)

// Spec says how to read the cells of a column. The zero value is text.
type Spec struct {
	Kind     Kind
	Unit     string   // of numbers without a unit of their own: a symbol of package unit; empty: none
	Unknown  []string // what the column's author writes for "unknown"
	Order    Order
	ROC      bool // years are those of the Republic (民国): 112/03/05 is 2023-03-05
	Date1904 bool // day numbers count from 1904-01-01
}

// State says whether there is a value.
type State uint8

// The states.
const (
	Blank   State = iota // nothing is written
	Unknown              // what the column uses for "unknown" is written
	Known
)

// Value is what a cell says.
type Value struct {
	State State
	Text  string      // Quantity: plain decimal in Unit; Date: ISO, as far as stated; Truth: "true" or "false"; else the text
	Unit  string      // of a Quantity: symbol of package unit; empty: none
	Date  period.Date // of kind Date
	Trace []Step      // what was done to the text, in order; empty when it was taken as it is
}

// Step is one thing that was done to a text.
type Step struct {
	What Act    `json:"what"`
	From string `json:"from"` // before
	To   string `json:"to"`   // after
}

// Act names what a Step did.
type Act string

// The acts.
const (
	Trimmed      Act = "trimmed"       // blanks, invisible signs and line breaks removed
	HalfWidth    Act = "half_width"    // full-width digits and signs written in half width
	Thousands    Act = "thousands"     // thousands separators removed
	Negative     Act = "negative"      // (12) read as -12
	Exponent     Act = "exponent"      // 1.2E+05 written out
	UnitInCell   Act = "unit_in_cell"  // the cell's own unit counts, not the column's
	Serial       Act = "serial"        // day number of a spreadsheet
	Republic     Act = "republic"      // year of the Republic
	TimeDropped  Act = "time_dropped"  // time of the day left out
	OrderStated  Act = "order_stated"  // the order that the Spec states
	OrderCertain Act = "order_certain" // the order that alone is possible
	Sentinel     Act = "sentinel"      // a word for "unknown"
	Written      Act = "written"       // written in the one form: a date as ISO, a truth value
)

func (v *Value) did(what Act, from, to string) {
	if from != to {
		v.Trace = append(v.Trace, Step{what, from, to})
	}
}

// Amount is a Quantity in the canonical unit of its Unit. Errors: those of unit.Of and Unit.Parse.
func (v Value) Amount() (int64, unit.Canonical, error) {
	u, err := unit.Of(v.Unit)
	if err != nil {
		return 0, "", fault.Wrap("value.Amount", err)
	}
	n, err := u.Parse(v.Text)
	return n, u.To, fault.Wrap("value.Amount", err)
}

// Reader reads the cells of one column. It may be used by several goroutines.
type Reader struct {
	spec    Spec
	words   map[string]bool // for "unknown", folded
	longest int             // bytes of the longest word
	days    []parts         // those of the words that are days
}

// New prepares the reading of a column.
func New(s Spec) *Reader {
	r := &Reader{spec: s, words: map[string]bool{}}
	for _, u := range s.Unknown {
		word := fold(trim(u))
		r.words[word] = true
		r.longest = max(r.longest, len(word))
		if day, ok := r.anyDay(word); ok && s.Kind == Date {
			r.days = append(r.days, day)
		}
	}
	return r
}

// Read reads the text of one cell by a Spec.
func Read(text string, s Spec) (Value, error) { return New(s).Read(text) }

// Read reads the text of a cell.
// Errors: kind Invalid, keys "value.…", with the argument "text" and what would be right.
func (r *Reader) Read(text string) (Value, error) {
	v := Value{State: Known}
	trimmed := trim(text)
	v.did(Trimmed, text, trimmed)
	if trimmed == "" {
		return Value{}, nil
	}
	if r.unknown(trimmed) {
		return v.unknown(trimmed), nil
	}
	var err error
	switch r.spec.Kind {
	case Quantity:
		err = v.readQuantity(trimmed, r.spec)
	case Date:
		err = v.readDate(trimmed, r)
	case Truth:
		err = v.readTruth(trimmed)
	case Code:
		err = v.readCode(trimmed)
	default:
		v.Text = trimmed
	}
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// unknown is the value of a text that stands for "unknown".
func (v Value) unknown(text string) Value {
	v.did(Sentinel, text, "")
	return Value{State: Unknown, Trace: v.Trace}
}

// unknown says that a text is one of the words for "unknown".
func (r *Reader) unknown(text string) bool {
	const wide = 3 // bytes of a full-width sign that folds into one
	return len(r.words) > 0 && len(text) <= wide*r.longest+8 && r.words[fold(text)]
}

// refuse is the fault for a text that cannot be read; the text is shortened.
func refuse(key, text string, kv ...any) error {
	const longest = 80
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest-1]) + "…"
	}
	return fault.New(fault.Invalid, key, append([]any{"text", text}, kv...)...)
}

// trim removes what surrounds a text without being seen, the apostrophe that makes a spreadsheet take it for text, and turns
// line breaks inside into single spaces.
func trim(s string) string {
	if plain(s) {
		return s
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unseen(r) || r == '\'' || r == '＇' })
	s = strings.TrimRightFunc(s, unseen)
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || invisible(r) || r == '\u00a0' }) {
		return s
	}
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case invisible(r):
		case r == '\r' || r == '\n' || r == '\t':
			gap = true
		case r < ' ':
		default:
			if r == '\u00a0' {
				r = ' '
			}
			if gap && r != ' ' {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain says that there is nothing to trim, which is so for most cells.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' && (i == 0 || i == len(s)-1 || s[i] < ' ') || s[i] >= utf8.RuneSelf || s[i] == '\'' {
			return false
		}
	}
	return true
}

func unseen(r rune) bool { return unicode.IsSpace(r) || invisible(r) || r < ' ' }

func invisible(r rune) bool {
	return r == '\ufeff' || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\u00ad' || r >= '\u202a' && r <= '\u202e'
}

// halfWidth writes full-width signs, other dashes and Chinese commas in ASCII.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == '\u3000' || r == '\u00a0' || r == '\u202f' || r == '\u2009':
			return ' '
		case r == '−' || r == '–' || r == '—' || r == '‐' || r == '‑' || r == '﹣':
			return '-'
		case r == '、':
			return ','
		}
		return r
	}, s)
}

// fold writes a text in the one way in which words are compared.
func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(halfWidth(s)), " "))
}

var truths = map[string]bool{
	"是": true, "有": true, "y": true, "yes": true, "true": true, "1": true, "√": true, "✓": true, "✔": true, "对": true,
	"否": false, "无": false, "n": false, "no": false, "false": false, "0": false, "×": false, "✗": false, "x": false, "不是": false,
}

func (v *Value) readTruth(text string) error {
	b, ok := truths[fold(text)]
	if !ok {
		return refuse("value.not_truth", text)
	}
	v.Text = map[bool]string{true: "true", false: "false"}[b]
	v.did(Written, text, v.Text)
	return nil
}

// readCode refuses a code that a spreadsheet took for a number: it keeps 15 digits.
func (v *Value) readCode(text string) error {
	const kept = 15
	half := halfWidth(text)
	v.did(HalfWidth, text, half)
	bare := strings.Join(strings.Fields(half), "") // in the case as written: a-1 and A-1 may be two projects
	v.did(Trimmed, half, bare)
	digits := strings.TrimFunc(bare, func(r rune) bool { return r >= '0' && r <= '9' }) == ""
	if exponent.MatchString(bare) || digits && len(bare) > kept && strings.HasSuffix(bare, strings.Repeat("0", len(bare)-kept)) {
		return refuse("value.code_lost_digits", text)
	}
	v.Text = bare
	return nil
}
