package api

import (
	"context"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// ReadinessNote is a sentence in both languages.
type ReadinessNote struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
}

// ReadinessBlock is something in the way.
type ReadinessBlock struct {
	Key    string `json:"key" doc:"threshold, periods, material, expired, base"`
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
	Due    string `json:"due" doc:"last day to begin with it for the window"`
	Done   string `json:"done" doc:"first day on which it can be out of the way; empty: not in sight"`
	Late   bool   `json:"late" doc:"that is after the window has closed, or not in sight"`
}

// ReadinessMonth is what was filed for a month, in yuan and kWh; null: nothing.
type ReadinessMonth struct {
	Month       string   `json:"month"`
	Revenue     *float64 `json:"revenue"`
	Output      *float64 `json:"output"`
	Electricity *float64 `json:"electricity"`
	Tax         *float64 `json:"tax"`
	Counts      bool     `json:"counts" doc:"it is one of the months that the window asks for"`
}

// EnrolmentFact is what the bureau, or the enterprise's application to it, says.
type EnrolmentFact struct {
	Fact       string   `json:"fact"`
	Seq        int64    `json:"seq"`
	Day        string   `json:"day"`
	Month      string   `json:"month"`
	Value      *float64 `json:"value" doc:"yuan"`
	Void       bool     `json:"void"`
	State      string   `json:"state" enum:"counts,earlier,taken_back,void"`
	Nature     string   `json:"nature"`
	Source     string   `json:"source"`
	Recorder   string   `json:"recorder"`
	RecordedAt string   `json:"recorded_at"`
}

// EnrolmentPaper is a material of the check-list with what is known of it.
type EnrolmentPaper struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	NameEN     string `json:"name_en"`
	Takes      int    `json:"takes" doc:"days from nothing"`
	Lasts      int    `json:"lasts" doc:"days that it holds; 0: it does not end"`
	Have       bool   `json:"have"`
	Expires    string `json:"expires"`
	Derived    bool   `json:"derived" doc:"the last day follows from the pack, nobody stated it"`
	Expired    bool   `json:"expired" doc:"today"`
	Ends       bool   `json:"ends" doc:"before the window closes"`
	Evidence   string `json:"evidence"`
	Source     string `json:"source"`
	Recorder   string `json:"recorder"`
	RecordedAt string `json:"recorded_at"`
}

// ReadinessTask is something to do.
type ReadinessTask struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
	Due    string `json:"due"`
	Late   bool   `json:"late"`
}

// EnrolmentRule is a line of the pack with how sure it is.
type EnrolmentRule struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
	Basis  string `json:"basis" enum:"established,assumed"`
	Source string `json:"source"`
}

// ReadinessDetail is one enterprise with all that the verdict rests on.
type ReadinessDetail struct {
	ReadinessBase
	Pack     EnrolmentPackName `json:"pack"`
	Today    string            `json:"today"`
	Blocks   []ReadinessBlock  `json:"blocks"`
	Notes    []ReadinessNote   `json:"notes" doc:"where ledger, register and the bureau's word do not agree"`
	Months   []ReadinessMonth  `json:"months" doc:"the last 36, the earliest first"`
	Base     *float64          `json:"base" doc:"last year's output that the bureau compares with, yuan"`
	LastYear *float64          `json:"last_year" doc:"last year's output as it was reported, yuan"`
	Facts    []EnrolmentFact   `json:"facts"`
	Papers   []EnrolmentPaper  `json:"papers"`
	Tasks    []ReadinessTask   `json:"tasks"`
	Rules    []EnrolmentRule   `json:"rules" doc:"the lines of the pack that apply"`
	Can      []string          `json:"can" doc:"edit"`
}

const (
	chinese = "zh-CN"
	english = "en"
)

// readinessView writes rows for one caller.
type readinessView struct {
	a     *API
	v     *enrolment.View
	scope auth.Scope
}

