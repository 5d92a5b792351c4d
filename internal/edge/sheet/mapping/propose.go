package mapping

import (
	"cmp"
	"slices"
	"strings"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/value"
	"github.com/parkbrain/parkbrain/internal/kit/unit"
)

// Suggestion is a field that a column may hold.
type Suggestion struct {
	Column  int      `json:"column"` // Index of the Column
	Field   string   `json:"field"`  // Code of the Field
	Score   float64  `json:"score"`  // 0 to 1
	Reasons []Reason `json:"reasons"`
	Chosen  bool     `json:"chosen"` // the best for its column and its field; others are to choose from
}

// Reason says what speaks for or against a Suggestion.
type Reason struct {
	What Because `json:"what"`
	Text string  `json:"text"` // the name, unit or kind that it is about
}

// Because names what a Reason is about.
type Because string

// The reasons. The last two speak against.
const (
	NameSame      Because = "name_same"      // the title is one of the field's names
	NamePart      Because = "name_part"      // one contains the other
	NameSimilar   Because = "name_similar"   // they share most of their letters
	UnitFits      Because = "unit_fits"      // the column's unit is of the field's kind
	ValuesFit     Because = "values_fit"     // the cells look as the field's values do
	UnitUnfits    Because = "unit_unfits"    // the column's unit is of another kind
	ValuesUnfit   Because = "values_unfit"   // the cells look otherwise
	minimum               = 0.45             // score under which nothing is suggested
	perColumn             = 3                // suggestions for a column
	certainEnough         = minimum + 1.0/10 // score from which a suggestion is chosen
)

// Propose suggests fields for the columns of a layout: at most three for each, by column and then from the best; every field
// is chosen at most once, the surest first.
func Propose(l Layout, fields []Field) []Suggestion {
	var all []Suggestion
	for _, c := range l.Column {
		var own []Suggestion
		for _, f := range fields {
			if s := suggest(l, c, f); s.Score >= minimum {
				own = append(own, s)
			}
		}
		slices.SortStableFunc(own, func(a, b Suggestion) int { return cmp.Compare(b.Score, a.Score) })
		all = append(all, own[:min(len(own), perColumn)]...)
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[b].Score, all[a].Score) })
	columns, taken := map[int]bool{}, map[string]bool{}
	for _, i := range order {
		if s := &all[i]; s.Score >= certainEnough && !columns[s.Column] && !taken[s.Field] {
			s.Chosen, columns[s.Column], taken[s.Field] = true, true, true
		}
	}
	return all
}

// suggest weighs one field for one column.
func suggest(l Layout, c Column, f Field) Suggestion {
	s := Suggestion{Column: c.Index, Field: f.Code}
	for _, name := range f.Names {
		for _, v := range variants(c) {
			if score, why := alike(v, sheet.Normalize(name)); score > s.Score {
				s.Score, s.Reasons = score, []Reason{{why, name}}
			}
		}
	}
	if s.Score == 0 {
		return s
	}
	written := c.Unit
	if written == "" && f.Kind == value.Quantity {
		written = l.Unit
	}
	if symbol, ok := value.UnitSymbol(written); ok && f.Kind == value.Quantity && f.Unit != "" {
		if sameKind(symbol, f.Unit) {
			s.weigh(1.05, UnitFits, written)
		} else if c.Unit != "" {
			s.weigh(0.3, UnitUnfits, written)
		}
	}
	switch looks := c.Kind; {
	case looks == "":
	case looks == f.Kind || f.Kind == value.Code && looks != value.Date || f.Kind == value.Text || f.Kind == "":
		if f.Kind != value.Text && f.Kind != "" {
			s.weigh(1.1, ValuesFit, string(looks))
		}
	case f.Kind == value.Date && looks == value.Quantity, f.Kind == value.Truth: // years, 202406, 1 and 0 look like numbers
	default:
		s.weigh(0.6, ValuesUnfit, string(looks))
	}
	return s
}

func (s *Suggestion) weigh(factor float64, why Because, text string) {
	s.Score = min(1, s.Score*factor)
	s.Reasons = append(s.Reasons, Reason{why, text})
}

func sameKind(a, b string) bool {
	ua, err1 := unit.Of(a)
	ub, err2 := unit.Of(b)
	return err1 == nil && err2 == nil && ua.To == ub.To
}

