package enrolment

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// span is how many months up to today's are read: twelve that count, and 24 before, out of which the pace comes.
const span = 36

// The filed fields that readiness looks at, by their place in a Month.
const (
	ofRevenue = iota
	ofOutput
	ofTax
	ofElectricity
	fieldCount
)

var fields = [fieldCount]filing.Field{filing.Revenue, filing.Output, filing.Tax, filing.Electricity}

// filed is what an enterprise filed for one month.
type filed struct {
	values [fieldCount]int64
	known  [fieldCount]bool
}

// firm is what the ledger holds of one enterprise. It never changes.
type firm struct {
	enterprise.Facts
	tenancies []tenancy.PanelRow
	months    []filed // span of them, or none
	facts     []Fact
	papers    []Sheet
}

// ledger is what the board reads of a city, or of some enterprises.
type ledger struct {
	first period.Month // of firm.months
	firms map[enterprise.ID]*firm
}

// readLedger reads the enterprises of a city (nil = all) in one pass over each table.
func readLedger(ctx context.Context, r db.Reader, city string, today period.Date, only []enterprise.ID) (*ledger, error) {
	l := &ledger{first: today.Month() - span + 1, firms: map[enterprise.ID]*firm{}}
	err := enterprise.EachFacts(ctx, r, city, only, func(f *enterprise.Facts) error {
		l.firms[f.ID] = &firm{Facts: *f}
		return nil
	})
	if err != nil {
		return nil, fault.Wrap("enrolment.ledger", err)
	}
	narrow := tenancy.Only{}
	if only != nil {
		narrow.Enterprises = only
	}
	err = tenancy.EachRow(ctx, r, city, narrow, func(row *tenancy.PanelRow) error {
		if f := l.firms[row.Enterprise]; f != nil {
			f.tenancies = append(f.tenancies, *row)
		}
		return nil
	})
	if err == nil {
		err = eachPart(only, func(part []enterprise.ID) error { return l.parts(ctx, r, city, part) })
	}
	return l, fault.Wrap("enrolment.ledger", err)
}

