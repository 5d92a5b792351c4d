package form_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

const city = "350500"

func actAt(hour int) org.Act {
	return org.Act{Scope: auth.Whole(city), Actor: "office.a", At: time.Date(2025, 3, 1, hour, 0, 0, 0, time.UTC)}
}

func put(d *db.DB, act org.Act, code form.Code, body string, since period.Date, reason string) (f *form.Form, err error) {
	err = d.Write(context.Background(), func(w db.Writer) error {
		f, err = form.Put(context.Background(), w, act, code, []byte(body), since, reason)
		return err
	})
	return f, err
}

func load(t testing.TB, d *db.DB) (l *form.Library) {
	t.Helper()
	if err := d.Read(context.Background(), func(r db.Reader) (err error) {
		l, err = form.Load(context.Background(), r, city)
		return err
	}); err != nil {
		t.Fatalf("Load = %v", err)
	}
	return l
}

func TestPut_addsAVersionInForceFromItsDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := edit(t, newest(t, shipped(t), "enterprise_monthly").Body, "due: 8,", "due: 10,")
		f, err := put(d, actAt(9), "enterprise_monthly", body, 20250401, "推迟两天")
		if err != nil || f.Version != 1 || f.Window.Due != 10 {
			t.Fatalf("Put = %+v, %v", f, err)
		}
		body = edit(t, body, "      - {field: wages}\n", "")
		body = edit(t, body, body[strings.Index(body, "  - code: pay_per_person"):strings.Index(body, "  - code: output_against_last_month")], "")
		if f, err = put(d, actAt(10), "enterprise_monthly", body, 20250601, "不再询问薪酬"); err != nil || f.Version != 2 {
			t.Fatalf("Put = %+v, %v", f, err)
		}
		l := load(t, d)
		for _, x := range []struct {
			p       string
			version int64
			due     int
			wages   bool
		}{{"2025-03", 0, 8, true}, {"2025-04", 1, 10, true}, {"2025-05", 1, 10, true}, {"2025-06", 2, 10, false}, {"", 2, 10, false}, {"2020-01", 0, 8, true}} {
			f, err := l.Form("enterprise_monthly", x.p)
			if err != nil || f.Version != x.version || f.Window.Due != x.due || (f.Item("wages") != nil) != x.wages {
				t.Errorf("Form(%q) = version %d, due %d, %v, want %d, %d", x.p, f.Version, f.Window.Due, err, x.version, x.due)
			}
		}
		vs := l.Versions("enterprise_monthly")
		if len(vs) != 3 || vs[2].Made != (form.Made{Reason: "不再询问薪酬", Actor: "office.a", At: actAt(10).At}) || vs[2].Since != 20250601 || vs[2].Body != body {
			t.Errorf("Versions = %d, the last %+v", len(vs), vs[len(vs)-1].Made)
		}
		if len(l.Forms()) != 8 || l.Forms()[0] != vs[2] {
			t.Errorf("Forms gives %d, the first in version %d", len(l.Forms()), l.Forms()[0].Version)
		}
	})
}

func TestPut_formOfTheCityWithItsOwnFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, err := put(d, actAt(9), "energy_survey", survey, 20250101, "用能摸底"); err != nil {
			t.Fatalf("Put = %v", err)
		}
		// Another form asks the same field; it sorts before the form that defines it.
		other := "form: a_check\nname: {zh: 抽查, en: Check}\nsubject: enterprise\nevery: year\nsections:\n  - {code: s, name: {zh: 内容, en: Content}, items: [{field: boiler_count}]}\n"
		if _, err := put(d, actAt(10), "a_check", other, 20250101, "年度抽查"); err != nil {
			t.Fatalf("Put = %v", err)
		}
		l := load(t, d)
		f, err := l.Form("a_check", "2025")
		if err != nil || f.Items[0].Field != l.Field("boiler_count") || l.Field("boiler_count").Name.ZH != "锅炉台数" {
			t.Fatalf("Form = %+v, %v", f, err)
		}
		if _, err := l.Form("a_check", "2024"); keyOf(err) != "form.not_found" || fault.KindOf(err) != fault.NotFound {
			t.Errorf("Form before its first day = %v, want form.not_found", err)
		}
		if got := l.Forms(); len(got) != 10 || got[8].Code != "a_check" || got[9].Code != "energy_survey" {
			t.Errorf("Forms gives %d", len(got))
		}
		if fields := l.Fields(); fields[len(fields)-1].Code != "boiler_count" {
			t.Errorf("the last field is %s", fields[len(fields)-1].Code)
		}
		// The field may get a better text, and stays what it is.
		renamed := edit(t, survey, "{zh: 锅炉台数, en: Boilers}", "{zh: 在用锅炉台数, en: Boilers in use}")
		if _, err := put(d, actAt(11), "energy_survey", renamed, 20250401, "改名"); err != nil {
			t.Fatalf("Put = %v", err)
		}
		l = load(t, d)
		old, err := l.Form("energy_survey", "2025-Q1")
		if err != nil || old.Item("boiler_count").Field.Name.ZH != "锅炉台数" || l.Field("boiler_count").Name.ZH != "在用锅炉台数" {
			t.Errorf("the version of 2025-Q1 asks %v, %v", old.Items[2].Field.Name, err)
		}
		for name, x := range map[string]struct{ code, body, key string }{
			"another kind":        {"energy_survey", edit(t, renamed, "unit: 个", "unit: 万元"), "form.field_changed"},
			"in another form":     {"commerce", edit(t, survey, "form: energy_survey", "form: commerce"), "form.field_elsewhere"},
			"of the dictionary":   {"energy_survey", edit(t, renamed, "code: boiler_count", "code: jobs"), "form.field_in_dictionary"},
			"the code of another": {"leads", survey, "form.other_code"},
		} {
			if _, err := put(d, actAt(12), x.code, x.body, 20250701, "改"); keyOf(err) != x.key {
				t.Errorf("%s: Put = %v, want %s", name, err, x.key)
			}
		}
	})
}

