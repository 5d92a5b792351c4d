package problem

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Noun is the name of this noun in audit lines.
const Noun = "problem"

// OfPark is the kind of a problem that is a whole park's. The other kinds are those of subjects.
const OfPark = park.Kind

// Kinds lists what a problem can be about.
func Kinds() []string { return []string{string(subject.Tenancy), string(subject.Project), OfPark} }

// State is where a problem stands.
type State string

// The states in their order.
const (
	Opened State = "open"   // 待解决
	Solved State = "solved" // 待确认: somebody says that it is removed
	Closed State = "closed" // 已销号: somebody else confirmed it
)

// States lists the states in their order.
func States() []State { return []State{Opened, Solved, Closed} }

// Act is something done with a problem.
type Act string

// The acts. Begin is the first event of every problem and nothing else.
const (
	Begin    Act = "open"
	Assign   Act = "assign"   // 交办: another owner or office
	SetDue   Act = "due"      // 定期限
	Escalate Act = "escalate" // 提级: one level up, at once
	Note     Act = "note"     // 跟进
	Solve    Act = "solve"    // 报办结
	Confirm  Act = "confirm"  // 销号
	Reopen   Act = "reopen"   // 退回重办
)

// Acts lists the acts that follow the first.
func Acts() []Act { return []Act{Assign, SetDue, Escalate, Note, Solve, Confirm, Reopen} }

// follows says in which states an act is possible.
var follows = map[Act][]State{
	Assign: {Opened}, SetDue: {Opened}, Escalate: {Opened}, Solve: {Opened},
	Note: States(), Confirm: {Solved}, Reopen: {Solved, Closed},
}

// next is the state after an act; the same where it is not listed.
var next = map[Act]State{Solve: Solved, Confirm: Closed, Reopen: Opened}

// Problem is a problem as it stands.
type Problem struct {
	City        string
	ID          string
	Kind        string // one of Kinds
	Subject     string // id
	SubjectName string
	Org         org.ID // of the subject
	OrgPath     string
	Review      string // id of the review that it comes from; empty for none
	Title       string
	Body        string
	Version     int64 // counts the events
	OpenedBy    string
	OpenedAt    int64 // µs since 1970

	State     State
	Owner     string // username; empty for nobody yet
	OwnerOrg  org.ID
	OwnerPath string
	Due       period.Date // zero: none set
	ChangedBy string
	ChangedAt int64

	Officer   string // of the subject; empty for none
	SolvedBy  string // who solved it last; empty while nobody did
	Escalated int    // times that it was raised by hand since it was opened or opened again
}

// Event is one act, with how the problem stands after it.
type Event struct {
	Seq      int64
	Act      Act
	State    State
	Owner    string
	OwnerOrg org.ID
	Due      period.Date
	Text     string
	Actor    string
	At       int64
}

// New is a problem to be opened.
type New struct {
	Kind     string
	Subject  string
	Title    string
	Body     string
	Owner    string      // empty: nobody yet
	OwnerOrg org.ID      // empty: the subject's org
	Due      period.Date // zero: none yet
	Review   string      // the caller has made sure that it is there
}

// Step is an act upon a problem.
type Step struct {
	ID       string
	Version  int64 // that the actor has seen
	Act      Act
	Owner    string      // of Assign; empty for nobody
	OwnerOrg org.ID      // of Assign; empty: as it is
	Due      period.Date // of SetDue
	Text     string      // needed but for Assign and SetDue
}

// Bounds of texts, in characters.
const (
	maxTitle = 200
	maxText  = 4000
)

func (n New) check() error {
	switch {
	case !slices.Contains(Kinds(), n.Kind):
		return fault.New(fault.Invalid, "problem.bad_kind", "kind", n.Kind)
	case strings.TrimSpace(n.Title) == "":
		return fault.New(fault.Invalid, "problem.no_title")
	case utf8.RuneCountInString(n.Title) > maxTitle:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxTitle)
	}
	if err := checkText(n.Body); err != nil {
		return err
	}
	if err := page.Clean(n.Title, n.Subject, n.Owner, string(n.OwnerOrg), n.Review); err != nil {
		return err
	}
	return checkDue(n.Due)
}

func (s Step) check() error {
	if !slices.Contains(Acts(), s.Act) {
		return fault.New(fault.Invalid, "problem.bad_act", "act", string(s.Act))
	}
	if strings.TrimSpace(s.Text) == "" && s.Act != Assign && s.Act != SetDue {
		return fault.New(fault.Invalid, "problem.no_text")
	}
	if err := checkText(s.Text); err != nil {
		return err
	}
	if err := page.Clean(s.ID, s.Owner, string(s.OwnerOrg)); err != nil {
		return err
	}
	if s.Act == SetDue && s.Due == 0 {
		return fault.New(fault.Invalid, "date.invalid", "text", "")
	}
	return checkDue(s.Due)
}

func checkText(text string) error {
	if utf8.RuneCountInString(text) > maxText {
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	}
	return page.Clean(text)
}

// checkDue wants a whole day: a problem is due or not due.
func checkDue(d period.Date) error {
	if d == 0 {
		return nil
	}
	if again, err := period.ParseDate(d.String()); err != nil || again != d || d%100 == 0 {
		return fault.New(fault.Invalid, "date.invalid", "text", d.String())
	}
	return nil
}