func packName(p *enrolment.Pack) EnrolmentPackName {
	return EnrolmentPackName{p.Code, p.Number, p.Issuer}
}

func (s readinessView) base(r *enrolment.Row) ReadinessBase {
	out := ReadinessBase{Enterprise: string(r.ID), Name: r.Name, USCC: string(r.USCC), Org: string(r.Org.ID), OrgName: r.Org.NameZH, OrgNameEN: r.Org.NameEN,
		Industry: string(r.Industry), IndustryName: s.a.Industries.Name(r.Industry), Nature: string(r.Nature), Sector: r.Sector.Code, SectorName: r.Sector.Name.ZH, SectorNameEN: r.Sector.Name.EN,
		Verdict: string(r.Verdict), Path: string(r.Path), Known: r.Known, Asked: r.Asked, Met: r.Met, ReadyOn: r.ReadyOn.String(),
		Opened: r.Case.Opened.String(), Relocated: r.Case.Relocated, Signs: []ReadinessSign{}, Applied: r.Register.Applied.String()}
	if r.ShowsPark(s.scope) {
		out.Park, out.ParkName = string(r.Park), r.ParkName
	}
	if r.Sector.Threshold != 0 {
		out.Threshold = inYuan(r.Sector.Threshold)
	}
	if r.Path != "" {
		left := between(s.v.Today, r.Window.Closes)
		out.Window, out.DaysLeft = windowOf(r.Window), &left
		out.From, out.To = r.First.String(), r.Last.String()
		if r.KnowsRevenue() {
			out.Rolling = inYuan(r.Rolling)
		}
	}
	out.MetIn, out.InListSince, out.Accepted = monthText(r.MetIn), monthText(r.Register.Since), monthText(r.Register.Accepted)
	if r.Verdict == enrolment.Misses {
		late := r.Late
		out.LateDays = &late
		if r.Reachable.Closes != 0 {
			out.Reachable = windowOf(r.Reachable)
		}
	}
	out.Says, out.SaysEN = s.both(func(lang string) string { return s.says(lang, r) })
	if len(r.Tasks) > 0 {
		t := r.Tasks[0]
		out.NextTask, out.NextTaskEN = s.both(func(lang string) string { return s.text(lang, t.Key, t.Args) })
		out.NextDue = t.Due.String()
	}
	for _, x := range r.Signs {
		out.Signs = append(out.Signs, signOf(x))
	}
	return out
}

func (s readinessView) chance(c enrolment.Chance) ReadinessChance {
	out := ReadinessChance{ReadinessWindow: *windowOf(c.Window), Path: string(c.Path), Ready: c.Counts[enrolment.Ready], Preparing: c.Counts[enrolment.Preparing],
		Misses: c.Counts[enrolment.Misses], Waiting: c.Counts[enrolment.Waiting]}
	if c.Closes >= s.v.Today {
		left := between(s.v.Today, c.Closes)
		out.DaysLeft = &left
	}
	return out
}