func TestPut_addsAChoiceAndDropsNone(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	first := edit(t, survey, "    kind: quantity\n    unit: 个\n    measure: stock\n", "    kind: choice\n    choices: [{code: a, name: {zh: 甲, en: A}}, {code: b, name: {zh: 乙, en: B}}]\n")
	first = first[:strings.Index(first, "rules:")]
	if _, err := put(d, actAt(9), "energy_survey", first, 20250101, "建"); err != nil {
		t.Fatalf("Put = %v", err)
	}
	wider := edit(t, first, "{code: b, name: {zh: 乙, en: B}}", "{code: b, name: {zh: 乙, en: B}}, {code: c, name: {zh: 丙, en: C}}")
	if _, err := put(d, actAt(10), "energy_survey", wider, 20250401, "加一项"); err != nil {
		t.Fatalf("Put = %v", err)
	}
	if _, err := put(d, actAt(11), "energy_survey", first, 20250701, "减一项"); keyOf(err) != "form.option_gone" {
		t.Errorf("Put without a choice = %v, want form.option_gone", err)
	}
	l := load(t, d) // the older version, narrower than the newest, is read all the same
	if f, err := l.Form("energy_survey", "2025-Q1"); err != nil || len(f.Item("boiler_count").Field.Choices) != 2 || len(l.Field("boiler_count").Choices) != 3 {
		t.Errorf("Form = %v, %v", f, err)
	}
}

