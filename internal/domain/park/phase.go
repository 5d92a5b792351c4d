package park

import (
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Phase is a dated part of a park (分期) with its own land, area and dates. nil and zero mean that nobody said.
type Phase struct {
	Park             ID
	No               int64 // 1 for 一期
	Name             string
	LandM2           *int64
	FloorAreaBuiltM2 *int64 // 已建成建筑面积
	LettableM2       *int64 // 可出租面积: the denominator of the leasing rate
	Started          period.Date
	Completed        period.Date // 竣工验收
	Opened           period.Date // 开园
	Nature           figure.Nature
	Source           string
	Version          int64
}

func (p Phase) check() error {
	switch {
	case p.No < 1:
		return fault.New(fault.Invalid, "phase.bad_number", "no", p.No)
	case p.Source == "":
		return fault.New(fault.Invalid, "figure.no_source", "field", "phase")
	case !p.Nature.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", p.Nature)
	case negative(p.LandM2) || negative(p.FloorAreaBuiltM2) || negative(p.LettableM2):
		return fault.New(fault.Invalid, "phase.negative_area", "no", p.No)
	}
	return checkText("phase", p.Name)
}

func negative(v *int64) bool { return v != nil && *v < 0 }
