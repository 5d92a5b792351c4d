package indicator

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/refdata"
)

func TestLoad_knowsEveryIndicatorOfThePublishedTargets(t *testing.T) {
	book, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	city, err := refdata.LoadCity("350500")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range city.Targets {
		d, err := book.Of(target.Indicator)
		if err != nil {
			t.Errorf("a target of %d names the indicator %s: %v", target.Year, target.Indicator, err)
			continue
		}
		if _, ok := target.Value.Canonical(); !ok || d.UnitOf().Symbol == "" {
			t.Errorf("%s: unit %q of the target or %q of the indicator is not known", target.Indicator, target.Value.Unit, d.Unit)
		}
	}
}

func TestLoad_saysWhichIndicatorsAreFlows(t *testing.T) {
	book, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var stocks []string
	for _, d := range book.All() {
		if !book.Flow(d) {
			stocks = append(stocks, d.Code)
		}
	}
	want := []string{"park.count", "park.floor_area.cumulative", "park.over_1000_mu", "park.in_use", "tenancy.signed.cumulative",
		"tenancy.settled_or_producing", "tenancy.production.cumulative", "tenancy.at_capacity.cumulative", "tenancy.enrolled.cumulative", "filing.jobs",
		"premises.leased_area", "premises.lettable_area", "premises.leasing_rate"}
	if !slices.Equal(stocks, want) {
		t.Errorf("stocks = %v, want %v", stocks, want)
	}
}

func TestLoadFrom_refusesWhatItDoesNotUnderstand(t *testing.T) {
	const head = "pack: p\nissuer: i\nnumber: n\nfrom: \"2024-01-01\"\nindicators:\n"
	const texts = "    name: {zh: 甲, en: a}\n    definition: {zh: 甲, en: a}\n    unit: 个\n"
	for name, body := range map[string]string{
		"an unknown key":                    "  - code: a\n" + texts + "    over: park\n    measure: {count: true}\n    colour: red\n",
		"a column that is not there":        "  - code: a\n" + texts + "    over: park\n    where: [{field: nowhere, until: period}]\n    measure: {count: true}\n",
		"a table that is not there":         "  - code: a\n" + texts + "    over: moon\n    measure: {count: true}\n",
		"a unit nobody knows":               "  - code: a\n    name: {zh: 甲, en: a}\n    definition: {zh: 甲, en: a}\n    unit: 尺\n    over: park\n    measure: {count: true}\n",
		"no English name":                   "  - code: a\n    name: {zh: 甲}\n    definition: {zh: 甲, en: a}\n    unit: 个\n    over: park\n    measure: {count: true}\n",
		"two kinds at once":                 "  - code: a\n" + texts + "    over: park\n    change_of: a\n    measure: {count: true}\n",
		"a condition with two tests":        "  - code: a\n" + texts + "    over: park\n    where: [{field: opened, in: period, until: period}]\n    measure: {count: true}\n",
		"a ratio of what is not there":      "  - code: a\n" + texts + "    ratio: {numerator: b, denominator: c}\n",
		"one code twice":                    "  - code: a\n" + texts + "    over: park\n    measure: {count: true}\n  - code: a\n" + texts + "    over: park\n    measure: {count: true}\n",
		"a limit that is not a number":      "  - code: a\n" + texts + "    over: park\n    where: [{field: land, at_least: 约1000, unit: 亩}]\n    measure: {count: true}\n",
		"a sum over a column of texts":      "  - code: a\n" + texts + "    over: park\n    measure: {sum: nature}\n",
		"a nature column that is not there": "  - code: a\n" + texts + "    over: park\n    measure: {count: true}\n    nature: mood\n",
	} {
		_, err := LoadFrom(fstest.MapFS{"p.yaml": {Data: []byte(head + body)}})
		if err == nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: LoadFrom = %v, want an Invalid fault", name, err)
		}
	}
	ok := head + "  - code: a\n" + texts + "    over: park\n    measure: {count: true}\n"
	if _, err := LoadFrom(fstest.MapFS{"p.yaml": {Data: []byte(ok)}}); err != nil || strings.Contains(ok, "\t") {
		t.Errorf("LoadFrom of a right pack = %v, want none", err)
	}
}
