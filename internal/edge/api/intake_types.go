package api

import "github.com/parkbrain/parkbrain/internal/domain/form"

// IntakeHead is an intake as a list shows it.
type IntakeHead struct {
	ID          string `json:"id"`
	Form        string `json:"form"`
	FormName    string `json:"form_name"`
	FormNameEN  string `json:"form_name_en"`
	Kind        string `json:"kind" enum:"enterprise,park,org"`
	Subject     string `json:"subject" doc:"empty: each row names its own"`
	SubjectName string `json:"subject_name"`
	Period      string `json:"period" doc:"empty of a standing form"`
	Org         string `json:"org"`
	File        string `json:"file" doc:"name of the latest file"`
	State       string `json:"state" enum:"mapping,checking,checked,committing,committed,undone,discarded,failed"`
	Actor       string `json:"actor"`
	At          string `json:"at"`
	Version     int64  `json:"version"`
}

// Intake is an office's file on its way into filings.
type Intake struct {
	IntakeHead
	Files        []IntakeFile       `json:"files"`
	Sheets       []IntakeSheet      `json:"sheets"`
	Layouts      []IntakeLayout     `json:"layouts" doc:"tables that were found in the latest file, the surest first"`
	Mapping      *IntakeMapping     `json:"mapping" doc:"how the file is read; before somebody has said it, the proposal"`
	Suggestions  []IntakeSuggestion `json:"suggestions"`
	SavedMapping bool               `json:"saved_mapping" doc:"the mapping is one that the office kept, or that of a template"`
	Fields       []IntakeField      `json:"fields" doc:"what a column may be"`
	Job          *IntakeJob         `json:"job"`
	Report       *IntakeReport      `json:"report"`
}

// IntakeFile is one of an intake's files.
type IntakeFile struct {
	No     int    `json:"no"`
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Digest string `json:"digest"`
	At     string `json:"at"`
}

// IntakeSheet is a sheet of the file.
type IntakeSheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

// IntakeLayout is how one sheet's table is laid out.
type IntakeLayout struct {
	Sheet       string         `json:"sheet"`
	First       int            `json:"first" doc:"first row of the header"`
	Last        int            `json:"last" doc:"last row of the header"`
	Units       int            `json:"units" doc:"row of units; 0: none"`
	Unit        string         `json:"unit" doc:"of the whole table, as a line above it says"`
	Title       []string       `json:"title" doc:"what stands above the header"`
	Score       float64        `json:"score"`
	Fingerprint string         `json:"fingerprint"`
	Order       string         `json:"order,omitempty" enum:"dmy,mdy" doc:"of day and month, where titles and cells leave no doubt"`
	Columns     []IntakeColumn `json:"columns"`
}

// IntakeColumn is a column of a layout.
type IntakeColumn struct {
	Index   int      `json:"index"`
	Letter  string   `json:"letter"`
	Title   string   `json:"title"`
	Unit    string   `json:"unit"`
	Kind    string   `json:"kind"`
	Filled  float64  `json:"filled"`
	Samples []string `json:"samples"`
	Odd     []string `json:"odd" doc:"texts in a column of numbers or dates that are neither: words for unknown, if the user says so"`
	ROC     bool     `json:"roc,omitempty" doc:"every cell is a day in the digits of the Republic's calendar"`
}

// IntakeMapping says how an office's table is read.
type IntakeMapping struct {
	Version     int                   `json:"version"`
	Fingerprint string                `json:"fingerprint,omitempty"`
	Sheet       string                `json:"sheet,omitempty" maxLength:"200"`
	First       int                   `json:"first"`
	Last        int                   `json:"last"`
	Unknown     []string              `json:"unknown,omitempty" maxItems:"100"`
	Order       string                `json:"order,omitempty"`
	Totals      bool                  `json:"totals,omitempty"`
	Columns     []IntakeMappingColumn `json:"columns" maxItems:"500"`
}