func (s readinessView) detail(r *enrolment.Row, edit bool) ReadinessDetail {
	out := ReadinessDetail{ReadinessBase: s.base(r), Pack: packName(s.v.Pack), Today: s.v.Today.String(), Blocks: []ReadinessBlock{}, Notes: []ReadinessNote{}, Facts: []EnrolmentFact{},
		Months: []ReadinessMonth{}, Papers: []EnrolmentPaper{}, Tasks: []ReadinessTask{}, Rules: s.rules(r), Can: []string{}, Base: inYuanOf(r.Case.Base), LastYear: inYuanOf(r.Case.LastYear)}
	if edit {
		out.Can = append(out.Can, "edit")
	}
	for _, b := range r.Blocks {
		text, en := s.both(func(lang string) string { return s.text(lang, b.Key, b.Args) })
		out.Blocks = append(out.Blocks, ReadinessBlock{strings.TrimPrefix(b.Key, "enrolment.block."), text, en, b.Due.String(), b.Done.String(), b.Done == 0 || b.Done > r.Window.Closes})
	}
	for _, n := range r.Notes {
		text, en := s.both(func(lang string) string { return s.text(lang, n.Key, n.Args) })
		out.Notes = append(out.Notes, ReadinessNote{text, en})
	}
	for _, m := range r.Months(36) {
		item := ReadinessMonth{Month: m.Month.String(), Revenue: inYuanOf(m.Revenue), Output: inYuanOf(m.Output), Tax: inYuanOf(m.Tax), Counts: r.Path != "" && m.Month >= r.First && m.Month <= r.Last}
		if m.Electricity != nil {
			kwh := float64(*m.Electricity)
			item.Electricity = &kwh
		}
		out.Months = append(out.Months, item)
	}
	facts := r.Recorded()
	for i, mark := range enrolment.Marks(facts) {
		f := facts[i]
		out.Facts = append(out.Facts, EnrolmentFact{string(f.Word), f.Seq, f.Day.String(), monthText(f.Month), inYuanOf(f.Value), f.Void, string(mark), string(f.Nature), f.Source,
			f.Recorder, instant(f.RecordedAt)})
	}
	for _, t := range r.Tasks {
		text, en := s.both(func(lang string) string { return s.text(lang, t.Key, t.Args) })
		out.Tasks = append(out.Tasks, ReadinessTask{text, en, t.Due.String(), t.Late})
	}
	s.papers(&out, r)
	return out
}

func (s readinessView) papers(out *ReadinessDetail, r *enrolment.Row) {
	sheets := r.Sheets()
	for _, m := range s.v.Pack.Materials {
		item := EnrolmentPaper{Code: m.Code, Name: m.Name.ZH, NameEN: m.Name.EN, Takes: m.Takes, Lasts: m.Lasts}
		if x, ok := sheets[m.Code]; ok {
			item.Have, item.Evidence, item.Source, item.Recorder, item.RecordedAt = x.Have, x.Evidence, x.Source, x.Recorder, instant(x.RecordedAt)
			if x.Have {
				until := x.Until(m)
				item.Expires, item.Derived = until.String(), until != 0 && x.Expires == 0
				item.Expired = until != 0 && until < s.v.Today
				item.Ends = until != 0 && until < r.Window.Closes
			}
		}
		out.Papers = append(out.Papers, item)
	}
}

func (s readinessView) both(say func(lang string) string) (zh, en string) {
	return say(chinese), say(english)
}

// text is a message with its amounts, materials and lists of months as people of a language read them.
func (s readinessView) text(lang, key string, args map[string]any) string {
	for arg, suffix := range map[string]string{"recorded": "_unrecorded", "filed": "_unknown"} {
		if known, ok := args[arg].(bool); ok && !known {
			key += suffix
		}
	}
	text, _ := s.a.Texts.Format(lang, key, s.args(lang, args))
	return text
}

func (s readinessView) args(lang string, in map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range in {
		switch x := value.(type) {
		case int64:
			value = money(lang, x)
		case string:
			if m, ok := s.v.Pack.Material(x); name == "material" && ok {
				value = m.Name.In(lang)
			}
		}
		out[name] = value
	}
	return out
}

// says is the verdict as a sentence.
func (s readinessView) says(lang string, r *enrolment.Row) string {
	args := map[string]any{"batch": monthText(r.Window.Batch), "closes": r.Window.Closes.String(), "late": r.Late, "ready_on": r.ReadyOn.String(), "count": len(r.Blocks),
		"since": monthText(r.Register.Since), "accepted": monthText(r.Register.Accepted), "applied": r.Register.Applied.String()}
	key := "enrolment.says." + string(r.Verdict)
	switch r.Verdict {
	case enrolment.Misses, enrolment.Below, enrolment.Unknown:
		var why []string
		for _, b := range r.Because() {
			why = append(why, strings.TrimRight(s.text(lang, b.Key, b.Args), "。."))
		}
		args["because"] = strings.Join(why, map[string]string{chinese: "；", english: "; "}[lang])
	case enrolment.Waiting:
		if r.Register.Accepted != 0 {
			key = "enrolment.says.accepted"
		}
	}
	return s.text(lang, key, args)
}

