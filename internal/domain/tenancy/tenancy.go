package tenancy

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// ID identifies a tenancy in its city.
type ID string

// Kind is the name of this noun in audit lines and touches, whose id is the tenancy's.
const Kind = "tenancy"

// Tenancy is one enterprise's presence in one park.
type Tenancy struct {
	City       string
	ID         ID
	Enterprise enterprise.ID
	Park       park.ID
	AreaM2     *int64 // floor area taken, in m²; nil = not known
	Relocated  bool   // 市内迁入: came from elsewhere in the city, so it is no new producing or enrolled enterprise
	Nature     figure.Nature
	Source     string
	Version    int64   // starts at 1, rises with each entry
	Entries    []Entry // by stage, way and seq
}

// Entry says that a tenancy entered a stage on a day.
type Entry struct {
	Stage      Stage
	Way        Way
	Seq        int64       // from 1 within a stage and way; the highest counts
	Day        period.Date // a month or a year where the rest is not stated
	Nature     figure.Nature
	Source     string
	Reason     string // why it was said anew; may be empty
	Recorder   string
	RecordedAt int64 // µs UTC
}

// maxText bounds a source and a reason, in characters.
const maxText = 500

func (t Tenancy) check() error {
	if t.AreaM2 != nil && *t.AreaM2 < 0 {
		return fault.New(fault.Invalid, "tenancy.negative_area", "area", *t.AreaM2)
	}
	return checkStatement(t.Nature, t.Source)
}

func checkStatement(n figure.Nature, source string) error {
	switch {
	case !n.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", n)
	case strings.TrimSpace(source) == "":
		return fault.New(fault.Invalid, "tenancy.no_source")
	case utf8.RuneCountInString(source) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(source)
}

func (e Entry) check(at time.Time) error {
	switch {
	case e.Stage == NoStage || e.Stage > last:
		return fault.New(fault.Invalid, "tenancy.bad_stage", "stage", int(e.Stage))
	case e.Way == NoWay || e.Way > Verified:
		return fault.New(fault.Invalid, "tenancy.bad_way", "way", int(e.Way))
	}
	if err := CheckDay(e.Way, e.Day, at); err != nil {
		return err
	}
	if utf8.RuneCountInString(e.Reason) > maxText {
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	if err := page.Clean(e.Reason); err != nil {
		return err
	}
	return checkStatement(e.Nature, e.Source)
}

// CheckDay refuses a day that is not in the calendar, and one that is not planned and lies after the moment at which it is
// said. Errors, kind Invalid: "date.invalid", "date.in_future" (argument date).
func CheckDay(way Way, day period.Date, at time.Time) error {
	if again, err := period.ParseDate(day.String()); err != nil || again != day || day == 0 {
		return fault.New(fault.Invalid, "date.invalid", "text", int64(day))
	}
	if way != Planned && day > period.DayOf(at) {
		return fault.New(fault.Invalid, "date.in_future", "date", day.String())
	}
	return nil
}

func notFound(id ID) error { return fault.New(fault.NotFound, "tenancy.not_found", "id", id) }
