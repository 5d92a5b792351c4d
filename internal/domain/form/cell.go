package form

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Limits of a cell, in characters.
const (
	maxWord = 2000
	maxID   = 80
)

// canonical is the unit in which a quantity is kept; "" of another kind.
func (it Field) canonical() unit.Canonical {
	u, err := unit.Of(it.Unit)
	if it.Kind != Quantity || err != nil {
		return ""
	}
	return u.To
}

// Option finds an answer of a choice by its code; nil when there is none.
func (it Field) Option(code Code) *Option {
	for i := range it.Choices {
		if it.Choices[i].Code == code {
			return &it.Choices[i]
		}
	}
	return nil
}

// Check refuses a text that is no canonical one of the field's kind, or that the field can never hold. The empty text is
// none: an unknown value is not there. Errors: kind Invalid, keys "form.bad_quantity" (arguments name, text, unit),
// "form.negative", "form.bad_date", "form.bad_truth", "form.bad_choice", "form.bad_code", "form.empty", "text.too_long",
// "text.invalid".
func (it Field) Check(text string) error {
	switch it.Kind {
	case Quantity:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || len(text) > 1 && (text[0] == '+' || text[0] == '0' || strings.HasPrefix(text, "-0")) {
			return fault.New(fault.Invalid, "form.bad_quantity", "name", it.Name.ZH, "text", text, "unit", it.Unit)
		}
		return it.fits(n, text)
	case Date:
		if d, err := period.ParseDate(text); err != nil || d == 0 || d.String() != text {
			return fault.New(fault.Invalid, "form.bad_date", "name", it.Name.ZH, "text", text)
		}
	case Truth:
		if text != "true" && text != "false" {
			return fault.New(fault.Invalid, "form.bad_truth", "name", it.Name.ZH, "text", text)
		}
	case Choice:
		if it.Option(text) == nil {
			return it.badChoice(text)
		}
	case ID:
		if !plainCode(text) {
			return fault.New(fault.Invalid, "form.bad_code", "name", it.Name.ZH, "text", text)
		}
	default:
		return it.checkWord(text)
	}
	return nil
}

func (it Field) fits(n int64, text string) error {
	if n < 0 && !it.Signed {
		return fault.New(fault.Invalid, "form.negative", "name", it.Name.ZH, "text", text)
	}
	return nil
}

func (it Field) checkWord(text string) error {
	switch {
	case text == "" || strings.TrimSpace(text) != text:
		return fault.New(fault.Invalid, "form.empty", "name", it.Name.ZH)
	case utf8.RuneCountInString(text) > maxWord:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxWord)
	}
	return page.Clean(text)
}

func (it Field) badChoice(text string) error {
	names := make([]string, len(it.Choices))
	for i, o := range it.Choices {
		names[i] = o.Name.ZH
	}
	return fault.New(fault.Invalid, "form.bad_choice", "name", it.Name.ZH, "text", text, "choices", strings.Join(names, "、"))
}

// plainCode accepts letters and digits of any script and the marks that numbers of contracts, rooms and projects have; no
// blank and no slash, which parts a key.
func plainCode(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("-_.#()（）〔〕+:·", c) {
			return false
		}
	}
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxID
}

// Read makes what somebody typed in the field's unit canonical: a plain decimal number without unit, an ISO date, yes or no
// in either language, the code or a name of a choice, a text without the blanks around it. Nothing is guessed: "约100", "3.5"
// people and "2024/6" are refused. An empty text is an unknown value, "". Errors are those of Check; "form.not_whole" for
// parts of things that are counted; "number.too_large".
func (it Field) Read(text string) (canonical string, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	switch it.Kind {
	case Quantity:
		return it.readQuantity(text)
	case Date:
		d, err := period.ParseDate(text)
		if err != nil {
			return "", fault.Because(err, fault.Invalid, "form.bad_date", "name", it.Name.ZH, "text", text)
		}
		return d.String(), nil
	case Truth:
		switch strings.ToLower(text) {
		case "true", "yes", "y", "是":
			return "true", nil
		case "false", "no", "n", "否":
			return "false", nil
		}
		return "", fault.New(fault.Invalid, "form.bad_truth", "name", it.Name.ZH, "text", text)
	case Choice:
		if o := it.answer(text); o != nil {
			return o.Code, nil
		}
		return "", it.badChoice(text)
	default:
		return text, it.Check(text)
	}
}

func (it Field) answer(text string) *Option {
	if o := it.Option(text); o != nil {
		return o
	}
	for i := range it.Choices {
		o := &it.Choices[i]
		if strings.EqualFold(o.Name.ZH, text) || strings.EqualFold(o.Name.EN, text) {
			return o
		}
		for _, n := range o.Names {
			if strings.EqualFold(n, text) {
				return o
			}
		}
	}
	return nil
}

