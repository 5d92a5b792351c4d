package filing

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// PanelRow is what indicators need to know of a value.
type PanelRow struct {
	Enterprise enterprise.ID
	Month      period.Month
	Field      Field
	Value      int64
	Nature     figure.Nature
	Source     string
}

// Key is one enterprise's month: what is refreshed together after a change.
type Key struct {
	Enterprise enterprise.ID
	Month      period.Month
}

// TouchID is the id of a touch of this noun: the enterprise's id, a slash and the month, "01J…/2024-06".
func TouchID(k Key) string { return string(k.Enterprise) + "/" + k.Month.String() }

// ParseTouch reads what TouchID writes. ok is false for another text.
func ParseTouch(id string) (k Key, ok bool) {
	i := strings.LastIndexByte(id, '/')
	if i < 1 {
		return Key{}, false
	}
	p, err := period.Parse(id[i+1:])
	if err != nil || p.Kind() != period.KindMonth {
		return Key{}, false
	}
	return Key{enterprise.ID(id[:i]), p.First()}, true
}

// Only narrows a feed to all months of some enterprises and to some enterprises' months. The zero Only narrows nothing;
// one whose slices are both empty and not both nil leaves nothing.
type Only struct {
	Enterprises []enterprise.ID
	Keys        []Key
}

// EachRow calls fn with every value of the city of the given fields (none = all), or with those that only names and that
// are there, by month, enterprise and field and each once. It is the feed of the panel and knows no scope: the panel's
// readings do. The row is reused between calls: copy what is kept. Texts that repeat are shared. fn must not use r.
//
// The table is read once, in whatever order is cheapest (so without ORDER BY), into 24 bytes per value, and then handed out in order: asking the
// database to sort by month would cost an index as large as the table.
func EachRow(ctx context.Context, r db.Reader, city string, only Only, fields []Field, fn func(*PanelRow) error) error {
	if len(fields) == 0 {
		fields = Fields()
	}
	if err := checkFields(fields); err != nil {
		return fault.Wrap("filing.EachRow", err)
	}
	f := feed{ctx: ctx, r: r, city: city, fields: fields, months: map[int64]*bucket{}}
	var err error
	if only.Enterprises == nil && only.Keys == nil {
		err = f.read(f.whole())
	} else {
		err = f.some(only)
	}
	if err == nil {
		err = f.emit(fn)
	}
	return fault.Wrap("filing.EachRow", err)
}

// feed is one pass over the values.
type feed struct {
	ctx         context.Context
	r           db.Reader
	city        string
	fields      []Field
	months      map[int64]*bucket // by yyyymm
	enterprises table
	sources     table
}

// bucket holds the values of one month.
type bucket struct{ values []packed }

// packed is a value without its month; enterprise and source are positions in the feed's tables, code is codeOf.
type packed struct {
	value              int64
	enterprise, source int32
	code               uint8
}

// table gives each text that occurs a position.
type table struct {
	texts []string
	at    map[string]int32
	last  int32
}

func (t *table) position(s string) int32 {
	if len(t.texts) > 0 && t.texts[t.last] == s { // rows mostly come in runs
		return t.last
	}
	i, ok := t.at[s]
	if !ok {
		if t.at == nil {
			t.at = map[string]int32{}
		}
		i = int32(len(t.texts))
		t.texts = append(t.texts, s)
		t.at[s] = i
	}
	t.last = i
	return i
}

// whole asks for all rows of the city in the order in which the table holds them: by the key, whose order is another one, each
// row would be looked up by itself. The concatenation keeps the key from being used.
func (f *feed) whole() *page.Where {
	var w page.Where
	w.And("city || '' = %s", f.city)
	if len(f.fields) < len(Fields()) {
		page.AndIn(&w, "field", f.fields)
	}
	return &w
}

func (f *feed) where() *page.Where {
	var w page.Where
	w.And("city = %s", f.city)
	if len(f.fields) < len(Fields()) {
		page.AndIn(&w, "field", f.fields)
	}
	return &w
}