// rules lists the lines of the pack that apply to an enterprise.
func (s readinessView) rules(r *enrolment.Row) []EnrolmentRule {
	out := []EnrolmentRule{}
	p := s.v.Pack
	add := func(key string, basis pack.Basis, source string, kv ...any) {
		args := map[string]any{}
		for i := 0; i+1 < len(kv); i += 2 {
			args[kv[i].(string)] = kv[i+1]
		}
		text, en := s.both(func(lang string) string {
			local := map[string]any{"sector": r.Sector.Name.In(short(lang))}
			for k, v := range args {
				local[k] = v
			}
			return s.text(lang, "enrolment.rule."+key, local)
		})
		out = append(out, EnrolmentRule{text, en, string(basis), source})
	}
	if r.Sector.Code == "" {
		return out
	}
	if r.Sector.Threshold == 0 {
		add("licence", r.Sector.Basis, r.Sector.Source)
		return out
	}
	add("threshold", r.Sector.Basis, r.Sector.Source, "amount", r.Sector.Threshold)
	if r.Path == "" { // no window is looked for
		return out
	}
	if r.Path == enrolment.ByMonth {
		add("monthly", p.Monthly.Basis, p.Monthly.Source, "count", len(p.Monthly.Batches))
		add("new_for", p.Monthly.NewBasis, "", "months", p.Monthly.NewFor)
		add("young", p.YoungBasis, "")
	} else {
		add("yearly", p.Yearly.Basis, p.Yearly.Source, "closes", p.Closes(enrolment.ByYear, s.v.Today.Year()))
	}
	add("periods", p.PeriodsBasis, "", "count", p.Periods)
	add("base", p.PeriodsBasis, "")
	add("mend", p.MendBasis, "", "days", p.MendDays)
	add("materials", p.MaterialsBasis, p.MaterialsSource, "count", len(p.Materials))
	if len(r.Signs) > 0 {
		add("leading", p.LeadingBasis, p.LeadingSource)
	}
	return out
}

// EnrolmentPackBody is the pack as a page shows it. Amounts are as the pack states them.
type EnrolmentPackBody struct {
	EnrolmentPackName
	Province  string              `json:"province"`
	From      string              `json:"from"`
	Periods   int                 `json:"periods"`
	NewFor    int                 `json:"new_for_months"`
	MendDays  int                 `json:"mend_days"`
	Sectors   []EnrolmentSector   `json:"sectors"`
	Windows   []ReadinessChance   `json:"windows" doc:"of this year; without counts"`
	Materials []EnrolmentMaterial `json:"materials"`
	Leading   []EnrolmentLeading  `json:"leading"`
	Bases     []EnrolmentBasis    `json:"bases" doc:"how sure each part is"`
}

// EnrolmentSector is a class of enterprises with its threshold.
type EnrolmentSector struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	NameEN     string   `json:"name_en"`
	Industries []string `json:"industries"`
	Threshold  *float64 `json:"threshold" doc:"yuan; null: by licence or activity"`
	Basis      string   `json:"basis"`
	Source     string   `json:"source"`
}

// EnrolmentMaterial is something to hand in.
type EnrolmentMaterial struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Takes  int    `json:"takes"`
	Lasts  int    `json:"lasts"`
}

// EnrolmentLeading is a county's leading sign.
type EnrolmentLeading struct {
	County string `json:"county" doc:"GB/T 2260"`
	Sign   string `json:"sign"`
	Above  string `json:"above" doc:"as the pack states it"`
	Over   string `json:"over"`
}

// EnrolmentBasis says how sure a part of the pack is.
type EnrolmentBasis struct {
	Part   string `json:"part" enum:"monthly,new_for,yearly,periods,young,materials,mend,leading"`
	Basis  string `json:"basis" enum:"established,assumed"`
	Source string `json:"source"`
}

