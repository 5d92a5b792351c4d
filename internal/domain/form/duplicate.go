package form

import (
	"slices"
	"strings"
	"unicode"
)

// Duplicate says that a form asks what another field asks already (同义项).
type Duplicate struct {
	Field      Code // that the form asks
	OtherField Code // to be used instead
	OtherForm  Code // that asks it; the form itself for a question that stands in it twice; "" when only the dictionary has it
	Why        string
}

// The reasons of a Duplicate; the messages are form.duplicate.<why>.
const (
	SameName          = "same_name"          // one of its names is one of the other's
	SimilarName       = "similar_name"       // same kind and unit, and one name contains the other or nearly is it
	SimilarDefinition = "similar_definition" // same kind and unit, and nearly the same definition
)

// Duplicates finds what a form asks that another field asks already: in the dictionary, in another form or in the form
// itself. Of two fields of the dictionary none is reported, since they were told apart there; names that differ in a word
// that tells things apart (planned, last year, cumulative, in production…) are different things. f may be a form of this
// library or a new one from Parse. By field in the form's order; one Duplicate for each field.
//
// It compares letters, knows no meaning, and only ever proposes.
func (l *Library) Duplicates(f *Form) []Duplicate {
	asked := l.askedIn(f)
	var out []Duplicate
	for i := range f.Items {
		d := f.Items[i].Field
		if l.inDictionary(d) {
			continue
		}
		if x, ok := l.twin(f, d, i); ok {
			if x.OtherForm == "" {
				x.OtherForm = asked[x.OtherField]
			}
			out = append(out, x)
		}
	}
	return out
}

func (l *Library) inDictionary(d *Field) bool {
	e := l.byCode[d.Code]
	return e != nil && e.form == ""
}

// askedIn says which form asks a field first, the form itself last.
func (l *Library) askedIn(f *Form) map[Code]Code {
	asked := map[Code]Code{}
	for _, other := range append(l.Forms(), f) {
		for i := range other.Items {
			code := other.Items[i].Field.Code
			if asked[code] == "" && (other.Code != f.Code || other == f) {
				asked[code] = other.Code
			}
		}
	}
	return asked
}

// twin finds the field that is most like d: the same name before a similar one before a similar definition.
func (l *Library) twin(f *Form, d *Field, before int) (best Duplicate, ok bool) {
	rank := []string{SameName, SimilarName, SimilarDefinition}
	weigh := func(other *Field, in Code) {
		if other.Code == d.Code {
			return
		}
		why := d.like(other)
		if why != "" && (!ok || slices.Index(rank, why) < slices.Index(rank, best.Why)) {
			best, ok = Duplicate{Field: d.Code, OtherField: other.Code, OtherForm: in, Why: why}, true
		}
	}
	for _, other := range l.fields {
		weigh(other, "")
	}
	for i := range before {
		if other := f.Items[i].Field; l.byCode[other.Code] == nil {
			weigh(other, f.Code)
		}
	}
	return best, ok
}

// like says why two fields may be one; "" when they are not.
func (it *Field) like(other *Field) string {
	if it.Kind != other.Kind || it.canonical() != other.canonical() || it.Measure != other.Measure {
		return ""
	}
	mine, theirs := it.called(), other.called()
	for _, a := range mine {
		if slices.Contains(theirs, a) {
			return SameName
		}
	}
	for _, a := range mine {
		for _, b := range theirs {
			if sameThing(a, b) {
				return SimilarName
			}
		}
	}
	const long = 12 // a shorter definition says too little
	a, b := plainText(it.Definition.ZH), plainText(other.Definition.ZH)
	if len([]rune(a)) >= long && len([]rune(b)) >= long && slices.Equal(markers(it.Name.ZH), markers(other.Name.ZH)) && alike(grams(a), grams(b)) >= 0.7 {
		return SimilarDefinition
	}
	return ""
}

// general are names that say too little to mean one thing.
var general = []string{"编号", "序号", "名称", "状态", "类别", "类型", "来源", "说明", "备注", "日期", "时间", "进度", "事项", "项目", "note", "status", "remark", "date", "number"}

// called lists the names of a field as they are compared.
func (it *Field) called() []string {
	var out []string
	for _, n := range append([]string{it.Name.ZH, it.Name.EN}, it.Names...) {
		if p := plainText(n); p != "" && !slices.Contains(general, p) {
			out = append(out, p)
		}
	}
	return out
}