func TestPut_refuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := shipped(t)
		monthly, leads, premises := newest(t, l, "enterprise_monthly").Body, newest(t, l, "leads").Body, newest(t, l, "premises_ledger").Body
		if _, err := put(d, actAt(9), "leads", leads, 20250601, "采用"); err != nil {
			t.Fatalf("Put = %v", err)
		}
		county := actAt(10)
		county.Scope = auth.Scope{City: city, Path: "350500.350582."}
		own := actAt(10)
		own.Scope = auth.Scope{City: city, Enterprise: "e-a"}
		noWages := monthly[:strings.Index(monthly, "rules:")]
		for _, x := range []struct {
			name   string
			act    org.Act
			code   form.Code
			body   string
			since  period.Date
			reason string
			key    string
		}{
			{"a county", county, "leads", leads, 20250701, "改", "form.only_city"},
			{"an enterprise", own, "leads", leads, 20250701, "改", "form.only_city"},
			{"nobody", org.Act{Actor: "x", At: actAt(1).At}, "leads", leads, 20250701, "改", "form.only_city"},
			{"no reason", actAt(10), "leads", leads, 20250701, " ", "form.no_reason"},
			{"a long reason", actAt(10), "leads", leads, 20250701, strings.Repeat("长", 501), "text.too_long"},
			{"no day", actAt(10), "leads", leads, 0, "改", "form.bad_since"},
			{"a month", actAt(10), "leads", leads, 20250700, "改", "form.bad_since"},
			{"no day of the calendar", actAt(10), "leads", leads, 20250231, "改", "form.bad_since"},
			{"before the version before", actAt(10), "leads", leads + "#\n", 20250531, "改", "form.since_before"},
			{"bytes that no column holds", actAt(10), "leads", leads + "#\x00\n", 20250701, "改", "text.invalid"},
			{"what Parse refuses", actAt(10), "leads", edit(t, leads, "every: standing", "every: week"), 20250701, "改", "form.bad_every"},
			{"another subject", actAt(10), "leads", edit(t, leads, "subject: org", "subject: park"), 20250701, "改", "form.shape_changed"},
			{"no list any more", actAt(10), "leads", edit(t, edit(t, leads, "list: true", "list: false"), ", key: true", ""), 20250701, "改", "form.shape_changed"},
			{"another key", actAt(10), "leads", edit(t, leads, "{field: enterprise_name, required: true}", "{field: enterprise_name, key: true}"), 20250701, "改", "form.key_changed"},
			{"a key that vanished", actAt(10), "premises_ledger", edit(t, edit(t, premises, "{field: premises_no, key: true}", "{field: bill_no, key: true}"), "      - {field: bill_no}\n", ""), 20250701, "改", "form.key_changed"},
			{"a figure that indicators read", actAt(10), "enterprise_monthly", edit(t, noWages, "      - {field: investment, required: true}\n", ""), 20250701, "改", "form.ledger_field_gone"},
		} {
			if _, err := put(d, x.act, x.code, x.body, x.since, x.reason); keyOf(err) != x.key {
				t.Errorf("%s: Put = %v, want %s", x.name, err, x.key)
			}
		}
		if n := len(load(t, d).Versions("leads")); n != 2 {
			t.Errorf("%d versions after refusals, want the shipped one and one", n)
		}
	})
}

func TestPut_writesOneLineAndNoneForTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		lines := func() (n int64) {
			if err := d.Read(ctx, func(r db.Reader) (err error) { n, err = audit.Seq(ctx, r, city); return err }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range 2 {
			if f, err := put(d, actAt(9), "energy_survey", survey, 20250101, "用能摸底"); err != nil || f.Version != 1 {
				t.Fatalf("Put = %+v, %v", f, err)
			}
			if n := lines(); n != 1 {
				t.Errorf("%d audit lines, want 1", n)
			}
		}
		if f, err := put(d, actAt(10), "energy_survey", survey, 20250401, "自二季度起"); err != nil || f.Version != 2 || lines() != 2 {
			t.Errorf("Put for another day = %+v, %v, %d lines", f, err, lines())
		}
	})
}

func TestLoad_knowsOnlyItsCity(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	if _, err := put(d, actAt(9), "energy_survey", survey, 20250101, "用能摸底"); err != nil {
		t.Fatalf("Put = %v", err)
	}
	if err := d.Read(context.Background(), func(r db.Reader) error {
		l, err := form.Load(context.Background(), r, "350600")
		if err == nil && len(l.Forms()) != 8 {
			t.Errorf("another city has %d forms", len(l.Forms()))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := shipped(t).Form("energy_survey", ""); keyOf(err) != "form.not_found" {
		t.Errorf("the shipped library has a city's form: %v", err)
	}
}

func TestShelf_loadsAgainOnlyAfterAPut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var shelf form.Shelf
		get := func() (l *form.Library) {
			if err := d.Read(ctx, func(r db.Reader) (err error) { l, err = shelf.Load(ctx, r, city); return err }); err != nil {
				t.Fatalf("Load = %v", err)
			}
			return l
		}
		first := get()
		if get() != first {
			t.Error("the shelf loads again without a change")
		}
		if _, err := put(d, actAt(9), "energy_survey", survey, 20250101, "用能摸底"); err != nil {
			t.Fatal(err)
		}
		second := get()
		if second == first || len(second.Forms()) != 9 || get() != second {
			t.Errorf("the shelf has %d forms after a Put", len(second.Forms()))
		}
	})
}

func TestPreview_changesNothing(t *testing.T) {
	l := shipped(t)
	f, with, err := l.Preview("energy_survey", []byte(survey))
	if err != nil || f.Version != 1 || len(with.Forms()) != 9 || with.Field("boiler_count") == nil || len(l.Forms()) != 8 || l.Field("boiler_count") != nil {
		t.Errorf("Preview = %+v, %v; %d forms with it, %d without", f, err, len(with.Forms()), len(l.Forms()))
	}
	if _, _, err := l.Preview("leads", []byte(edit(t, newest(t, l, "leads").Body, "list: true", "list: false"))); err == nil {
		t.Error("Preview takes what Put refuses")
	}
}
