package rule

import (
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// The languages of a rule's message.
const (
	ZH = "zh"
	EN = "en"
)

// maxMessage bounds a message in bytes.
const maxMessage = 2000

// hole is a placeholder of the messages.
type hole struct {
	text string // between the braces
	expr *node
	as   display
}

// piece of a message: text, or a hole by number.
type piece struct {
	text string
	hole int // -1 for text
}

// Placeholders lists the expressions in the messages' braces, each once, the Chinese message first.
func (p *Program) Placeholders() (texts []string) {
	for _, h := range p.holes {
		texts = append(texts, h.text)
	}
	return texts
}

// Sentence writes the message of a verdict of this program in a language (ZH; EN for every other). What is not known is —.
func (p *Program) Sentence(lang string, v Verdict) string {
	if lang != ZH {
		lang = EN
	}
	var b strings.Builder
	for _, part := range p.texts[lang] {
		switch {
		case part.hole < 0:
			b.WriteString(part.text)
		case part.hole < len(v.Args) && v.Args[part.hole].Known:
			b.WriteString(p.say(lang, part.hole, v.Args[part.hole].Text))
		default:
			b.WriteString("—")
		}
	}
	return b.String()
}

// say writes a hole's value as the language does.
func (p *Program) say(lang string, hole int, text string) string {
	switch kind := p.holes[hole].expr.typ.kind; {
	case kind == Date || kind == Month:
		return period.Words(lang, text)
	case lang == EN:
		return InEnglish(text)
	default:
		return text
	}
}

// english are the units that are written in Chinese, as English writes them; to: in another unit of the same kind.
var english = map[string]struct{ to, symbol string }{
	"元": {"元", " yuan"}, "万元": {"元", " yuan"}, "亿元": {"元", " yuan"},
	"平方米": {"平方米", " m²"}, "万平方米": {"平方米", " m²"}, "亩": {"亩", " mu"}, "公顷": {"公顷", " ha"},
	"千瓦时": {"千瓦时", " kWh"}, "万千瓦时": {"千瓦时", " kWh"}, "个": {"个", ""}, "家": {"家", ""}, "人": {"人", ""}, "户": {"户", ""},
}

// InEnglish writes a quantity whose unit is Chinese as English does: 12.5万元 is 125,000 yuan. Any other text stays as it is.
func InEnglish(text string) string {
	number := strings.TrimRight(strings.TrimRightFunc(text, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }), " ")
	unitOf := strings.TrimSpace(text[len(number):])
	as, ok := english[unitOf]
	if !ok || number == "" || strings.Trim(number, "-.0123456789") != "" { // not a plain number: a rate, a word
		return text
	}
	if as.to != unitOf {
		v, err := unit.MustOf(unitOf).Parse(number)
		if err != nil {
			return text
		}
		number = unit.MustOf(as.to).Format(v)
	}
	whole, fraction, dotted := strings.Cut(number, ".")
	sign := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if sign {
		whole = "-" + whole
	}
	if dotted {
		whole += "." + fraction
	}
	return whole + as.symbol
}

func (p *Program) args(values []Value) []Arg {
	args := make([]Arg, len(p.holes))
	for i, h := range p.holes {
		f := frame{vals: values}
		if r, o := h.expr.eval(&f); o == yes && f.steps <= maxSteps {
			args[i] = Arg{h.expr.show(r, h.as), true}
		}
	}
	return args
}

// messages compiles the texts of both languages.
func (b *builder) messages() {
	r := b.program.rule
	b.program.texts = map[string][]piece{}
	for _, m := range []struct{ lang, text string }{{ZH, r.Message.ZH}, {EN, r.Message.EN}} {
		pieces, err := b.pieces(m.text)
		if err != nil {
			b.fail("message_"+m.lang, err)
		}
		b.program.texts[m.lang] = pieces
	}
}

// pieces splits a message at its braces. Errors: "rule.message" for an empty or too long one, "rule.brace", and those of expressions.
func (b *builder) pieces(text string) (out []piece, err error) {
	if strings.TrimSpace(text) == "" || len(text) > maxMessage {
		return nil, fault.New(fault.Invalid, "rule.message", "rule", b.program.rule.Code, "limit", maxMessage)
	}
	for text != "" {
		before, rest, open := strings.Cut(text, "{")
		inside, after, closed := strings.Cut(rest, "}")
		if open != closed || strings.Contains(before, "}") || strings.Contains(inside, "{") {
			return nil, fault.New(fault.Invalid, "rule.brace", "rule", b.program.rule.Code, "text", text)
		}
		if before != "" {
			out = append(out, piece{before, -1})
		}
		if open {
			i, err := b.hole(inside)
			if err != nil {
				return nil, err
			}
			out = append(out, piece{hole: i})
		}
		text = after
	}
	return out, nil
}

// hole compiles a placeholder, or finds the one with the same text.
func (b *builder) hole(text string) (int, error) {
	p := b.program
	if i := slices.IndexFunc(p.holes, func(h hole) bool { return h.text == text }); i >= 0 {
		return i, nil
	}
	expr, symbol := text, ""
	if i := strings.LastIndex(text, " as "); i >= 0 {
		expr, symbol = text[:i], strings.TrimSpace(text[i+len(" as "):])
	}
	n, err := b.expression(expr)
	if err != nil {
		return 0, err
	}
	if n.typ.kind == Truth || n.typ.kind == Rows {
		return 0, fault.New(fault.Invalid, "rule.placeholder", n.at.args("text", text, "found", n.typ.String())...)
	}
	h := hole{text, n, n.display}
	if symbol != "" {
		u, err := unit.Of(symbol)
		if err != nil || n.typ.kind != Quantity || dimensionOf(u.To) != n.typ.dim {
			return 0, fault.New(fault.Invalid, "rule.placeholder_unit", n.at.args("unit", symbol, "found", n.typ.String())...)
		}
		h.as = n.typ.displayIn(symbol)
	}
	p.holes = append(p.holes, h)
	return len(p.holes) - 1, nil
}
