package vintage

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Kind says why a row counts differently.
type Kind string

// The kinds of steps. A row that itself is the same and counts because its month has returns now, or no longer counts because
// its month has none, is late or withdrawn as well: it depends on those that are.
const (
	LateStep      Kind = "late"      // 补报: the row was not there
	CorrectedStep Kind = "corrected" // 更正: the row says something else
	WithdrawnStep Kind = "withdrawn" // 撤回: the row is no longer there
	MovedStep     Kind = "moved"     // 划转: the row counts to another place
	RuleStep      Kind = "rule"      // 口径调整: the definition is another one; one step for all rows
)

// Side is one side of a bridge: a ledger and the definitions by which it is read.
type Side struct {
	View *indicator.View
	Book *indicator.Book
}

// Side opens a vintage for a bridge.
func (k *Kept) Side() (Side, error) {
	b, err := k.Book()
	if err != nil {
		return Side{}, err
	}
	v, err := k.View()
	return Side{v, b}, err
}

// Question is what a bridge explains.
type Question struct {
	Indicator string
	Path      string // of the org; empty: the whole city
	Period    period.Period
}

// Step is one reason of the difference.
type Step struct {
	Kind       Kind
	Table      string // of the row; empty for a rule
	ID         string // of the row; the indicator's code for a rule
	Enterprise string
	Park       string
	Month      string   // of a return
	Part       string   // of a ratio: "numerator" or "denominator"
	Last       bool     // of a change: a row of last year
	Before     *big.Rat // what it counted for; of a ratio, in its part's unit. Of a rule nil where nothing is known
	After      *big.Rat
	Amount     *big.Rat // what it adds to the difference, in the indicator's unit
}

// Bridge explains why a reading differs: From plus all steps is To, exactly. What is not known counts as nothing.
//
// The rows of a ratio's numerator add their change over the later denominator; those of its denominator add what the
// earlier numerator loses by them, so both together are the whole difference.
type Bridge struct {
	From, To *big.Rat // nil: nothing is known
	Steps    []Step   // the largest first
	Rest     *big.Rat // what no step explains; zero unless Shorten moved steps into it
	More     int      // steps in Rest
}

// Difference is To less From.
func (b Bridge) Difference() *big.Rat { return new(big.Rat).Sub(orZero(b.To), orZero(b.From)) }

// Shorten keeps the n largest steps and puts the others into Rest.
func (b Bridge) Shorten(n int) Bridge {
	if len(b.Steps) <= n {
		return b
	}
	b.More, b.Rest = len(b.Steps)-n, new(big.Rat).Set(b.Rest)
	for _, s := range b.Steps[n:] {
		b.Rest.Add(b.Rest, s.Amount)
	}
	b.Steps = b.Steps[:n:n]
	return b
}

func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// Compare explains the difference of an indicator's reading between two sides: first what the later definition makes of the
// earlier ledger, then row by row what changed in the ledger. Errors: those of indicator.Read; NotFound
// "indicator.not_found" when neither side has the indicator.
func Compare(from, to Side, q Question) (Bridge, error) {
	out, err := compare(from, to, q)
	return out, fault.Wrap("vintage.Compare", err)
}

func compare(from, to Side, q Question) (Bridge, error) {
	_, inFrom := from.Book.Of(q.Indicator)
	later, inTo := to.Book.Of(q.Indicator)
	if inFrom != nil && inTo != nil {
		return Bridge{}, inTo
	}
	out := Bridge{Rest: new(big.Rat)}
	var err error
	if inFrom == nil {
		if out.From, err = q.read(from, from.Book); err != nil {
			return out, err
		}
	}
	var between *big.Rat // the earlier ledger by the later definition; nothing without one
	if inTo == nil {
		if out.To, err = q.read(to, to.Book); err != nil {
			return out, err
		}
		if between, err = q.read(from, to.Book); err != nil {
			return out, err
		}
		if err := out.rows(from, to, q, later.Kind() == "ratio"); err != nil {
			return out, err
		}
	}
	out.step(Step{Kind: RuleStep, ID: q.Indicator, Before: out.From, After: between, Amount: new(big.Rat).Sub(orZero(between), orZero(out.From))})
	out.Rest = out.Difference()
	for _, s := range out.Steps {
		out.Rest.Sub(out.Rest, s.Amount)
	}
	out.sort()
	return out, nil
}

// sort puts the largest first; the order of all others is one as well.
func (b *Bridge) sort() {
	size := func(s Step) float64 { f, _ := s.Amount.Float64(); return math.Abs(f) }
	slices.SortFunc(b.Steps, func(x, y Step) int {
		return cmp.Or(cmp.Compare(size(y), size(x)), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Table, y.Table), cmp.Compare(x.ID, y.ID), cmp.Compare(x.Part, y.Part), boolOrder(x.Last, y.Last))
	})
}

func boolOrder(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	default:
		return 1
	}
}

