package plausible

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// BackTestOptions are the size and roughness of a back-test. The zero value is the standard one.
type BackTestOptions struct {
	Entities int      // 0 = 800
	Months   int      // 0 = 36
	Faults   int      // of each kind; 0 = 10
	Noise    float64  // factor on every random movement of the honest series; 0 = 1
	Options  *Options // nil = Default()
}

func (o BackTestOptions) filled() BackTestOptions {
	if o.Entities == 0 {
		o.Entities = 800
	}
	if o.Months == 0 {
		o.Months = 36
	}
	if o.Faults == 0 {
		o.Faults = 10
	}
	if o.Noise == 0 {
		o.Noise = 1
	}
	if o.Options == nil {
		d := Default()
		o.Options = &d
	}
	return o
}

// Fault is one seeded mistake.
type Fault struct {
	Kind     string
	Check    Check // that is to find it
	Entities []string
	From, To period.Month
	Field    string // "" = several
}

// KindLine is one line of the confusion table: the faults of a kind against the checks that spoke up at their place.
type KindLine struct {
	Kind   string
	Check  Check
	Faults int
	Found  int           // by the check that is to find the kind
	Any    int           // by any check
	By     map[Check]int // faults at whose place a check spoke up
}

// CheckLine is how a check did: findings at the place of a fault, and others.
type CheckLine struct {
	Check       Check
	True, False int
}

// Report is what a back-test found.
type Report struct {
	Seed     uint64
	Entities int
	Months   int
	Noise    float64
	Kinds    []KindLine
	Checks   []CheckLine

	Faults, Found, Any int // Found: by the right check
	True, False        int // findings

	CleanMonths  int // filed entity-months of the same city without faults
	CleanAlarmed int // of these, months that a finding covers
	CleanBy      []CheckLine
}

// Recall is the share of faults found by the check that is to find them.
func (r Report) Recall() float64 { return share(r.Found, r.Faults) }

// Precision is the share of findings that are at the place of a fault.
func (r Report) Precision() float64 { return share(r.True, r.True+r.False) }

// FalseAlarms is the share of honest entity-months that a finding covers.
func (r Report) FalseAlarms() float64 { return share(r.CleanAlarmed, r.CleanMonths) }

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// BackTest makes a city of honest returns from the seed, seeds known faults into it, and counts what Find says about both:
// recall and precision on the city with faults, the false alarm rate on the one without. Same seed, same answer.
// Errors: as Find; ctx's error.
func BackTest(ctx context.Context, seed uint64, o BackTestOptions) (Report, error) {
	o = o.filled()
	clean := makeCity(seed, o)
	r := Report{Seed: seed, Entities: o.Entities, Months: o.Months, Noise: o.Noise}
	honest, err := Find(ctx, clean.input(), *o.Options)
	if err != nil {
		return Report{}, err
	}
	r.scoreClean(clean, honest)
	bad := makeCity(seed, o)
	faults := bad.spoil(seed, o.Faults)
	found, err := Find(ctx, bad.input(), *o.Options)
	if err != nil {
		return Report{}, err
	}
	r.score(faults, found)
	return r, nil
}

// at says that a finding is about an entity and overlaps the months of a fault.
func (f Fault) at(x Finding) bool {
	if x.Until < f.From || x.Month > f.To {
		return false
	}
	for _, id := range f.Entities {
		if x.Entity == id || slices.Contains(x.Also, id) {
			return true
		}
	}
	return false
}

func (r *Report) score(faults []Fault, found []Finding) {
	kinds := map[string]int{}
	for _, f := range faults {
		k, ok := kinds[f.Kind]
		if !ok {
			k = len(r.Kinds)
			kinds[f.Kind] = k
			r.Kinds = append(r.Kinds, KindLine{Kind: f.Kind, Check: f.Check, By: map[Check]int{}})
		}
		line := &r.Kinds[k]
		by := map[Check]bool{}
		for _, x := range found {
			if f.at(x) {
				by[x.Check] = true
			}
		}
		for c := range by {
			line.By[c]++
		}
		line.Faults++
		r.Faults++
		if by[f.Check] {
			line.Found++
			r.Found++
		}
		if len(by) > 0 {
			line.Any++
			r.Any++
		}
	}
	lines := map[Check]*CheckLine{}
	for _, c := range Checks() {
		lines[c] = &CheckLine{Check: c}
	}
	for _, x := range found {
		if slices.ContainsFunc(faults, func(f Fault) bool { return f.at(x) }) {
			lines[x.Check].True++
			r.True++
			continue
		}
		lines[x.Check].False++
		r.False++
	}
	for _, c := range Checks() {
		r.Checks = append(r.Checks, *lines[c])
	}
}

func (r *Report) scoreClean(c *city, found []Finding) {
	alarmed := map[string]map[period.Month]bool{}
	lines := map[Check]int{}
	for _, x := range found {
		lines[x.Check]++
		for _, id := range append([]string{x.Entity}, x.Also...) {
			if alarmed[id] == nil {
				alarmed[id] = map[period.Month]bool{}
			}
			for m := x.Month; m <= x.Until; m++ {
				alarmed[id][m] = true
			}
		}
	}
	for _, e := range c.firms {
		for t := range c.months {
			if !e.filed(t) {
				continue
			}
			r.CleanMonths++
			if alarmed[e.id][c.first+period.Month(t)] {
				r.CleanAlarmed++
			}
		}
	}
	for _, check := range Checks() {
		r.CleanBy = append(r.CleanBy, CheckLine{Check: check, False: lines[check]})
	}
}

// String is the confusion table for people.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plausibility back-test, seed %d: %d entities × %d months, noise ×%.2g, %d seeded faults\n\n", r.Seed, r.Entities, r.Months, r.Noise, r.Faults)
	fmt.Fprintf(&b, "%-28s %-10s %6s %6s %6s   faults at whose place a check spoke up\n", "fault", "check", "faults", "found", "any")
	for _, k := range r.Kinds {
		fmt.Fprintf(&b, "%-28s %-10s %6d %6d %6d  ", k.Kind, k.Check, k.Faults, k.Found, k.Any)
		for _, c := range Checks() {
			if n := k.By[c]; n > 0 {
				fmt.Fprintf(&b, " %s %d", c, n)
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "\n%-12s %9s %9s %10s %12s\n", "check", "hits", "false", "precision", "false, clean")
	for i, c := range r.Checks {
		precision := "–"
		if c.True+c.False > 0 {
			precision = fmt.Sprintf("%.3f", share(c.True, c.True+c.False))
		}
		fmt.Fprintf(&b, "%-12s %9d %9d %10s %12d\n", c.Check, c.True, c.False, precision, r.CleanBy[i].False)
	}
	fmt.Fprintf(&b, "\nrecall %.3f (by any check %.3f) · precision %.3f (%d of %d findings) · false alarms on honest returns %.4f (%d of %d entity-months)\n",
		r.Recall(), share(r.Any, r.Faults), r.Precision(), r.True, r.True+r.False, r.FalseAlarms(), r.CleanAlarmed, r.CleanMonths)
	return b.String()
}
