package intake

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
)

// How much of what was found is listed; the rest is counted.
const (
	maxProblems = 1000
	maxChanges  = 1000
)

// CellState is what a cell means for the ledger. Unchanged cells are not listed.
type CellState string

// The states.
const (
	New         CellState = "new"
	Changed     CellState = "changed"
	Unchanged   CellState = "unchanged"
	Conflicting CellState = "conflicting"
)

// Report is what a check says of an intake's files together (检查结果). Rows are counted once: a row that a later file has again
// counts there.
type Report struct {
	Rows         int       `json:"rows"`
	New          int       `json:"new"`
	Changed      int       `json:"changed"`
	Unchanged    int       `json:"unchanged"`
	Conflicting  int       `json:"conflicting"`
	Bad          int       `json:"bad"`
	CellsChanged int64     `json:"cells_changed"`
	Skipped      []Skip    `json:"skipped"`
	MoreSkipped  int       `json:"more_skipped"`
	Problems     []Problem `json:"problems"`
	MoreProblems int       `json:"more_problems"`
	Changes      []Change  `json:"changes"`
	MoreChanges  int       `json:"more_changes"`
	Digest       string    `json:"digest"` // of all that would be written: two checks with the same would do the same

	Moved     bool      `json:"moved,omitempty"`   // the ledger changed after the check before: this one is anew
	Failure   *Trouble  `json:"failure,omitempty"` // the file as a whole cannot be read or committed
	Batches   []string  `json:"batches,omitempty"`
	Commit    time.Time `json:"committed_at,omitzero"`
	Written   int64     `json:"written,omitempty"`
	Submitted int       `json:"submitted,omitempty"`
}

// CanCommit says that the whole file can be written: nothing in it is bad or conflicts, and it says something new.
func (r Report) CanCommit() bool {
	return r.Failure == nil && r.Bad == 0 && r.Conflicting == 0 && r.New+r.Changed > 0
}

// Severity is how bad a problem is.
type Severity string

// The severities. A row with an error is not written.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is what is wrong with one cell, row or file.
type Problem struct {
	File     int            `json:"file"` // number of the intake's file
	Sheet    string         `json:"sheet"`
	Row      int            `json:"row"` // 0: none
	Column   string         `json:"column"`
	Cell     string         `json:"cell"`
	Field    form.Code      `json:"field"`
	Text     string         `json:"text"`
	Severity Severity       `json:"severity"`
	Key      string         `json:"key"`
	Args     map[string]any `json:"args,omitempty"`
	Said     form.Text      `json:"said,omitzero"` // the sentence of a form's rule; empty: that of Key
	Suggest  string         `json:"suggest,omitempty"`
}

// Change is one cell that would be written, or would not because it conflicts.
type Change struct {
	Row     int       `json:"row"`
	Cell    string    `json:"cell"`
	Key     string    `json:"key"`
	Subject string    `json:"subject_name,omitempty"`
	Field   form.Code `json:"field"`
	State   CellState `json:"state"`
	Before  string    `json:"before"` // canonical
	After   string    `json:"after"`
}

func (r *Report) problem(p Problem) {
	if p.Severity == "" {
		p.Severity = Error
	}
	if len(r.Problems) >= maxProblems {
		r.MoreProblems++
		return
	}
	r.Problems = append(r.Problems, p)
}

func (r *Report) change(c Change) {
	if c.State != Conflicting {
		r.CellsChanged++
	}
	if len(r.Changes) >= maxChanges {
		r.MoreChanges++
		return
	}
	r.Changes = append(r.Changes, c)
}