// IntakeMappingColumn says what one column is.
type IntakeMappingColumn struct {
	Column  string   `json:"column" maxLength:"4"`
	Title   string   `json:"title" maxLength:"2000"`
	Field   string   `json:"field,omitempty"`
	Kind    string   `json:"kind,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Unknown []string `json:"unknown,omitempty" maxItems:"100"`
	Order   string   `json:"order,omitempty"`
	ROC     bool     `json:"roc,omitempty"`
	Down    bool     `json:"down,omitempty"`
}

// IntakeSuggestion is a field that a column may hold.
type IntakeSuggestion struct {
	Column  int      `json:"column"`
	Field   string   `json:"field"`
	Score   float64  `json:"score"`
	Chosen  bool     `json:"chosen"`
	Reasons []string `json:"reasons" doc:"words of a fixed list: name_same, name_part, name_similar, unit_fits, values_fit, unit_unfits, values_unfit"`
}

// IntakeField is something that a column may be.
type IntakeField struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	NameEN   string `json:"name_en"`
	Kind     string `json:"kind"`
	Unit     string `json:"unit"`
	Required bool   `json:"required"`
	Key      bool   `json:"key"`
}

// IntakeJob is the work under way, or done last.
type IntakeJob struct {
	ID         string `json:"id"`
	State      string `json:"state" enum:"queued,running,done,failed,canceled"`
	Phase      string `json:"phase" enum:"read,commit"`
	Done       int64  `json:"done" doc:"rows"`
	Total      int64  `json:"total" doc:"rows, as far as can be told; 0 while nobody knows"`
	Failed     int64  `json:"failed" doc:"rows with something wrong"`
	ETASeconds *int64 `json:"eta_seconds" doc:"absent while nobody knows"`
}

// IntakeReport is what the check of an intake says.
type IntakeReport struct {
	Rows         int             `json:"rows"`
	New          int             `json:"new"`
	Changed      int             `json:"changed"`
	Unchanged    int             `json:"unchanged"`
	Conflicting  int             `json:"conflicting"`
	Bad          int             `json:"bad"`
	CellsChanged int64           `json:"cells_changed"`
	Skipped      []IntakeSkip    `json:"skipped"`
	MoreSkipped  int             `json:"more_skipped"`
	Problems     []IntakeProblem `json:"problems"`
	MoreProblems int             `json:"more_problems"`
	Changes      []IntakeChange  `json:"changes"`
	MoreChanges  int             `json:"more_changes"`
	CanCommit    bool            `json:"can_commit"`
	Moved        bool            `json:"moved" doc:"the ledger changed after an earlier check: look again before committing"`
	Failure      *IntakeFailure  `json:"failure" doc:"the file as a whole cannot be read or written"`
	Batch        string          `json:"batch" doc:"the latest batch; empty when nothing was written"`
	Batches      []string        `json:"batches"`
	Written      int64           `json:"written" doc:"records that were written, by all batches together"`
	Submitted    int             `json:"submitted"`
	CommittedAt  string          `json:"committed_at"`
	Undo         IntakeUndo      `json:"undo"`
}

// IntakeFailure is why a file as a whole did not go through.
type IntakeFailure struct {
	Key     string `json:"key"`
	Message string `json:"message"`
}

// IntakeUndo says whether the whole can be taken back.
type IntakeUndo struct {
	Possible bool   `json:"possible"`
	Why      string `json:"why" doc:"what later depends on it, in the caller's language"`
}

// IntakeSkip is a row that is no record.
type IntakeSkip struct {
	Row  int    `json:"row"`
	Why  string `json:"why" enum:"header,total,note,empty"`
	Text string `json:"text"`
}

// IntakeProblem is what is wrong with one cell, row or file.
type IntakeProblem struct {
	File     string `json:"file"`
	Sheet    string `json:"sheet"`
	Row      int    `json:"row" doc:"0: none"`
	Column   string `json:"column"`
	Cell     string `json:"cell"`
	Field    string `json:"field"`
	Text     string `json:"text"`
	Severity string `json:"severity" enum:"error,warning"`
	Key      string `json:"key"`
	Message  string `json:"message" doc:"what is wrong and what would be right, in the caller's language"`
	Suggest  string `json:"suggest,omitempty"`
}

// IntakeChange is one cell that differs from the ledger.
type IntakeChange struct {
	Row         int    `json:"row"`
	Cell        string `json:"cell"`
	Key         string `json:"key"`
	SubjectName string `json:"subject_name,omitempty"`
	Field       string `json:"field"`
	FieldName   string `json:"field_name"`
	FieldNameEN string `json:"field_name_en"`
	State       string `json:"state" enum:"new,changed,conflicting"`
	Before      string `json:"before"`
	After       string `json:"after"`
}

// IntakeSeen is what is seen in a file before anybody has said what its columns are.
type IntakeSeen struct {
	Sheets       []IntakeSheet      `json:"sheets"`
	Layouts      []IntakeLayout     `json:"layouts"`
	Suggestions  []IntakeSuggestion `json:"suggestions"`
	Proposal     *IntakeMapping     `json:"proposal"` // by the surest layout, or by the template
	SavedMapping bool               `json:"saved_mapping"`
	Form         string             `json:"-"` // that a template names; with Subject and Period
	Subject      string             `json:"-"`
	Period       string             `json:"-"`
}

// IntakeLook says what to look for in a file.
type IntakeLook struct {
	Name    string
	Form    *form.Form
	Several bool // each row names its subject
	Sheet   string
	First   int // rows of the header that the user points out; 0: find it
	Last    int
}

// IntakeAnswer is the user's own workbook with what is wrong in it.
type IntakeAnswer struct {
	Name     string
	Language string
	Report   IntakeReport
	FormName string
}
