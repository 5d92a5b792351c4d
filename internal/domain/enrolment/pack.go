package enrolment

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	packs "github.com/parkbrain/parkbrain/refdata/enrolment"
)

// Sector is a class of enterprises with its threshold.
type Sector struct {
	Code       string          `yaml:"code"`
	Name       pack.Text       `yaml:"name"`
	Industries []industry.Code `yaml:"industries"`
	Stated     string          `yaml:"threshold"` // "2000 万元"; empty: not by revenue
	Basis      pack.Basis      `yaml:"basis"`
	Source     string          `yaml:"source"`
	Threshold  int64           `yaml:"-"` // fen in twelve months; 0: not by revenue
}

// Batch is a month from which enterprises are in the list, and until when material for it is taken.
type Batch struct {
	Month  int `yaml:"month"`
	Before int `yaml:"closes_months_before"`
	Day    int `yaml:"closes_day"`
}

// Monthly is the path of enterprises that are new.
type Monthly struct {
	NewFor   int        `yaml:"new_for_months"`
	NewBasis pack.Basis `yaml:"new_basis"`
	Batches  []Batch    `yaml:"batches"`
	Basis    pack.Basis `yaml:"basis"`
	Source   string     `yaml:"source"`
}

// Yearly is the path of enterprises that grew past the line.
type Yearly struct {
	Batches []Batch    `yaml:"batches"`
	Basis   pack.Basis `yaml:"basis"`
	Source  string     `yaml:"source"`
}

// Material is something to be handed in.
type Material struct {
	Code  string    `yaml:"code"`
	Name  pack.Text `yaml:"name"`
	Takes int       `yaml:"takes"` // days from nothing
	Lasts int       `yaml:"lasts"` // days; 0: it does not end
}

// Leading is a sign by which a county looks for candidates.
type Leading struct {
	County string `yaml:"county"`
	Sign   string `yaml:"sign"`
	Stated string `yaml:"above"`
	Over   string `yaml:"over"` // "year": twelve months; "month": one
	Above  int64  `yaml:"-"`
}

// Pack is one province's rules. It never changes.
type Pack struct {
	Code            string     `yaml:"pack"`
	Issuer          string     `yaml:"issuer"`
	Number          string     `yaml:"number"`
	Province        string     `yaml:"province"`
	From            string     `yaml:"from"`
	Sectors         []Sector   `yaml:"sectors"`
	Monthly         Monthly    `yaml:"monthly"`
	Yearly          Yearly     `yaml:"yearly"`
	Periods         int        `yaml:"periods"`
	PeriodsBasis    pack.Basis `yaml:"periods_basis"`
	YoungBasis      pack.Basis `yaml:"young_basis"`
	Materials       []Material `yaml:"materials"`
	MaterialsBasis  pack.Basis `yaml:"materials_basis"`
	MaterialsSource string     `yaml:"materials_source"`
	MendDays        int        `yaml:"mend_days"`
	MendBasis       pack.Basis `yaml:"mend_basis"`
	Leading         []Leading  `yaml:"leading"`
	LeadingBasis    pack.Basis `yaml:"leading_basis"`
	LeadingSource   string     `yaml:"leading_source"`
	from            period.Date
}

// For gives the pack in force on a day for the province of a division code. Error kind NotFound, key "enrolment.no_pack".
func For(division string, day period.Date) (*Pack, error) {
	all, err := Load(packs.FS)
	if err != nil {
		return nil, err
	}
	var best *Pack
	for _, p := range all {
		if strings.HasPrefix(division, p.Province) && p.from <= day && (best == nil || p.from > best.from) {
			best = p
		}
	}
	if best == nil {
		return nil, fault.New(fault.NotFound, "enrolment.no_pack", "division", division, "day", day.String())
	}
	return best, nil
}

