package finding

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Code names a check of consistency: two things that the ledger states and that can hardly both be so.
type Code string

// The checks in the order in which they are told.
const (
	Idle        Code = "idle"        // in production, and three months without electricity or output
	Overlet     Code = "overlet"     // tenants take more area than the park has
	Overcounted Code = "overcounted" // producing and fitting out are more than signed
	Unproduced  Code = "unproduced"  // enrolled, and production was never entered
	Fallen      Code = "fallen"      // a total since January that falls
	Twice       Code = "twice"       // producing in two parks at the same time
	Denominator Code = "denominator" // a leasing rate that follows from no stated area
	History     Code = "history"     // stages of a tenancy or project whose days cannot all be so
)

// Codes lists the checks in their order.
func Codes() []Code {
	return []Code{Idle, Overlet, Overcounted, Unproduced, Fallen, Twice, Denominator, History}
}

// texts are the message keys of a check: what is found, and the way to resolve it.
type texts struct{ found, resolve string }

var said = map[Code]texts{
	Idle:        {"finding.consistency.idle", "finding.resolve.idle"},
	Overlet:     {"finding.consistency.overlet", "finding.resolve.overlet"},
	Overcounted: {"finding.consistency.overcounted", "finding.resolve.overcounted"},
	Unproduced:  {"finding.consistency.unproduced", "finding.resolve.unproduced"},
	Fallen:      {"finding.consistency.fallen", "finding.resolve.fallen"},
	Twice:       {"finding.consistency.twice", "finding.resolve.twice"},
	Denominator: {"finding.consistency.denominator", "finding.resolve.denominator"},
	History:     {"finding.consistency.history", "finding.resolve.history"}, // what is found has keys of its own
}

// Inconsistency is what the rows of the ledger say against each other: a question to its owner, never a correction.
type Inconsistency struct {
	Code       Code
	Enterprise enterprise.ID // whom it is about; empty for one about a park
	Park       park.ID       // where; empty where no park is concerned
	Name       string        // of the enterprise, else of the project or park
	Owner      org.ID        // who resolves it
	Month      period.Month
	Until      period.Month
	Field      string // empty where several are concerned
	Key        string // message key of what is found, with Args
	Args       map[string]any
	Resolve    string // message key of the way to resolve it
	Rows       []Row
}

// Row is a statement on which an inconsistency rests.
type Row struct {
	Kind   string // kind of the noun that holds it: tenancy.Kind, project.Noun, park.Kind, enterprise.Kind
	ID     string
	Name   string // of the park, for a tenancy too, or of the enterprise or project
	Field  string
	Label  pack.Text // of a field that has no message of its own
	Value  *int64    // in Unit; nil: left open
	Unit   unit.Canonical
	Month  period.Month
	Source string
	Nature figure.Nature
	path   string // of the org that answers for it
}

// Amount is an argument of a message: a value and its unit.
type Amount struct {
	Value int64
	Unit  unit.Canonical
}

// FieldName is an argument of a message: the code of a field.
type FieldName string

// Named is an argument of a message: a name in both languages.
type Named pack.Text

// Consistency gives what does not agree in the ledger as it stood at the end of a month, by check, name and rows, as far as a
// scope covers all rows of it: an enterprise is told of itself, an office of what lies wholly in its place. Simulated
// and real statements are never held against each other. Errors: those of the database.
func Consistency(ctx context.Context, r db.Reader, s auth.Scope, m period.Month) ([]Inconsistency, error) {
	if s.None() {
		return nil, nil
	}
	all, err := consistency(ctx, r, s.City, m)
	return within(all, s), fault.Wrap("finding.Consistency", err)
}

func consistency(ctx context.Context, r db.Reader, city string, m period.Month) ([]Inconsistency, error) {
	l, err := readStatements(ctx, r, city, m)
	if err != nil {
		return nil, err
	}
	var out []Inconsistency
	for _, check := range []func(*statements) []Inconsistency{idle, overlet, overcounted, unproduced, fallen, twice, denominator, history} {
		found := check(l)
		slices.SortStableFunc(found, func(a, b Inconsistency) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Enterprise, b.Enterprise), cmp.Compare(a.Park, b.Park), cmp.Compare(a.Rows[0].ID, b.Rows[0].ID))
		})
		out = append(out, found...)
	}
	return out, nil
}

// within keeps those that a scope may be told.
func within(all []Inconsistency, s auth.Scope) []Inconsistency {
	if s.None() {
		return nil
	}
	var out []Inconsistency
	for _, f := range all {
		mine := s.Enterprise != "" && string(f.Enterprise) == s.Enterprise
		if s.Enterprise == "" {
			mine = !slices.ContainsFunc(f.Rows, func(r Row) bool { return !s.Within(r.path) })
		}
		if mine {
			out = append(out, f)
		}
	}
	return out
}

// keptMonths is how many months' findings a Consistent keeps.
const keptMonths = 12

// Consistent keeps what Consistency found as long as the ledger stands still. Safe for concurrent use.
type Consistent struct {
	city string
	mu   sync.Mutex
	seq  int64
	kept map[period.Month][]Inconsistency
}

// NewConsistent makes one for a city; it reads nothing yet.
func NewConsistent(city string) *Consistent { return &Consistent{city: city} }

// In gives what Consistency gives. The scope is one of the city's.
func (c *Consistent) In(ctx context.Context, r db.Reader, s auth.Scope, m period.Month) ([]Inconsistency, error) {
	if s.None() || s.City != c.city {
		return nil, nil
	}
	seq, err := audit.Seq(ctx, r, c.city)
	if err != nil {
		return nil, fault.Wrap("finding.Consistent", err)
	}
	if all, ok := c.get(seq, m); ok {
		return within(all, s), nil
	}
	all, err := consistency(ctx, r, c.city, m)
	if err != nil {
		return nil, fault.Wrap("finding.Consistent", err)
	}
	c.put(seq, m, all)
	return within(all, s), nil
}

func (c *Consistent) get(seq int64, m period.Month) ([]Inconsistency, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all, ok := c.kept[m]
	return all, ok && c.seq == seq
}

func (c *Consistent) put(seq int64, m period.Month, all []Inconsistency) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case seq < c.seq:
		return // somebody has read a later ledger meanwhile
	case seq > c.seq || len(c.kept) >= keptMonths:
		c.kept = nil
	}
	if c.kept == nil {
		c.kept = map[period.Month][]Inconsistency{}
	}
	c.seq, c.kept[m] = seq, all
}

// entered is a stage's entry by the end of a day.
func entered(r *tenancy.PanelRow, s tenancy.Stage, end period.Date) (tenancy.Entered, bool) {
	e := r.Stages[s]
	return e, e.Way > tenancy.Planned && e.Day <= end
}
