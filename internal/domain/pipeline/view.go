package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/light"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// View is the board at one change of the ledger and on one day. It never changes.
type View struct {
	Sequence int64
	Today    period.Date
	Chosen   Chosen // which table of lights

	city     string
	orgs     []org.Org
	places   map[org.ID]int
	library  *lifecycle.Library
	ways     map[string]*way // in force today
	template *light.Template
	rows     []*Row // most urgent first
	at       map[subject.Ref]*Row
	norms    map[string]map[string]int // by lifecycle and stage
}

// None as a stage is that of subjects which entered none yet.
const None = "none"

// Query says which subjects are meant. The zero value of a field narrows nothing, but a zero Scope sees nothing.
type Query struct {
	Scope     auth.Scope
	Below     string // an org's path
	Park      park.ID
	Kind      subject.Kind
	Lifecycle string
	Officer   string
	Light     string
	Text      string // in the name, or that of the enterprise or the park
	Late      bool
	Stage     string      // stands there, or None
	Reached   bool        // of Stage: was entered, whatever came after
	AsOf      period.Date // Stage is judged at the end of this day; zero: now
}

// Select gives the subjects of a query, most urgent first: by light, then late, then the soonest plan, then
// longest in their stage. The caller owns
// the slice, not the rows.
func (v *View) Select(q Query) []*Row {
	if q.Scope.None() || q.Scope.City != v.city {
		return nil
	}
	text := strings.ToLower(strings.TrimSpace(q.Text))
	var out []*Row
	for _, r := range v.rows {
		if v.holds(r, &q, text) {
			out = append(out, r)
		}
	}
	return out
}

func (v *View) holds(r *Row, q *Query, text string) bool {
	switch {
	case q.Scope.Enterprise != "" && string(r.Enterprise) != q.Scope.Enterprise,
		q.Scope.Enterprise == "" && !q.Scope.Within(r.OrgPath),
		q.Below != "" && !org.Inside(r.OrgPath, q.Below),
		q.Park != "" && r.Park != q.Park,
		q.Kind != "" && r.Kind != q.Kind,
		q.Lifecycle != "" && r.Lifecycle != q.Lifecycle,
		q.Officer != "" && r.Officer != q.Officer,
		q.Light != "" && r.Light.String() != q.Light,
		q.Late && !r.Late:
		return false
	case text != "" && !contains(r.Name, text) && !contains(r.EnterpriseName, text) && !contains(r.ParkName, text):
		return false
	case q.Stage == "":
		return true
	}
	w := r.way
	all, at := w.entered(r, q.AsOf)
	rank := w.rank(q.Stage)
	switch {
	case q.Stage == None:
		return at < 0
	case rank == len(w.Stages):
		return false
	case q.Reached:
		return all.has(rank)
	default:
		return at == rank
	}
}

func contains(name, lower string) bool { return strings.Contains(strings.ToLower(name), lower) }

// Orgs lists the city's orgs, parents before children. The slice must not be changed.
func (v *View) Orgs() []org.Org { return v.orgs }

// Org finds an org; the zero Org when there is none.
func (v *View) Org(id org.ID) org.Org {
	if i, ok := v.places[id]; ok {
		return v.orgs[i]
	}
	return org.Org{}
}

// Pack finds the version of a lifecycle that is in force today. Error: NotFound "lifecycle.not_found".
func (v *View) Pack(code string) (*lifecycle.Pack, error) {
	if w := v.ways[code]; w != nil {
		return w.Pack, nil
	}
	_, err := v.library.For(code, v.Today)
	return nil, err
}

// Template is the city's table of lights. It must not be changed.
func (v *View) Template() *light.Template { return v.template }

// Norm is how many days subjects of the whole city took from a stage to one that builds on it: the median; nil for fewer than
// ten.
func (v *View) Norm(lifecycleCode, stage string) *int {
	if n, ok := v.norms[lifecycleCode][stage]; ok {
		return &n
	}
	return nil
}

// Lifecycle is a lifecycle with the number of a query's subjects that pass it.
type Lifecycle struct {
	*lifecycle.Pack
	Count int
}