// Load reads every *.yaml of fsys as a pack. Error kind Invalid, key "enrolment.bad_pack" (arguments file, why).
func Load(fsys fs.FS) ([]*Pack, error) {
	files, err := pack.Files(fsys)
	if err != nil {
		return nil, fault.Wrap("enrolment.Load", err)
	}
	var out []*Pack
	for _, file := range files {
		p, err := read(file.Body, file.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// read reads one pack; name is what the error calls it.
func read(body []byte, name string) (*Pack, error) {
	p := &Pack{}
	err := pack.Strict(body, p)
	if err == nil {
		err = p.finish()
	}
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "enrolment.bad_pack", "file", name, "why", err.Error())
	}
	return p, nil
}

func (p *Pack) finish() (err error) {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "enrolment.bad_pack", "file", p.Code, "why", why)
	}
	if p.from, err = period.ParseDate(p.From); err != nil {
		return err
	}
	if p.Periods < 1 || p.Monthly.NewFor < 1 || p.MendDays < 0 || len(p.Yearly.Batches) == 0 || len(p.Monthly.Batches) == 0 {
		return bad("periods, new_for_months and batches are needed")
	}
	for _, b := range append(slices.Clone(p.Monthly.Batches), p.Yearly.Batches...) {
		if b.Month < 1 || b.Month > 12 || b.Before < 0 || b.Before > 12 || b.Day < 1 || b.Day > 28 {
			return bad("a batch needs a month and a closing day from 1 to 28")
		}
	}
	for i := range p.Sectors {
		if err := p.Sectors[i].finish(); err != nil {
			return err
		}
	}
	for i, l := range p.Leading {
		if p.Leading[i].Above, err = amount(l.Stated); err != nil {
			return err
		}
		if l.Over != "year" && l.Over != "month" {
			return bad("a leading sign is over a year or a month")
		}
	}
	for _, b := range []pack.Basis{p.Monthly.NewBasis, p.Monthly.Basis, p.Yearly.Basis, p.PeriodsBasis, p.YoungBasis, p.MaterialsBasis, p.MendBasis, p.LeadingBasis} {
		if !b.Valid() {
			return bad("every rule says whether it is established or assumed")
		}
	}
	return nil
}

func (s *Sector) finish() (err error) {
	if s.Stated != "" {
		if s.Threshold, err = amount(s.Stated); err != nil {
			return err
		}
	}
	for _, c := range s.Industries {
		if _, err := industry.Parse(string(c)); err != nil {
			return err
		}
	}
	if s.Code == "" || s.Source == "" || !s.Basis.Valid() {
		return fault.New(fault.Invalid, "enrolment.bad_pack", "file", s.Code, "why", "a sector needs code, basis and source")
	}
	return nil
}

// amount reads "2000 万元".
func amount(stated string) (int64, error) {
	number, symbol, _ := strings.Cut(stated, " ")
	u, err := unit.Of(symbol)
	if err != nil {
		return 0, err
	}
	return u.Parse(number)
}

// SectorOf finds the sector of an industry: the one with the narrowest code that contains it. ok is false for none.
func (p *Pack) SectorOf(c industry.Code) (s Sector, ok bool) {
	var best industry.Code
	for _, sector := range p.Sectors {
		for _, code := range sector.Industries {
			if code.Contains(c) && (!ok || code.Level() > best.Level()) {
				s, best, ok = sector, code, true
			}
		}
	}
	return s, ok
}

// Window is one chance to enter.
type Window struct {
	Batch  period.Month // from which the enterprise is in the list
	Closes period.Date  // last day on which material is taken
}

// windows lists the batches that close on a day or later, in two years from it, the earliest first.
func windows(batches []Batch, from period.Date) (out []Window) {
	for year := from.Year(); year <= from.Year()+2; year++ {
		for _, b := range batches {
			m := period.MonthOf(year, b.Month)
			closes := m - period.Month(b.Before)
			w := Window{m, period.DateOf(closes.Year(), closes.Month(), b.Day)}
			if w.Closes >= from {
				out = append(out, w)
			}
		}
	}
	slices.SortFunc(out, func(a, b Window) int { return cmp.Or(cmp.Compare(a.Closes, b.Closes), cmp.Compare(a.Batch, b.Batch)) })
	return out
}

// Signs lists the leading signs of a county that an enterprise shows. values are amounts in canonical units by sign and span:
// "electricity/year", "taxable_sales/month". A sign whose value is not known is not shown.
func (p *Pack) Signs(county string, values map[string]int64) (shown []Leading) {
	for _, l := range p.Leading {
		if v, known := values[l.Sign+"/"+l.Over]; known && l.County == county && v > l.Above {
			shown = append(shown, l)
		}
	}
	return shown
}