// eachPart calls fn with as many ids as a statement takes at a time; nil stands for all.
func eachPart(ids []enterprise.ID, fn func([]enterprise.ID) error) error {
	if ids == nil {
		return fn(nil)
	}
	for part := range slices.Chunk(ids, page.Chunk) {
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) parts(ctx context.Context, r db.Reader, city string, part []enterprise.ID) error {
	if err := l.readMonths(ctx, r, city, part); err != nil {
		return err
	}
	if err := l.readFacts(ctx, r, city, part); err != nil {
		return err
	}
	return l.readPapers(ctx, r, city, part)
}

// placeOf is the SQL that packs month and field into one number by the field's place, so that a row has three cheap columns.
const placeOf = `month * 4 + CASE field WHEN 'revenue' THEN 0 WHEN 'output' THEN 1 WHEN 'tax' THEN 2 ELSE 3 END`

// readMonths reads the values of a part of the enterprises by the primary key. Of all of them it walks the table itself: through
// the key, each row would be looked up on its own, which takes five times as long; city || ” keeps the engine from that.
func (l *ledger) readMonths(ctx context.Context, r db.Reader, city string, part []enterprise.ID) error {
	var w page.Where
	if part == nil {
		w.And("city || '' = %s", city)
	} else {
		w.And("city = %s", city)
		page.AndIn(&w, "enterprise", part)
	}
	w.And("month >= %s AND month <= %s", numberOf(l.first), numberOf(l.first+span-1))
	w.And("field IN ('revenue', 'output', 'tax', 'electricity')")
	var id string
	var at, value int64
	return db.Each(ctx, r, func(s db.Scanner) error {
		if err := s.Scan(&id, &at, &value); err != nil {
			return err
		}
		f := l.firms[enterprise.ID(id)]
		if f == nil {
			return nil
		}
		if f.months == nil {
			f.months = make([]filed, span)
		}
		in := &f.months[monthOf(at/fieldCount)-l.first]
		in.values[at%fieldCount], in.known[at%fieldCount] = value, true
		return nil
	}, `SELECT enterprise, `+placeOf+`, value FROM filing_value`+w.SQL(), w.Args()...)
}

func (l *ledger) readFacts(ctx context.Context, r db.Reader, city string, part []enterprise.ID) error {
	var w page.Where
	w.And("city = %s", city)
	if part != nil {
		page.AndIn(&w, "enterprise", part)
	}
	return db.Each(ctx, r, func(s db.Scanner) error {
		f, err := scanFact(s)
		if firm := l.firms[f.Enterprise]; err == nil && firm != nil {
			firm.facts = append(firm.facts, f)
		}
		return err
	}, `SELECT `+factColumns+` FROM enrolment_fact`+w.SQL()+` ORDER BY enterprise, fact, seq`, w.Args()...)
}

func (l *ledger) readPapers(ctx context.Context, r db.Reader, city string, part []enterprise.ID) error {
	var w page.Where
	w.And("p.city = %s", city)
	if part != nil {
		page.AndIn(&w, "p.enterprise", part)
	}
	return db.Each(ctx, r, func(row db.Scanner) error {
		s, err := scanSheet(row)
		if firm := l.firms[s.Enterprise]; err == nil && firm != nil {
			firm.papers = append(firm.papers, s)
		}
		return err
	}, `SELECT p.enterprise, p.paper, p.seq, p.have, COALESCE(p.expires, 0), COALESCE(p.evidence, ''), COALESCE(v.issued, 0), p.source, p.recorder, p.recorded_at
		FROM enrolment_paper p LEFT JOIN evidence v ON v.city = p.city AND v.id = p.evidence`+w.SQL()+` ORDER BY p.enterprise, p.paper, p.seq`, w.Args()...)
}

func scanSheet(row db.Scanner) (s Sheet, err error) {
	var have, expires, issued, at int64
	err = row.Scan(&s.Enterprise, &s.Code, &s.Seq, &have, &expires, &s.Evidence, &issued, &s.Source, &s.Recorder, &at)
	s.Have, s.Expires, s.Issued, s.RecordedAt = have == 1, period.Date(expires), period.Date(issued), time.UnixMicro(at).UTC()
	return s, err
}

// value is what was filed of a field for a month.
func (l *ledger) value(f *firm, field int, m period.Month) (v int64, known bool) {
	if i := int(m - l.first); i >= 0 && i < len(f.months) {
		return f.months[i].values[field], f.months[i].known[field]
	}
	return 0, false
}

// places is what rows are shown with: names of parks, offices and the counties above them.
type places struct {
	orgs  map[org.ID]org.Org
	parks map[park.ID]site
}

// site is a park's name and office.
type site struct{ name, path string }

func (p *places) equal(q *places) bool {
	return maps.Equal(p.orgs, q.orgs) && maps.Equal(p.parks, q.parks)
}

func readPlaces(ctx context.Context, r db.Reader, city string) (*places, error) {
	p := &places{orgs: map[org.ID]org.Org{}, parks: map[park.ID]site{}}
	all, err := org.All(ctx, r, city)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		p.orgs[o.ID] = o
	}
	return p, db.Each(ctx, r, func(row db.Scanner) error {
		var id park.ID
		var in site
		err := row.Scan(&id, &in.name, &in.path)
		p.parks[id] = in
		return err
	}, `SELECT p.id, p.name, o.path FROM park p JOIN org o ON o.city = p.city AND o.id = p.org WHERE p.city = $1 ORDER BY p.id`, city)
}

// division gives the code of the county that an office lies in; empty for one in no county that has a code.
func (p *places) division(at org.ID) string {
	for o, ok := p.orgs[at]; ok; o, ok = p.orgs[o.Parent] {
		if o.Kind != org.City && o.Division != "" {
			return o.Division
		}
	}
	return ""
}

// of gives the code of the city itself: its division, else its id.
func (p *places) of(city string) string {
	if o := p.orgs[org.ID(city)]; o.Division != "" {
		return o.Division
	}
	return city
}
