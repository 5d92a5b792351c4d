package intake

import (
	"iter"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
)

// State is where an intake stands.
type State string

// The states.
const (
	Mapping    State = "mapping"    // waits for somebody to say what the columns are
	Checking   State = "checking"   // a job reads the file
	Checked    State = "checked"    // the report says what it would do
	Committing State = "committing" // a job writes it
	Committed  State = "committed"
	Undone     State = "undone"
	Discarded  State = "discarded"
	Failed     State = "failed" // the file cannot be read; another one or another mapping goes on
)

// Target is what an intake's rows are filed into.
type Target struct {
	Form    form.Code
	Kind    form.SubjectKind // of the form
	Subject string           // one subject for all rows; empty: each row names its own
	Period  string           // as filing.Ref.Period
}

// Intake is an office's file on its way into filings.
type Intake struct {
	Target
	ID      string
	Org     string // where it was made; whoever covers it sees it
	State   State
	Mapping string // how the file is read, as the edge wrote it; empty before
	Job     string // that works or worked on it last; empty before
	Seen    string // what the edge saw in the latest file, as JSON
	Report  *Report
	Actor   string
	At      time.Time
	Version int64 // rises with each change
	Files   []File
	Latest  string // name of the latest file
}

// File is one of an intake's files, from 1: the first, and the mended ones after it.
type File struct {
	No     int
	Name   string
	Digest string // SHA-256, in hex
	Size   int64
	At     time.Time
}

// Last is the latest file.
func (in Intake) Last() File {
	if len(in.Files) == 0 {
		return File{}
	}
	return in.Files[len(in.Files)-1]
}

// Input is one file as an edge reads it.
type Input struct {
	File File
	// MadeAt is when the values in the file were taken out of the ledger, as its template says: what was changed later in the
	// ledger conflicts. Zero for an office's own workbook.
	MadeAt time.Time
	// Rows are the rows of the table in their order. Each comes unread: calling it does the work of one row and may happen on
	// another goroutine.
	Rows iter.Seq2[func() Row, error]
	// Notes are what the reader says besides, after the last row.
	Notes func() Notes
	// Total is how many rows there will be, as far as can be told by now; 0 while nobody knows.
	Total func() int64
}

// Row is a row of a table in canonical values.
type Row struct {
	No    int
	Sheet string
	Cells []Cell // of mapped columns only
}

// Cell is one cell of a row.
type Cell struct {
	Field   form.Code // or SubjectCode, SubjectName
	Column  string    // title
	Ref     string    // "B7"
	Text    string    // as written, shortened
	Value   string    // canonical; empty: blank
	Unknown bool      // a word for "unknown" is written
	Bad     *Trouble  // why it cannot be read; then Value is empty
}

// Trouble is a message key with its arguments.
type Trouble struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Notes are what a reader says of a file besides its rows.
type Notes struct {
	Sheet       string
	Skipped     []Skip // rows that are no records
	MoreSkipped int
	Problems    []Problem // of the file or its sheet, not of a cell
}

// Skip is a row that was left out.
type Skip struct {
	Row  int    `json:"row"`
	Why  string `json:"why"`
	Text string `json:"text"`
}

// What a row may name its subject by, beside the fields of the form. They are no fields of the dictionary.
const (
	SubjectCode form.Code = "@subject" // credit code or id of an enterprise, id of a park
	SubjectName form.Code = "@name"    // exact name of an enterprise or a park
)

// Watch hears how far a check got; it may be nil and must be quick.
type Watch func(done, total, failed int64)
