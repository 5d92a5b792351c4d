package indicator

import "github.com/parkbrain/parkbrain/internal/engine/panel"

// The tables that indicators run over: one row per park, phase of a park, tenancy, project, and enterprise and month of
// returns.
const (
	tablePark    = "park"
	tablePhase   = "phase"
	tableTenancy = "tenancy"
	tableProject = "project"
	tableFiling  = "filing"
)

// The columns that every table has, so that any indicator can be filtered and split in the same ways.
const (
	colOrg        = "org"        // path of the reporting unit
	colPark       = "park"       // "" for none
	colIndustry   = "industry"   // code of GB/T 4754, "" where not stated
	colEnterprise = "enterprise" // "" for none
	colNature     = "nature"
	colSource     = "source"
)

var common = []string{colOrg, colPark, colIndustry, colEnterprise, colNature, colSource}

// schemas lists the columns of each table; definitions name them.
var schemas = map[string]panel.Schema{
	// A park's land and opening day are figures with natures and sources of their own.
	tablePark: {Name: tablePark, Dims: with("land_nature", "land_source", "opened_nature", "opened_source"),
		Ints: []string{"land"}, Dates: []string{"opened"}},
	tablePhase: {Name: tablePhase, Dims: with(),
		Ints: []string{"floor_area_built", "lettable"}, Dates: []string{"completed"}},
	// The day of a stage is the one used for counting: verified, else claimed, else deemed; never a planned one.
	tableTenancy: {Name: tableTenancy, Dims: with("relocated"),
		Ints: []string{"area"}, Dates: []string{"signed", "handed_over", "fitting_out", "trial", "production", "at_capacity", "enrolled", "expanding", "cleared"}},
	tableProject: {Name: tableProject, Dims: with("kind"),
		Ints: []string{"investment"}, Dates: []string{"signed", "started", "completed", "production"}},
	// above_scale is "1" from the month in which the enterprise is in the bureau's list. Each field has a nature of its own.
	tableFiling: {Name: tableFiling, Dims: with("above_scale", "jobs_nature", "jobs_source"),
		Ints: []string{"output", "jobs"}, Dates: []string{"month"}},
}

func with(more ...string) []string { return append(append([]string(nil), common...), more...) }
