package enterprise

import (
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/uscc"
)

// ID identifies an enterprise in its city.
type ID string

// Kind is the name of this noun in audit lines and touches, whose id is the enterprise's.
const Kind = "enterprise"

// Enterprise is one legal entity. Empty texts and zero dates mean that nobody said.
type Enterprise struct {
	City            string
	ID              ID
	USCC            uscc.Code // unique in the city
	Name            string    // today's
	Org             org.ID    // where it is registered
	Industry        industry.Code
	AboveScaleSince period.Date // 规上: in the bureau's list of above-scale units since, wherever it sat then; zero = not, or not known
	Nature          figure.Nature
	Source          string
	Version         int64 // starts at 1, rises with each change
}

// Name is a name that an enterprise bore.
type Name struct {
	Name   string
	Since  period.Date // first day; zero for the first name, whose beginning nobody stated
	Until  period.Date // first day of the next name; zero for today's
	Source string
}

// NameAt gives the name that held on a day out of an enterprise's names, oldest first as Get gives them. For no date it is
// the latest. Empty when there are none.
func NameAt(names []Name, d period.Date) string {
	held := ""
	for _, n := range names {
		if d == 0 || n.Since <= d || held == "" {
			held = n.Name
		}
	}
	return held
}

// maxText bounds every text of an enterprise, in characters.
const maxText = 500

// check gives the first thing that is wrong with an enterprise; it puts code and industry into their one spelling.
func (e *Enterprise) check() error {
	code, err := uscc.Parse(string(e.USCC))
	if err != nil {
		return err
	}
	e.USCC, e.Name = code, strings.TrimSpace(e.Name)
	if e.Industry != "" {
		if e.Industry, err = industry.Parse(string(e.Industry)); err != nil {
			return err
		}
	}
	if err := checkDate(e.AboveScaleSince); err != nil {
		return err
	}
	if !e.Nature.Valid() {
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", e.Nature)
	}
	return checkTexts(e.Name, e.Source)
}

func checkTexts(name, source string) error {
	switch {
	case name == "":
		return fault.New(fault.Invalid, "enterprise.no_name")
	case strings.TrimSpace(source) == "":
		return fault.New(fault.Invalid, "enterprise.no_source", "name", name)
	case utf8.RuneCountInString(name) > maxText || utf8.RuneCountInString(source) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(name, source)
}

// checkDate accepts no date, a day of the calendar, and a month or year whose rest nobody stated.
func checkDate(d period.Date) error {
	if again, err := period.ParseDate(d.String()); err != nil || again != d {
		return fault.New(fault.Invalid, "date.invalid", "text", int64(d))
	}
	return nil
}

func notFound(id ID) error { return fault.New(fault.NotFound, "enterprise.not_found", "id", id) }