func (q Question) query(v *indicator.View) indicator.Query {
	return indicator.Query{Code: q.Indicator, Scope: auth.Whole(v.City()), Path: q.Path, Period: q.Period}
}

// read gives the exact value; nil where nothing is known.
func (q Question) read(s Side, b *indicator.Book) (*big.Rat, error) {
	got, err := b.Read(s.View, q.query(s.View))
	if err != nil || got.Value == nil {
		return nil, err
	}
	return big.NewRat(got.Value.N, got.Value.D), nil
}

// step adds a step that explains something.
func (b *Bridge) step(s Step) {
	if s.Amount.Sign() != 0 {
		b.Steps = append(b.Steps, s)
	}
}

// rows adds the steps of the rows, both sides read by the later definitions.
func (b *Bridge) rows(from, to Side, q Question, ratio bool) error {
	if !ratio {
		both, err := countBoth(from, to, q, "")
		if err == nil {
			b.differences(from, to, both, big.NewRat(1, both.scale))
		}
		return err
	}
	top, err := countBoth(from, to, q, "numerator")
	if err != nil {
		return err
	}
	bottom, err := countBoth(from, to, q, "denominator")
	if err != nil {
		return err
	}
	n1, d1, d2 := top.from.sum(), bottom.from.sum(), bottom.to.sum()
	if d1 <= 0 || d2 <= 0 || !top.known() {
		return nil // not known on one of the sides: no row makes a share of that
	}
	// to − from = (n₂ − n₁)/d₂ + n₁·(1/d₂ − 1/d₁), of which the second is −n₁/(d₁·d₂) for each unit of d₂ − d₁.
	perBottom := new(big.Rat).SetFrac(big.NewInt(-n1), new(big.Int).Mul(big.NewInt(d1), big.NewInt(d2)))
	b.differences(from, to, top, big.NewRat(1, d2))
	b.differences(from, to, bottom, perBottom)
	return nil
}

// counts are the rows of one side; known is false where nothing is known.
type counts struct {
	rows  []indicator.Counted
	known bool
}

func (c counts) sum() (n int64) {
	for _, r := range c.rows {
		n += r.Amount // no overflow: the reading that was made of them is in int64
	}
	return n
}

// bothCounts are the rows of both sides, in whole units of which scale make one written unit.
type bothCounts struct {
	part     string
	path     string // of the org
	from, to counts
	scale    int64
}

func (b bothCounts) known() bool { return b.from.known && b.to.known }

// countBoth lists what both sides count by the later definitions.
func countBoth(from, to Side, q Question, part string) (bothCounts, error) {
	out := bothCounts{part: part, path: q.Path, scale: 1}
	for _, side := range []struct {
		view *indicator.View
		into *counts
	}{{from.View, &out.from}, {to.View, &out.to}} {
		rows, sum, err := to.Book.Counted(side.view, q.query(side.view), part)
		if err != nil {
			return out, err
		}
		if *side.into = (counts{rows, sum != nil}); sum != nil {
			out.scale = sum.D
		}
	}
	return out, nil
}

// matched tells the rows of one reading apart: what was counted, and in which of two years.
type matched struct {
	what string
	last bool
}

// differences adds a step for each row that counts differently; each unit of it adds per to the difference.
func (b *Bridge) differences(from, to Side, both bothCounts, per *big.Rat) {
	before := map[matched]indicator.Counted{}
	for _, c := range both.from.rows {
		before[matched{c.What, c.Last}] = c
	}
	add := func(kind Kind, c indicator.Counted, was, is int64) {
		amount := new(big.Rat).SetInt(new(big.Int).Sub(big.NewInt(is), big.NewInt(was)))
		b.step(Step{Kind: kind, Table: c.Table, ID: c.ID, Enterprise: c.Enterprise, Park: c.Park, Month: c.Month, Part: both.part, Last: c.Last,
			Before: big.NewRat(was, both.scale), After: big.NewRat(is, both.scale), Amount: amount.Mul(amount, per)})
	}
	for _, c := range both.to.rows {
		key := matched{c.What, c.Last}
		if was, ok := before[key]; ok {
			delete(before, key)
			add(CorrectedStep, c, was.Amount, c.Amount)
			continue
		}
		add(why(from.View, to.View, c, both.path, LateStep), c, 0, c.Amount)
	}
	for _, c := range both.from.rows {
		if _, gone := before[matched{c.What, c.Last}]; gone {
			add(why(to.View, from.View, c, both.path, WithdrawnStep), c, c.Amount, 0)
		}
	}
}

// why says why a row counts on the side that has it and not on the other: absent is the kind of one that is not there.
func why(other, own *indicator.View, c indicator.Counted, path string, absent Kind) Kind {
	there, ok := other.Held(c.Table, c.ID)
	here, _ := own.Held(c.Table, c.ID)
	switch {
	case !ok || there.Same(here):
		return absent
	case !strings.HasPrefix(there.OrgPath, path):
		return MovedStep
	default:
		return CorrectedStep
	}
}
