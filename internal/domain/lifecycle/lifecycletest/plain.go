// Package lifecycletest is the shipped lifecycles read once more, by nothing of the product: the words of the files that tests
// hold the machine and the ledger against. What follows from the words each test works out by itself.
package lifecycletest

import (
	"io/fs"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/engine/rule"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/refdata/lifecycles"
)

// Plain is a lifecycle's file.
type Plain struct {
	Body      []byte `yaml:"-"`
	Lifecycle string `yaml:"lifecycle"`
	Of        string `yaml:"of"`
	Number    string `yaml:"number"`
	From      string `yaml:"from"`
	Stages    []struct {
		Code     string   `yaml:"code"`
		After    []string `yaml:"after"`
		Unless   []string `yaml:"unless"`
		Optional bool     `yaml:"optional"`
		End      bool     `yaml:"end"`
		Guard    string   `yaml:"guard"`
		Deemed   *struct {
			From   string `yaml:"from"`
			Months int    `yaml:"months"`
			Days   int    `yaml:"days"`
		} `yaml:"deemed"`
	} `yaml:"stages"`
}

// At is the place of a stage in the file, -1 for none.
func (p *Plain) At(code string) int {
	for i, s := range p.Stages {
		if s.Code == code {
			return i
		}
	}
	return -1
}

// Files reads every shipped lifecycle, by file name.
func Files(t testing.TB) (out []Plain) {
	t.Helper()
	names, err := fs.Glob(lifecycles.FS, "*.yaml")
	if err != nil || len(names) < 9 {
		t.Fatalf("shipped files = %v, %v, want at least 9", names, err)
	}
	for _, name := range names {
		var p Plain
		if p.Body, err = fs.ReadFile(lifecycles.FS, name); err == nil {
			err = yaml.Unmarshal(p.Body, &p)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, p)
	}
	return out
}

// Facts let every guard of every shipped lifecycle pass.
func Facts() map[string]rule.Value {
	return map[string]rule.Value{
		"permits": rule.Whole(1), "records": rule.Whole(1), "photos": rule.Whole(1), "contract_signed": rule.Is(true), "land_ready": rule.Is(true),
		"electricity": rule.Whole(12000), "producing": rule.Is(true), "relocated": rule.Is(false), "attainment": rule.Whole(1_000_000),
		"listed_since": rule.InMonth(period.MonthOf(2024, 7)), "planned_this_year": rule.Whole(500_000_000), "investment": rule.Whole(2_000_000_000),
		"favoured": rule.Is(false), "benefit": rule.Whole(40_000_000), "plot": rule.Whole(6667), "equipment_value": rule.Whole(800_000_000),
		"service_list": rule.Is(true),
	}
}