// distinguishing are words that make another thing of a name: whose, when, how sure, which part. One of a row is as good as
// the next.
var distinguishing = [][]string{
	{"计划", "预计", "拟", "planned", "expected", "projected"}, {"实际", "actual"}, {"上年", "去年", "同期", "last year"}, {"累计", "1-本月", "year to date", "cumulative"},
	{"全年", "年度", "annual"}, {"其中", "of which"}, {"新增", "新", "new"}, {"平均", "average"}, {"期初", "年初"}, {"出口", "export"}, {"工业", "industrial"}, {"研发", "r&d", "research"},
	{"设备", "equipment"}, {"应收", "due"}, {"已收", "paid"}, {"应付"}, {"空置", "闲置", "vacant"}, {"出租", "租赁", "leased"}, {"出售", "sold"}, {"可用", "可使用", "usable"},
	{"开工", "动工", "start"}, {"竣工", "完工", "建成", "end", "completed"}, {"投产", "生产", "producing"}, {"装修", "fitting"}, {"签约", "签订", "signed"}, {"意向", "intended"}, {"纳统", "规上", "enrolled"},
	{"交付", "handed"}, {"清退", "退出", "cleared"}, {"撤回", "withdrawn"}, {"驳回", "不予", "refused"}, {"批准", "核准", "approved", "granted"}, {"申请", "受理", "submitted", "requested", "lodged"}, {"上诉", "复议", "appeal"},
	{"水", "water"}, {"电", "power", "electricity"}, {"气", "gas"}, {"物业", "property"}, {"押金", "deposit"}, {"退", "refund"}, {"土地", "用地", "land"}, {"建筑", "floor"},
	{"高新", "high-tech"}, {"女"}, {"下月", "next month"}, {"本日", "daily"}, {"不", "未", "非", "no"}, {"经度", "东", "longitude", "x"}, {"纬度", "北", "latitude", "y"}, {"服务", "service"}, {"利润", "profit"}, {"净", "套内", "net"}, {"毛", "gross"},
	{"原", "旧", "former", "old"}, {"失效", "到期", "expires"}, {"编号", "号", "number"}, {"文号"}, {"需求", "wanted"}, {"达产", "承诺", "full"}, {"规划"}, {"大气", "air"}, {"税", "tax"}, {"全部", "all"}, {"部分", "part"},
}

// markers lists which distinguishing words a name has.
func markers(name string) []int {
	var out []int
	lower := strings.ToLower(name)
	words := strings.FieldsFunc(lower, func(r rune) bool {
		return r < 128 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' && r != '-'
	})
	for i, row := range distinguishing {
		if slices.ContainsFunc(row, func(w string) bool {
			return w[0] >= 128 && strings.Contains(lower, w) || slices.Contains(words, w) || strings.Contains(w, " ") && strings.Contains(lower, w)
		}) {
			out = append(out, i)
		}
	}
	return out
}

// sameThing says whether two names mean one thing: the same distinguishing words, and the shorter is in the longer, letter
// after letter, without more than two letters between (营业收入 in 主营业务收入), or they share most pairs of letters.
func sameThing(a, b string) bool {
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	const least, more = 4, 2
	if len(short) < least || !slices.Equal(markers(a), markers(b)) {
		return false
	}
	if short[0] < 128 || long[0] < 128 {
		return alike(grams(a), grams(b)) >= 0.85
	}
	return len(long)-len(short) <= more && within(short, long) || alike(grams(a), grams(b)) >= 0.75
}

// within says whether all letters of a are in b in that order.
func within(a, b []rune) bool {
	i := 0
	for _, r := range b {
		if i < len(a) && a[i] == r {
			i++
		}
	}
	return i == len(a)
}

// plainText writes a name as it is compared: without brackets and what is in them, marks, blanks and words that say only
// that this month is meant.
func plainText(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range strings.ToLower(s) {
		switch {
		case strings.ContainsRune("(（[【", r):
			depth++
		case strings.ContainsRune(")）]】", r):
			depth = max(0, depth-1)
		case depth == 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case depth == 0 && r < 128 && b.Len() > 0 && r == ' ':
			b.WriteRune(' ')
		}
	}
	out := strings.Join(strings.Fields(b.String()), " ")
	for _, noise := range []string{"本月", "当月", "本期", "当期", "期末", "月末", "金额", "总额", "合计", "数量", "情况"} {
		if cut := strings.ReplaceAll(out, noise, ""); len([]rune(cut)) >= 2 {
			out = cut
		}
	}
	return out
}

// grams are the pairs of neighbouring letters of a text, sorted.
func grams(s string) []string {
	r := []rune(s)
	var out []string
	for i := 0; i+1 < len(r); i++ {
		out = append(out, string(r[i:i+2]))
	}
	slices.Sort(out)
	return out
}

// alike is twice the pairs that two texts share over all pairs: 0 nothing, 1 the same.
func alike(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	i, j, same := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			same, i, j = same+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(same) / float64(len(a)+len(b))
}
