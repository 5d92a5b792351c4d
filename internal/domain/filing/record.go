package filing

import (
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
)

// Ref names one filing: a form, whom it is filed for and the period, "" for a standing form.
type Ref struct {
	Kind    form.SubjectKind
	Subject string
	Form    form.Code
	Period  string // "2024-06", "2024-Q2", "2024" or ""
}

// State is where a filing stands.
type State string

// The states. Owed is not stored: it is asked for and nobody began.
const (
	Owed      State = "owed"
	Draft     State = "draft"
	Submitted State = "submitted" // waits for the office at Filing.Level of its form's chain
	Returned  State = "returned"  // with a reason, to whoever files it
	Approved  State = "approved"  // by every level of the chain
)

// Filing is one form of one subject for one period, without its records.
type Filing struct {
	Ref
	Org             string // where it counts to: of an enterprise the org of its home park in the period, else the subject's own
	OrgPath         string
	FormVersion     int64
	State           State
	Level           int   // of its form's chain, for which it waits: those before it approved, or are not there
	Confirmed       bool  // submitted by the enterprise's own user: nobody else changes it
	Version         int64 // rises with each change of its records or state
	ApprovedVersion int64 // Version when the last level approved it; 0: never
	Reopened        bool  // after its window, by the city office, and not approved since
	SubmittedAt     time.Time
	SubmittedBy     string
	ChangedAt       time.Time
}

// Cells are a record's values by field, each in the one canonical text of its kind: a quantity as a whole number of its
// canonical unit, a date as ISO as far as stated, a truth as "true" or "false", a choice as its code. A field that is not
// there is unknown; none is "".
type Cells map[form.Code]string

// Way is how a record came.
type Way string

// The ways.
const (
	Typed     Way = "typed"
	Imported  Way = "imported"
	Generated Way = "generated" // by the demo
	Undone    Way = "undone"    // by undoing a batch
)

// Origin says how a record came, and of an imported one from which batch, file and row; the column follows from the
// batch's mapping.
type Origin struct {
	Way   Way
	Batch string
	File  int // number of the file in the batch
	Row   int
}

// Record is one row of a filing in its latest version.
type Record struct {
	Key           string // "" of the only row
	Version       int64
	FilingVersion int64 // of the filing when it was written
	Cells         Cells
	Gone          bool // it was removed
	Nature        figure.Nature
	Origin        Origin
	Recorder      string
	At            time.Time
}

// Change is one row that shall be written or removed.
type Change struct {
	Key    string
	Cells  Cells // the whole row: a field that is not there becomes unknown
	Remove bool
	Origin Origin
	Nature figure.Nature // empty: each field's own stays; stored as Declared by the subject's user, else Record
}
