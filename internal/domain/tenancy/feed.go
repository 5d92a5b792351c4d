package tenancy

import (
	"context"
	"slices"
	"strconv"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// PanelRow is what indicators need to know of a tenancy.
type PanelRow struct {
	ID         ID
	Enterprise enterprise.ID
	Park       park.ID
	OrgPath    string        // of the park's org
	Industry   industry.Code // of the enterprise; empty = not known
	AreaM2     int64         // counts when AreaKnown
	AreaKnown  bool
	Relocated  bool
	Stages     [last + 1]Entered // by Stage: row.Stages[tenancy.Production].Day
	Nature     figure.Nature     // of the tenancy itself; the entries have their own
	Source     string
}

// Entered is the entry that counts use for one stage; the zero Entered is a stage that was not entered.
type Entered struct {
	Day    period.Date
	Way    Way
	Nature figure.Nature
	Source string
}

// Presence is the row as Home takes it.
func (r *PanelRow) Presence() Presence {
	p := Presence{ID: r.ID, Park: r.Park, OrgPath: r.OrgPath, Production: r.Stages[Production].Day, Cleared: r.Stages[Cleared].Day}
	for s := Signed; s < Cleared; s++ {
		if d := r.Stages[s].Day; d != 0 && (p.Since == 0 || d < p.Since) {
			p.Since = d
		}
	}
	return p
}

// Only narrows a feed to some tenancies and to all tenancies of some enterprises. The zero Only narrows nothing; one whose
// slices are both empty and not both nil leaves nothing.
type Only struct {
	Tenancies   []ID
	Enterprises []enterprise.ID
}

// feedPage is how many tenancies are held at once: some 2 MB.
const feedPage = 2048

// EachRow calls fn with every tenancy of the city, or with those that only names and that are there, by enterprise and id
// and each once. It is the feed of the panel and knows no scope: the panel's readings do. The row is reused between calls:
// copy what is kept. Texts that repeat are shared. fn must not use r.
func EachRow(ctx context.Context, r db.Reader, city string, only Only, fn func(*PanelRow) error) error {
	return fault.Wrap("tenancy.EachRow", eachRow(ctx, r, city, only, feedPage, fn))
}

func eachRow(ctx context.Context, r db.Reader, city string, only Only, size int, fn func(*PanelRow) error) error {
	f := feed{ctx: ctx, r: r, city: city, size: size, fn: fn, texts: map[string]string{}}
	err := f.places()
	if err == nil && only.Tenancies == nil && only.Enterprises == nil {
		err = f.all()
	} else if err == nil {
		err = f.some(only)
	}
	return err
}

// feed is one pass over the tenancies: a page of tenancies, then the entries of those, merged in memory, because one
// connection reads one result at a time.
type feed struct {
	ctx   context.Context
	r     db.Reader
	city  string
	size  int // tenancies of a page
	fn    func(*PanelRow) error
	paths map[park.ID]string // org path of each park
	rows  []PanelRow
	at    map[ID]int // index in rows
	texts map[string]string
}

// shared gives one copy of a text that occurs in many rows.
func (f *feed) shared(s string) string {
	if t, ok := f.texts[s]; ok {
		return t
	}
	f.texts[s] = s
	return s
}

func (f *feed) places() error {
	f.paths = map[park.ID]string{}
	return db.Each(f.ctx, f.r, func(s db.Scanner) error {
		var id, path string
		err := s.Scan(&id, &path)
		f.paths[park.ID(f.shared(id))] = f.shared(path)
		return err
	}, `SELECT p.id, o.path FROM park p JOIN org o ON o.city = p.city AND o.id = p.org WHERE p.city = $1 ORDER BY p.id`, f.city)
}

func (f *feed) all() error {
	var enterpriseID, id string
	for {
		var w page.Where
		w.And("t.city = %s", f.city)
		w.And("t.enterprise >= %s", enterpriseID)
		w.And("(t.enterprise, t.id) > (%s, %s)", enterpriseID, id)
		if err := f.tenancies(&w, f.size); err != nil {
			return err
		}
		if len(f.rows) == 0 {
			return nil
		}
		from, to := f.rows[0].Enterprise, f.rows[len(f.rows)-1].Enterprise
		var in page.Where
		in.And("st.city = %s", f.city)
		in.And("st.enterprise >= %s AND st.enterprise <= %s", from, to)
		if err := f.emit(&in, nil); err != nil {
			return err
		}
		if len(f.rows) < f.size {
			return nil
		}
		enterpriseID, id = string(to), string(f.rows[len(f.rows)-1].ID)
	}
}

func (f *feed) some(only Only) error {
	ids, err := f.owners(only.Tenancies)
	if err != nil {
		return err
	}
	whole := map[enterprise.ID]bool{}
	for _, e := range only.Enterprises {
		whole[e] = true
	}
	wanted := map[ID]bool{}
	for _, id := range only.Tenancies {
		wanted[id] = true
	}
	keep := func(r *PanelRow) bool { return whole[r.Enterprise] || wanted[r.ID] }
	ids = append(ids, only.Enterprises...)
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), page.Chunk) {
		var w, in page.Where
		w.And("t.city = %s", f.city)
		page.AndIn(&w, "t.enterprise", part)
		if err := f.tenancies(&w, 0); err != nil {
			return err
		}
		in.And("st.city = %s", f.city)
		page.AndIn(&in, "st.enterprise", part)
		if err := f.emit(&in, keep); err != nil {
			return err
		}
	}
	return nil
}

