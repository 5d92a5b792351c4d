// Package message turns message keys with arguments into sentences of a language.
//
// Rings below the edge speak in keys (fault.New(fault.Invalid, "number.invalid", "text", s)); the edge formats them for the
// person who asked. The texts are data (refdata/messages); this package holds no sentence and knows no key. It is not a
// general translation library: no plural forms, no escaping for HTML — the edge encodes what it writes.
//
//	c, err := message.New("zh-CN", map[string]map[string]string{
//		"zh-CN": {"number.invalid": "“{text}”不是数字"},
//		"en":    {"number.invalid": `"{text}" is not a number`},
//	})
//	text, ok := c.Format(c.Negotiate("en-GB,en;q=0.9"), "number.invalid", map[string]any{"text": "约100"})
//
// A placeholder is {name}, or {name:group} for a value that is itself a word of the catalogue: {stage:stage} with the
// argument stage=production reads the text of the key stage.production, and the value as it is where no such key exists. The
// group date is no word of the catalogue: it writes a day, month, quarter or year as people of the language do.
package message

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)(?::([a-z][a-z0-9_.]*))?\}`)

// Catalogue holds the texts of all languages. It never changes after New; safe for concurrent use.
type Catalogue struct {
	fallback  string
	languages []string // fallback first, the others in byte order
	texts     map[string]map[string]string
}

// New makes a catalogue of language → key → text; texts is copied. Every language must have the fallback's keys, none may
// be empty, and a key's placeholders must be the same in all of them but for the ending _en: the error names every key that
// breaks this.
func New(fallback string, texts map[string]map[string]string) (*Catalogue, error) {
	if _, ok := texts[fallback]; !ok {
		return nil, fmt.Errorf("message: no texts for the fallback language %q", fallback)
	}
	c := &Catalogue{fallback: fallback, languages: []string{fallback}, texts: make(map[string]map[string]string, len(texts))}
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		c.texts[lang] = maps.Clone(texts[lang])
		if lang != fallback {
			c.languages = append(c.languages, lang)
		}
	}
	return c, c.check()
}

func (c *Catalogue) check() error {
	var broken []error
	for _, lang := range c.languages {
		for _, key := range slices.Sorted(maps.Keys(c.texts[lang])) {
			broken = append(broken, c.checkText(lang, key))
		}
		for _, key := range c.Keys() {
			if _, ok := c.texts[lang][key]; !ok {
				broken = append(broken, fmt.Errorf("message: %s has no text for %q", lang, key))
			}
		}
	}
	return errors.Join(broken...)
}

func (c *Catalogue) checkText(lang, key string) error {
	text := c.texts[lang][key]
	base, ok := c.texts[c.fallback][key]
	switch {
	case !ok:
		return fmt.Errorf("message: %s has %q, which %s does not have", lang, key, c.fallback)
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("message: %s %q is empty", lang, key)
	case strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}"):
		return fmt.Errorf("message: %s %q has a brace that belongs to no placeholder: %s", lang, key, text)
	case !slices.Equal(arguments(text), arguments(base)):
		return fmt.Errorf("message: %s %q uses %v, %s uses %v", lang, key, Placeholders(text), c.fallback, Placeholders(base))
	}
	return nil
}

// arguments lists what a text says, each once: {field_en} is the English spelling of what {field} says, so that a language may
// use the one or the other, or both.
func arguments(text string) []string {
	names := Placeholders(text)
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, "_en")
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Placeholders lists the argument names that a text uses, each once, in byte order.
func Placeholders(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Fallback is the language that is used where nobody asked for another one that the catalogue has.
func (c *Catalogue) Fallback() string { return c.fallback }

// Languages lists the languages, the fallback first. The caller owns the slice.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// Keys lists every key in byte order.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts[c.fallback])) }

// Text is the unformatted text of a key; ok is false, and the key itself the text, where the catalogue has none. A
// language that the catalogue does not have reads the fallback's.
func (c *Catalogue) Text(lang, key string) (text string, ok bool) {
	texts, ok := c.texts[lang]
	if !ok {
		texts = c.texts[c.fallback]
	}
	if text, ok = texts[key]; !ok {
		return key, false
	}
	return text, true
}

// Format is the sentence for a key with its arguments put in. ok is false, and the key itself the sentence, where the
// catalogue has no such key. A placeholder without an argument stays as it is written, so that the gap is seen.
func (c *Catalogue) Format(lang, key string, args map[string]any) (text string, ok bool) {
	text, ok = c.Text(lang, key)
	if !ok {
		return text, false
	}
	return placeholder.ReplaceAllStringFunc(text, func(written string) string {
		m := placeholder.FindStringSubmatch(written)
		value, given := args[m[1]]
		if !given {
			return written
		}
		return c.value(lang, m[2], value)
	}), true
}

// value writes one argument: lists joined, whole and broken numbers in plain digits, everything else as fmt does.
func (c *Catalogue) value(lang, group string, v any) string {
	switch x := v.(type) {
	case string:
		return c.word(lang, group, x)
	case []string:
		words := make([]string, len(x))
		for i, s := range x {
			words[i] = c.word(lang, group, s)
		}
		return strings.Join(words, separator(lang))
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	default:
		return c.word(lang, group, fmt.Sprint(v))
	}
}

func (c *Catalogue) word(lang, group, s string) string {
	switch group {
	case "":
		return s
	case "date":
		return period.Words(lang, s)
	}
	if text, ok := c.Text(lang, group+"."+s); ok {
		return text
	}
	return s
}

func separator(lang string) string {
	if strings.HasPrefix(lang, "zh") {
		return "、"
	}
	return ", "
}
