package park

import (
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// ID identifies a park in its city.
type ID string

// Kind is the name of this noun in figures, audit lines and import rows.
const Kind = "park"

// Park is one park of the programme. Empty texts, nil and zero numbers mean that nobody said.
type Park struct {
	City            string
	ID              ID
	Org             org.ID // who reports it
	Parent          ID     // the park that contains it
	Name            string // as the office writes it, unique in the city
	Pilot           *bool  // 试点: one of the pilots of its level; nil = not said
	OfficialNo      int64  // number on the official list, 0 = none
	PhotoNo         string
	Mode            string // 建设模式: who builds, in the source's words: 国企, 民企, 联建
	Developer       string // developer or operator
	LeadingIndustry string // 主导产业, in the source's words
	Zone            string // code of the catalogue zone it lies in
	Source          string // who named this park: an address or a document
	Version         int64  // starts at 1, rises with each change of the park or of anything recorded of it
}

// Alias is another name of a park, with who uses it.
type Alias struct {
	Park   ID
	Name   string
	Source string
}

// Edit is what a person may change of a park's own columns; nil leaves a column alone, an empty text makes it unknown.
type Edit struct {
	Name            *string
	Mode            *string
	Developer       *string
	LeadingIndustry *string
}

// maxText bounds every text of a park, in characters; the longest real name has 31.
const maxText = 500

// check gives the first thing that is wrong with a park's own texts and numbers.
func (p Park) check() error {
	for _, t := range []struct{ field, text string }{
		{"name", p.Name}, {"photo_no", p.PhotoNo}, {"mode", p.Mode}, {"developer", p.Developer},
		{"leading_industry", p.LeadingIndustry},
	} {
		if err := checkText(t.field, t.text); err != nil {
			return err
		}
	}
	switch {
	case strings.TrimSpace(p.Name) == "":
		return fault.New(fault.Invalid, "park.no_name")
	case strings.TrimSpace(p.Source) == "":
		return fault.New(fault.Invalid, "park.no_source", "name", p.Name)
	case p.OfficialNo < 0:
		return fault.New(fault.Invalid, "park.bad_number", "name", p.Name)
	}
	return nil
}

func checkText(field, text string) error {
	if utf8.RuneCountInString(text) > maxText {
		return fault.New(fault.Invalid, "park.text_too_long", "field", field, "limit", maxText)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return fault.New(fault.Invalid, "park.text_not_utf8", "field", field)
	}
	return nil
}