// Lifecycles counts a query's subjects by lifecycle, in the order of the library; those of which there is none, and projects
// whose lifecycle the library does not have, are left out.
func (v *View) Lifecycles(q Query) (out []Lifecycle) {
	q.Lifecycle, q.Stage = "", ""
	count := map[string]int{}
	for _, r := range v.Select(q) {
		count[r.Lifecycle]++
	}
	for _, code := range v.library.Codes() {
		if w := v.ways[code]; w != nil && count[code] > 0 {
			out = append(out, Lifecycle{w.Pack, count[code]})
		}
	}
	return out
}

// Main names the lifecycle that a query means where it names none: that of tenancies, or, for projects, the one that most of
// them pass. Error: NotFound "lifecycle.not_found".
func (v *View) Main(q Query) (*lifecycle.Pack, error) {
	if q.Lifecycle != "" {
		return v.Pack(q.Lifecycle)
	}
	best := Lifecycle{}
	if q.Kind == subject.Project {
		for _, l := range v.Lifecycles(Query{Scope: q.Scope, Below: q.Below, Park: q.Park, Kind: q.Kind}) {
			if l.Count > best.Count {
				best = l
			}
		}
		if best.Pack == nil {
			return v.Pack("construction")
		}
		return best.Pack, nil
	}
	return v.Pack(string(lifecycle.OfTenancy))
}

// way is a row's lifecycle.
func (v *View) way(code string) *way {
	if w := v.ways[code]; w != nil {
		return w
	}
	return noWay
}

// settle derives a row.
func (v *View) settle(r *Row) {
	w := v.way(r.Lifecycle)
	r.settle(w, v.Today)
	shine(r, w, v.template, v.Today)
}

// finish puts the rows into order and computes the norms of the lifecycles of the changed ones.
func (v *View) finish(changed []*Row) {
	slices.SortFunc(v.rows, urgency)
	v.index()
	codes := map[string]bool{}
	for _, r := range changed {
		codes[r.Lifecycle] = true
	}
	stays := map[string][][]int{}
	for code := range codes {
		stays[code] = make([][]int, len(v.way(code).Stages))
	}
	for _, r := range v.rows {
		if of := stays[r.Lifecycle]; of != nil {
			for _, s := range r.stays {
				of[s.rank] = append(of[s.rank], s.days)
			}
		}
	}
	for code, of := range stays {
		v.norms[code] = map[string]int{}
		for i, days := range of {
			if len(days) >= normCases {
				v.norms[code][v.way(code).Stages[i].Code] = *median(days)
			}
		}
	}
}

func (v *View) index() {
	v.at = make(map[subject.Ref]*Row, len(v.rows))
	for _, r := range v.rows {
		v.at[r.Ref] = r
	}
}

// normCases is how many finished stays a norm needs.
const normCases = 10

// median of some days, which it reorders; of an even number the lower one of the two in the middle. nil for none.
func median(days []int) *int {
	if len(days) == 0 {
		return nil
	}
	k, lo, hi := (len(days)-1)/2, 0, len(days)-1
	for lo < hi { // narrows to the part in which the k-th least lies
		pivot, i, j := days[lo+(hi-lo)/2], lo, hi
		for i <= j {
			for days[i] < pivot {
				i++
			}
			for days[j] > pivot {
				j--
			}
			if i <= j {
				days[i], days[j] = days[j], days[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			lo, hi = k, k
		}
	}
	m := days[k]
	return &m
}

// urgency orders rows: the worst light first, then who is late, then what goes on before what is at its end; among them the
// soonest plan, then who is longest in the stage.
func urgency(a, b *Row) int {
	return cmp.Or(cmp.Compare(alarm(b), alarm(a)), -compareBool(a.Late, b.Late), compareBool(a.Final, b.Final),
		compareBool(a.Next == "", b.Next == ""), cmp.Compare(a.NextPlanned, b.NextPlanned),
		compareBool(a.Since == 0, b.Since == 0), cmp.Compare(a.Since, b.Since), byRef(a, b))
}

// alarm is the light of a row, where it is one that warns.
func alarm(r *Row) light.Light {
	if r.Light <= light.Green {
		return light.Off
	}
	return r.Light
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

func byRef(a, b *Row) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }

// Page is a part of a list.
type Page struct {
	Rows  []*Row
	Total int
	Next  string // cursor of the next page; empty at the end
}

// MaxRows is how many rows a page holds at most.
const MaxRows = 1000

// List gives a page of a query's subjects. sort is empty for Select's order, or one of Sorts, with "-" before it for
// descending; what is not known comes last either way.
//
// Errors: Invalid "pipeline.bad_sort" (argument sort), "cursor.invalid", "limit.invalid".
func (v *View) List(q Query, sort, after string, limit int) (Page, error) {
	const op = "pipeline.List"
	if limit < 1 || limit > MaxRows {
		return Page{}, fault.Wrap(op, fault.New(fault.Invalid, "limit.invalid", "limit", limit, "max", MaxRows))
	}
	order, err := v.order(sort)
	if err != nil {
		return Page{}, fault.Wrap(op, err)
	}
	rows := v.Select(q)
	if sort != "" {
		v.sort(rows, sort)
	}
	return v.cut(rows, order, after, limit)
}

// sort orders rows as order does; each row's key is made once.
func (v *View) sort(rows []*Row, sort string) {
	name, down := strings.CutPrefix(sort, "-")
	type keyed struct {
		key
		row *Row
	}
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{v.key(r, name), r}
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Or(a.compare(b.key, down), byRef(a.row, b.row)) })
	for i := range all {
		rows[i] = all[i].row
	}
}