func (a *API) enrolmentPack(ctx context.Context, _ *struct{}) (*struct{ Body EnrolmentPackBody }, error) {
	var out EnrolmentPackBody
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		v, err := a.enrolled.Now(ctx, r, a.today())
		if err != nil {
			return err
		}
		out = packBody(v.Pack)
		list, err := v.List(enrolment.Query{Limit: 1})
		show := readinessView{a: a, v: v, scope: s}
		for _, c := range list.Chances {
			out.Windows = append(out.Windows, show.chance(c))
		}
		return err
	})
	return &struct{ Body EnrolmentPackBody }{out}, err
}

func packBody(p *enrolment.Pack) EnrolmentPackBody {
	out := EnrolmentPackBody{EnrolmentPackName: packName(p), Province: p.Province, From: p.From, Periods: p.Periods, NewFor: p.Monthly.NewFor, MendDays: p.MendDays,
		Sectors: []EnrolmentSector{}, Windows: []ReadinessChance{}, Materials: []EnrolmentMaterial{}, Leading: []EnrolmentLeading{}}
	for _, x := range p.Sectors {
		item := EnrolmentSector{Code: x.Code, Name: x.Name.ZH, NameEN: x.Name.EN, Industries: []string{}, Basis: string(x.Basis), Source: x.Source}
		for _, c := range x.Industries {
			item.Industries = append(item.Industries, string(c))
		}
		if x.Threshold != 0 {
			item.Threshold = inYuan(x.Threshold)
		}
		out.Sectors = append(out.Sectors, item)
	}
	for _, m := range p.Materials {
		out.Materials = append(out.Materials, EnrolmentMaterial{m.Code, m.Name.ZH, m.Name.EN, m.Takes, m.Lasts})
	}
	for _, l := range p.Leading {
		out.Leading = append(out.Leading, EnrolmentLeading{l.County, l.Sign, l.Stated, l.Over})
	}
	for _, b := range []struct {
		part   string
		basis  pack.Basis
		source string
	}{{"monthly", p.Monthly.Basis, p.Monthly.Source}, {"new_for", p.Monthly.NewBasis, ""}, {"yearly", p.Yearly.Basis, p.Yearly.Source}, {"periods", p.PeriodsBasis, ""},
		{"young", p.YoungBasis, ""}, {"materials", p.MaterialsBasis, p.MaterialsSource}, {"mend", p.MendBasis, ""}, {"leading", p.LeadingBasis, p.LeadingSource}} {
		out.Bases = append(out.Bases, EnrolmentBasis{b.part, string(b.basis), b.source})
	}
	return out
}

func windowOf(w enrolment.Window) *ReadinessWindow {
	return &ReadinessWindow{w.Batch.String(), w.Closes.String()}
}

func signOf(x enrolment.Sign) ReadinessSign {
	amount := func(v int64) float64 { return *inYuan(v) }
	out := ReadinessSign{Sign: x.Sign, Over: x.Over, Unit: "yuan", Known: x.Known, Asked: x.Asked, Hit: x.Hit}
	if strings.Contains(x.Stated, "千瓦时") {
		out.Unit, amount = "kwh", func(v int64) float64 { return float64(v) }
	}
	out.Above = amount(x.Above)
	if x.Value != nil {
		v := amount(*x.Value)
		out.Value = &v
	}
	return out
}

func inYuan(fen int64) *float64 {
	v := float64(fen) / 100
	return &v
}

func inYuanOf(fen *int64) *float64 {
	if fen == nil {
		return nil
	}
	return inYuan(*fen)
}

// short is a language as packs name it.
func short(lang string) string {
	if lang == english {
		return "en"
	}
	return "zh"
}

// between counts the days from one to another.
func between(from, to period.Date) int {
	day := func(d period.Date) time.Time {
		return time.Date(d.Year(), time.Month(d.Month().Month()), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)).Hours() / 24)
}
