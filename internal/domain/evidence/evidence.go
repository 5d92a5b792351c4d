package evidence

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
)

// ID identifies a piece of evidence in its city.
type ID = string

// Noun is the name of this noun in touches, whose id is the evidence's. Audit lines are those of the subject.
const Noun = "evidence"

// OfEnterprise is the kind of an enterprise, which may have evidence of its own beside the subjects of lifecycles.
const OfEnterprise subject.Kind = enterprise.Kind

// Grade is how much a piece of evidence proves.
type Grade string

// The grades, best first.
const (
	Permit    Grade = "permit"    // 许可: 施工许可证, 竣工验收备案 …
	Record    Grade = "record"    // 行政记录: a registration, an invoice of the grid, a list of the bureau
	Photo     Grade = "photo"     // 照片
	Statement Grade = "statement" // 说明: somebody says so
)

// Grades lists the grades, best first.
func Grades() []Grade { return []Grade{Permit, Record, Photo, Statement} }

// Valid says whether g is one of the grades.
func (g Grade) Valid() bool { return slices.Contains(Grades(), g) }

// Evidence is one piece of evidence as it stands. Empty texts and zero dates mean that nobody said.
type Evidence struct {
	Ref         subject.Ref
	SubjectName string
	Org         org.ID // who answers for the subject
	ID          ID
	Stage       string // that it proves; empty for none in particular
	Grade       Grade
	Title       string
	Number      string // of the permit or record
	Issued      period.Date
	Expires     period.Date
	FileName    string // empty, like all of the file, without one
	Digest      string
	Media       string
	Size        int64
	Thumbnail   bool
	TakenAt     *int64 // µs UTC; this and the place are for those with auth.EvidencePlace
	Latitude    *int64 // millionths of a degree
	Longitude   *int64
	Note        string
	Recorder    string
	RecordedAt  int64       // µs UTC
	Withdrawn   *Withdrawal // nil: it counts
	Used        bool        // an entry of a stage, or a paper of the readiness list, rests on it
}

// Withdrawal says why a piece of evidence counts no more.
type Withdrawal struct {
	Reason string
	By     string
	At     int64 // µs UTC
}

// Live says whether the evidence counts.
func (e Evidence) Live() bool { return e.Withdrawn == nil }

// New is evidence that comes in.
type New struct {
	Stage    string
	Grade    Grade
	Title    string
	Number   string
	Issued   period.Date
	Expires  period.Date
	Note     string
	FileName string
	File     *blob.File // of blob.Prepare; nil without a file
}

// Bounds of texts, in characters.
const (
	maxTitle  = 200
	maxNumber = 100
	maxNote   = 1000
	maxName   = 200
	maxReason = 500
)

// projectStage is how the code of a stage looks; which a project has its lifecycle says.
var projectStage = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// trimmed gives n without blanks around its texts, with a file name that is no path.
func (n New) trimmed() New {
	n.Title, n.Number, n.Note = strings.TrimSpace(n.Title), strings.TrimSpace(n.Number), strings.TrimSpace(n.Note)
	if n.File == nil {
		n.FileName = ""
		return n
	}
	name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(n.FileName, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name))
	if name == "." || name == "/" || name == "" {
		name = "file"
	}
	if runes := []rune(name); len(runes) > maxName-10 {
		name = string(runes[:maxName-10])
	}
	n.FileName = blob.NameFor(name, n.File.Media)
	return n
}

// check gives the first thing that is wrong with evidence for a subject that comes in at a moment.
func (n New) check(ref subject.Ref, at time.Time) error {
	if err := checkStage(ref.Kind, n.Stage); err != nil {
		return err
	}
	if err := page.Clean(n.Title, n.Number, n.Note, n.FileName); err != nil {
		return err
	}
	for _, text := range []struct {
		of    string
		limit int
	}{{n.Title, maxTitle}, {n.Number, maxNumber}, {n.Note, maxNote}} {
		if utf8.RuneCountInString(text.of) > text.limit {
			return fault.New(fault.Invalid, "text.too_long", "limit", text.limit)
		}
	}
	switch {
	case !n.Grade.Valid():
		return fault.New(fault.Invalid, "evidence.bad_grade", "grade", n.Grade)
	case n.Title == "":
		return fault.New(fault.Invalid, "evidence.no_title")
	case (n.Grade == Permit || n.Grade == Record) && n.Number == "" && n.File == nil:
		return fault.New(fault.Invalid, "evidence.no_number")
	case n.Grade == Photo && (n.File == nil || !blob.IsPicture(n.File.Media)):
		return fault.New(fault.Invalid, "evidence.no_picture")
	}
	return n.checkDays(at)
}

func (n New) checkDays(at time.Time) error {
	if n.Issued != 0 {
		if err := tenancy.CheckDay(tenancy.Claimed, n.Issued, at); err != nil {
			return err
		}
	}
	if n.Expires != 0 {
		if err := tenancy.CheckDay(tenancy.Planned, n.Expires, at); err != nil { // may lie ahead
			return err
		}
		if n.Expires < n.Issued {
			return fault.New(fault.Invalid, "evidence.expires_before", "issued", n.Issued.String(), "expires", n.Expires.String())
		}
	}
	return nil
}

// checkStage asks of a tenancy's stage that it is one, and of a project's that it could be one. Any may be empty.
func checkStage(kind subject.Kind, stage string) error {
	switch {
	case stage == "":
		return nil
	case kind == subject.Tenancy:
		_, err := tenancy.ParseStage(stage)
		return err
	case kind == OfEnterprise || !projectStage.MatchString(stage):
		return fault.New(fault.Invalid, "tenancy.bad_stage", "stage", stage)
	}
	return nil
}