func (it Field) readQuantity(text string) (string, error) {
	u, err := unit.Of(it.Unit)
	if err != nil {
		return "", fault.Wrap("form.Read", err)
	}
	n, err := u.Parse(text)
	if err != nil {
		if f, ok := fault.Of(err); ok && f.Key == "number.too_large" {
			return "", err
		}
		return "", fault.Because(err, fault.Invalid, "form.bad_quantity", "name", it.Name.ZH, "text", text, "unit", it.Unit)
	}
	if _, part, _ := strings.Cut(text, "."); u.To == unit.Count && strings.Trim(part, "0") != "" {
		return "", fault.New(fault.Invalid, "form.not_whole", "name", it.Name.ZH, "text", text)
	}
	if err := it.fits(n, text); err != nil {
		return "", err
	}
	return strconv.FormatInt(n, 10), nil
}

// Format writes a canonical text as Read takes it: a quantity in Unit, as the shortest decimal that reads back as the same
// value (131.2 亩, though that is 87467 m²), everything else as it is. A text that is not canonical comes back unchanged.
func (it Field) Format(canonical string) string {
	if it.Kind != Quantity {
		return canonical
	}
	n, err := strconv.ParseInt(canonical, 10, 64)
	if err != nil {
		return canonical
	}
	u, err := unit.Of(it.Unit)
	if err != nil {
		return canonical
	}
	one, errOne := u.Parse("1")
	three, errThree := u.Parse("3")
	if errOne == nil && errThree == nil && three == 3*one {
		if s, ok := decimal(n, one); ok {
			return s
		}
	}
	return shortest(u, n)
}

// decimal writes n/one exactly; one is a power of ten, else ok is false.
func decimal(n, one int64) (s string, ok bool) {
	places := 0
	for p := one; p > 1; p /= 10 {
		if p%10 != 0 {
			return "", false
		}
		places++
	}
	s = strconv.FormatInt(n, 10)
	if places == 0 {
		return s, true
	}
	s, minus := strings.CutPrefix(s, "-")
	for len(s) <= places {
		s = "0" + s
	}
	s = strings.TrimSuffix(strings.TrimRight(s[:len(s)-places]+"."+s[len(s)-places:], "0"), ".")
	if minus {
		s = "-" + s
	}
	return s, true
}

// shortest writes n in a unit whose factor is a fraction with as few places as read back as n.
func shortest(u unit.Unit, n int64) string {
	s := u.Format(n)
	whole, part, _ := strings.Cut(s, ".")
	for places := range len(part) {
		short := roundText(whole, part, places)
		if v, err := u.Parse(short); err == nil && v == n {
			return short
		}
	}
	return s
}

// roundText writes whole.part with fewer places, half away from zero. The numbers are those of Format: at most 19 digits and
// six places, so that the digits after the point fit an int64.
func roundText(whole, part string, places int) string {
	digits, err := strconv.ParseInt("1"+part[:places], 10, 64) // the 1 in front keeps zeros
	if err != nil {
		return whole + "." + part
	}
	if part[places] >= '5' {
		digits++
	}
	text := strconv.FormatInt(digits, 10)
	if text[0] == '2' { // 0.96 becomes 1.0
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			return whole + "." + part
		}
		if strings.HasPrefix(whole, "-") {
			n--
		} else {
			n++
		}
		whole = strconv.FormatInt(n, 10)
	}
	if places == 0 {
		return whole
	}
	return whole + "." + text[1:]
}

// CellValue reads a canonical text of one of the form's fields as a value for its rules; missing for "". Errors: NotFound
// "form.no_field" (arguments form, field); those of Check.
func (f *Form) CellValue(code Code, canonical string) (rule.Value, error) {
	it := f.Item(code)
	if it == nil {
		return rule.Value{}, fault.New(fault.NotFound, "form.no_field", "form", f.Name.ZH, "field", code)
	}
	return it.Field.value(canonical)
}

func (it *Field) value(canonical string) (rule.Value, error) {
	if canonical == "" {
		return rule.Value{}, nil
	}
	switch it.Kind {
	case Quantity:
		n, err := strconv.ParseInt(canonical, 10, 64)
		if err != nil {
			return rule.Value{}, it.Check(canonical)
		}
		return rule.Whole(n), nil
	case Date:
		d, err := period.ParseDate(canonical)
		if err != nil {
			return rule.Value{}, it.Check(canonical)
		}
		return rule.Day(d), nil
	case Truth:
		if canonical != "true" && canonical != "false" {
			return rule.Value{}, it.Check(canonical)
		}
		return rule.Is(canonical == "true"), nil
	default:
		return rule.Said(canonical), nil
	}
}

// KeyOf is the key of a row of a list: its key fields' canonical texts in the order of the items, joined by a slash; a slash
// or percent sign of a text is written %2F or %25. Of a form that is no list it is "". False where a key field is unknown.
func (f *Form) KeyOf(cells map[Code]string) (string, bool) {
	if !f.List {
		return "", true
	}
	key := ""
	for i := range f.Items {
		if !f.Items[i].Key {
			continue
		}
		text := cells[f.Items[i].Field.Code]
		if text == "" {
			return "", false
		}
		if strings.ContainsAny(text, "/%") {
			text = escapeKey.Replace(text)
		}
		if key != "" {
			key += "/"
		}
		key += text
	}
	return key, key != ""
}

var escapeKey = strings.NewReplacer("%", "%25", "/", "%2F")