// variants are the ways to read a column's title, normalised: as a whole, its last part, that without its bracket, and the band
// and the last part as one word in either order (土地/面积 is 土地面积).
func variants(c Column) []string {
	bare, _ := sheet.CutBracket(c.Leaf)
	out := []string{sheet.Normalize(c.Leaf), strings.ToLower(bare), sheet.Normalize(c.Title)}
	if at := strings.LastIndexByte(c.Title, '/'); at > 0 && strings.HasSuffix(c.Title, c.Leaf) {
		over := strings.TrimSuffix(strings.TrimSuffix(c.Title, c.Leaf), "/")
		over = over[strings.LastIndexByte(over, '/')+1:]
		band, _ := sheet.CutBracket(over)
		band = strings.ToLower(band)
		out = append(out, band+strings.ToLower(bare), strings.ToLower(bare)+band)
	}
	return out
}

// alike compares two normalised names: 1 when they are equal, less when one contains the other or they share pairs of letters.
func alike(a, b string) (float64, Because) {
	switch {
	case a == "" || b == "":
		return 0, ""
	case a == b:
		return 1, NameSame
	}
	la, lb := len([]rune(a)), len([]rune(b))
	if strings.Contains(a, b) || strings.Contains(b, a) {
		ratio := float64(min(la, lb)) / float64(max(la, lb))
		if min(la, lb) < 2 {
			return 0, ""
		}
		return 0.4 + 0.5*ratio, NamePart
	}
	const half = 0.5
	if d := dice(a, b); d >= half {
		return 0.3 + 0.5*d, NameSimilar
	}
	return 0, ""
}

// dice is the Sørensen–Dice coefficient of the pairs of neighbouring letters: 2·|common| / (|a| + |b|).
func dice(a, b string) float64 {
	pairs := func(s string) map[[2]rune]int {
		r, out := []rune(s), map[[2]rune]int{}
		for i := 1; i < len(r); i++ {
			out[[2]rune{r[i-1], r[i]}]++
		}
		return out
	}
	pa, pb := pairs(a), pairs(b)
	common, all := 0, 0
	for p, n := range pa {
		common += min(n, pb[p])
		all += n
	}
	for _, n := range pb {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all)
}

// Mapping makes a mapping of a layout and the chosen suggestions, for the user to correct. Columns without a field are in it,
// so that the user sees them. An order of days, or the calendar of the Republic, is proposed where titles and cells leave no doubt.
func (l Layout) Mapping(chosen []Suggestion, fields []Field) Mapping {
	m := Mapping{Version: Version, Fingerprint: l.Print, Sheet: l.Sheet, First: l.First, Last: l.Last, Order: l.Order()}
	for _, c := range l.Column {
		out := ColumnMap{Column: sheet.ColumnName(c.Index), Title: c.Title}
		i := slices.IndexFunc(chosen, func(s Suggestion) bool { return s.Chosen && s.Column == c.Index })
		if i >= 0 {
			f := fields[slices.IndexFunc(fields, func(f Field) bool { return f.Code == chosen[i].Field })]
			out.Field, out.Kind = f.Code, f.Kind
			out.ROC = c.ROC && f.Kind == value.Date
			if f.Kind == value.Quantity {
				out.Unit = unitOf(l, c, f)
			}
		}
		m.Columns = append(m.Columns, out)
	}
	return m
}

// Order is the order of day and month that the columns of the table show together: an office writes all of them alike. Empty
// where none of them shows one, and where they contradict each other.
func (l Layout) Order() value.Order {
	var seen [2]bool
	for _, c := range l.Column {
		seen[0], seen[1] = seen[0] || c.orders[0], seen[1] || c.orders[1]
	}
	return orderOf(seen)
}

// unitOf is the unit of a column's bare numbers: what its title says, else what the table says, where that is of the field's
// kind. Empty is not the field's own unit: nobody has said it.
func unitOf(l Layout, c Column, f Field) string {
	for _, written := range []string{c.Unit, l.Unit} {
		if symbol, ok := value.UnitSymbol(written); ok && (f.Unit == "" || sameKind(symbol, f.Unit)) {
			return symbol
		}
	}
	return ""
}
