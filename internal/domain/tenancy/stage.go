package tenancy

import (
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Stage is a stage of a tenancy (阶段). Stages are ordered: a later one is further along. The zero value is no stage.
type Stage uint8

// The stages in their order.
const (
	NoStage    Stage = iota
	Intent           // 意向
	Framework        // 框架协议
	Signed           // 签约: the formal contract
	HandedOver       // 交付
	FittingOut       // 装修
	Trial            // 试产
	Production       // 投产
	AtCapacity       // 达效
	Enrolled         // 纳统: only the statistics bureau's word makes it verified
	Expanding        // 增资扩产
	Cleared          // 清退: the end
)

// last is the number of stages.
const last = Cleared

var stageNames = [last + 1]string{"", "intent", "framework", "signed", "handed_over", "fitting_out", "trial", "production",
	"at_capacity", "enrolled", "expanding", "cleared"}

// Stages lists the stages in order.
func Stages() []Stage {
	out := make([]Stage, 0, last)
	for s := Intent; s <= last; s++ {
		out = append(out, s)
	}
	return out
}

// String is the stage's stable name, as the database and the API write it; empty for no stage.
func (s Stage) String() string {
	if s > last {
		return ""
	}
	return stageNames[s]
}

// ParseStage reads what String writes. Error kind Invalid, key "tenancy.bad_stage".
func ParseStage(text string) (Stage, error) {
	if i := slices.Index(stageNames[1:], text); i >= 0 {
		return Stage(i + 1), nil
	}
	return NoStage, fault.New(fault.Invalid, "tenancy.bad_stage", "stage", text)
}

// MarshalText writes the name.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name. Error kind Invalid, key "tenancy.bad_stage".
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = ParseStage(string(text))
	return err
}

// Way is how it is known that a stage was entered. Ways are ordered by the trust in them. The zero value is no way.
type Way uint8

// The ways, least trusted first.
const (
	NoWay    Way = iota
	Planned      // 计划: not entered, only intended
	Deemed       // 认定: by a rule
	Claimed      // 申报: by whoever runs or uses the park
	Verified     // 核实: by evidence
)

var wayNames = [Verified + 1]string{"", "planned", "deemed", "claimed", "verified"}

// Ways lists the ways, least trusted first.
func Ways() []Way { return []Way{Planned, Deemed, Claimed, Verified} }

// String is the way's stable name, as the database and the API write it; empty for no way.
func (w Way) String() string {
	if w > Verified {
		return ""
	}
	return wayNames[w]
}

// ParseWay reads what String writes. Error kind Invalid, key "tenancy.bad_way".
func ParseWay(text string) (Way, error) {
	if i := slices.Index(wayNames[1:], text); i >= 0 {
		return Way(i + 1), nil
	}
	return NoWay, fault.New(fault.Invalid, "tenancy.bad_way", "way", text)
}

// MarshalText writes the name.
func (w Way) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads a name. Error kind Invalid, key "tenancy.bad_way".
func (w *Way) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWay(string(text))
	return err
}