// cut gives the page of ordered rows behind a cursor, which names the last row of the page before.
func (v *View) cut(rows []*Row, order func(a, b *Row) int, after string, limit int) (Page, error) {
	p := Page{Total: len(rows)}
	if after != "" {
		parts, err := page.Place(after, 2)
		if err != nil {
			return Page{}, err
		}
		last := v.at[subject.Ref{Kind: subject.Kind(parts[0]), ID: parts[1]}]
		if last == nil {
			return Page{}, fault.New(fault.Invalid, "cursor.invalid")
		}
		i, found := slices.BinarySearchFunc(rows, last, order)
		if found {
			i++
		}
		rows = rows[i:]
	}
	p.Rows = rows[:min(limit, len(rows))]
	if len(rows) > limit {
		last := p.Rows[limit-1]
		p.Next = page.Cursor(string(last.Kind), last.ID)
	}
	return p, nil
}

// Sorts lists what a list may be sorted by.
func Sorts() []string {
	return []string{"name", "park", "org", "officer", "stage", "since", "next_planned", "slip", "problems", "area", "investment", "light"}
}

// key is what a row is sorted by; of two known ones the number goes before the text.
type key struct {
	unknown bool
	n       int64
	text    string
}

func (v *View) order(sort string) (func(a, b *Row) int, error) {
	name, down := strings.CutPrefix(sort, "-")
	if sort == "" {
		return urgency, nil
	}
	if !slices.Contains(Sorts(), name) {
		return nil, fault.New(fault.Invalid, "pipeline.bad_sort", "sort", sort)
	}
	return func(a, b *Row) int {
		return cmp.Or(v.key(a, name).compare(v.key(b, name), down), byRef(a, b))
	}, nil
}

// compare puts what is not known last, ascending or down.
func (k key) compare(other key, down bool) int {
	c := cmp.Or(cmp.Compare(k.n, other.n), cmp.Compare(k.text, other.text))
	if down {
		c = -c
	}
	return cmp.Or(compareBool(k.unknown, other.unknown), c)
}

func (v *View) key(r *Row, sort string) key {
	text := func(s string) key { return key{unknown: s == "", text: s} }
	number := func(n *int64) key {
		if n == nil {
			return key{unknown: true}
		}
		return key{n: *n}
	}
	switch sort {
	case "name":
		return text(r.Name)
	case "park":
		return text(r.ParkName)
	case "org":
		i, ok := v.places[r.Org]
		return key{unknown: !ok, n: int64(i)}
	case "officer":
		return text(r.Officer)
	case "stage":
		return key{unknown: r.Stage == "", n: int64(r.rank), text: r.Lifecycle}
	case "since":
		return key{unknown: r.Since == 0, n: int64(r.Since)}
	case "next_planned":
		return key{unknown: r.NextPlanned == 0, n: int64(r.NextPlanned)}
	case "slip":
		if r.Slip == nil {
			return key{unknown: true}
		}
		return key{n: int64(*r.Slip)}
	case "problems":
		return key{n: int64(r.Problems)}
	case "area":
		return number(r.AreaM2)
	case "investment":
		return number(r.InvestmentFen)
	default:
		return key{unknown: r.Light == light.Off, n: int64(r.Light)}
	}
}
