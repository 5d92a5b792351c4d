package project

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// ID identifies a project in its city.
type ID string

// Noun is the name of this noun in audit lines and touches, whose id is the project's. (Kind is a project's own kind.)
const Noun = "project"

// Kind is what a project does: the code of the lifecycle that it passes. The product ships those below; a city may have others.
type Kind string

// The kinds that the product ships.
const (
	Construction  Kind = "construction"   // 园区建设
	Investment    Kind = "investment"     // 招商
	Retrofit      Kind = "retrofit"       // 技改
	Expansion     Kind = "expansion"      // 增资扩产
	Renewal       Kind = "renewal"        // 低效用地盘活
	PilotPlatform Kind = "pilot_platform" // 中试平台
	Planning      Kind = "planning"       // 规划许可: as lists of other systems tell of it
)

// Kinds lists the kinds that the product ships.
func Kinds() []Kind {
	return []Kind{Construction, Investment, Retrofit, Expansion, Renewal, PilotPlatform, Planning}
}

// Valid says whether k can be a lifecycle's code: lower-case letters, digits and "_", beginning with a letter.
func (k Kind) Valid() bool { return isCode(string(k)) }

// Stage is a milestone's name: lower-case letters, digits and "_", beginning with a letter. Those below are in the order
// in which a work passes them; others are allowed, because each kind of project and each city has its own.
type Stage string

// The stages that offices report of every work.
const (
	Reserve    Stage = "reserve"    // 谋划储备
	Signed     Stage = "signed"     // 签约 of an investment
	Land       Stage = "land"       // 供地
	Approved   Stage = "approved"   // 审批
	Started    Stage = "started"    // 开工
	ToppedOut  Stage = "topped_out" // 封顶
	Completed  Stage = "completed"  // 竣工
	Equipment  Stage = "equipment"  // 设备进场
	Production Stage = "production" // 投产 of an investment or a retrofit
	AtCapacity Stage = "at_capacity"
	Opened     Stage = "opened" // 投运 of a park
)

var order = []Stage{Reserve, Signed, Land, Approved, Started, ToppedOut, Equipment, Completed, Production, AtCapacity, Opened}

// maxCode bounds the name of a kind or a stage, in bytes.
const maxCode = 40

func (s Stage) valid() bool { return isCode(string(s)) }

func isCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= maxCode
}

func (s Stage) compare(t Stage) int {
	rank := func(s Stage) int {
		if i := slices.Index(order, s); i >= 0 {
			return i
		}
		return len(order)
	}
	return cmp.Or(cmp.Compare(rank(s), rank(t)), cmp.Compare(s, t))
}

// Project is one work.
type Project struct {
	City          string
	ID            ID
	Kind          Kind
	Name          string
	Org           org.ID        // who answers for it
	Park          park.ID       // where it lies; empty = not known
	Enterprise    enterprise.ID // whose it is; empty = nobody's in particular
	InvestmentFen *int64        // total planned; nil = not known
	Nature        figure.Nature
	Source        string
	Version       int64 // starts at 1, rises with each entry
	Milestones    []Milestone
}

// Milestone says that a project reached, or shall reach, a stage on a day.
type Milestone struct {
	Stage      Stage
	Way        tenancy.Way
	Seq        int64 // from 1 within a stage and way; the highest counts
	Day        period.Date
	Nature     figure.Nature
	Source     string
	Reason     string // why it was said anew; may be empty
	Recorder   string // empty of what was recorded before recorders were kept
	RecordedAt int64  // µs UTC; zero as Recorder is empty
}

// Date is a stage with its plan and the day that counts; the zero Milestone where there is none.
type Date struct {
	Stage   Stage
	Planned Milestone
	Actual  Milestone // verified, else claimed, else deemed
}

// Dates gives each stage of the milestones once, those known to this package in their order, then the others by name. The
// order of the milestones does not matter.
func Dates(milestones []Milestone) []Date {
	var out []Date
	at := map[Stage]int{}
	for _, m := range milestones {
		i, ok := at[m.Stage]
		if !ok {
			i = len(out)
			at[m.Stage] = i
			out = append(out, Date{Stage: m.Stage})
		}
		d := &out[i]
		switch {
		case m.Way == tenancy.Planned && m.Seq > d.Planned.Seq:
			d.Planned = m
		case m.Way > tenancy.Planned && (m.Way > d.Actual.Way || m.Way == d.Actual.Way && m.Seq > d.Actual.Seq):
			d.Actual = m
		}
	}
	slices.SortFunc(out, func(a, b Date) int { return a.Stage.compare(b.Stage) })
	return out
}

// maxText bounds every text of a project, in characters.
const maxText = 500

func (p Project) check() error {
	switch {
	case !p.Kind.Valid():
		return fault.New(fault.Invalid, "project.bad_kind", "kind", p.Kind)
	case p.Name == "":
		return fault.New(fault.Invalid, "project.no_name")
	case utf8.RuneCountInString(p.Name) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	case p.InvestmentFen != nil && *p.InvestmentFen < 0:
		return fault.New(fault.Invalid, "project.negative_investment", "name", p.Name)
	}
	if err := page.Clean(p.Name); err != nil {
		return err
	}
	return checkStatement(p.Nature, p.Source)
}

func (m Milestone) check(at time.Time) error {
	switch {
	case !m.Stage.valid():
		return fault.New(fault.Invalid, "project.bad_stage", "stage", m.Stage)
	case m.Way == tenancy.NoWay || m.Way > tenancy.Verified:
		return fault.New(fault.Invalid, "tenancy.bad_way", "way", int(m.Way))
	}
	if err := tenancy.CheckDay(m.Way, m.Day, at); err != nil {
		return err
	}
	if utf8.RuneCountInString(m.Reason) > maxText {
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	if err := page.Clean(m.Reason); err != nil {
		return err
	}
	return checkStatement(m.Nature, m.Source)
}

func checkStatement(n figure.Nature, source string) error {
	switch {
	case !n.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", n)
	case strings.TrimSpace(source) == "":
		return fault.New(fault.Invalid, "project.no_source")
	case utf8.RuneCountInString(source) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(source)
}

func notFound(id ID) error { return fault.New(fault.NotFound, "project.not_found", "id", id) }