// owners gives the enterprises of tenancies.
func (f *feed) owners(ids []ID) ([]enterprise.ID, error) {
	var out []enterprise.ID
	for part := range slices.Chunk(ids, page.Chunk) {
		var w page.Where
		w.And("city = %s", f.city)
		page.AndIn(&w, "id", part)
		err := db.Each(f.ctx, f.r, func(s db.Scanner) error {
			var e string
			err := s.Scan(&e)
			out = append(out, enterprise.ID(e))
			return err
		}, `SELECT enterprise FROM tenancy`+w.SQL()+` ORDER BY id`, w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tenancies reads rows without their stages, at most limit (0 = all), by enterprise and id.
func (f *feed) tenancies(w *page.Where, limit int) error {
	f.rows, f.at = f.rows[:0], make(map[ID]int, f.size)
	tail := ""
	if limit > 0 {
		tail = ` LIMIT ` + w.Arg(limit)
	}
	var enterpriseID, id, parkID, code, nature, source string
	var area *int64
	var relocated int64
	return db.Each(f.ctx, f.r, func(s db.Scanner) error {
		if err := s.Scan(&enterpriseID, &id, &parkID, &code, &area, &relocated, &nature, &source); err != nil {
			return err
		}
		row := PanelRow{ID: ID(id), Enterprise: enterprise.ID(enterpriseID), Park: park.ID(f.shared(parkID)),
			OrgPath: f.paths[park.ID(parkID)], Industry: industry.Code(f.shared(code)), AreaKnown: area != nil,
			Relocated: relocated == 1, Nature: figure.Nature(f.shared(nature)), Source: f.shared(source)}
		if area != nil {
			row.AreaM2 = *area
		}
		f.at[row.ID] = len(f.rows)
		f.rows = append(f.rows, row)
		return nil
	}, `SELECT t.enterprise, t.id, t.park, COALESCE(e.industry, ''), t.area_m2, t.relocated, t.nature, t.source
		FROM tenancy t JOIN enterprise e ON e.city = t.city AND e.id = t.enterprise`+w.SQL()+` ORDER BY t.enterprise, t.id`+tail, w.Args()...)
}

// codeOf is the SQL that packs a stage and a way into one small number: fewer and cheaper columns than two texts.
var codeOf = rankOf + ` * 8 + CASE st.way WHEN 'deemed' THEN ` + strconv.Itoa(int(Deemed)) + ` WHEN 'claimed' THEN ` +
	strconv.Itoa(int(Claimed)) + ` WHEN 'verified' THEN ` + strconv.Itoa(int(Verified)) + ` END`

// emit reads the entries of the rows, puts those that count into Stages, and hands the rows out that keep (nil = all) takes.
func (f *feed) emit(w *page.Where, keep func(*PanelRow) bool) error {
	w.And("st.way <> 'planned'")
	var id, nature, source string
	var code, day int64
	err := db.Each(f.ctx, f.r, func(s db.Scanner) error {
		if err := s.Scan(&id, &code, &day, &nature, &source); err != nil {
			return err
		}
		i, ok := f.at[ID(id)]
		if !ok { // another tenancy of an enterprise at the page's edge
			return nil
		}
		stage, way := Stage(code/8), Way(code%8)
		if e := &f.rows[i].Stages[stage]; way >= e.Way { // within a way the later entry comes later
			*e = Entered{Day: period.Date(day), Way: way, Nature: figure.Nature(f.shared(nature)), Source: f.shared(source)}
		}
		return nil
	}, `SELECT st.tenancy, `+codeOf+`, st.day, st.nature, st.source FROM tenancy_stage st`+w.SQL()+
		` ORDER BY st.enterprise, st.tenancy, st.stage, st.way, st.seq`, w.Args()...)
	if err != nil {
		return err
	}
	for i := range f.rows {
		if keep == nil || keep(&f.rows[i]) {
			if err := f.fn(&f.rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
