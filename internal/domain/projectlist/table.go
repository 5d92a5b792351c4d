package projectlist

import (
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/pack"
	"github.com/parkbrain/parkbrain/refdata/lists"
)

// Table says which field of a list's form is what of a project.
type Table struct {
	Form       form.Code      `yaml:"form"`
	Name       form.Code      `yaml:"name"`
	Investment form.Code      `yaml:"investment"` // "" for none
	Park       form.Code      `yaml:"park"`       // by the park's name; "" for none
	Lifecycles []ForLifecycle `yaml:"lifecycles"`
}

// ForLifecycle says which field is which stage of one lifecycle.
type ForLifecycle struct {
	Lifecycle string                      `yaml:"lifecycle"`
	Claimed   map[project.Stage]form.Code `yaml:"claimed"`
	Planned   map[project.Stage]form.Code `yaml:"planned"`
}

// column is one field as a stage and way.
type column struct {
	stage project.Stage
	way   tenancy.Way
	field form.Code
}

const tableFile = "project_list.yaml"

var shipped = sync.OnceValues(func() (*Table, error) {
	body, err := lists.FS.ReadFile(tableFile)
	if err != nil {
		return nil, fault.Wrap("projectlist.Shipped", err)
	}
	var t Table
	if err := pack.Strict(body, &t); err != nil {
		return nil, fault.Wrap("projectlist.Shipped", err)
	}
	return &t, nil
})

// Shipped is the table that the product carries, read the first time. It must not be changed.
func Shipped() (*Table, error) { return shipped() }

// CanLoad says whether lists can be loaded as projects of a lifecycle at a moment. Errors: NotFound "lifecycle.not_found";
// Invalid "project.bad_kind", "projectlist.no_table" (lifecycle).
func CanLoad(lifecycles *lifecycle.Library, code string, at time.Time) error {
	t, err := Shipped()
	if err == nil {
		_, _, err = t.course(lifecycles, code, period.DayOf(at))
	}
	return fault.Wrap("projectlist.CanLoad", err)
}

// course gives a lifecycle of projects with what the table says of it. Errors: as CanLoad.
func (t *Table) course(lifecycles *lifecycle.Library, code string, today period.Date) (*lifecycle.Pack, ForLifecycle, error) {
	p, err := lifecycles.For(code, today)
	if err != nil {
		return nil, ForLifecycle{}, err
	}
	if p.Of != lifecycle.OfProject {
		return nil, ForLifecycle{}, fault.New(fault.Invalid, "project.bad_kind", "kind", code)
	}
	for _, l := range t.Lifecycles {
		if l.Lifecycle == p.Code {
			return p, l, nil
		}
	}
	return nil, ForLifecycle{}, fault.New(fault.Invalid, "projectlist.no_table", "lifecycle", p.Name.ZH, "lifecycle_en", p.Name.EN)
}
