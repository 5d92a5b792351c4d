package message

import (
	"strings"
	"testing"
)

func sample(t *testing.T) *Catalogue {
	t.Helper()
	c, err := New("zh-CN", map[string]map[string]string{
		"zh-CN": {"cell.invalid": "第{row}行“{column}”：{reason}", "stage.production": "投产", "stage.signed": "签约", "stage.refused": "不能从“{from:stage}”进入“{to:stage}”", "ratio": "{value}", "due": "{day:date}截止"},
		"en":    {"cell.invalid": "row {row}, column {column}: {reason}", "stage.production": "production", "stage.signed": "signed", "stage.refused": `"{to:stage}" cannot follow "{from:stage}"`, "ratio": "{value}", "due": "by {day:date}"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFormat_putsArgumentsIntoTheLanguagesText(t *testing.T) {
	c := sample(t)
	for _, x := range []struct {
		lang, key string
		args      map[string]any
		want      string
	}{
		{"zh-CN", "cell.invalid", map[string]any{"row": 17, "column": "土地面积(亩)", "reason": "{row}"}, "第17行“土地面积(亩)”：{row}"},
		{"en", "cell.invalid", map[string]any{"row": int64(17), "column": "land", "reason": "x"}, "row 17, column land: x"},
		{"fr", "stage.signed", nil, "签约"},
		{"en", "cell.invalid", map[string]any{"row": 1}, "row 1, column {column}: {reason}"},
		{"zh-CN", "stage.refused", map[string]any{"from": "signed", "to": "production"}, "不能从“签约”进入“投产”"},
		{"en", "stage.refused", map[string]any{"from": "signed", "to": "dreaming"}, `"dreaming" cannot follow "signed"`},
		{"zh-CN", "ratio", map[string]any{"value": []string{"甲", "乙"}}, "甲、乙"},
		{"en", "ratio", map[string]any{"value": []string{"a", "b"}}, "a, b"},
		{"en", "ratio", map[string]any{"value": 21000000.5}, "21000000.5"},
		{"zh-CN", "due", map[string]any{"day": "2025-07-20"}, "2025年7月20日截止"},
		{"en", "due", map[string]any{"day": "2025-07-20"}, "by 20 Jul 2025"},
		{"en", "due", map[string]any{"day": "soon"}, "by soon"},
	} {
		if got, ok := c.Format(x.lang, x.key, x.args); !ok || got != x.want {
			t.Errorf("Format(%s, %s, %v) = %q, %v, want %q", x.lang, x.key, x.args, got, ok, x.want)
		}
	}
}

func TestFormat_missingKeyIsReported(t *testing.T) {
	if got, ok := sample(t).Format("en", "no.such", nil); ok || got != "no.such" {
		t.Errorf("Format(no.such) = %q, %v, want the key itself and false", got, ok)
	}
}

func TestNew_refusesLanguagesThatDisagree(t *testing.T) {
	for name, texts := range map[string]map[string]map[string]string{
		"no text for":             {"zh-CN": {"a": "甲"}, "en": {}},
		"does not have":           {"zh-CN": {"a": "甲"}, "en": {"a": "a", "b": "b"}},
		"is empty":                {"zh-CN": {"a": " "}, "en": {"a": "a"}},
		"belongs to no":           {"zh-CN": {"a": "{甲}"}, "en": {"a": "{x}"}},
		"uses [x y]":              {"zh-CN": {"a": "{x}"}, "en": {"a": "{y} {x} {x}"}},
		"no texts for the fallba": {"en": {"a": "a"}},
	} {
		if _, err := New("zh-CN", texts); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("New(%v) = %v, want an error that says %q", texts, err, name)
		}
	}
}

func TestNew_letsALanguageUseItsOwnSpelling(t *testing.T) {
	c, err := New("zh-CN", map[string]map[string]string{"zh-CN": {"a": "{field}为空"}, "en": {"a": "{field_en} is blank"}})
	if err != nil {
		t.Fatalf("New = %v", err)
	}
	if got, _ := c.Format("en", "a", map[string]any{"field": "产值", "field_en": "Output"}); got != "Output is blank" {
		t.Errorf("Format = %q, want the English spelling", got)
	}
}

func TestNegotiate(t *testing.T) {
	c := sample(t)
	for header, want := range map[string]string{
		"":                           "zh-CN",
		"en":                         "en",
		"EN-gb":                      "en",
		"zh-TW,zh;q=0.9,en;q=0.8":    "zh-CN",
		"zh":                         "zh-CN",
		"fr, de;q=0.9":               "zh-CN",
		"fr;q=1, en;q=0.2":           "en",
		"zh;q=0.1, en; q=0.9":        "en",
		"en;q=0, *":                  "zh-CN",
		"en;q=0":                     "zh-CN",
		"en;q=2, zh-CN":              "zh-CN",
		"en;q=NaN":                   "zh-CN",
		"en;level=1":                 "zh-CN",
		",,;q=1,en":                  "en",
		strings.Repeat("fr,", 5_000): "zh-CN",
	} {
		if got := c.Negotiate(header); got != want {
			t.Errorf("Negotiate(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func FuzzNegotiate_alwaysGivesALanguageWeHave(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9,en;q=0.8")
	c, err := New("zh-CN", map[string]map[string]string{"zh-CN": {"a": "甲"}, "en": {"a": "a"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := c.Negotiate(header); got != "zh-CN" && got != "en" {
			t.Errorf("Negotiate(%q) = %q", header, got)
		}
	})
}

func TestLanguages_fallbackFirst(t *testing.T) {
	c := sample(t)
	if l := c.Languages(); len(l) != 2 || l[0] != "zh-CN" || c.Fallback() != "zh-CN" || len(c.Keys()) != 6 {
		t.Errorf("Languages = %v, Fallback = %s, %d keys, want [zh-CN en], zh-CN, 6 keys", l, c.Fallback(), len(c.Keys()))
	}
}