// some reads whole enterprises first, then the months of the others: each value once.
func (f *feed) some(only Only) error {
	ids := slices.Compact(slices.Sorted(slices.Values(only.Enterprises)))
	for part := range slices.Chunk(ids, page.Chunk) {
		w := f.where()
		page.AndIn(w, "enterprise", part)
		if err := f.read(w); err != nil {
			return err
		}
	}
	byMonth := map[period.Month][]enterprise.ID{}
	for _, k := range only.Keys {
		if _, whole := slices.BinarySearch(ids, k.Enterprise); !whole {
			byMonth[k.Month] = append(byMonth[k.Month], k.Enterprise)
		}
	}
	for m, in := range byMonth {
		slices.Sort(in)
		for part := range slices.Chunk(slices.Compact(in), page.Chunk) {
			w := f.where()
			w.And("month = %s", number(m))
			page.AndIn(w, "enterprise", part)
			if err := f.read(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// codeOf is the SQL that packs month, field and nature into one number, month·256 + field·8 + nature by their positions in
// Fields and figure.Natures: one cheap column instead of three. The texts that occur most are compared first.
func codeOf(fields []Field) string {
	var b strings.Builder
	b.WriteString("month * 256 + CASE nature")
	natures := figure.Natures()
	for _, n := range []figure.Nature{figure.Declared, figure.Simulated, figure.Statistics, figure.Record, figure.Estimate, figure.Derived} {
		b.WriteString(" WHEN '" + string(n) + "' THEN " + strconv.Itoa(slices.Index(natures, n)))
	}
	b.WriteString(" END + ")
	if len(fields) == 1 {
		return b.String() + strconv.Itoa(slices.Index(Fields(), fields[0])*8)
	}
	b.WriteString("CASE field")
	for i, f := range Fields() {
		b.WriteString(" WHEN '" + string(f) + "' THEN " + strconv.Itoa(i*8))
	}
	return b.String() + " END"
}

func (f *feed) read(w *page.Where) error {
	var id, source string
	var code, value, month int64
	var in *bucket
	return db.Each(f.ctx, f.r, func(s db.Scanner) error {
		if err := s.Scan(&id, &code, &value, &source); err != nil {
			return err
		}
		if m := code / 256; in == nil || m != month {
			month = m
			if in = f.months[m]; in == nil {
				in = &bucket{}
				f.months[m] = in
			}
		}
		in.values = append(in.values, packed{value, f.enterprises.position(id), f.sources.position(source), uint8(code % 256)})
		return nil
	}, `SELECT enterprise, `+codeOf(f.fields)+`, value, source FROM filing_value`+w.SQL(), w.Args()...)
}

// emit sorts each month's values and hands them out.
func (f *feed) emit(fn func(*PanelRow) error) error {
	place := make([]int32, len(f.enterprises.texts)) // of each enterprise in byte order
	order := make([]int32, len(place))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(f.enterprises.texts[a], f.enterprises.texts[b]) })
	for i, e := range order {
		place[e] = int32(i)
	}
	months := make([]int64, 0, len(f.months))
	for m := range f.months {
		months = append(months, m)
	}
	slices.Sort(months)
	fields, natures := Fields(), figure.Natures()
	compare := func(a, b packed) int {
		return cmp.Or(cmp.Compare(place[a.enterprise], place[b.enterprise]), cmp.Compare(fields[a.code/8], fields[b.code/8]))
	}
	var row PanelRow
	for _, m := range months {
		values := f.months[m].values
		if !slices.IsSortedFunc(values, compare) {
			slices.SortFunc(values, compare)
		}
		row.Month = monthOf(m)
		for _, v := range values {
			row.Enterprise, row.Field, row.Value = enterprise.ID(f.enterprises.texts[v.enterprise]), fields[v.code/8], v.value
			row.Nature, row.Source = natures[v.code%8], f.sources.texts[v.source]
			if err := fn(&row); err != nil {
				return err
			}
		}
		delete(f.months, m)
	}
	return nil
}
