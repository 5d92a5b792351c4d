package milestone

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Act is something that is done to a subject's way.
type Act string

// The acts. The last three stand in histories only.
const (
	Planning   Act = "plan"
	Claiming   Act = "claim"
	Verifying  Act = "verify"
	TakingBack Act = "rollback"
	Suspending Act = "suspend"
	Resuming   Act = "resume"

	Deeming     Act = "deem"     // an import recorded a deemed day
	Attaching   Act = "evidence" // evidence was added
	Withdrawing Act = "withdraw" // evidence was withdrawn
)

// Entry is one statement that a stage is planned for, or was entered on, a day.
type Entry struct {
	Stage      string
	Way        tenancy.Way
	Seq        int64       // from 1 within a stage and way, also over what was taken back; the highest counts
	Day        period.Date // a month or a year where the rest is not stated
	Nature     figure.Nature
	Source     string
	Reason     string // why a day was planned anew
	Recorder   string
	RecordedAt int64    // µs UTC
	Evidence   []string // ids of what it rests on
}

// Void is an entry that was taken back.
type Void struct {
	Entry
	VoidReason string
	VoidBy     string
	VoidAt     int64 // µs UTC
}

// Pause is a suspension or its end.
type Pause struct {
	Seq        int64
	Act        Act // Suspending or Resuming
	Day        period.Date
	Reason     string
	Recorder   string
	RecordedAt int64 // µs UTC
}

// Step is one act as somebody wants it.
type Step struct {
	Version  int64  // of the subject, as the caller read it
	Stage    string // of all but Suspend and Resume
	Day      period.Date
	Source   string        // who says so; may be empty where evidence is named, of a plan, and of the other acts
	Nature   figure.Nature // empty: declared, of a verification record; simulated where the subject is
	Reason   string        // of a re-plan, TakeBack and Suspend
	Evidence []string      // ids
	// Stated are facts that the guard asks for and only who takes the step can tell, by field, as typed in the field's unit; see
	// Stage.Asks. They become part of the entry's reason.
	Stated map[string]string
}

// maxText bounds a source and a reason, in characters; maxEvidence what one entry rests on.
const (
	maxText     = 500
	maxEvidence = 50
)

func (s Step) check() error {
	for _, text := range []string{s.Source, s.Reason} {
		if utf8.RuneCountInString(text) > maxText {
			return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
		}
	}
	if s.Nature != "" && !s.Nature.Valid() {
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", s.Nature)
	}
	if len(s.Evidence) > maxEvidence {
		return fault.New(fault.Invalid, "milestone.too_much_evidence", "limit", maxEvidence)
	}
	return page.Clean(append([]string{s.Stage, s.Source, s.Reason}, s.Evidence...)...)
}

func (s Step) hasReason() bool { return strings.TrimSpace(s.Reason) != "" }

// used gives the entry of a stage whose day counts: verified, else claimed, else deemed; nil without one.
func used(entries []Entry, stage string) (e *Entry) {
	for i := range entries {
		x := &entries[i]
		if x.Stage == stage && x.Way > tenancy.Planned && (e == nil || x.Way > e.Way || x.Way == e.Way && x.Seq > e.Seq) {
			e = x
		}
	}
	return e
}

// latest gives the entry of a stage and way that counts; nil without one.
func latest(entries []Entry, stage string, way tenancy.Way) (e *Entry) {
	for i := range entries {
		if x := &entries[i]; x.Stage == stage && x.Way == way && (e == nil || x.Seq > e.Seq) {
			e = x
		}
	}
	return e
}

// plans gives the plans of a stage, the first first.
func plans(entries []Entry, stage string) (out []Entry) {
	for _, e := range entries {
		if e.Stage == stage && e.Way == tenancy.Planned {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return int(a.Seq - b.Seq) })
	return out
}
