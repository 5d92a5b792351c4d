// Package fault is the shape of every error that crosses a ring.
//
// A Fault says what kind of failure it was (so that callers decide without reading text), a message key with arguments
// (translated at the edge for the person who asked) and the cause (for the operator's log). It is not a place for
// secrets: arguments are shown to users.
//
//	return fault.New(fault.NotFound, "park.not_found", "id", id)
//	return fault.Wrap("park.Get", err)
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what went wrong, in the few ways a caller can react to.
type Kind uint8

// The kinds. Internal is the zero value: an error nobody classified is ours.
const (
	Internal Kind = iota
	Invalid       // the input is wrong; nothing was written
	NotFound      // no such row, or none that the caller may see
	Exists        // a row with that key is already there
	Stale         // the row changed since the caller read it
	Denied        // the caller may not do this
	Busy          // try again later: a lock, a full queue, a lost race
)

// String gives the kind's stable name, used in logs and in problem documents.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case NotFound:
		return "not_found"
	case Exists:
		return "exists"
	case Stale:
		return "stale"
	case Denied:
		return "denied"
	case Busy:
		return "busy"
	default:
		return "internal"
	}
}

// Fault is an error with a kind, a message key and a cause.
type Fault struct {
	Kind Kind
	Op   string         // where: "park.Get"
	Key  string         // message key: "park.not_found"
	Args map[string]any // values of the message; shown to users
	Err  error          // cause; for operators only
}

// New makes a Fault without a cause. kv are alternating argument names and values of the message.
func New(kind Kind, key string, kv ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Args: pairs(kv)}
}

// Because makes a Fault around a cause.
func Because(err error, kind Kind, key string, kv ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Args: pairs(kv), Err: err}
}

func pairs(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return m
}

// Wrap adds the operation's name and keeps kind, key and arguments of the fault inside. Wrap of nil is nil.
func Wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return &Fault{Kind: f.Kind, Op: op, Key: f.Key, Args: f.Args, Err: err}
	}
	return &Fault{Kind: Internal, Op: op, Key: "internal", Err: err}
}

// Error is for operators: the chain of operations, kinds and causes.
func (f *Fault) Error() string {
	var parts []string
	if f.Op != "" {
		parts = append(parts, f.Op)
	}
	var inner *Fault
	if !errors.As(f.Err, &inner) {
		parts = append(parts, f.Kind.String()+" "+f.Key+argText(f.Args))
	}
	if f.Err != nil {
		parts = append(parts, f.Err.Error())
	}
	return strings.Join(parts, ": ")
}

func argText(args map[string]any) string {
	if len(args) == 0 {
		return ""
	}
	return fmt.Sprint(args) // fmt prints maps in key order
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Is lets errors.Is(err, fault.NotFoundError) style checks work on kind and key: a target without a key matches any key.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Kind == f.Kind && (t.Key == "" || t.Key == f.Key)
}

// KindOf is the kind of err; Internal for an error nobody classified.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Of gives the outermost Fault of err, if there is one.
func Of(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}
