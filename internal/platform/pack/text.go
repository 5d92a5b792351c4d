package pack

import "strings"

// Text is a name or a sentence in the product's languages.
type Text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// In gives the text in a language, "zh" or "en"; Chinese for one that is not known.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// Why a text cannot be shown.
const (
	OneLanguage = "languages" // it lacks one of the two
	TooLong     = "too_long"
	Braces      = "braces" // which a message would read as placeholders; or several lines
)

// Flaw gives the first thing that is wrong with a text that is shown: both languages, at most limit bytes each, on one line
// and without braces. Empty for none.
func (t Text) Flaw(limit int) string {
	switch {
	case strings.TrimSpace(t.ZH) == "" || strings.TrimSpace(t.EN) == "":
		return OneLanguage
	case len(t.ZH) > limit || len(t.EN) > limit:
		return TooLong
	case strings.ContainsAny(t.ZH+t.EN, "{}\n"):
		return Braces
	}
	return ""
}

// Basis says how sure a line of a pack is.
type Basis string

// The bases.
const (
	Established Basis = "established" // a published source says so
	Assumed     Basis = "assumed"     // ours, where the source leaves a gap; to be confirmed by the office
)

// Valid says whether b is one of the bases.
func (b Basis) Valid() bool { return b == Established || b == Assumed }

// PlainName accepts 1…limit lower-case letters, digits and _, beginning with a letter.
func PlainName(s string, limit int) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= limit
}
