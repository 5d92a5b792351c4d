package job

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
)

// Limits of a job.
const (
	MaxArgs         = 64 << 10  // bytes of Args as JSON
	MaxResult       = 256 << 10 // bytes of a result as JSON
	MaxAttempts     = 100
	DefaultAttempts = 5
	MaxPage         = 500 // jobs that List gives at once

	maxName = 200  // bytes of a kind, key, lane, actor or phase
	maxText = 2000 // bytes of an error's text
)

// State is where a job stands.
type State string

// The states. A failed attempt that will be repeated is queued again, with its fault.
const (
	Queued   State = "queued"
	Running  State = "running"
	Done     State = "done"
	Failed   State = "failed"
	Canceled State = "canceled"
)

// Finished says whether nothing more will happen.
func (s State) Finished() bool { return s == Done || s == Failed || s == Canceled }

// Spec is a job to enqueue.
type Spec struct {
	City string    // not empty
	ID   string    // of an id.Maker; a second one with the same ID is refused by the database
	Kind string    // which handler runs it: "import.commit"
	Args any       // marshalled to JSON; nil is null; never a secret, never a file's content
	At   time.Time // now, in the caller's clock

	Key      string    // at most one unfinished job of the kind has it; empty for no such limit
	Lane     string    // at most one job of the lane runs at a time, in order of priority; empty for no such limit
	RunAt    time.Time // not before; zero means At
	Priority int       // larger ones first; 0 is usual
	Attempts int       // how often it is begun at most, 1 to MaxAttempts; 0 means DefaultAttempts
	Actor    string    // username of whose doing it is; may be empty
}

// check gives the arguments as JSON.
func (s Spec) check() (args string, err error) {
	switch {
	case !named(s.City):
		return "", incomplete("city")
	case !id.Valid(s.ID):
		return "", incomplete("id")
	case !named(s.Kind):
		return "", incomplete("kind")
	case s.Key != "" && !named(s.Key):
		return "", incomplete("key")
	case s.Lane != "" && !named(s.Lane):
		return "", incomplete("lane")
	case s.Actor != "" && !named(s.Actor):
		return "", incomplete("actor")
	case s.At.IsZero():
		return "", incomplete("at")
	case s.Attempts < 0 || s.Attempts > MaxAttempts:
		return "", incomplete("attempts")
	}
	b, err := json.Marshal(s.Args)
	if err != nil {
		return "", fault.Because(err, fault.Invalid, KeyArgs)
	}
	if len(b) > MaxArgs {
		return "", fault.New(fault.Invalid, KeyArgsSize, "size", len(b), "max", MaxArgs)
	}
	return string(b), nil
}

func incomplete(field string) error {
	return fault.New(fault.Invalid, KeyIncomplete, "field", field)
}

func named(s string) bool { return s != "" && len(s) <= maxName && storable(s) }

func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// Progress is how far a job got.
type Progress struct {
	Phase string         // what is being done, a message key: "import.phase.check"
	Done  int64          // ≥ 0, never falls within a phase
	Total int64          // of Done's kind; 0 while nobody knows
	Note  string         // message key of what there is to say; may be empty
	Args  map[string]any // of the note
	Since time.Time      // when the phase began; set by the Worker
}

// Left is how long the phase will take from now on, if it goes on as it did. Unknown before anything was done, and where
// no total is known.
func (p Progress) Left(now time.Time) (time.Duration, bool) {
	took := now.Sub(p.Since)
	if p.Done <= 0 || p.Total <= 0 || p.Since.IsZero() || took < 0 {
		return 0, false
	}
	return time.Duration(float64(took) * float64(max(p.Total-p.Done, 0)) / float64(p.Done)), true
}

// Failure is why the last attempt failed.
type Failure struct {
	Key  string         // message key; "internal" for an error without one
	Args map[string]any // as JSON keeps them
	Text string         // for operators; may name files and servers, never show it to everybody
}

// Job is a job as it stands in the queue.
type Job struct {
	City, ID, Kind, Key, Lane, Actor string

	Args        json.RawMessage
	State       State
	Cancel      bool // somebody cancelled it; it still runs until its handler returns
	Priority    int
	Attempts    int // begun so far
	MaxAttempts int
	Worker      string // server that runs or ran it last; empty before
	CreatedAt   time.Time
	RunAt       time.Time // not before
	StartedAt   time.Time // of the last attempt; zero before
	FinishedAt  time.Time // zero before
	Progress    Progress  // of the last attempt
	Result      json.RawMessage
	Failure     *Failure // of the last failed attempt; nil when there was none

	claims, seq int64
}

// same says whether a watcher of the job would see no difference.
func (j Job) same(k Job) bool {
	return j.State == k.State && j.Cancel == k.Cancel && j.claims == k.claims && j.Attempts == k.Attempts && j.seq == k.seq &&
		j.RunAt.Equal(k.RunAt)
}

// failureOf is what is kept of an error.
func failureOf(err error) Failure {
	f := Failure{Key: "internal", Text: clean(err.Error())}
	if known, ok := fault.Of(err); ok && known.Key != "" {
		f.Key, f.Args = known.Key, known.Args
	}
	return f
}

// clean makes text that both engines hold, of at most maxText bytes.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// argsJSON is {} for arguments that JSON cannot hold: a lost detail must not lose the failure.
func argsJSON(args map[string]any) string {
	if len(args) == 0 {
		return "{}"
	}
	b, err := json.Marshal(args)
	if err != nil || len(b) > MaxArgs {
		return "{}"
	}
	return string(b)
}
