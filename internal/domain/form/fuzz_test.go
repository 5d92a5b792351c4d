package form_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
)

// Whatever the file, Parse gives a form that can be judged or says what is wrong with it.
func FuzzParse(f *testing.F) {
	l := shipped(f)
	f.Add(survey)
	f.Add("")
	f.Add("form: x\n---\nform: y\n")
	f.Add("a: &a [*a]\n")
	f.Add("form: &x energy\nname: {zh: *x, en: *x}\nsubject: org\nevery: year\nfields: [{<<: {code: a}, kind: text, name: {zh: a, en: a}}]\nsections: [{code: s, name: {zh: a, en: a}, items: [{field: a}]}]\n")
	f.Add(newest(f, l, "leads").Body)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := form.Parse(l, []byte(body))
		var faults pack.Faults
		switch {
		case err == nil:
			_ = l.Duplicates(got)
			_ = got.Judge(func(rule.Input) rule.Value { return rule.Value{} })
			if _, _, err := l.Preview(got.Code, []byte(body)); err != nil && !errors.As(err, &faults) && keyOf(err) == "" {
				t.Fatalf("Preview = %v", err)
			}
		case !errors.As(err, &faults) || len(faults) == 0 || faults[0].Key == "":
			t.Fatalf("Parse = %v, want Faults", err)
		}
	})
}

func ExampleNewJudge() {
	library, err := form.LoadShipped()
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := library.Form("enterprise_monthly", "2024-06")
	if err != nil {
		fmt.Println(err)
		return
	}
	output, err := f.Item("output").Field.Read("12.5") // 万元
	if err != nil {
		fmt.Println(err)
		return
	}
	verdicts, err := form.NewJudge(f).Cells(map[form.Code]string{"output": output, "electricity": "0"}, nil)
	fmt.Println(output, verdicts[0].Text.ZH, verdicts[0].Text.EN, err)
	// Output: 12500000 有工业总产值12.5 万元，用电量却为0 千瓦时。 Output is 125,000 yuan, yet the electricity used is 0 kWh. <nil>
}

func BenchmarkParse(b *testing.B) {
	l := shipped(b)
	body := []byte(newest(b, l, "enterprise_monthly").Body)
	for b.Loop() {
		if _, err := form.Parse(l, body); err != nil {
			b.Fatal(err)
		}
	}
}
