package problem

import (
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/problems"
)

// Rules say how a problem that is not solved rises to the offices above.
type Rules struct {
	Issuer string
	Number string
	From   period.Date
	Steps  []RuleStep
}

// RuleStep is one line of the rules.
type RuleStep struct {
	When   string     `yaml:"when"` // "late" or "undated"
	Days   int        `yaml:"days"` // at least
	Level  int        `yaml:"level"`
	Name   pack.Text  `yaml:"name"`
	Basis  pack.Basis `yaml:"basis"`
	Source string     `yaml:"source"`
}

// Level is how far up a problem is followed.
type Level struct {
	Level  int       // 0: by the office that owns it
	Org    org.ID    // the office of that level
	ByHand bool      // somebody raised it, and no rule raises it further
	Step   *RuleStep // the rule that applies; nil for none
	Late   int       // days after the due day; 0: not late, or none is set
}

var shipped = sync.OnceValues(func() (*Rules, error) { return LoadFrom(problems.FS) })

// Shipped gives the rules of refdata/problems. Errors: those of ParseRules.
func Shipped() (*Rules, error) { return shipped() }

// LoadFrom reads escalation.yaml of fsys. Errors: those of fsys and of ParseRules.
func LoadFrom(fsys fs.FS) (*Rules, error) {
	body, err := fs.ReadFile(fsys, "escalation.yaml")
	if err != nil {
		return nil, fault.Wrap("problem.LoadFrom", err)
	}
	return ParseRules(body)
}

// maxBody bounds the file of rules in bytes; maxLevel is that of a city above a county above an operator.
const (
	maxBody  = 64 << 10
	maxLevel = 2
	maxDays  = 3650
)

// ParseRules reads the rules and checks them. Error kind Invalid, key "problem.bad_rules" (argument why).
func ParseRules(body []byte) (*Rules, error) {
	bad := func(why string) error { return fault.New(fault.Invalid, "problem.bad_rules", "why", why) }
	if len(body) > maxBody {
		return nil, bad("too long")
	}
	var raw struct {
		Code   string     `yaml:"escalation"`
		Issuer string     `yaml:"issuer"`
		Number string     `yaml:"number"`
		From   string     `yaml:"from"`
		Steps  []RuleStep `yaml:"steps"`
	}
	if err := pack.Strict(body, &raw); err != nil {
		return nil, fault.Because(err, fault.Invalid, "problem.bad_rules", "why", err.Error())
	}
	from, err := period.ParseDate(raw.From)
	if err != nil || from%100 == 0 || raw.Code != "problems" || raw.Issuer == "" || raw.Number == "" {
		return nil, bad("escalation, issuer, number and a day from which they hold are needed")
	}
	for _, s := range raw.Steps {
		switch {
		case s.When != "late" && s.When != "undated":
			return nil, bad("when is late or undated")
		case s.Days < 1 || s.Days > maxDays || s.Level < 0 || s.Level > maxLevel:
			return nil, bad("days or level out of range")
		case s.Name.Flaw(maxTitle) != "" || !s.Basis.Valid() || strings.TrimSpace(s.Source) == "":
			return nil, bad("a step needs a name in both languages, a basis and a source")
		}
	}
	return &Rules{Issuer: raw.Issuer, Number: raw.Number, From: from, Steps: raw.Steps}, nil
}

// Level says how far up a problem is followed on a day: by the rule of the highest level that applies, or as often as it was
// raised by hand where that is more. Solved and closed ones stay with their owner. offices are the orgs of the city.
func (r *Rules) Level(p Problem, today period.Date, offices map[org.ID]org.Org) Level {
	out := Level{Org: p.OwnerOrg}
	if p.State != Opened {
		return out
	}
	undated := 0
	if p.Due != 0 {
		out.Late = max(0, days(p.Due, today))
	} else {
		undated = days(period.DayOf(time.UnixMicro(p.OpenedAt)), today)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		if n := map[string]int{"late": out.Late, "undated": undated}[s.When]; n >= s.Days && (out.Step == nil || s.Level >= out.Step.Level) {
			out.Step = s
		}
	}
	want := 0
	if out.Step != nil {
		want = out.Step.Level
	}
	if p.Escalated > want {
		want, out.ByHand = p.Escalated, true
	}
	for _, o := range Above(p.OwnerOrg, offices) {
		if out.Level == want {
			break
		}
		out.Level, out.Org = out.Level+1, o.ID
	}
	return out
}

// Above lists the county and city offices above an org, the nearest first: the steps that a problem can rise.
func Above(id org.ID, offices map[org.ID]org.Org) (out []org.Org) {
	o, ok := offices[id]
	for range len(offices) {
		if !ok || o.Parent == "" {
			break
		}
		if o, ok = offices[o.Parent]; ok && (o.Kind == org.County || o.Kind == org.City) {
			out = append(out, o)
		}
	}
	return out
}

// ByID makes a map of orgs.
func ByID(orgs []org.Org) map[org.ID]org.Org {
	out := make(map[org.ID]org.Org, len(orgs))
	for _, o := range orgs {
		out[o.ID] = o
	}
	return out
}

// days counts from one whole day to another.
func days(from, to period.Date) int {
	at := func(d period.Date) time.Time {
		return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	return int(at(to).Sub(at(from)) / (24 * time.Hour))
}
