package message

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

const maxRanges = 32 // a browser sends fewer than ten; the rest of a longer header is not read

type languageRange struct {
	tag     string
	quality float64
}

// Negotiate picks the language for an Accept-Language header: the highest quality first, the header's order among equals;
// a range meets a language by its full tag, else by its first subtag (en-GB → en, zh → zh-CN). "*", an empty header and
// one that names nothing we have give the fallback.
//
// Source: RFC 9110, 12.5.4, with the lookup of RFC 4647, 3.4, down to the first subtag.
func (c *Catalogue) Negotiate(acceptLanguage string) string {
	for _, r := range ranges(acceptLanguage) {
		if r.tag == "*" {
			return c.fallback
		}
		if lang, ok := c.match(r.tag); ok {
			return lang
		}
	}
	return c.fallback
}

func (c *Catalogue) match(tag string) (string, bool) {
	for _, lang := range c.languages {
		if strings.EqualFold(lang, tag) {
			return lang, true
		}
	}
	for _, lang := range c.languages {
		if strings.EqualFold(firstSubtag(lang), firstSubtag(tag)) {
			return lang, true
		}
	}
	return "", false
}

func firstSubtag(tag string) string {
	first, _, _ := strings.Cut(tag, "-")
	return first
}

// ranges reads the header's ranges, best first. A range that is refused (q=0) or malformed is left out.
func ranges(header string) []languageRange {
	var out []languageRange
	for i, part := range strings.SplitN(header, ",", maxRanges+1) {
		if i == maxRanges {
			break
		}
		tag, params, _ := strings.Cut(part, ";")
		quality, ok := qualityOf(params)
		if tag = strings.TrimSpace(tag); tag != "" && ok && quality > 0 {
			out = append(out, languageRange{tag, quality})
		}
	}
	slices.SortStableFunc(out, func(a, b languageRange) int { return cmp.Compare(b.quality, a.quality) })
	return out
}

func qualityOf(params string) (float64, bool) {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1, true
	}
	text, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q=")
	if !ok {
		return 0, false
	}
	q, err := strconv.ParseFloat(text, 64)
	return q, err == nil && q >= 0 && q <= 1
}
